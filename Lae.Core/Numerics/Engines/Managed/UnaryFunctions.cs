using System.Numerics;
using System.Runtime.CompilerServices;

namespace Lae.Numerics.Engines.Managed;

/// <summary>A function of one register, given as a type so that the loop over memory is compiled for it.</summary>
/// <typeparam name="TVector">The register.</typeparam>
internal interface IUnaryFunction<TVector>
{
    static abstract TVector Apply(TVector x);
}

/// <summary>The operations of <see cref="UnaryOperation"/>.</summary>
internal static class UnaryFunctions<T, TVector, TLanes>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TVector : unmanaged
    where TLanes : struct, ILanes<T, TVector>
{
    public struct Negate : IUnaryFunction<TVector>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Apply(TVector x) => TLanes.Negate(x);
    }

    public struct Absolute : IUnaryFunction<TVector>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Apply(TVector x) => TLanes.Absolute(x);
    }

    public struct Sign : IUnaryFunction<TVector>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Apply(TVector x) => TLanes.Select(
            TLanes.GreaterThan(x, TLanes.Broadcast(T.Zero)),
            TLanes.Broadcast(T.One),
            TLanes.Select(TLanes.GreaterThan(TLanes.Broadcast(T.Zero), x), TLanes.Broadcast(-T.One), TLanes.Select(TLanes.EqualTo(x, x), TLanes.Broadcast(T.Zero), x)));
    }

    public struct Reciprocal : IUnaryFunction<TVector>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Apply(TVector x) => TLanes.Divide(TLanes.Broadcast(T.One), x);
    }

    public struct Square : IUnaryFunction<TVector>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Apply(TVector x) => TLanes.Multiply(x, x);
    }

    public struct SquareRoot : IUnaryFunction<TVector>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Apply(TVector x) => TLanes.SquareRoot(x);
    }

    public struct Exponential : IUnaryFunction<TVector>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Apply(TVector x) => VectorFunctions<T, TVector, TLanes>.Exponential(x);
    }

    public struct Logarithm : IUnaryFunction<TVector>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Apply(TVector x) => VectorFunctions<T, TVector, TLanes>.Logarithm(x);
    }

    public struct Tanh : IUnaryFunction<TVector>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Apply(TVector x) => VectorFunctions<T, TVector, TLanes>.Tanh(x);
    }

    public struct Sigmoid : IUnaryFunction<TVector>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Apply(TVector x) => VectorFunctions<T, TVector, TLanes>.Sigmoid(x);
    }

    public struct Softplus : IUnaryFunction<TVector>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Apply(TVector x) => VectorFunctions<T, TVector, TLanes>.Softplus(x);
    }

    public struct Relu : IUnaryFunction<TVector>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Apply(TVector x) => TLanes.Maximum(x, TLanes.Broadcast(T.Zero));
    }

    public struct Sine : IUnaryFunction<TVector>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Apply(TVector x) => VectorFunctions<T, TVector, TLanes>.Sine(x);
    }

    public struct Cosine : IUnaryFunction<TVector>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Apply(TVector x) => VectorFunctions<T, TVector, TLanes>.Cosine(x);
    }

    public struct IsPositive : IUnaryFunction<TVector>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Apply(TVector x) => TLanes.BitAnd(TLanes.GreaterThan(x, TLanes.Broadcast(T.Zero)), TLanes.Broadcast(T.One));
    }

    public struct IsFinite : IUnaryFunction<TVector>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Apply(TVector x) => TLanes.BitAnd(TLanes.GreaterThan(TLanes.Broadcast(T.PositiveInfinity), TLanes.Absolute(x)), TLanes.Broadcast(T.One));
    }
}
