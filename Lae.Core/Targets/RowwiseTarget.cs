using Lae.Numerics;

namespace Lae.Targets;

/// <summary>The log density of one chain, with its gradient, in plain numbers.</summary>
/// <param name="position">x, [dimension].</param>
/// <param name="gradient">Takes ∇ log π(x), [dimension].</param>
/// <returns>log π(x).</returns>
public delegate double RowDensity(ReadOnlySpan<double> position, Span<double> gradient);

/// <summary>Targets that are computed chain by chain in plain numbers: the shortest way where a density is a recursion or is small, so that an operation on tensors would cost more than its arithmetic.</summary>
public static class RowwiseTarget
{
    /// <summary>A target of float64 positions from a function of one chain.</summary>
    /// <param name="dimension">Columns of a position, 1 or more.</param>
    /// <param name="density">A pure function.</param>
    /// <param name="name">What it is called in messages.</param>
    /// <returns>A target.</returns>
    public static Target Create(int dimension, RowDensity density, string name)
    {
        return Target.FromGradient(dimension, Evaluate, DType.Float64, name);

        LogDensityAndGradient Evaluate(Tensor position)
        {
            int chains = position.Shape[0];
            Tensor logDensity = Tensor.Uninitialized(position.Workspace, new Shape(chains), DType.Float64);
            Tensor gradient = Tensor.Uninitialized(position.Workspace, position.Shape, DType.Float64);
            ReadOnlySpan<double> from = position.AsSpan<double>();
            Span<double> values = logDensity.Write<double>();
            Span<double> slopes = gradient.Write<double>();
            for (int row = 0; row < chains; row++)
            {
                values[row] = density(from.Slice(row * dimension, dimension), slopes.Slice(row * dimension, dimension));
            }

            return new LogDensityAndGradient(logDensity, gradient);
        }
    }
}
