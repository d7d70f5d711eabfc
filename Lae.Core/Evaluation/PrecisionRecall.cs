using Lae.Numerics;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Lae.Evaluation;

/// <summary>
/// Precision and recall of generated features by k nearest neighbours: with r_k(a) the distance of a to its k-th nearest other member of its own set A,
/// <code>
///     share(A covers b) = 1/|B| Σ_{b ∈ B} [ |b − a| ≤ r_k(a) for some a ∈ A ]
///     precision = share(real covers generated),   recall = share(generated covers real)
/// </code>
/// Precision says how many of the generated are like real ones, recall how much of the real ones' variety is generated. Source: Kynkäänniemi et al., NeurIPS 2019, equations 1 and 2 (k = 3). Cost: |A| |B| distances. Compare at equal numbers.
/// </summary>
/// <param name="Precision">In [0, 1].</param>
/// <param name="Recall">In [0, 1].</param>
public sealed record PrecisionRecall(double Precision, double Recall)
{
    /// <summary>Both shares.</summary>
    /// <param name="real">Features of real images, [n, d], more than k, finite.</param>
    /// <param name="generated">Features of generated images, [m, d], more than k, finite.</param>
    /// <param name="neighbours">k, 1 or more.</param>
    /// <returns>Precision and recall.</returns>
    public static PrecisionRecall Of(Tensor real, Tensor generated, int neighbours = 3)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(neighbours, 1);
        Require(real, neighbours, nameof(real));
        Require(generated, neighbours, nameof(generated));
        if (real.Shape[1] != generated.Shape[1])
        {
            throw new ArgumentException($"Features of one dimension are needed, not {real.Shape} and {generated.Shape}.", nameof(generated));
        }

        int dimension = real.Shape[1];
        double[] a = real.ToArray();
        double[] b = generated.ToArray();
        return new PrecisionRecall(Share(a, Radii(a, dimension, neighbours), b, dimension), Share(b, Radii(b, dimension, neighbours), a, dimension));
    }

    /// <summary>r_k of every row.</summary>
    private static double[] Radii(double[] rows, int dimension, int neighbours)
    {
        int count = rows.Length / dimension;
        double[] radii = new double[count];
        double[] nearest = new double[neighbours];
        for (int i = 0; i < count; i++)
        {
            Array.Fill(nearest, double.PositiveInfinity);
            for (int j = 0; j < count; j++)
            {
                if (j != i)
                {
                    Insert(nearest, TensorPrimitives.Distance(rows.AsSpan(i * dimension, dimension), rows.AsSpan(j * dimension, dimension)));
                }
            }

            radii[i] = nearest[^1];
        }

        return radii;
    }

    /// <summary>Puts a distance in its place among the nearest, in rising order; the farthest drops out.</summary>
    private static void Insert(double[] nearest, double distance)
    {
        int place = nearest.Length - 1;
        if (distance >= nearest[place])
        {
            return;
        }

        for (; place > 0 && nearest[place - 1] > distance; place--)
        {
            nearest[place] = nearest[place - 1];
        }

        nearest[place] = distance;
    }

    private static double Share(double[] cover, double[] radii, double[] rows, int dimension)
    {
        int count = rows.Length / dimension;
        int covered = 0;
        for (int i = 0; i < count; i++)
        {
            for (int j = 0; j < radii.Length; j++)
            {
                if (TensorPrimitives.Distance(rows.AsSpan(i * dimension, dimension), cover.AsSpan(j * dimension, dimension)) <= radii[j])
                {
                    covered++;
                    break;
                }
            }
        }

        return (double)covered / count;
    }

    private static void Require(Tensor rows, int neighbours, string name)
    {
        if (rows.Rank != 2 || rows.Shape[0] <= neighbours || !rows.AllFinite())
        {
            throw new ArgumentException($"More than {neighbours} rows [n, d] of finite features are needed, not {rows.Shape}.", name);
        }
    }
}
