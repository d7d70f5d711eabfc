using System.Numerics;
using System.Runtime.CompilerServices;

namespace Lae.Numerics.Engines.Managed;

/// <summary>A function of two registers, with its scalar form; both round alike, so a tail may use either.</summary>
/// <typeparam name="T">float or double.</typeparam>
/// <typeparam name="TVector">The register.</typeparam>
internal interface IBinaryFunction<T, TVector>
{
    static abstract TVector Apply(TVector a, TVector b);

    static abstract T Apply(T a, T b);
}

/// <summary>The operations of <see cref="BinaryOperation"/>.</summary>
internal static class BinaryFunctions<T, TVector, TLanes>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TVector : unmanaged
    where TLanes : struct, ILanes<T, TVector>
{
    public struct Add : IBinaryFunction<T, TVector>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Apply(TVector a, TVector b) => TLanes.Add(a, b);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Apply(T a, T b) => a + b;
    }

    public struct Subtract : IBinaryFunction<T, TVector>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Apply(TVector a, TVector b) => TLanes.Subtract(a, b);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Apply(T a, T b) => a - b;
    }

    public struct Multiply : IBinaryFunction<T, TVector>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Apply(TVector a, TVector b) => TLanes.Multiply(a, b);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Apply(T a, T b) => a * b;
    }

    public struct Divide : IBinaryFunction<T, TVector>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Apply(TVector a, TVector b) => TLanes.Divide(a, b);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Apply(T a, T b) => a / b;
    }

    public struct Maximum : IBinaryFunction<T, TVector>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Apply(TVector a, TVector b) => TLanes.Maximum(a, b);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Apply(T a, T b) => T.Max(a, b);
    }

    public struct Minimum : IBinaryFunction<T, TVector>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Apply(TVector a, TVector b) => TLanes.Minimum(a, b);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Apply(T a, T b) => T.Min(a, b);
    }

    public struct Greater : IBinaryFunction<T, TVector>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Apply(TVector a, TVector b) => TLanes.BitAnd(TLanes.GreaterThan(a, b), TLanes.Broadcast(T.One));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Apply(T a, T b) => a > b ? T.One : T.Zero;
    }

    public struct Equal : IBinaryFunction<T, TVector>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Apply(TVector a, TVector b) => TLanes.BitAnd(TLanes.EqualTo(a, b), TLanes.Broadcast(T.One));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Apply(T a, T b) => a == b ? T.One : T.Zero;
    }
}
