using System.Collections.Immutable;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Lae.Randomness;

/// <summary>
/// The key of a family of random numbers: a value of 64 bits. Every draw is a pure function of a key and of a counter, so a key
/// is never used up; a caller takes one sub-key (<see cref="FoldIn"/>, <see cref="Split"/>) for each purpose and never draws twice
/// for different purposes from one key and stream.
/// </summary>
/// <remarks>
/// Derived keys are 64 bits of a Philox4x32-10 block. Folding in, splitting, seeding and each kind of draw live in domains of the counter of
/// their own, so that no draw equals a derived key. Two keys derived at random are equal with probability 2⁻⁶⁴.
/// </remarks>
public readonly record struct RandomKey
{
    private RandomKey(ulong value) => Value = value;

    /// <summary>The 64 bits of the key, for checkpoints; <see cref="FromValue"/> gives the same key back.</summary>
    public ulong Value { get; }

    /// <summary>The key of a seed, scrambled so that neighbouring seeds give unrelated keys.</summary>
    /// <param name="seed">Any value.</param>
    public static RandomKey FromSeed(ulong seed) => default(RandomKey).Derive((uint)seed, (uint)(seed >> 32), DrawDomain.Seed);

    /// <summary>The key with exactly these bits, unscrambled: the inverse of <see cref="Value"/>. For a seed use <see cref="FromSeed"/>.</summary>
    /// <param name="value">Any value.</param>
    public static RandomKey FromValue(ulong value) => new(value);

    /// <summary>The sub-key of a number: a step, a chain, an epoch. A pure function of this key and the number.</summary>
    /// <param name="data">Any value.</param>
    public RandomKey FoldIn(ulong data) => Derive((uint)data, (uint)(data >> 32), DrawDomain.FoldIn);

    /// <summary>The sub-keys of neighbouring numbers, of which many at once cost little more than one.</summary>
    /// <param name="first">The number of the first.</param>
    /// <param name="keys">Takes <see cref="FoldIn"/> of first, first + 1, …</param>
    internal void FoldInRange(ulong first, Span<RandomKey> keys)
    {
        if (Vector512.IsHardwareAccelerated && Avx512F.IsSupported)
        {
            RoundKeys.Expand(this, out RoundKeys rounds);
            for (int i = 0; i < keys.Length; i += Vector512<ulong>.Count)
            {
                Vector512<ulong> a0 = Vector512.Create(first + (ulong)i) + Vector512<ulong>.Indices;
                Vector512<ulong> a1 = a0 >>> 32;
                Vector512<ulong> a2 = default;
                Vector512<ulong> a3 = Vector512.Create((ulong)DrawDomain.FoldIn);
                WidePhilox.Blocks(in rounds, ref a0, ref a1, ref a2, ref a3);
                Vector512<ulong> values = (a0 & Vector512.Create(0xFFFFFFFFUL)) | (a1 << 32);
                for (int lane = 0; lane < Vector512<ulong>.Count && i + lane < keys.Length; lane++)
                {
                    keys[i + lane] = new RandomKey(values[lane]);
                }
            }

            return;
        }

        for (int i = 0; i < keys.Length; i++)
        {
            keys[i] = FoldIn(first + (ulong)i);
        }
    }

    /// <summary>
    /// The first <paramref name="count"/> sub-keys; sub-key i depends on this key and i alone, so a longer split begins with a shorter one.
    /// They differ from all keys that <see cref="FoldIn"/> gives.
    /// </summary>
    /// <param name="count">How many, ≥ 0.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is negative.</exception>
    public ImmutableArray<RandomKey> Split(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ImmutableArray<RandomKey>.Builder keys = ImmutableArray.CreateBuilder<RandomKey>(count);
        for (int i = 0; i < count; i++)
        {
            keys.Add(Derive((uint)i, 0, DrawDomain.Split));
        }

        return keys.MoveToImmutable();
    }

    /// <summary>The key as 16 hexadecimal digits.</summary>
    public override string ToString() => $"RandomKey(0x{Value:X16})";

    private RandomKey Derive(uint low, uint high, uint domain)
    {
        PhiloxBlock block = Philox.Block(this, low, high, 0, domain);
        return new RandomKey(block.Word0 | ((ulong)block.Word1 << 32));
    }
}
