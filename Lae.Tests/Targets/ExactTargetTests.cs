using Lae.Numerics;
using Lae.Randomness;
using Lae.Targets;
using Lae.Tests.Kernels;

namespace Lae.Tests.Targets;

/// <summary>The targets with exact draws: gradients against central differences, densities against the formula, draws against the closed moments.</summary>
public sealed class ExactTargetTests
{
    private static readonly ExactTarget Mixture = GaussianMixture.Create(
        [1, 3], Tensor.FromArray([-2.0, 0.5, 1.5, -1], 2, 2), Tensor.FromArray([0.7, 1.2, 0.9, 0.4], 2, 2));

    [Fact]
    public void Gradients_are_those_of_the_log_density()
    {
        foreach (ExactTarget exact in new[] { Banana.Create(2), Banana.Create(4, -0.8, 0.6), Mixture })
        {
            Tensor at = GaussianProblem.Noise(3, 6, exact.Target.Dimension);
            Tensor gradient = exact.Target.Evaluate(at).Gradient;
            for (int i = 0; i < exact.Target.Dimension; i++)
            {
                int column = i;
                Tensor step = Tensor.FromArray([.. Enumerable.Range(0, exact.Target.Dimension).Select(j => j == column ? 1e-5 : 0)]);
                double[] difference = ((exact.Target.Evaluate(at + step).LogDensity - exact.Target.Evaluate(at - step).LogDensity) * (1 / 2e-5)).ToArray();
                double[] found = gradient.Slice(1, i, 1).ToArray();
                Assert.All(found.Zip(difference), pair => Assert.Equal(pair.Second, pair.First, 1e-6 * (1 + Math.Abs(pair.First))));
            }
        }
    }

    [Fact]
    public void The_mixture_is_the_sum_of_its_components()
    {
        double[] x = [0.3, -0.4];
        double Component(double w, double m1, double m2, double s1, double s2) =>
            w * Math.Exp(-(Math.Pow((x[0] - m1) / s1, 2) + Math.Pow((x[1] - m2) / s2, 2)) / 2) / (2 * Math.PI * s1 * s2);
        double expected = Math.Log(Component(0.25, -2, 0.5, 0.7, 1.2) + Component(0.75, 1.5, -1, 0.9, 0.4));
        Assert.Equal(expected, Mixture.Target.Evaluate(Tensor.FromArray(x, 1, 2)).LogDensity.ToArray()[0], 1e-12);
    }

    [Fact]
    public void The_banana_is_a_Gaussian_bent()
    {
        double[] x = [0.8, -0.3, 1.1];
        const double B = 0.4;
        const double S = 1.7;
        double across = x[1] - (B * ((x[0] * x[0]) - (S * S)));
        double expected = (-0.5 * ((x[0] * x[0] / (S * S)) + (across * across) + (x[2] * x[2]))) - Math.Log(S) - (1.5 * Math.Log(2 * Math.PI));
        Assert.Equal(expected, Banana.Create(3, B, S).Target.Evaluate(Tensor.FromArray(x, 1, 3)).LogDensity.ToArray()[0], 1e-12);
    }

    [Fact]
    public void Draws_have_the_moments_of_the_law()
    {
        const int Rows = 200_000;
        AssertMoments(Banana.Create(2, 0.5, 1.5), Rows, [0, 0], [2.25, 1 + (2 * 0.25 * Math.Pow(1.5, 4))]);
        AssertMoments(Mixture, Rows, [0.625, -0.625], [(0.25 * (0.49 + 4)) + (0.75 * (0.81 + 2.25)) - 0.390625, (0.25 * (1.44 + 0.25)) + (0.75 * (0.16 + 1)) - 0.390625]);
        // a row does not depend on how many there are
        Assert.Equal(Mixture.Draw(RandomKey.FromSeed(1), 3).ToArray(), Mixture.Draw(RandomKey.FromSeed(1), 10).Slice(0, 0, 3).ToArray());
    }

    [Fact]
    public void Arguments_are_checked()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Banana.Create(1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Banana.Create(2, double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>(() => Banana.Create(2, 1, 0));
        Tensor one = Tensor.Ones(new Shape(1, 2), DType.Float64);
        Assert.Throws<ArgumentException>(() => GaussianMixture.Create([1, 1], one, one));
        Assert.Throws<ArgumentOutOfRangeException>(() => GaussianMixture.Create([0], one, one));
        Assert.Throws<ArgumentOutOfRangeException>(() => GaussianMixture.Create([1], one, -one));
    }

    /// <summary>Means and variances within 6 standard errors, those of the variances from the draws' own fourth moments.</summary>
    private static void AssertMoments(ExactTarget exact, int rows, double[] means, double[] variances)
    {
        Tensor draws = exact.Draw(RandomKey.FromSeed(5), rows);
        for (int i = 0; i < means.Length; i++)
        {
            double[] column = draws.Slice(1, i, 1).ToArray();
            double[] squares = [.. column.Select(value => Math.Pow(value - means[i], 2))];
            Assert.Equal(means[i], column.Average(), 6 * Math.Sqrt(variances[i] / rows));
            double spread = Math.Sqrt(squares.Select(value => Math.Pow(value - variances[i], 2)).Average() / rows);
            Assert.Equal(variances[i], squares.Average(), 6 * spread);
        }
    }
}
