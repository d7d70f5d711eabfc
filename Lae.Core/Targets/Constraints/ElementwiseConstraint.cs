using Lae.Numerics;

namespace Lae.Targets;

/// <summary>A range of each number on its own.</summary>
internal sealed class ElementwiseConstraint(string name, Func<Tensor, Constrained> forward, Func<double, double> inverse, Func<double, bool> contains) : Constraint(name)
{
    /// <inheritdoc/>
    public override int Coordinates(int size)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        return size;
    }

    /// <inheritdoc/>
    public override Constrained Constrain(Tensor u) => forward(u);

    /// <inheritdoc/>
    public override double[] Unconstrain(IReadOnlyList<double> value) => value.All(x => double.IsFinite(x) && contains(x)) ? [.. value.Select(inverse)] : throw OutOfRange(value);
}
