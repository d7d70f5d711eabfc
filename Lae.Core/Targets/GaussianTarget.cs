using Lae.Numerics;

namespace Lae.Targets;

/// <summary>
/// The Gaussian log π(x) = −(x − m)ᵀ A (x − m)/2 + (log det A − d log 2π)/2, with gradient −A (x − m).
/// </summary>
public static class GaussianTarget
{
    /// <summary>A Gaussian with a dense precision matrix.</summary>
    /// <param name="mean">m, [dimension].</param>
    /// <param name="precision">A, [dimension, dimension], symmetric positive definite.</param>
    /// <returns>A target of the type of the mean.</returns>
    /// <exception cref="ArgumentException">The shapes or types do not match, or the precision is not symmetric up to rounding.</exception>
    /// <exception cref="ArithmeticException">The precision is not positive definite.</exception>
    public static Target Dense(Tensor mean, Tensor precision)
    {
        int dimension = mean.Count;
        if (mean.Rank != 1 || precision.Rank != 2 || precision.Shape[0] != dimension || precision.Shape[1] != dimension)
        {
            throw new ArgumentException($"A mean [d] and a precision [d, d] are needed, not {mean.Shape} and {precision.Shape}.", nameof(precision));
        }

        RequireMean(mean, precision);
        SymmetricMatrix.Require(precision, nameof(precision));
        double[] factor = precision.Cast(DType.Float64).Cholesky().ToArray();
        double logDeterminant = 0;
        for (int i = 0; i < dimension; i++)
        {
            logDeterminant += 2 * Math.Log(factor[(i * dimension) + i]);
        }

        double constant = Constant(logDeterminant, dimension);
        Tensor? centre = Centre(mean);
        Tensor negative = -precision.Detach();
        return Target.FromGradient(dimension, Evaluate, mean.DType, "Gaussian");

        LogDensityAndGradient Evaluate(Tensor position)
        {
            Tensor centred = centre is null ? position : position - centre;
            Tensor gradient = centred.MatMul(negative);
            return new LogDensityAndGradient(Reductions.DotRows(centred, gradient).ScaleShift(0.5, constant), gradient);
        }
    }

    /// <summary>A Gaussian with a diagonal precision matrix.</summary>
    /// <param name="mean">m, [dimension].</param>
    /// <param name="precision">The diagonal of A, [dimension], positive.</param>
    /// <returns>A target of the type of the mean.</returns>
    public static Target Diagonal(Tensor mean, Tensor precision)
    {
        int dimension = mean.Count;
        if (mean.Rank != 1 || precision.Shape != mean.Shape)
        {
            throw new ArgumentException($"A mean [d] and a precision [d] are needed, not {mean.Shape} and {precision.Shape}.", nameof(precision));
        }

        RequireMean(mean, precision);
        double logDeterminant = 0;
        foreach (double value in precision.ToArray())
        {
            logDeterminant += value > 0 && double.IsFinite(value)
                ? Math.Log(value)
                : throw new ArgumentOutOfRangeException(nameof(precision), value, "A precision must be positive and finite.");
        }

        double constant = Constant(logDeterminant, dimension);
        Tensor? centre = Centre(mean);
        Tensor negative = -precision.Detach();
        return Target.FromGradient(dimension, Evaluate, mean.DType, "diagonal Gaussian");

        LogDensityAndGradient Evaluate(Tensor position)
        {
            Tensor centred = centre is null ? position : position - centre;
            Tensor gradient = centred * negative;
            return new LogDensityAndGradient(Reductions.DotRows(centred, gradient).ScaleShift(0.5, constant), gradient);
        }
    }

    /// <summary>The standard normal distribution.</summary>
    /// <param name="dimension">1 or more.</param>
    /// <param name="dtype">The number type.</param>
    /// <returns>N(0, I).</returns>
    public static Target Standard(int dimension, DType dtype = DType.Float64)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(dimension, 1);
        double constant = Constant(0, dimension);
        return Target.FromGradient(dimension, Evaluate, dtype, "standard normal");

        LogDensityAndGradient Evaluate(Tensor position) =>
            new(Reductions.DotRows(position, position).ScaleShift(-0.5, constant), -position);
    }

    /// <summary>Null where there is nothing to subtract.</summary>
    private static Tensor? Centre(Tensor mean) => mean.ToArray().All(value => value == 0) ? null : mean.Detach();

    private static void RequireMean(Tensor mean, Tensor precision)
    {
        if (mean.DType != precision.DType)
        {
            throw new ArgumentException($"Mean and precision must have one number type, not {mean.DType} and {precision.DType}.", nameof(precision));
        }

        foreach (double value in mean.ToArray())
        {
            if (!double.IsFinite(value))
            {
                throw new ArgumentOutOfRangeException(nameof(mean), value, "A mean must be finite.");
            }
        }
    }

    private static double Constant(double logDeterminant, int dimension) => 0.5 * (logDeterminant - (dimension * Math.Log(2 * Math.PI)));
}
