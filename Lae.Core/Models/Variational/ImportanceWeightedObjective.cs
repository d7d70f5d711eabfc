using Lae.Numerics;
using Lae.Randomness;

namespace Lae.Models;

/// <summary>
/// The importance-weighted bound of K draws, which rises to log p(x) with K and is the evidence bound for K = 1:
/// <code>
///     L_K(x) = E log (1/K) Σ_k w_k,   w_k = p(z_k) p(x | z_k) / q(z_k | x),   z_k ~ q(z | x)
/// </code>
/// Source: Burda, Grosse and Salakhutdinov, ICLR 2016. Shapes: log w [K, n].
/// </summary>
public sealed class ImportanceWeightedObjective : IVariationalObjective
{
    private readonly int draws;

    /// <summary>A bound of K draws.</summary>
    /// <param name="draws">K, in [1, 1000].</param>
    public ImportanceWeightedObjective(int draws)
    {
        if (draws is < 1 or > 1000)
        {
            throw new ArgumentOutOfRangeException(nameof(draws), draws, "Must be in [1, 1000].");
        }

        this.draws = draws;
    }

    /// <inheritdoc/>
    public string Name => "Importance-weighted autoencoder";

    /// <inheritdoc/>
    public BoundEstimate Estimate(RandomKey key, IAmortizedPosterior posterior, StandardNormalPrior prior, Func<Tensor, Tensor> logLikelihood)
    {
        PosteriorDraws drawn = posterior.Sample(key, draws);
        Tensor logPrior = prior.LogDensity(drawn.Latents);
        Tensor logWeights = logLikelihood(drawn.Latents) + logPrior - drawn.LogDensity;
        Tensor bound = logWeights.Reshape(draws, logWeights.Count / draws).LogSumExp(0).Mean() - Math.Log(draws);
        return new BoundEstimate(bound, logWeights.Mean(), posterior.Divergence?.Mean() ?? (drawn.LogDensity - logPrior).Mean());
    }
}
