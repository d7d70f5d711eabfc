namespace Lae.Numerics;

/// <summary>What a tensor finds out about itself once.</summary>
public sealed partial class Tensor
{
    private Symmetry symmetry;

    /// <summary>
    /// Whether this is a square matrix that equals its transpose, each element bit for bit but for the sign of zeros; NaN equals nothing.
    /// An object looks at its elements once, as they never change; threads that look together find the same.
    /// </summary>
    internal bool IsSymmetric
    {
        get
        {
            if (symmetry == Symmetry.Unknown)
            {
                symmetry = Rank == 2 && Shape[0] == Shape[1] && (DType == DType.Float32 ? EqualsTranspose(Read<float>(), Shape[0]) : EqualsTranspose(Read<double>(), Shape[0]))
                    ? Symmetry.Symmetric
                    : Symmetry.NotSymmetric;
            }

            return symmetry == Symmetry.Symmetric;
        }
    }

    private static bool EqualsTranspose<T>(ReadOnlySpan<T> elements, int size)
        where T : unmanaged, System.Numerics.IEqualityOperators<T, T, bool>
    {
        const int Tile = 32; // of what is read along columns: lines of a tile are in the cache until the tile is done
        for (int top = 0; top < size; top += Tile)
        {
            for (int left = 0; left <= top; left += Tile)
            {
                for (int row = top; row < Math.Min(top + Tile, size); row++)
                {
                    for (int column = left; column < Math.Min(left + Tile, row + 1); column++)
                    {
                        if (elements[(row * size) + column] != elements[(column * size) + row])
                        {
                            return false;
                        }
                    }
                }
            }
        }

        return true;
    }

    private enum Symmetry : byte
    {
        Unknown,
        Symmetric,
        NotSymmetric,
    }
}
