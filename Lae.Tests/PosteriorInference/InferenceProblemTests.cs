using FsCheck.Fluent;
using Lae.Composition;
using Lae.Host.Runs;
using Lae.Networks;
using Lae.Numerics;
using Lae.PosteriorInference;
using Lae.Randomness;
using Lae.Tests.Kernels;

namespace Lae.Tests.PosteriorInference;

/// <summary>What problems claim to be exact is put beside quadrature of their own densities.</summary>
public sealed class InferenceProblemTests
{
    private const double LogTwoPi = 1.8378770664093453;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void The_conjugate_posterior_is_that_of_quadrature(int dimension) => Generated.ForAll(
        Gen.Choose(0, 1_000_000),
        seed =>
        {
            Tensor covariance = GaussianProblem.ToTensor(GaussianProblem.Positive(dimension, 0.3, 2, seed));
            Tensor x = GaussianProblem.Noise(seed + 1, 2, dimension);
            InferenceProblem problem = ConjugateGaussian.Create(x, covariance);
            GridMoments grid = new(problem, half: 9, side: 181);
            Assert.All(grid.Means.Zip(problem.Moments!.Means.ToArray()), pair => Assert.Equal(pair.First, pair.Second, 1e-8));
            double[] covariances = problem.Moments.Covariances.ToArray();
            for (int i = 0; i < grid.Variances.Length; i++)
            {
                Assert.Equal(grid.Variances[i], covariances[(i / dimension * dimension * dimension) + (i % dimension * (dimension + 1))], 1e-8);
            }

            // the joint density is normalised: its integral is N(x; 0, I + Σ)
            Tensor factor = (Tensor.Identity(dimension, DType.Float64) + covariance).Cholesky();
            double[] residual = factor.TriangularSolve(x.Transpose()).ToArray();
            for (int point = 0; point < 2; point++)
            {
                double log = -0.5 * dimension * LogTwoPi;
                for (int j = 0; j < dimension; j++)
                {
                    log -= Math.Log(factor.ElementAt(j * (dimension + 1))) + (0.5 * Math.Pow(residual[(j * 2) + point], 2));
                }

                Assert.Equal(log, grid.LogEvidence[point], 1e-8);
            }
        });

    [Fact]
    public void Exact_draws_have_the_exact_moments()
    {
        Tensor covariance = Tensor.FromArray([0.7, 0.6, 0.6, 0.8], 2, 2);
        InferenceProblem problem = ConjugateGaussian.Create(ConjugateGaussian.Simulate(RandomKey.FromSeed(1), 3, covariance), covariance);
        const int Count = 20_000;
        Tensor draws = problem.Reference(RandomKey.FromSeed(2), Count);
        double[] expected = problem.Moments!.Covariances.Slice(0, 0, 1).ToArray();
        for (int point = 0; point < 3; point++)
        {
            Tensor own = draws.Slice(1, point, 1).Reshape(Count, 2);
            Tensor mean = own.Mean(0);
            Tensor centred = own - mean;
            double[] sample = (centred.MatMul(centred, transposeA: true) / Count).ToArray();
            for (int j = 0; j < 2; j++)
            {
                Assert.Equal(problem.Moments.Means.ElementAt((2 * point) + j), mean.ElementAt(j), 5 * Math.Sqrt(expected[3 * j] / Count));
            }

            for (int entry = 0; entry < 4; entry++)
            {
                Assert.Equal(expected[entry], sample[entry], 5 * 0.38 * Math.Sqrt(2.0 / Count));
            }
        }
    }

    [Fact]
    public void Points_of_the_conjugate_model_have_the_covariance_of_the_marginal()
    {
        Tensor x = ConjugateGaussian.Simulate(RandomKey.FromSeed(5), 20_000, Tensor.FromArray([0.7, 0.6, 0.6, 0.8], 2, 2));
        double[] sample = (x.MatMul(x, transposeA: true) / 20_000).ToArray();
        double[] expected = [1.7, 0.6, 0.6, 1.8];
        Assert.All(sample.Zip(expected), pair => Assert.Equal(pair.Second, pair.First, 5 * 1.8 * Math.Sqrt(2.0 / 20_000)));
        Assert.Equal(x.Slice(0, 0, 3).ToArray(), ConjugateGaussian.Simulate(RandomKey.FromSeed(5), 3, Tensor.FromArray([0.7, 0.6, 0.6, 0.8], 2, 2)).ToArray());
    }

    [Fact]
    public void Long_chains_under_a_neural_likelihood_have_the_moments_of_quadrature()
    {
        // the very problem of experiments/toys/neural.json: a wigglier network has posteriors with modes that chains do not leave, and long chains are then no reference
        InferenceProblem problem = new NeuralLikelihoodOptions
        {
            LatentSize = 2,
            Columns = 1,
            Points = 6,
            Decoder = new DenseArchitecture([64, 64], Activation.Tanh, layerNormalization: false),
            Gain = 2.5,
            NoiseDeviation = 0.5,
        }.Create(RunKeys.Problem(1), Workspace.Default);
        GridMoments grid = new(problem, half: 6, side: 121);
        Tensor draws = problem.Reference(RandomKey.FromSeed(9), 2000);
        double[] means = draws.Mean(0).ToArray();
        double[] variances = (draws - draws.Mean(0)).Square().Mean(0).ToArray();
        for (int i = 0; i < means.Length; i++)
        {
            // 2,000 draws of 100 chains, some of them correlated: a standard error of 0.03 or so
            Assert.Equal(grid.Means[i] / Math.Sqrt(grid.Variances[i]), means[i] / Math.Sqrt(grid.Variances[i]), 0.15);
            Assert.InRange(variances[i] / grid.Variances[i], 0.8, 1.25);
        }

        Assert.InRange(InferenceFigures.ScaleReduction(draws, problem.ReferenceChains), 0.99, 1.1);
    }

    [Fact]
    public void The_moments_of_the_ring_are_those_of_its_draws()
    {
        InferenceProblem ring = RingProblem.Create();
        double[] draws = ring.Reference(RandomKey.FromSeed(1), 50_000).Square().Mean(0).ToArray();
        Assert.All(draws, square => Assert.Equal(ring.Moments!.Covariances.ElementAt(0), square, 0.05));
        Assert.Equal(8, new InferenceFigures(ring, ring.Reference(RandomKey.FromSeed(2), 500), 5).Of(ring.Reference(RandomKey.FromSeed(3), 500))["modes"]);
    }

    [Fact]
    public void What_does_not_fit_is_refused()
    {
        Tensor covariance = Tensor.FromArray([1.0, 0.2, 0.2, 1], 2, 2);
        Assert.Throws<ArgumentException>(() => ConjugateGaussian.Create(Tensor.FromArray([1.0, 2, 3], 3, 1), covariance));
        Assert.Throws<ArgumentException>(() => ConjugateGaussian.Create(Tensor.FromArray([1.0, 2], 1, 2), Tensor.FromArray([1.0, 0.2, 0.3, 1], 2, 2)));
        Assert.ThrowsAny<ArithmeticException>(() => ConjugateGaussian.Create(Tensor.FromArray([1.0, 2], 1, 2), Tensor.FromArray([1.0, 2, 2, 1], 2, 2)));
        Assert.Throws<ArgumentOutOfRangeException>(() => new NeuralLikelihood(RandomKey.FromSeed(1), 2, 1, new DenseArchitecture([4]), 0, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => RingProblem.Create(modes: 2));
    }
}
