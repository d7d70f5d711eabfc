using Lae.Numerics;

namespace Lae.Targets;

/// <summary>
/// Neal's funnel: v ~ N(0, s²) and, given v, x_i ~ N(0, e^v) for i = 1 … d − 1. Coordinates (v, x).
/// <code>
///     log π(v, x) = −v²/(2 s²) − log s − (d − 1) v/2 − e^(−v) |x|²/2 − (d/2) log 2π
///     ∂_v = −v/s² − (d − 1)/2 + e^(−v) |x|²/2,    ∂_x = −e^(−v) x
/// </code>
/// Its neck narrows as e^(v/2), so that no one step size serves both ends. E x_i = 0, Var x_i = e^(s²/2). Source: Neal (2003), Slice sampling, section 8 (s = 3, d = 10).
/// </summary>
public static class Funnel
{
    /// <summary>The target, with exact draws.</summary>
    /// <param name="dimension">d, 2 or more.</param>
    /// <param name="scale">s, positive and finite.</param>
    /// <param name="dtype">The number type.</param>
    /// <returns>A normalised target.</returns>
    public static ExactTarget Create(int dimension = 10, double scale = 3, DType dtype = DType.Float64)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(dimension, 2);
        if (!(scale > 0) || !double.IsFinite(scale))
        {
            throw new ArgumentOutOfRangeException(nameof(scale), scale, "A scale must be positive and finite.");
        }

        int width = dimension - 1;
        double precision = 1 / (scale * scale);
        double constant = -Math.Log(scale) - (0.5 * dimension * Math.Log(2 * Math.PI));
        return new ExactTarget(Target.FromGradient(dimension, Evaluate, dtype, "funnel"), 0, Draw);

        LogDensityAndGradient Evaluate(Tensor position)
        {
            Tensor v = position.Slice(1, 0, 1);
            Tensor x = position.Slice(1, 1, width);
            Tensor narrow = (-v).Exp();
            Tensor energy = narrow * x.Square().Sum(1).Reshape(-1, 1);
            Tensor logDensity = (v.Square() * precision + v * width + energy).Sum(1).ScaleShift(-0.5, constant);
            return new LogDensityAndGradient(logDensity, Shaping.Join(1, [energy.ScaleShift(0.5, -0.5 * width) - v * precision, -(narrow * x)]));
        }

        Tensor Draw(Randomness.RandomKey key, int rows)
        {
            Tensor normals = ExactTarget.Normals(key, rows, dimension, dtype);
            Tensor v = normals.Slice(1, 0, 1) * scale;
            return Shaping.Join(1, [v, (v * 0.5).Exp() * normals.Slice(1, 1, width)]);
        }
    }
}
