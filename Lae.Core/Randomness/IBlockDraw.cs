using System.Runtime.Intrinsics;

namespace Lae.Randomness;

/// <summary>
/// How a Philox block becomes draws: the four words of a block give the columns of one column block of a row. The wide forms take the words
/// of many blocks, one block in each 64-bit lane (the bits above 32 are noise), and write the draws block after block, where
/// the lanes hold the blocks in the order of <see cref="Interleave"/>.
/// </summary>
/// <typeparam name="T">float or double.</typeparam>
internal interface IBlockDraw<T>
    where T : unmanaged
{
    /// <summary>Columns per block: 4 for float, 2 for double.</summary>
    static abstract int Columns { get; }

    static abstract uint Domain { get; }

    static abstract void Scalar(PhiloxBlock block, Span<T> destination);

    static abstract void Wide256(Vector256<ulong> w0, Vector256<ulong> w1, Vector256<ulong> w2, Vector256<ulong> w3, ref T destination);

    static abstract void Wide512(Vector512<ulong> w0, Vector512<ulong> w1, Vector512<ulong> w2, Vector512<ulong> w3, ref T destination);
}
