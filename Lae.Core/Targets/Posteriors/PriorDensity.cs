using Lae.Numerics;

namespace Lae.Targets;

/// <summary>The log density of independent priors of unconstrained coordinates.</summary>
internal sealed class PriorDensity
{
    private readonly Prior[] priors;
    private readonly NormalPrior[]? normals;

    /// <param name="priors">One for each coordinate.</param>
    public PriorDensity(IReadOnlyList<Prior> priors)
    {
        this.priors = [.. priors];
        normals = priors.All(prior => prior.AsNormal is not null) ? [.. priors.Select(prior => prior.AsNormal!)] : null;
    }

    /// <summary>Adds Σ_j log p_j(u_j) of every chain to a log density, and its gradient to the gradient, in place: both are tensors that nobody has seen yet.</summary>
    public void AddTo(Tensor u, Tensor logDensity, Tensor gradient)
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
                // normal priors need no call through a delegate, which would cost as much as they do
                (double value, double slope) = normals is null ? priors[j].Evaluate(from[start + j]) : normals[j].Evaluate(from[start + j]);
                sum += value;
                slopes[start + j] += slope;
            }

            values[chain] += sum;
        }
    }
}
