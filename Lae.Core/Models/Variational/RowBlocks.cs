using Lae.Numerics;
using Lae.Randomness;

namespace Lae.Models;

/// <summary>Several draws for each of n observations lie in blocks of n rows: row r belongs to observation r mod n.</summary>
internal static class RowBlocks
{
    /// <summary>The rows of n observations, once for each draw.</summary>
    /// <param name="x">[n] or [n, columns].</param>
    /// <param name="draws">Blocks, 1 or more.</param>
    /// <returns>[draws · n] or [draws · n, columns].</returns>
    public static Tensor Repeat(Tensor x, int draws)
    {
        if (draws == 1)
        {
            return x;
        }

        int n = x.Shape[0];
        return x.Rank == 1
            ? x.Reshape(1, n).BroadcastTo(new Shape(draws, n)).Reshape(draws * n)
            : x.Reshape(1, n, x.Shape[1]).BroadcastTo(new Shape(draws, n, x.Shape[1])).Reshape(draws * n, x.Shape[1]);
    }

    /// <summary>Standard normals in the number type and workspace of a tensor; a block is a function of the key and its number alone, so fewer draws are the first of more.</summary>
    /// <param name="key">All randomness.</param>
    /// <param name="draws">Blocks, 1 or more.</param>
    /// <param name="like">[n, columns].</param>
    /// <returns>[draws · n, columns].</returns>
    public static Tensor Normals(RandomKey key, int draws, Tensor like)
    {
        (int n, int columns) = (like.Shape[0], like.Shape[1]);
        Tensor normals = Tensor.Uninitialized(like.Workspace, new Shape(draws * n, columns), DType.Float64);
        for (int draw = 0; draw < draws; draw++)
        {
            RowDraws.Normal(key, (uint)draw, 0, n, columns, normals.Write<double>().Slice(draw * n * columns, n * columns));
        }

        return normals.Cast(like.DType);
    }
}
