using Lae.Numerics;
using Lae.Randomness;

namespace Lae.Tests.Models;

/// <summary>
/// Data from probabilistic PCA, x = W z + σ ε, with everything that is known exactly: the log marginal likelihood of any decoder, the maximum-likelihood optimum of
/// Tipping and Bishop (1999), and the fixed point of EM with a scaled posterior covariance.
/// </summary>
internal sealed class PpcaProblem
{
    public const int Columns = 10;
    public const int Latents = 3;

    public PpcaProblem(ulong seed, int rows = 1000)
    {
        Rows = rows;
        RandomKey key = RandomKey.FromSeed(seed);
        double[] w = new double[Columns * Latents];
        double[] z = new double[Rows * Latents];
        double[] noise = new double[Rows * Columns];
        RowDraws.Normal(key, 0, 0, Columns, Latents, w);
        RowDraws.Normal(key, 1, 0, Rows, Latents, z);
        RowDraws.Normal(key, 2, 0, Rows, Columns, noise);
        Tensor x = Tensor.FromArray(z, Rows, Latents).MatMul(Tensor.FromArray(w, Columns, Latents), transposeB: true)
            + (0.7 * Tensor.FromArray(noise, Rows, Columns));
        Data = x - x.Mean(0);
        Covariance = Data.MatMul(Data, transposeA: true) / Rows;
    }

    public int Rows { get; }

    /// <summary>[Rows, Columns], centred.</summary>
    public Tensor Data { get; }

    /// <summary>Divisor N, [Columns, Columns].</summary>
    public Tensor Covariance { get; }

    /// <summary>The mean over the data of log N(x; offset, W Wᵀ + σ² I), exactly.</summary>
    public double LogMarginalLikelihood(Tensor w, double variance, Tensor offset)
    {
        Tensor c = w.MatMul(w, transposeB: true) + (variance * Tensor.Identity(Columns, DType.Float64));
        Tensor l = c.Cholesky();
        double logDeterminant = Enumerable.Range(0, Columns).Sum(i => 2 * Math.Log(l.ElementAt((i * Columns) + i)));
        Tensor whitened = l.TriangularSolve((Data - offset).Transpose());
        double square = whitened.Square().Sum().ToDouble() / Rows;
        return -0.5 * ((Columns * Math.Log(2 * Math.PI)) + logDeterminant + square);
    }

    /// <summary>The greatest log marginal likelihood of a decoder with so many latents: σ² is the mean of the discarded eigenvalues.</summary>
    public double MaximumLogMarginalLikelihood()
    {
        double[] eigenvalues = [.. Covariance.SymmetricEigen().Values.ToArray().Reverse()];
        double variance = eigenvalues.Skip(Latents).Average();
        double logDeterminant = eigenvalues.Take(Latents).Sum(Math.Log) + ((Columns - Latents) * Math.Log(variance));
        return -0.5 * ((Columns * Math.Log(2 * Math.PI)) + logDeterminant + Columns);
    }

    /// <summary>The fixed point of EM whose E step has the posterior covariance times a factor; 1 is EM itself.</summary>
    public (Tensor Weights, double Variance) ScaledExpectationMaximization(double factor, int iterations = 20_000)
    {
        Tensor w = Tensor.FromArray([.. Enumerable.Range(0, Columns * Latents).Select(i => Math.Sin(i + 1.0))], Columns, Latents);
        double variance = 1;
        for (int i = 0; i < iterations; i++)
        {
            // M = WᵀW + σ²I, posterior mean W M⁻¹ x, posterior covariance σ² M⁻¹
            Tensor inverse = ConjugateToy.Inverse(w.MatMul(w, transposeA: true) + (variance * Tensor.Identity(Latents, DType.Float64)));
            Tensor cross = Covariance.MatMul(w).MatMul(inverse);
            Tensor posterior = factor * variance * inverse;
            Tensor second = inverse.MatMul(w, transposeB: true).MatMul(cross) + posterior;
            w = cross.MatMul(ConjugateToy.Inverse(second));
            double trace = Enumerable.Range(0, Columns).Sum(j => Covariance.ElementAt((j * Columns) + j));
            double explained = (w * cross).Sum().ToDouble();
            double spread = (w.MatMul(w, transposeA: true) * second).Sum().ToDouble();
            variance = (trace - (2 * explained) + spread) / Columns;
        }

        return (w, variance);
    }
}
