using Lae.Numerics;

namespace Lae.Diagnostics;

/// <summary>
/// The kernel Stein discrepancy of draws from a target, which needs neither exact draws nor a normalising constant, and sees bias as well as variance:
/// <code>
///     KSD² = (1/n²) Σ_ij [ s_i·s_j k + s_i·∇_y k + s_j·∇_x k + ∇_x·∇_y k ](x_i, x_j),    k(x, y) = (1 + |x − y|²/c²)^(−1/2),    s = ∇ log π
/// </code>
/// 0 for the target itself; with this kernel it goes to 0 only for draws that converge to the target. Source: Gorham and Mackey, ICML (2017).
/// </summary>
public static class KernelSteinDiscrepancy
{
    /// <summary>The discrepancy.</summary>
    /// <param name="positions">x, [draws, dimension], at least one draw; cost and time grow with the square of the draws, so thin them to a few thousand.</param>
    /// <param name="gradients">s, the gradient of the log density at each draw, [draws, dimension].</param>
    /// <param name="scale">c, the length at which draws count as near, positive; the square root of the dimension if null, which suits a target of unit variances.</param>
    /// <returns>KSD, 0 or more.</returns>
    /// <exception cref="ArgumentException">The shapes do not match.</exception>
    public static double Of(Tensor positions, Tensor gradients, double? scale = null)
    {
        if (positions.Rank != 2 || positions.Count == 0 || gradients.Shape != positions.Shape)
        {
            throw new ArgumentException($"Positions and gradients [draws, dimension] are needed, not {positions.Shape} and {gradients.Shape}.", nameof(gradients));
        }

        (int draws, int d) = (positions.Shape[0], positions.Shape[1]);
        double c = scale ?? Math.Sqrt(d);
        if (!(c > 0) || !double.IsFinite(c))
        {
            throw new ArgumentOutOfRangeException(nameof(scale), scale, "A scale must be positive and finite.");
        }

        double[] x = positions.ToArray();
        double[] s = gradients.ToArray();
        double total = 0;
        for (int i = 0; i < draws; i++)
        {
            for (int j = 0; j < i; j++)
            {
                total += 2 * SteinKernel(x.AsSpan(i * d, d), x.AsSpan(j * d, d), s.AsSpan(i * d, d), s.AsSpan(j * d, d), c * c);
            }

            total += SteinKernel(x.AsSpan(i * d, d), x.AsSpan(i * d, d), s.AsSpan(i * d, d), s.AsSpan(i * d, d), c * c);
        }

        return Math.Sqrt(Math.Max(0, total)) / draws;
    }

    private static double SteinKernel(ReadOnlySpan<double> x, ReadOnlySpan<double> y, ReadOnlySpan<double> sx, ReadOnlySpan<double> sy, double c2)
    {
        (double distance, double scores, double along) = (0, 0, 0);
        for (int i = 0; i < x.Length; i++)
        {
            double r = x[i] - y[i];
            distance += r * r;
            scores += sx[i] * sy[i];
            along += (sx[i] - sy[i]) * r;
        }

        double k = 1 / Math.Sqrt(1 + (distance / c2));
        double cube = k * k * k / c2;
        return (scores * k) + (along * cube) + (x.Length * cube) - (3 * distance * cube * k * k / c2);
    }
}
