using Lae.Numerics;
using Lae.Randomness;
using Lae.Targets;
using Lae.Tests.Kernels;
using MathNet.Numerics.LinearAlgebra;

namespace Lae.Tests.Targets.Posteriors;

/// <summary>Factor analysis with latents integrated out, and its latents, against each other and against closed forms.</summary>
public sealed class FactorAnalysisTests
{
    /// <summary>Tipping and Bishop's maximum of the likelihood, W = U (Λ − σ² I)^½ R with σ² the mean of the other eigenvalues: there only the Jacobian has a slope.</summary>
    [Fact]
    public void Probabilistic_pca_is_stationary_at_the_known_maximum()
    {
        Matrix<double> data = GaussianProblem.Normals(3, 40, 5) * Matrix<double>.Build.DenseOfDiagonalArray([3, 2, 1, 0.7, 0.4]);
        double[] u = Maximum(data, 2);
        Posterior posterior = FactorAnalysis.Create(data, 2, Prior.Flat, Prior.Flat, isIsotropic: true);
        Assert.Equal(["W[1,1]", "W[2,1]", "W[2,2]", "W[3,1]", "W[3,2]", "W[4,1]", "W[4,2]", "W[5,1]", "W[5,2]", "sigma"], posterior.Names);
        double[] gradient = posterior.Target.Evaluate(Tensor.FromArray(u, 1, 10)).Gradient.ToArray();
        double[] jacobian = [1, 0, 1, 0, 0, 0, 0, 0, 0, 1];
        Assert.All(jacobian.Zip(gradient), pair => Assert.Equal(pair.First, pair.Second, 1e-9));
        // planted: the likelihood of N rows about a known mean has its maximum elsewhere
        Assert.Contains(jacobian.Zip(posterior.Target.Evaluate(Tensor.FromArray([.. u.Select((value, i) => i == 9 ? value + (0.5 * Math.Log(39.0 / 40)) : value)], 1, 10)).Gradient.ToArray()), pair => Math.Abs(pair.First - pair.Second) > 1e-3);
    }

    /// <summary>p(X | W, σ, μ) = p(X, Z | W, σ, μ)/p(Z | X, W, σ, μ) at any Z; and μ under a flat prior integrates as a Gaussian about the mean does.</summary>
    [Fact]
    public void The_likelihood_is_the_joint_density_over_that_of_the_scores()
    {
        const int Rows = 7;
        Matrix<double> data = GaussianProblem.Normals(5, Rows, 3);
        double[] u = [0.2, -0.7, -0.3, 0.4, 0.9, -0.2, 0.1, 0.3]; // log W11, W21, log W22, W31, W32, log sigma
        Matrix<double> w = Matrix<double>.Build.DenseOfArray(new[,] { { Math.Exp(u[0]), 0 }, { u[1], Math.Exp(u[2]) }, { u[3], u[4] } });
        double[] sigma = [.. u[5..].Select(Math.Exp)];
        double[] mean = (data.ColumnSums() / Rows).ToArray();
        ExactTarget scores = FactorScores.Create(data, w, mean, sigma);
        double[] z = [.. GaussianProblem.Normals(6, 1, 2 * Rows).Row(0)];
        double joint = -0.5 * z.Sum(value => (value * value) + Math.Log(2 * Math.PI));
        for (int n = 0; n < Rows; n++)
        {
            for (int i = 0; i < 3; i++)
            {
                double rest = (data[n, i] - mean[i] - (w[i, 0] * z[2 * n]) - (w[i, 1] * z[(2 * n) + 1])) / sigma[i];
                joint -= (0.5 * ((rest * rest) + Math.Log(2 * Math.PI))) + Math.Log(sigma[i]);
            }
        }

        double atMean = joint - scores.Target.Evaluate(Tensor.FromArray(z, 1, 2 * Rows)).LogDensity.ToArray()[0];
        Matrix<double> m = (w * w.Transpose()) + Matrix<double>.Build.DenseOfDiagonalArray([.. sigma.Select(s => s * s)]);
        double overMean = (1.5 * Math.Log(2 * Math.PI / Rows)) + (0.5 * Math.Log(m.Determinant()));
        Posterior posterior = FactorAnalysis.Create(data, 2, Prior.Flat, Prior.Flat);
        double jacobian = u[0] + u[2] + u[5] + u[6] + u[7];
        Assert.Equal(atMean + overMean + jacobian, posterior.Target.Evaluate(Tensor.FromArray(u, 1, 8)).LogDensity.ToArray()[0], 1e-10);
        Assert.Equal([w[0, 0], w[1, 0], w[1, 1], w[2, 0], w[2, 1], .. sigma], posterior.Report(Tensor.FromArray(u, 1, 8)).ToArray(), (a, b) => Math.Abs(a - b) < 1e-14);
    }

    [Fact]
    public void Exact_scores_have_their_mean_and_covariance()
    {
        Matrix<double> w = Matrix<double>.Build.DenseOfArray(new[,] { { 1.0, 0.2 }, { -0.5, 0.8 }, { 0.3, 0.3 } });
        ExactTarget exact = FactorScores.Create(Matrix<double>.Build.Dense(1, 3, [1, -1, 0.5]), w, [0, 0, 0], [0.5, 1, 2]);
        Matrix<double> weight = Matrix<double>.Build.DenseOfDiagonalArray([4, 1, 0.25]);
        Matrix<double> covariance = (Matrix<double>.Build.DenseIdentity(2) + (w.Transpose() * weight * w)).Inverse();
        Vector<double> mean = covariance * (w.Transpose() * weight * Vector<double>.Build.Dense([1, -1, 0.5]));
        const int Draws = 20_000;
        Matrix<double> draws = Matrix<double>.Build.Dense(Draws, 2, exact.Draw(RandomKey.FromSeed(4), Draws).Transpose().ToArray());
        Vector<double> found = draws.ColumnSums() / Draws;
        for (int i = 0; i < 2; i++)
        {
            Assert.InRange(found[i] - mean[i], -5 * Math.Sqrt(covariance[i, i] / Draws), 5 * Math.Sqrt(covariance[i, i] / Draws));
            for (int j = 0; j <= i; j++)
            {
                double second = draws.Column(i).Subtract(mean[i]).PointwiseMultiply(draws.Column(j).Subtract(mean[j])).Sum() / Draws;
                double error = Math.Sqrt(((covariance[i, i] * covariance[j, j]) + (covariance[i, j] * covariance[i, j])) / Draws);
                Assert.InRange(second - covariance[i, j], -5 * error, 5 * error);
            }
        }
    }

    [Fact]
    public void What_cannot_be_is_refused()
    {
        Matrix<double> data = GaussianProblem.Normals(5, 6, 3);
        Assert.Throws<ArgumentOutOfRangeException>(() => FactorAnalysis.Create(data, 3, Prior.Flat, Prior.Flat));
        Assert.Throws<ArgumentException>(() => FactorAnalysis.Create(data.SubMatrix(0, 1, 0, 3), 1, Prior.Flat, Prior.Flat));
        Assert.Throws<ArgumentException>(() => FactorScores.Create(data, Matrix<double>.Build.Dense(2, 1), [0, 0, 0], [1, 1, 1]));
        Assert.Throws<ArgumentException>(() => FactorScores.Create(data, Matrix<double>.Build.Dense(3, 1), [0, 0, 0], [1, 0, 1]));
    }

    /// <summary>The maximum in the coordinates u: W made lower triangular with a positive diagonal by a rotation.</summary>
    private static double[] Maximum(Matrix<double> data, int k)
    {
        int d = data.ColumnCount;
        Vector<double> means = data.ColumnSums() / data.RowCount;
        Matrix<double> centred = Matrix<double>.Build.Dense(data.RowCount, d, (i, j) => data[i, j] - means[j]);
        var eigen = (centred.TransposeThisAndMultiply(centred) / (data.RowCount - 1)).Evd(Symmetricity.Symmetric);
        double[] values = [.. eigen.EigenValues.Select(value => value.Real)]; // rising
        double variance = values[..(d - k)].Average();
        Matrix<double> w = Matrix<double>.Build.Dense(d, k, (i, j) => eigen.EigenVectors[i, d - k + j] * Math.Sqrt(values[d - k + j] - variance));
        Matrix<double> rotated = w * w.SubMatrix(0, k, 0, k).Transpose().QR().Q;
        Matrix<double> lower = Matrix<double>.Build.Dense(d, k, (i, j) => rotated[i, j] * Math.Sign(rotated[j, j]));
        return [.. Enumerable.Range(0, d).SelectMany(i => Enumerable.Range(0, Math.Min(i + 1, k)).Select(j => i == j ? Math.Log(lower[i, j]) : lower[i, j])), 0.5 * Math.Log(variance)];
    }
}
