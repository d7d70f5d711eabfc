using Lae.Numerics;

namespace Lae.Targets;

/// <summary>
/// The GARCH(1, 1) model of a series, y_t ~ N(μ, v_t) with v_t = α₀ + α₁ (y_{t−1} − μ)² + β₁ v_{t−1}, v₁ known; flat priors on μ, α₀ &gt; 0, α₁ in (0, 1), β₁ in (0, 1 − α₁).
/// Unconstrained u = (μ, log α₀, logit α₁, logit(β₁/(1 − α₁))). The derivatives of v_t follow the recursion of v_t itself, forwards. Source: Bollerslev (1986).
/// </summary>
public static class Garch
{
    /// <summary>The posterior, reporting <c>mu</c>, <c>alpha0</c>, <c>alpha1</c>, <c>beta1</c>.</summary>
    /// <param name="series">y, at least two finite numbers.</param>
    /// <param name="firstDeviation">√v₁, positive and finite.</param>
    /// <returns>A posterior of dimension 4.</returns>
    public static Posterior Create(IReadOnlyList<double> series, double firstDeviation)
    {
        if (series.Count < 2 || !series.All(double.IsFinite))
        {
            throw new ArgumentException($"A series of two finite numbers or more is needed; it has {series.Count}.", nameof(series));
        }

        if (!(firstDeviation > 0) || !double.IsFinite(firstDeviation))
        {
            throw new ArgumentOutOfRangeException(nameof(firstDeviation), firstDeviation, "Must be positive and finite.");
        }

        double[] y = [.. series];
        return new Posterior(RowwiseTarget.Create(4, Density, "GARCH(1, 1)"), ["mu", "alpha0", "alpha1", "beta1"], Report);

        double Density(ReadOnlySpan<double> u, Span<double> gradient)
        {
            double mu = u[0];
            double alpha0 = Math.Exp(u[1]);
            double alpha1 = Logistic(u[2]);
            double share = Logistic(u[3]);
            double beta1 = (1 - alpha1) * share;
            (double v, double byMu, double byAlpha0, double byAlpha1, double byBeta1) = (firstDeviation * firstDeviation, 0.0, 0.0, 0.0, 0.0);
            (double sumMu, double sumAlpha0, double sumAlpha1, double sumBeta1, double result) = (0.0, 0.0, 0.0, 0.0, 0.0);
            for (int t = 0; t < y.Length; t++)
            {
                if (t > 0)
                {
                    double before = y[t - 1] - mu;
                    byMu = (beta1 * byMu) - (2 * alpha1 * before);
                    byAlpha0 = 1 + (beta1 * byAlpha0);
                    byAlpha1 = (before * before) + (beta1 * byAlpha1);
                    byBeta1 = v + (beta1 * byBeta1);
                    v = alpha0 + (alpha1 * before * before) + (beta1 * v);
                }

                double misfit = y[t] - mu;
                result -= 0.5 * (Math.Log(2 * Math.PI * v) + (misfit * misfit / v));
                double byVariance = 0.5 * ((misfit * misfit / v) - 1) / v;
                sumMu += (misfit / v) + (byVariance * byMu);
                sumAlpha0 += byVariance * byAlpha0;
                sumAlpha1 += byVariance * byAlpha1;
                sumBeta1 += byVariance * byBeta1;
            }

            // log Jacobian: log α₀ + log α₁(1 − α₁) + log (1 − α₁) s(1 − s), s = β₁/(1 − α₁)
            gradient[0] = sumMu;
            gradient[1] = (sumAlpha0 * alpha0) + 1;
            gradient[2] = ((sumAlpha1 - (sumBeta1 * share)) * alpha1 * (1 - alpha1)) + 1 - (3 * alpha1);
            gradient[3] = (sumBeta1 * (1 - alpha1) * share * (1 - share)) + 1 - (2 * share);
            return result + u[1] + Math.Log(alpha1 * share * (1 - share)) + (2 * Math.Log(1 - alpha1));
        }

        static Tensor Report(Tensor u)
        {
            Tensor alpha1 = u.Slice(1, 2, 1).Sigmoid();
            return Shaping.Join(1, [u.Slice(1, 0, 1), u.Slice(1, 1, 1).Exp(), alpha1, (1 - alpha1) * u.Slice(1, 3, 1).Sigmoid()]);
        }
    }

    private static double Logistic(double x) => 1 / (1 + Math.Exp(-x));
}
