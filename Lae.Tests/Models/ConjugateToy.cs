using Lae.Models;
using Lae.Networks;
using Lae.Numerics;
using Lae.Randomness;

namespace Lae.Tests.Models;

/// <summary>
/// The conjugate bivariate toy: z ~ N(0, I₂), x | z ~ N(z, Σ), Σ = [[0.7, 0.6], [0.6, 0.8]], whose posterior is N(S Σ⁻¹ x, S) with S = (I + Σ⁻¹)⁻¹; and an encoder whose
/// features are one fixed random layer with normalisation and ReLU.
/// </summary>
internal sealed class ConjugateToy
{
    public static readonly double[] NoiseCovariance = [0.7, 0.6, 0.6, 0.8];

    private const double Determinant = (0.7 * 0.8) - (0.6 * 0.6);

    public static readonly double[] NoisePrecision = [0.8 / Determinant, -0.6 / Determinant, -0.6 / Determinant, 0.7 / Determinant];

    public ConjugateToy(int points, int width, ulong seed, int layers = 1)
    {
        RandomKey key = RandomKey.FromSeed(seed);
        double[] normals = new double[points * 4];
        RowDraws.Normal(key, 0, 0, points, 4, normals);
        double[] x = new double[points * 2];
        for (int i = 0; i < points; i++)
        {
            // x = z + L ε with L the Cholesky factor of Σ
            double l11 = Math.Sqrt(0.7);
            double l21 = 0.6 / l11;
            double l22 = Math.Sqrt(0.8 - (l21 * l21));
            x[2 * i] = normals[4 * i] + (l11 * normals[(4 * i) + 2]);
            x[(2 * i) + 1] = normals[(4 * i) + 1] + (l21 * normals[(4 * i) + 2]) + (l22 * normals[(4 * i) + 3]);
        }

        Observations = Tensor.FromArray(x, points, 2);
        Features = RandomFeatures(Observations, width, key.FoldIn(1), layers);
        LastLayer = OrthogonalInitialization.Draw(key.FoldIn(2), 2, width, DType.Float64);
        Tensor precision = Tensor.FromArray(NoisePrecision, 2, 2);
        Tensor posteriorPrecision = Tensor.Identity(2, DType.Float64) + precision;
        Density = LatentDensity.FromFunction(
            Observations,
            2,
            (z, observed) =>
            {
                Tensor residual = observed - z;
                return (-0.5 * Reductions.DotRows(z, z)) - (0.5 * Reductions.DotRows(residual, residual.MatMul(precision)));
            },
            z => posteriorPrecision.Reshape(1, 2, 2).BroadcastTo(new Shape(z.Shape[0], 2, 2)));
        Precision = posteriorPrecision;
        Covariance = Inverse(posteriorPrecision);
        Means = Observations.MatMul(precision).MatMul(Covariance);
    }

    public Tensor Observations { get; }

    /// <summary>G, [points, width].</summary>
    public Tensor Features { get; }

    /// <summary>Φ, [2, width].</summary>
    public Tensor LastLayer { get; }

    public LatentDensity Density { get; }

    /// <summary>The precision of each posterior, [2, 2].</summary>
    public Tensor Precision { get; }

    /// <summary>The covariance of each posterior, [2, 2].</summary>
    public Tensor Covariance { get; }

    /// <summary>The posterior means, [points, 2].</summary>
    public Tensor Means { get; }

    public static Tensor Inverse(Tensor a)
    {
        Tensor l = a.Cholesky();
        return l.TriangularSolve(l.TriangularSolve(Tensor.Identity(a.Shape[0], a.DType)), transpose: true);
    }

    /// <summary>relu(layerNorm(x Wᵀ + b)) with normal W and b, as often as there are layers: in two dimensions a bias is what tells points on one ray apart.</summary>
    public static Tensor RandomFeatures(Tensor x, int width, RandomKey key, int layers = 1)
    {
        for (int layer = 0; layer < layers; layer++)
        {
            int inputs = x.Shape[1];
            double[] weights = new double[width * (inputs + 1)];
            RowDraws.Normal(key.FoldIn((ulong)layer), 0, 0, width, inputs + 1, weights);
            Tensor table = Tensor.FromArray(weights, width, inputs + 1);
            Tensor weight = table.Slice(1, 0, inputs) / Math.Sqrt(inputs);
            Tensor bias = table.Slice(1, inputs, 1).Reshape(width);
            x = (x.MatMul(weight, transposeB: true) + bias).LayerNormalize().Relu();
        }

        return x;
    }
}
