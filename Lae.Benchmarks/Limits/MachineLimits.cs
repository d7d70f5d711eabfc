using System.Runtime.Intrinsics;
using Lae.Numerics.Engines.Managed;

namespace Lae.Benchmarks.Limits;

/// <summary>What the machine can do at most, as measured: vector instructions of the widest registers, and bytes, each a second and of one thread unless its name says more.</summary>
/// <param name="RegisterBits">The width of the registers.</param>
/// <param name="MultiplyAdds">Fused multiply-adds of float32.</param>
/// <param name="MultiplyAddsOfTwo">The same of two threads together.</param>
/// <param name="IntegerAdditions">Additions of integers, the simplest that there is.</param>
/// <param name="Shifts">Shifts by a constant.</param>
/// <param name="WideningProducts">Products of 32 by 32 bits to 64.</param>
/// <param name="SingleRoots">Square roots of float32.</param>
/// <param name="DoubleRoots">Square roots of float64.</param>
/// <param name="DoubleDivisions">Divisions of float64.</param>
/// <param name="CacheBytes">Bytes of a triad over 1.2 MB.</param>
/// <param name="MemoryBytes">Bytes of a triad over 384 MB.</param>
internal sealed record MachineLimits(
    int RegisterBits, double MultiplyAdds, double MultiplyAddsOfTwo, double IntegerAdditions, double Shifts, double WideningProducts, double SingleRoots, double DoubleRoots, double DoubleDivisions,
    double CacheBytes, double MemoryBytes)
{
    /// <summary>The three arrays of an ULA transition of 1,000 chains × 100 dimensions in float32 take so much.</summary>
    public const long CacheSet = 1_200_000;

    /// <summary>Far more than any cache here.</summary>
    public const long MemorySet = 384_000_000;

    /// <summary>Vector instructions of any kind: the fastest of those that were measured.</summary>
    public double Instructions => Math.Max(IntegerAdditions, MultiplyAdds);

    /// <summary>Floating-point operations, an addition and a multiplication being two, of float32.</summary>
    /// <param name="threads">1 or 2.</param>
    public double Operations(int threads) => 2.0 * RegisterBits / 32 * (threads == 1 ? MultiplyAdds : MultiplyAddsOfTwo);

    /// <summary>Measures, in some two seconds.</summary>
    public static MachineLimits Measure() => ManagedEngine.WidestRegister switch
    {
        512 => Measure<Vector512<float>, Lanes512<float>, Vector512<double>, Lanes512<double>>(512, Widening512()),
        256 => Measure<Vector256<float>, Lanes256<float>, Vector256<double>, Lanes256<double>>(256, Widening256()),
        _ => Measure<Vector128<float>, Lanes128<float>, Vector128<double>, Lanes128<double>>(128, Widening256()),
    };

    private static MachineLimits Measure<TSingle, TSingleLanes, TDouble, TDoubleLanes>(int bits, double wideningProducts)
        where TSingle : unmanaged
        where TSingleLanes : struct, ILanes<float, TSingle>
        where TDouble : unmanaged
        where TDoubleLanes : struct, ILanes<double, TDouble>
    {
        // a ← a / 2 + 1 and a ← 1.7 √a + 0.3 go to numbers of ordinary size, a ← 3.3 / a goes to and fro
        TSingle one = TSingleLanes.Broadcast(1);
        TDouble doubleOne = TDoubleLanes.Broadcast(1);
        return new MachineLimits(
            bits,
            RegisterLoop.Rate<TSingle, MultiplyAdd<float, TSingle, TSingleLanes>>(one, TSingleLanes.Broadcast(0.5f), one),
            RegisterLoop.Rate<TSingle, MultiplyAdd<float, TSingle, TSingleLanes>>(one, TSingleLanes.Broadcast(0.5f), one, threads: 2),
            RegisterLoop.Rate<TSingle, IntegerAddition<float, TSingle, TSingleLanes>>(one, one, one),
            RegisterLoop.Rate<TSingle, IntegerShift<float, TSingle, TSingleLanes>>(one, one, one),
            wideningProducts,
            RegisterLoop.Rate<TSingle, SquareRoot<float, TSingle, TSingleLanes>>(one, TSingleLanes.Broadcast(1.7f), TSingleLanes.Broadcast(0.3f)),
            RegisterLoop.Rate<TDouble, SquareRoot<double, TDouble, TDoubleLanes>>(doubleOne, TDoubleLanes.Broadcast(1.7), TDoubleLanes.Broadcast(0.3)),
            RegisterLoop.Rate<TDouble, Division<double, TDouble, TDoubleLanes>>(doubleOne, TDoubleLanes.Broadcast(3.3), doubleOne),
            Triad.Rate<float, TSingle, TSingleLanes>(CacheSet),
            Triad.Rate<float, TSingle, TSingleLanes>(MemorySet));
    }

    private static double Widening512() => RegisterLoop.Rate<Vector512<uint>, WideningProduct512>(Vector512.Create(0xD2511F53u), Vector512.Create(0xCD9E8D57u), default);

    private static double Widening256() => RegisterLoop.Rate<Vector256<uint>, WideningProduct256>(Vector256.Create(0xD2511F53u), Vector256.Create(0xCD9E8D57u), default);
}
