using Lae.Numerics;

namespace Lae.Targets;

/// <summary>
/// Bayesian logistic regression, P(y = 1) = σ(a + x·b), with independent priors. Coordinates u = (a, b), unconstrained. With η = a + X b,
/// <code>
///     log π(u) = Σ_i [ y_i η_i − log(1 + e^{η_i}) ] + Σ log p(u_j),    ∇ = Xᵀ (y − σ(η)) + Σ ∇ log p(u_j)
/// </code>
/// in one pass over the data, which stays in the processor's cache for all chains (<c>IPrimitives.LogisticLikelihood</c>).
/// </summary>
public static class LogisticRegression
{
    /// <summary>The posterior, reporting the coefficients.</summary>
    /// <param name="design">X, [rows, coefficients] float64, with its column of ones where an intercept is wanted.</param>
    /// <param name="labels">y, [rows], each 0 or 1.</param>
    /// <param name="priors">One prior for each coefficient.</param>
    /// <param name="names">Names of the coefficients; <c>beta[1]</c>, … if null.</param>
    /// <returns>A posterior of dimension coefficients.</returns>
    /// <exception cref="ArgumentException">The sizes do not match, or the data are not finite.</exception>
    public static Posterior Create(Tensor design, Tensor labels, IReadOnlyList<Prior> priors, IReadOnlyList<string>? names = null)
    {
        if (design.Rank != 2 || labels.Shape != new Shape(design.Shape[0]) || priors.Count != design.Shape[1] || design.DType != DType.Float64 || labels.DType != DType.Float64)
        {
            throw new ArgumentException(
                $"A design [rows, d], labels [rows] and d priors are needed in float64, not {design.DType}{design.Shape}, {labels.DType}{labels.Shape} and {priors.Count}.", nameof(design));
        }

        if (!design.AllFinite() || labels.ToArray().Any(label => label is not (0 or 1)))
        {
            throw new ArgumentException("The design must be finite, and labels 0 or 1.", nameof(labels));
        }

        int coefficients = design.Shape[1];
        LogisticLikelihood likelihood = new(design, labels);
        PriorDensity prior = new(priors);
        return new Posterior(
            Target.FromGradient(coefficients, Evaluate, DType.Float64, "logistic regression"), names ?? Posterior.Numbered("beta", coefficients), static u => u);

        LogDensityAndGradient Evaluate(Tensor u)
        {
            (Tensor logDensity, Tensor gradient) = likelihood.Evaluate(u);
            prior.AddTo(u, logDensity, gradient);
            return new LogDensityAndGradient(logDensity, gradient);
        }
    }
}
