using Lae.Numerics;

namespace Lae.Targets;

/// <summary>The log density of independent priors of unconstrained coordinates.</summary>
internal static class PriorDensity
{
    /// <summary>Σ_j log p_j(u_j) of every chain, and its gradient.</summary>
    public static LogDensityAndGradient Of(IReadOnlyList<Prior> priors, Tensor u)
    {
        (int chains, int d) = (u.Shape[0], u.Shape[1]);
        Tensor logDensity = Tensor.Uninitialized(u.Workspace, new Shape(chains), DType.Float64);
        Tensor gradient = Tensor.Uninitialized(u.Workspace, u.Shape, DType.Float64);
        ReadOnlySpan<double> from = u.AsSpan<double>();
        Span<double> values = logDensity.Write<double>();
        Span<double> slopes = gradient.Write<double>();
        for (int chain = 0; chain < chains; chain++)
        {
            values[chain] = 0;
            for (int j = 0; j < d; j++)
            {
                (double value, slopes[(chain * d) + j]) = priors[j].Evaluate(from[(chain * d) + j]);
                values[chain] += value;
            }
        }

        return new LogDensityAndGradient(logDensity, gradient);
    }
}
