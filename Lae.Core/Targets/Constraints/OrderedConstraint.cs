using Lae.Numerics;

namespace Lae.Targets;

/// <summary>x₁ = u₁, x_k = x_{k−1} + exp u_k; log Jacobian Σ_{k ≥ 2} u_k.</summary>
internal sealed class OrderedConstraint() : Constraint("ordered")
{
    /// <inheritdoc/>
    public override int Coordinates(int size)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        return size;
    }

    /// <inheritdoc/>
    public override Constrained Constrain(Tensor u)
    {
        Tensor gaps = u.Slice(1, 1, u.Shape[1] - 1);
        return new Constrained(RunningSum(Shaping.Join(1, [u.Slice(1, 0, 1), gaps.Exp()]), inclusive: true), gaps.Sum(1));
    }

    /// <inheritdoc/>
    public override double[] Unconstrain(IReadOnlyList<double> value) =>
        value.All(double.IsFinite) && value.Zip(value.Skip(1)).All(pair => pair.First < pair.Second)
            ? [value[0], .. value.Zip(value.Skip(1), (a, b) => Math.Log(b - a))]
            : throw OutOfRange(value);
}
