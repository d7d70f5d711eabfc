using Lae.Numerics;
using Lae.Randomness;

namespace Lae.Evaluation;

/// <summary>
/// The sliced 2-Wasserstein distance of two samples of equal size: the root mean square, over directions, of the distance of their projections on a line, where the optimal coupling is that of the ranks:
/// <code>
///     SW₂² = mean_θ (1/n) Σ_i (x_(i)(θ) − y_(i)(θ))²,    x(θ) = X θ sorted,   θ uniform on the sphere
/// </code>
/// Exact in one dimension. Of N(m₁, C₁) and N(m₂, C₂) it is E_θ[(θᵀ(m₁ − m₂))² + (√θᵀC₁θ − √θᵀC₂θ)²] as n grows. Two samples of one law are at a distance above 0 that falls with n: a floor to be told beside it.
/// Source: Bonneel, Rabin, Peyré and Pfister, Journal of Mathematical Imaging and Vision 51 (2015). Shapes: X and Y [n, d].
/// </summary>
public static class SlicedWasserstein
{
    /// <summary>SW₂ of two samples.</summary>
    /// <param name="first">X, [n, d], finite.</param>
    /// <param name="second">Y, [n, d], finite.</param>
    /// <param name="key">Decides the directions; the same key gives the same ones for every sample.</param>
    /// <param name="projections">Directions, 1 or more; in one dimension there is one only.</param>
    /// <returns>A distance in the units of the rows, 0 or more.</returns>
    /// <exception cref="ArgumentException">The shapes differ, there is no row, or a number is not finite.</exception>
    public static double Distance(Tensor first, Tensor second, RandomKey key, int projections)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(projections, 1);
        if (first.Rank != 2 || first.Shape != second.Shape || first.Count == 0)
        {
            throw new ArgumentException($"Two samples [n, d] of one shape are needed, not {first.Shape} and {second.Shape}.", nameof(second));
        }

        if (!first.AllFinite() || !second.AllFinite())
        {
            throw new ArgumentException("A draw is not finite.", first.AllFinite() ? nameof(second) : nameof(first));
        }

        int dimension = first.Shape[1];
        int count = dimension == 1 ? 1 : projections;
        double[] x = first.ToArray();
        double[] y = second.ToArray();
        double[] directions = Directions(key, count, dimension);
        double total = 0;
        for (int i = 0; i < count; i++)
        {
            ReadOnlySpan<double> direction = directions.AsSpan(i * dimension, dimension);
            total += SquaredOnLine(Projected(x, direction), Projected(y, direction));
        }

        return Math.Sqrt(total / count);
    }

    private static double[] Directions(RandomKey key, int count, int dimension)
    {
        double[] normals = new double[count * dimension];
        RowDraws.Normal(key, 0, 0, count, dimension, normals);
        for (int i = 0; i < count; i++)
        {
            Span<double> row = normals.AsSpan(i * dimension, dimension);
            double length = 0;
            foreach (double value in row)
            {
                length += value * value;
            }

            foreach (ref double value in row)
            {
                value /= Math.Sqrt(length);
            }
        }

        return normals;
    }

    private static double[] Projected(double[] rows, ReadOnlySpan<double> direction)
    {
        double[] sorted = new double[rows.Length / direction.Length];
        for (int row = 0; row < sorted.Length; row++)
        {
            for (int column = 0; column < direction.Length; column++)
            {
                sorted[row] += rows[(row * direction.Length) + column] * direction[column];
            }
        }

        Array.Sort(sorted);
        return sorted;
    }

    private static double SquaredOnLine(double[] x, double[] y)
    {
        double total = 0;
        for (int i = 0; i < x.Length; i++)
        {
            total += (x[i] - y[i]) * (x[i] - y[i]);
        }

        return total / x.Length;
    }
}
