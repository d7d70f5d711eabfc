using Lae.Numerics;

namespace Lae.Targets;

/// <summary>
/// A Gaussian with exact draws: x = m + √T R⁻ᵀ z with A = R Rᵀ and z ~ N(0, I), of law N(m, T A⁻¹).
/// </summary>
public static class ExactGaussian
{
    /// <summary>The target with density π = N(m, A⁻¹), and draws of π.</summary>
    /// <param name="mean">m, [dimension].</param>
    /// <param name="precision">A, [dimension, dimension], symmetric positive definite.</param>
    /// <returns>A normalised target of the type of the mean.</returns>
    public static ExactTarget Create(Tensor mean, Tensor precision) => Create(mean, precision, 1);

    /// <summary>
    /// The target π = N(m, A⁻¹) with draws of π^{1/T}, that is of N(m, T A⁻¹): the law that a kernel at temperature T keeps, beside the density that it is given.
    /// </summary>
    /// <param name="mean">m, [dimension].</param>
    /// <param name="precision">A, [dimension, dimension], symmetric positive definite.</param>
    /// <param name="temperature">T, positive and finite.</param>
    /// <returns>The target π, normalised, with draws of π^{1/T}.</returns>
    public static ExactTarget Create(Tensor mean, Tensor precision, double temperature)
    {
        if (!(temperature > 0) || !double.IsFinite(temperature))
        {
            throw new ArgumentOutOfRangeException(nameof(temperature), temperature, "A temperature must be positive and finite.");
        }

        Target target = GaussianTarget.Dense(mean, precision);
        Tensor centre = mean.Detach();
        Tensor root = precision.Detach().Cholesky();
        return new ExactTarget(
            target,
            0,
            (key, rows) => centre + root.TriangularSolve(ExactTarget.Normals(key, rows, mean.Count, mean.DType).Transpose(), transpose: true).Transpose() * Math.Sqrt(temperature));
    }
}
