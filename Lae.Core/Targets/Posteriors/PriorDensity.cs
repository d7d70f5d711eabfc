using Lae.Numerics;

namespace Lae.Targets;

/// <summary>The log density of independent priors of unconstrained coordinates.</summary>
internal static class PriorDensity
{
    /// <summary>Adds Σ_j log p_j(u_j) of every chain to a log density, and its gradient to the gradient, in place: both are tensors that nobody has seen yet.</summary>
    public static void AddTo(Prior[] priors, Tensor u, Tensor logDensity, Tensor gradient)
    {
        ReadOnlySpan<double> from = u.AsSpan<double>();
        Span<double> values = logDensity.Write<double>();
        Span<double> slopes = gradient.Write<double>();
        for (int chain = 0; chain < values.Length; chain++)
        {
            double sum = 0;
            int start = chain * priors.Length;
            for (int j = 0; j < priors.Length; j++)
            {
                (double value, double slope) = priors[j].Evaluate(from[start + j]);
                sum += value;
                slopes[start + j] += slope;
            }

            values[chain] += sum;
        }
    }
}
