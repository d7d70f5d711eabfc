using Lae.Numerics;

namespace Lae.Evaluation;

/// <summary>The mean and the covariance of rows.</summary>
/// <param name="Mean">m, [d], float64.</param>
/// <param name="Covariance">C, divisor n − 1, [d, d], float64.</param>
public sealed record GaussianMoments(Tensor Mean, Tensor Covariance)
{
    /// <summary>The moments of rows.</summary>
    /// <param name="rows">[n, d], n 2 or more, finite.</param>
    /// <returns>Moments in double precision.</returns>
    public static GaussianMoments Of(Tensor rows)
    {
        if (rows.Rank != 2 || rows.Shape[0] < 2)
        {
            throw new ArgumentException($"Rows [n, d] with n 2 or more are needed, not {rows.Shape}.", nameof(rows));
        }

        if (!rows.AllFinite())
        {
            throw new ArgumentException("A feature is not finite.", nameof(rows));
        }

        Tensor values = rows.Detach().Cast(DType.Float64);
        Tensor mean = values.Mean(0);
        Tensor centred = values - mean;
        return new GaussianMoments(mean, centred.MatMul(centred, transposeA: true) / (rows.Shape[0] - 1));
    }
}

/// <summary>
/// The Fréchet (2-Wasserstein) distance of two Gaussians, squared as the field reports it:
/// <code>
///     d² = |m₁ − m₂|² + tr C₁ + tr C₂ − 2 tr (C₁^{1/2} C₂ C₁^{1/2})^{1/2}
/// </code>
/// the roots by symmetric eigenvalues, so that singular covariances (features that never vary) are no trouble. Of features of generated and of real images it falls with the number of rows too: compare at equal numbers. Sources: Dowson and
/// Landau 1982; Heusel et al., NeurIPS 2017, equation 6, whose features are another network's.
/// </summary>
public static class FrechetDistance
{
    /// <summary>d² of Gaussian fits to two sets of features.</summary>
    /// <param name="first">[n, d], n 2 or more.</param>
    /// <param name="second">[m, d], m 2 or more.</param>
    /// <returns>0 or more.</returns>
    public static double OfRows(Tensor first, Tensor second) => Squared(GaussianMoments.Of(first), GaussianMoments.Of(second));

    /// <summary>d² of two Gaussians.</summary>
    /// <param name="first">m₁, C₁.</param>
    /// <param name="second">m₂, C₂, of the same dimension.</param>
    /// <returns>0 or more.</returns>
    public static double Squared(GaussianMoments first, GaussianMoments second)
    {
        if (first.Mean.Shape != second.Mean.Shape)
        {
            throw new ArgumentException($"Moments of one dimension are needed, not {first.Mean.Shape} and {second.Mean.Shape}.", nameof(second));
        }

        SymmetricEigensystem system = first.Covariance.SymmetricEigen();
        Tensor root = (system.Vectors * Roots(system.Values)).MatMul(system.Vectors, transposeB: true);
        Tensor product = root.MatMul(second.Covariance).MatMul(root);
        double cross = Roots((0.5 * (product + product.Transpose())).SymmetricEigen().Values).Sum().ToDouble();
        double distance = (first.Mean - second.Mean).Square().Sum().ToDouble() + Trace(first.Covariance) + Trace(second.Covariance) - (2 * cross);
        return Math.Max(0, distance);
    }

    /// <summary>An eigenvalue of a covariance is negative by rounding alone.</summary>
    private static Tensor Roots(Tensor values) => values.Relu().Sqrt();

    private static double Trace(Tensor matrix) => Enumerable.Range(0, matrix.Shape[0]).Sum(i => matrix.ElementAt((i * matrix.Shape[0]) + i));
}
