using System.Runtime.Intrinsics.X86;

namespace Lae.Benchmarks.Limits;

/// <summary>How many vector instructions of which kind a piece of work needs.</summary>
/// <param name="MultiplyAdds">Multiplications, fused with an addition or not, of reals.</param>
/// <param name="WideningProducts">Products of 32 by 32 bits to 64.</param>
/// <param name="Shifts">Shifts by a constant.</param>
/// <param name="Logic">Conjunctions, disjunctions, exclusive disjunctions.</param>
/// <param name="Others">Additions, comparisons, conversions, permutations.</param>
/// <param name="SingleRoots">Square roots of float32.</param>
/// <param name="DoubleRoots">Square roots of float64.</param>
/// <param name="DoubleDivisions">Divisions of float64.</param>
internal readonly record struct InstructionCount(
    double MultiplyAdds = 0, double WideningProducts = 0, double Shifts = 0, double Logic = 0, double Others = 0, double SingleRoots = 0, double DoubleRoots = 0, double DoubleDivisions = 0)
{
    /// <summary>All of them. AVX-512 does two connectives in one instruction, so that half of them is the least.</summary>
    public double Total => MultiplyAdds + WideningProducts + Shifts + (Avx512F.IsSupported ? Logic / 2 : Logic) + Others + SingleRoots + DoubleRoots + DoubleDivisions;

    public static InstructionCount operator +(InstructionCount a, InstructionCount b) => new(
        a.MultiplyAdds + b.MultiplyAdds, a.WideningProducts + b.WideningProducts, a.Shifts + b.Shifts, a.Logic + b.Logic, a.Others + b.Others, a.SingleRoots + b.SingleRoots,
        a.DoubleRoots + b.DoubleRoots, a.DoubleDivisions + b.DoubleDivisions);

    public static InstructionCount operator *(double times, InstructionCount a) => new(
        times * a.MultiplyAdds, times * a.WideningProducts, times * a.Shifts, times * a.Logic, times * a.Others, times * a.SingleRoots, times * a.DoubleRoots, times * a.DoubleDivisions);

    /// <summary>The least time in which one thread can do them in any order: the most that one kind of units, or all together, has to do.</summary>
    /// <param name="limits">What the machine can do.</param>
    /// <returns>Seconds, and which units they are.</returns>
    public Bound LeastTime(MachineLimits limits) => new Bound[]
    {
        new(Total / limits.Instructions, "all vector instructions"),
        new(MultiplyAdds / limits.MultiplyAdds, "multiplications of reals"),
        new(WideningProducts / limits.WideningProducts, "32-bit products"),
        new(Shifts / limits.Shifts, "shifts"),
        new((SingleRoots / limits.SingleRoots) + (DoubleRoots / limits.DoubleRoots) + (DoubleDivisions / limits.DoubleDivisions), "roots and divisions"),
    }.MaxBy(bound => bound.Seconds);
}

/// <summary>The least time of a piece of work, and what takes it.</summary>
internal readonly record struct Bound(double Seconds, string Name);
