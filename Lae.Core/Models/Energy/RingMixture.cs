using Lae.Numerics;
using Lae.Targets;

namespace Lae.Models;

/// <summary>
/// The ring of equal Gaussians, the toy of the energy-based priors: π(z) = (1/m) Σ_a N(z; r (cos 2πa/m, sin 2πa/m), s² I₂).
/// </summary>
public static class RingMixture
{
    /// <summary>The target, with exact draws.</summary>
    /// <param name="modes">m, 2 or more.</param>
    /// <param name="radius">r, positive.</param>
    /// <param name="deviation">s, positive.</param>
    /// <returns>A normalised target in float64 on the plane.</returns>
    public static ExactTarget Create(int modes = 8, double radius = 2, double deviation = 0.2)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(modes, 2);
        if (!(radius > 0) || !double.IsFinite(radius))
        {
            throw new ArgumentOutOfRangeException(nameof(radius), radius, "Must be positive and finite.");
        }

        double[] centres = [.. Enumerable.Range(0, modes).SelectMany(a => new[] { radius * Math.Cos(2 * Math.PI * a / modes), radius * Math.Sin(2 * Math.PI * a / modes) })];
        return GaussianMixture.Create(
            [.. Enumerable.Repeat(1.0, modes)], Tensor.FromArray(centres, modes, 2), Tensor.Full(deviation, new Shape(modes, 2), DType.Float64));
    }

    /// <summary>The share of samples in each mode's sector, from that of angle 0 on.</summary>
    /// <param name="samples">[n, 2].</param>
    /// <param name="modes">m, 2 or more.</param>
    /// <returns>m shares that sum to 1.</returns>
    public static IReadOnlyList<double> Masses(Tensor samples, int modes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(modes, 2);
        double[] masses = new double[modes];
        int rows = samples.Shape[0];
        for (int row = 0; row < rows; row++)
        {
            double turns = Math.Atan2(samples.ElementAt((2 * row) + 1), samples.ElementAt(2 * row)) / (2 * Math.PI);
            masses[((int)Math.Round(turns * modes) + modes) % modes] += 1.0 / rows;
        }

        return masses;
    }
}
