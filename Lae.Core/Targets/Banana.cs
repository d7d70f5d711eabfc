using Lae.Numerics;

namespace Lae.Targets;

/// <summary>
/// The banana of Haario, Saksman and Tamminen (1999), a Gaussian bent by a map of Jacobian 1: x₁ = s z₁, x₂ = z₂ + b (x₁² − s²), the others x_i = z_i, with z ~ N(0, I).
/// <code>
///     log π(x) = −x₁²/(2 s²) − (x₂ − b (x₁² − s²))²/2 − Σ_{i>2} x_i²/2 − log s − (d/2) log 2π
/// </code>
/// Means are 0; Var x₁ = s², Var x₂ = 1 + 2 b² s⁴.
/// </summary>
public static class Banana
{
    /// <summary>The target, with exact draws.</summary>
    /// <param name="dimension">2 or more.</param>
    /// <param name="curvature">b, finite.</param>
    /// <param name="scale">s, positive and finite.</param>
    /// <param name="dtype">The number type.</param>
    /// <returns>A normalised target.</returns>
    public static ExactTarget Create(int dimension = 2, double curvature = 0.5, double scale = 1.5, DType dtype = DType.Float64)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(dimension, 2);
        if (!double.IsFinite(curvature))
        {
            throw new ArgumentOutOfRangeException(nameof(curvature), curvature, "A curvature must be finite.");
        }

        if (!(scale > 0) || !double.IsFinite(scale))
        {
            throw new ArgumentOutOfRangeException(nameof(scale), scale, "A scale must be positive and finite.");
        }

        double b = curvature;
        double variance = scale * scale;
        double constant = -Math.Log(scale) - (0.5 * dimension * Math.Log(2 * Math.PI));
        return new ExactTarget(Target.FromGradient(dimension, Evaluate, dtype, "banana"), 0, (key, rows) => Bend(ExactTarget.Normals(key, rows, dimension, dtype)));

        LogDensityAndGradient Evaluate(Tensor x)
        {
            Tensor first = x.Slice(1, 0, 1);
            Tensor rest = x.Slice(1, 2, dimension - 2);
            Tensor across = x.Slice(1, 1, 1) - first.Square().ScaleShift(b, -b * variance);
            Tensor energy = (first.Square() * (1 / variance) + across.Square()).Sum(1) + rest.Square().Sum(1);
            Tensor alongFirst = (2 * b) * (first * across) - first * (1 / variance);
            return new LogDensityAndGradient(energy.ScaleShift(-0.5, constant), Shaping.Join(1, [alongFirst, -across, -rest]));
        }

        Tensor Bend(Tensor z)
        {
            Tensor first = z.Slice(1, 0, 1) * scale;
            return Shaping.Join(1, [first, z.Slice(1, 1, 1) + first.Square().ScaleShift(b, -b * variance), z.Slice(1, 2, dimension - 2)]);
        }
    }
}
