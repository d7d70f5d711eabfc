using Lae.Numerics;
using Lae.Randomness;

namespace Lae.Models;

/// <summary>
/// The evidence lower bound, with z by a reparametrisation of the noise:
/// <code>
///     ELBO(x) = E_q[log p(x | z)] − KL(q(z | x) ‖ p(z))  ≤  log p(x)
/// </code>
/// The divergence is analytic where the family has it so; else the draws estimate it by log q(z | x) − log p(z). Source: Kingma and Welling, ICLR 2014; for flows
/// Rezende and Mohamed, ICML 2015.
/// </summary>
public sealed class EvidenceObjective : IVariationalObjective
{
    private readonly int draws;

    /// <summary>A bound estimated by some draws.</summary>
    /// <param name="draws">Draws of z for each observation, in [1, 1000].</param>
    public EvidenceObjective(int draws = 1)
    {
        if (draws is < 1 or > 1000)
        {
            throw new ArgumentOutOfRangeException(nameof(draws), draws, "Must be in [1, 1000].");
        }

        this.draws = draws;
    }

    /// <inheritdoc/>
    public string Name => "Variational autoencoder";

    /// <inheritdoc/>
    public BoundEstimate Estimate(RandomKey key, IAmortizedPosterior posterior, StandardNormalPrior prior, Func<Tensor, Tensor> logLikelihood)
    {
        PosteriorDraws drawn = posterior.Sample(key, draws);
        Tensor reconstruction = logLikelihood(drawn.Latents);
        Tensor logPrior = prior.LogDensity(drawn.Latents);
        if (posterior.Divergence is { } closed)
        {
            Tensor divergence = closed.Mean();
            Tensor analytic = reconstruction.Mean() - divergence;
            return new BoundEstimate(analytic, analytic, divergence);
        }

        Tensor bound = (reconstruction + logPrior - drawn.LogDensity).Mean();
        return new BoundEstimate(bound, bound, (drawn.LogDensity - logPrior).Mean());
    }
}
