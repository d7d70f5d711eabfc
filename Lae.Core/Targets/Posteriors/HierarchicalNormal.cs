using Lae.Numerics;

namespace Lae.Targets;

/// <summary>
/// The hierarchical normal model: y_j ~ N(θ_j, s_j²) with known s_j, θ_j ~ N(μ, τ²), and priors of μ and τ (Rubin's eight schools). Two forms of one posterior:
/// <code>
///     centred       u = (θ, μ, log τ):  log π = Σ [−(y_j − θ_j)²/(2 s_j²) − log τ − (θ_j − μ)²/(2 τ²)] + log p(μ) + log p(τ) + log τ
///     non-centred   u = (z, μ, log τ), θ = μ + τ z:  log π = Σ [−(y_j − θ_j)²/(2 s_j²) − z_j²/2] + log p(μ) + log p(τ) + log τ
/// </code>
/// (up to constants). With few data a group the centred form has a funnel at small τ that no sampler of one step size gets into; the non-centred form does not.
/// </summary>
public static class HierarchicalNormal
{
    /// <summary>The posterior, reporting <c>theta[j]</c>, <c>mu</c> and <c>tau</c>.</summary>
    /// <param name="response">y, finite, one for each group.</param>
    /// <param name="deviations">s, positive and finite.</param>
    /// <param name="locationPrior">The prior of μ.</param>
    /// <param name="scalePrior">The prior of τ on the positive half line.</param>
    /// <param name="centred">Which form.</param>
    /// <returns>A posterior of dimension groups + 2.</returns>
    /// <exception cref="ArgumentException">The sizes do not match, or a number is out of range.</exception>
    public static Posterior Create(IReadOnlyList<double> response, IReadOnlyList<double> deviations, Prior locationPrior, Prior scalePrior, bool centred = false)
    {
        if (response.Count == 0 || deviations.Count != response.Count || !response.All(double.IsFinite) || !deviations.All(s => s > 0 && double.IsFinite(s)))
        {
            throw new ArgumentException($"Finite responses and as many positive deviations are needed, not {response.Count} and {deviations.Count}.", nameof(response));
        }

        int groups = response.Count;
        double[] y = [.. response];
        double[] precision = [.. deviations.Select(s => 1 / (s * s))];
        Target target = RowwiseTarget.Create(groups + 2, Density, centred ? "hierarchical normal, centred" : "hierarchical normal, non-centred");
        return new Posterior(target, [.. Posterior.Numbered("theta", groups), "mu", "tau"], Report);

        double Density(ReadOnlySpan<double> u, Span<double> gradient)
        {
            double mu = u[groups];
            double tau = Math.Exp(u[groups + 1]);
            (double result, gradient[groups]) = locationPrior.Evaluate(mu);
            (double value, double slope) = scalePrior.Evaluate(tau);
            result += value + u[groups + 1];
            gradient[groups + 1] = 1 + (slope * tau);
            for (int j = 0; j < groups; j++)
            {
                double z = centred ? (u[j] - mu) / tau : u[j];
                double misfit = y[j] - (centred ? u[j] : mu + (tau * z));
                double pull = precision[j] * misfit;
                result -= (0.5 * misfit * pull) + (0.5 * z * z);
                if (centred)
                {
                    result -= u[groups + 1];
                    gradient[j] = pull - (z / tau);
                    gradient[groups] += z / tau;
                    gradient[groups + 1] += (z * z) - 1;
                }
                else
                {
                    gradient[j] = (tau * pull) - z;
                    gradient[groups] += pull;
                    gradient[groups + 1] += tau * z * pull;
                }
            }

            return result;
        }

        Tensor Report(Tensor u)
        {
            Tensor mu = u.Slice(1, groups, 1);
            Tensor tau = u.Slice(1, groups + 1, 1).Exp();
            Tensor first = u.Slice(1, 0, groups);
            return Shaping.Join(1, [centred ? first : mu + tau * first, mu, tau]);
        }
    }
}
