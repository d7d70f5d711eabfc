namespace Lae.Randomness;

/// <summary>
/// Word 3 of the Philox counter: what a block is used for. Philox is a bijection of the counter for a fixed key, so blocks of two
/// domains are never equal, and no draw equals a derived key.
/// </summary>
internal static class DrawDomain
{
    public const uint Seed = 1;
    public const uint FoldIn = 2;
    public const uint Split = 3;
    public const uint UniformSingle = 4;
    public const uint UniformDouble = 5;
    public const uint NormalSingle = 6;
    public const uint NormalDouble = 7;
    public const uint Integers = 8;
    public const uint Permutation = 9;
}
