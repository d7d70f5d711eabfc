using System.Buffers;
using System.Numerics;

namespace Lae.Numerics.Engines;

/// <summary>The constants of <see cref="IPrimitives{T}.AdamStep"/>, with which each element has
/// <code>
///     m' = β₁ m + (1 − β₁) g,    v' = β₂ v + (1 − β₂) g²,    θ' = κ θ − s m' / (c √v' + ε)
/// </code>
/// </summary>
/// <typeparam name="T">float or double.</typeparam>
/// <param name="FirstDecay">β₁.</param>
/// <param name="FirstShare">1 − β₁.</param>
/// <param name="SecondDecay">β₂.</param>
/// <param name="SecondShare">1 − β₂.</param>
/// <param name="Correction">c = 1/√(1 − β₂ᵗ).</param>
/// <param name="Epsilon">ε.</param>
/// <param name="Step">s = η/(1 − β₁ᵗ).</param>
/// <param name="Kept">κ, what weight decay leaves of a parameter; 1 without it.</param>
public readonly record struct AdamFactors<T>(T FirstDecay, T FirstShare, T SecondDecay, T SecondShare, T Correction, T Epsilon, T Step, T Kept);

/// <summary><see cref="IPrimitives{T}.AdamStep"/> made of the primitives: the oracle of every engine's own.</summary>
internal static class ComposedAdam
{
    public static void Step<T>(
        IPrimitives<T> primitives, AdamFactors<T> factors, ReadOnlySpan<T> gradient,
        ReadOnlySpan<T> parameter, ReadOnlySpan<T> first, ReadOnlySpan<T> second, Span<T> theta, Span<T> m, Span<T> v)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        primitives.ScaleShift(factors.FirstShare, T.Zero, gradient, m);
        primitives.ScaleAdd(factors.FirstDecay, first, m, m);
        primitives.Unary(UnaryOperation.Square, gradient, v);
        primitives.ScaleShift(factors.SecondShare, T.Zero, v, v);
        primitives.ScaleAdd(factors.SecondDecay, second, v, v);
        primitives.Unary(UnaryOperation.SquareRoot, v, theta);
        primitives.ScaleShift(factors.Correction, factors.Epsilon, theta, theta);
        primitives.Binary(BinaryOperation.Divide, new BroadcastPlan(1, theta.Length, OperandLayout.Full, OperandLayout.Full), m, theta, theta);
        T[] rented = ArrayPool<T>.Shared.Rent(theta.Length);
        Span<T> kept = rented.AsSpan(0, theta.Length);
        primitives.ScaleShift(factors.Kept, T.Zero, parameter, kept);
        primitives.ScaleAdd(-factors.Step, theta, kept, theta);
        ArrayPool<T>.Shared.Return(rented);
    }
}
