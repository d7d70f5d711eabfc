using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Lae.Numerics.Engines.Managed;

namespace Lae.Benchmarks.Limits;

/// <summary>A fused multiply-add.</summary>
internal readonly struct MultiplyAdd<T, TVector, TLanes> : IRegisterOperation<TVector>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TVector : unmanaged
    where TLanes : struct, ILanes<T, TVector>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Apply(TVector a, TVector b, TVector c) => TLanes.MultiplyAdd(a, b, c);
}

/// <summary>An addition of integers.</summary>
internal readonly struct IntegerAddition<T, TVector, TLanes> : IRegisterOperation<TVector>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TVector : unmanaged
    where TLanes : struct, ILanes<T, TVector>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Apply(TVector a, TVector b, TVector c) => TLanes.IntegerAdd(a, b);
}

/// <summary>A shift of integers by a constant.</summary>
internal readonly struct IntegerShift<T, TVector, TLanes> : IRegisterOperation<TVector>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TVector : unmanaged
    where TLanes : struct, ILanes<T, TVector>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Apply(TVector a, TVector b, TVector c) => TLanes.ShiftRightLogical(a, 1);
}

/// <summary>A square root; the multiply-add after it, in another unit, keeps the numbers from becoming 1.</summary>
internal readonly struct SquareRoot<T, TVector, TLanes> : IRegisterOperation<TVector>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TVector : unmanaged
    where TLanes : struct, ILanes<T, TVector>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Apply(TVector a, TVector b, TVector c) => TLanes.MultiplyAdd(TLanes.SquareRoot(a), b, c);
}

/// <summary>A division.</summary>
internal readonly struct Division<T, TVector, TLanes> : IRegisterOperation<TVector>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TVector : unmanaged
    where TLanes : struct, ILanes<T, TVector>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Apply(TVector a, TVector b, TVector c) => TLanes.Divide(b, a);
}

/// <summary>The 64-bit products of the low halves of 64-bit lanes, as Philox has them.</summary>
internal readonly struct WideningProduct512 : IRegisterOperation<Vector512<uint>>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> Apply(Vector512<uint> a, Vector512<uint> b, Vector512<uint> c) => Avx512F.IsSupported
        ? Avx512F.Multiply(a, b).AsUInt32()
        : ((a.AsUInt64() & Vector512.Create(0xFFFFFFFFUL)) * b.AsUInt64()).AsUInt32();
}

/// <summary>The same in registers of 256 bits.</summary>
internal readonly struct WideningProduct256 : IRegisterOperation<Vector256<uint>>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<uint> Apply(Vector256<uint> a, Vector256<uint> b, Vector256<uint> c) => Avx2.IsSupported
        ? Avx2.Multiply(a, b).AsUInt32()
        : ((a.AsUInt64() & Vector256.Create(0xFFFFFFFFUL)) * b.AsUInt64()).AsUInt32();
}
