using Lae.Numerics;

namespace Lae.Host.Reports;

/// <summary>
/// The projection of points on their directions of greatest variance: y = (x − mean) V, where V holds the eigenvectors of the covariance, the
/// greatest eigenvalue first. Of the two signs of an eigenvector the one is taken whose largest entry is positive.
/// </summary>
internal static class PrincipalComponents
{
    /// <summary>Projected points.</summary>
    /// <param name="points">[n, dimension].</param>
    /// <param name="count">Directions, at most the dimension.</param>
    /// <returns>[n, count] in double precision, and the fraction of the variance along each direction.</returns>
    public static (Tensor Projected, double[] Fractions) Of(Tensor points, int count)
    {
        Tensor x = points.Cast(DType.Float64);
        Tensor centred = x - x.Mean(0);
        SymmetricEigensystem system = (centred.MatMul(centred, transposeA: true) / Math.Max(1, x.Shape[0] - 1)).SymmetricEigen();
        int dimension = x.Shape[1];
        double[] vectors = system.Vectors.ToArray();
        double[] values = system.Values.ToArray();
        double total = values.Sum(value => Math.Max(value, 0));
        double[] directions = new double[dimension * count];
        double[] fractions = new double[count];
        for (int k = 0; k < count; k++)
        {
            int column = dimension - 1 - k;
            fractions[k] = total > 0 ? Math.Max(values[column], 0) / total : 0;
            double largest = Enumerable.Range(0, dimension).Select(i => vectors[(i * dimension) + column]).MaxBy(Math.Abs);
            for (int i = 0; i < dimension; i++)
            {
                directions[(i * count) + k] = vectors[(i * dimension) + column] * (largest < 0 ? -1 : 1);
            }
        }

        return (centred.MatMul(Tensor.FromArray(directions, dimension, count)), fractions);
    }
}
