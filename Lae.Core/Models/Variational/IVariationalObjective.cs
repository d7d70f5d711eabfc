using Lae.Numerics;
using Lae.Randomness;

namespace Lae.Models;

/// <summary>Estimates of the bounds of n observations, each a scalar: the mean over the observations, in nats.</summary>
/// <param name="Bound">What is maximised.</param>
/// <param name="EvidenceBound">E_q[log p(x | z)] − KL(q ‖ p).</param>
/// <param name="Divergence">KL(q ‖ p(z)).</param>
public sealed record BoundEstimate(Tensor Bound, Tensor EvidenceBound, Tensor Divergence);

/// <summary>A lower bound of log p(x) that a variational model maximises.</summary>
public interface IVariationalObjective
{
    /// <summary>What a model trained by it is called in reports.</summary>
    string Name { get; }

    /// <summary>An unbiased estimate of the bound by a differentiable function of all parameters.</summary>
    /// <param name="key">All randomness.</param>
    /// <param name="posterior">q(z | x) of n observations.</param>
    /// <param name="prior">p(z) = N(0, I).</param>
    /// <param name="logLikelihood">log p(x | z): from z [draws · n, d_z], row r of observation r mod n, to [draws · n].</param>
    /// <returns>Estimates.</returns>
    BoundEstimate Estimate(RandomKey key, IAmortizedPosterior posterior, StandardNormalPrior prior, Func<Tensor, Tensor> logLikelihood);
}
