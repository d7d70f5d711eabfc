using Lae.Numerics;

namespace Lae.Targets;

/// <summary>
/// A mixture of two normal laws with unknown parameters, y_i ~ θ N(μ₁, σ₁²) + (1 − θ) N(μ₂, σ₂²), μ₁ &lt; μ₂ (which tells the components apart). Unconstrained
/// u = (μ₁, log(μ₂ − μ₁), log σ₁, log σ₂, logit θ).
/// </summary>
public static class NormalMixtureModel
{
    /// <summary>The posterior, reporting <c>mu[1]</c>, <c>mu[2]</c>, <c>sigma[1]</c>, <c>sigma[2]</c>, <c>theta</c>.</summary>
    /// <param name="observations">y, finite, at least one.</param>
    /// <param name="locationPrior">The prior of μ₁ and of μ₂.</param>
    /// <param name="scalePrior">The prior of σ₁ and of σ₂ on the positive half line.</param>
    /// <param name="weightPrior">The prior of θ on (0, 1).</param>
    /// <returns>A posterior of dimension 5.</returns>
    public static Posterior Create(IReadOnlyList<double> observations, Prior locationPrior, Prior scalePrior, Prior weightPrior)
    {
        if (observations.Count == 0 || !observations.All(double.IsFinite))
        {
            throw new ArgumentException("Finite observations are needed, at least one.", nameof(observations));
        }

        double[] y = [.. observations];
        return new Posterior(RowwiseTarget.Create(5, Density, "normal mixture"), ["mu[1]", "mu[2]", "sigma[1]", "sigma[2]", "theta"], Report);

        double Density(ReadOnlySpan<double> u, Span<double> gradient)
        {
            double gap = Math.Exp(u[1]);
            (double mu1, double mu2) = (u[0], u[0] + gap);
            (double inverse1, double inverse2) = (Math.Exp(-u[2]), Math.Exp(-u[3]));
            double theta = 1 / (1 + Math.Exp(-u[4]));
            // log of each component's weight and scale; 1 − θ as 1/(1 + e^u) keeps its digits
            double log1 = -Math.Log(1 + Math.Exp(-u[4])) - u[2];
            double log2 = -Math.Log(1 + Math.Exp(u[4])) - u[3];
            (double byMu1, double byMu2, double byScale1, double byScale2, double members, double result) = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0);
            foreach (double value in y)
            {
                double z1 = (value - mu1) * inverse1;
                double z2 = (value - mu2) * inverse2;
                double a = log1 - (0.5 * z1 * z1);
                double b = log2 - (0.5 * z2 * z2);
                // the share of the first component, 1/(1 + e^{b − a}), and log(e^a + e^b)
                double odds = Math.Exp(-Math.Abs(b - a));
                double first = a >= b ? 1 / (1 + odds) : odds / (1 + odds);
                result += Math.Max(a, b) + Math.Log(1 + odds);
                members += first;
                byMu1 += first * z1;
                byMu2 += (1 - first) * z2;
                byScale1 += first * ((z1 * z1) - 1);
                byScale2 += (1 - first) * ((z2 * z2) - 1);
            }

            (double value1, double slope1) = locationPrior.Evaluate(mu1);
            (double value2, double slope2) = locationPrior.Evaluate(mu2);
            (double value3, double slope3) = scalePrior.Evaluate(1 / inverse1);
            (double value4, double slope4) = scalePrior.Evaluate(1 / inverse2);
            (double value5, double slope5) = weightPrior.Evaluate(theta);
            double second = (byMu2 * inverse2) + slope2;
            gradient[0] = (byMu1 * inverse1) + slope1 + second;
            gradient[1] = (second * gap) + 1;
            gradient[2] = byScale1 + (slope3 / inverse1) + 1;
            gradient[3] = byScale2 + (slope4 / inverse2) + 1;
            gradient[4] = members - (y.Length * theta) + (slope5 * theta * (1 - theta)) + 1 - (2 * theta);
            double jacobian = u[1] + u[2] + u[3] - Math.Log(1 + Math.Exp(-u[4])) - Math.Log(1 + Math.Exp(u[4]));
            return result - (0.5 * y.Length * Math.Log(2 * Math.PI)) + value1 + value2 + value3 + value4 + value5 + jacobian;
        }

        static Tensor Report(Tensor u)
        {
            Tensor first = u.Slice(1, 0, 1);
            return Shaping.Join(1, [first, first + u.Slice(1, 1, 1).Exp(), u.Slice(1, 2, 2).Exp(), u.Slice(1, 4, 1).Sigmoid()]);
        }
    }
}
