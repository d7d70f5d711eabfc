using MathNet.Numerics.LinearAlgebra;

namespace Lae.Targets;

/// <summary>
/// The autoregression AR(K) of a series given its first K values, y_t ~ N(α + Σ_k β_k y_{t−k}, σ²): a <see cref="LinearRegression"/> of the series on its own past. Coordinates u = (α, β, log σ). Nothing keeps β
/// where the series is stationary: the data decide.
/// </summary>
public static class Autoregression
{
    /// <summary>The posterior, reporting <c>alpha</c>, <c>beta[1]</c>, …, <c>sigma</c>.</summary>
    /// <param name="series">y, finite, more numbers than lags.</param>
    /// <param name="lags">K, 1 or more.</param>
    /// <param name="interceptPrior">The prior of α.</param>
    /// <param name="coefficientPrior">The prior of each β_k.</param>
    /// <param name="scalePrior">The prior of σ on the positive half line.</param>
    /// <returns>A posterior of dimension K + 2.</returns>
    /// <exception cref="ArgumentException">The series is too short, not finite, or so that the posterior is improper.</exception>
    public static Posterior Create(IReadOnlyList<double> series, int lags, Prior interceptPrior, Prior coefficientPrior, Prior scalePrior)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(lags, 1);
        if (series.Count <= lags)
        {
            throw new ArgumentException($"An autoregression with {lags} lags needs a series of more than {lags} numbers, not {series.Count}.", nameof(series));
        }

        Matrix<double> design = Matrix<double>.Build.Dense(series.Count - lags, lags + 1, (t, k) => k == 0 ? 1 : series[t + lags - k]);
        return LinearRegression.Create(
            design, [.. series.Skip(lags)], [interceptPrior, .. Enumerable.Repeat(coefficientPrior, lags)], scalePrior, ["alpha", .. Posterior.Numbered("beta", lags)]);
    }
}
