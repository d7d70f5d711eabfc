using Lae.Numerics;
using Lae.Targets;
using Lae.Tests.Kernels;

namespace Lae.Tests.Targets;

/// <summary>Posteriors of data: the sum over all of them, over some, by differentiation, by hand and in closed form.</summary>
public sealed class DataTargetTests
{
    [Fact]
    public void The_posterior_of_a_location_model_is_the_Gaussian_of_the_formula() => Generated.ForAll(LocationProblem.All, p =>
    {
        Target exact = GaussianTarget.Dense(Tensor.FromArray(p.Mean.ToArray()), GaussianProblem.ToTensor(p.Precision));
        Tensor x = GaussianProblem.Noise(p.Seed, 4, p.Dimension);
        foreach (DataTarget posterior in (DataTarget[])[p.Posterior, p.ByHand])
        {
            Assert.Same(posterior, posterior.Target.Data);
            LogDensityAndGradient found = posterior.Target.Evaluate(x);
            LogDensityAndGradient expected = exact.Evaluate(x);
            Assert.True((found.Gradient - expected.Gradient).Abs().Flatten().Max(0).ToDouble() < 1e-11 * (1 + expected.Gradient.Abs().Flatten().Max(0).ToDouble()));
            Tensor difference = found.LogDensity - expected.LogDensity;
            Assert.True((difference - difference.ElementAt(0)).Abs().Max(0).ToDouble() < 1e-10 * (1 + found.LogDensity.Abs().Max(0).ToDouble()));
        }
    });

    [Fact]
    public void All_data_are_the_sum_of_their_parts_over_blocks_and_in_closed_form()
    {
        DataTarget posterior = SamplePosteriors.Logistic(2500, 3, 5);
        Tensor x = GaussianProblem.Noise(1, 3, 3);
        LogDensityAndGradient all = posterior.Likelihood(x);
        int[][] halves = [[.. Enumerable.Range(0, 1250)], [.. Enumerable.Range(1250, 1250)]];
        LogDensityAndGradient[] parts = [.. halves.Select(half => posterior.Likelihood(x, LocationProblem.Indices([half], 3)))];
        LogDensityAndGradient closed = SamplePosteriors.Logistic(2500, 3, 5, closedTotal: true).Likelihood(x);
        AssertClose(parts[0].Gradient + parts[1].Gradient, all.Gradient);
        AssertClose(parts[0].LogDensity + parts[1].LogDensity, all.LogDensity);
        AssertClose(closed.Gradient, all.Gradient);
        AssertClose(closed.LogDensity, all.LogDensity);
    }

    [Fact]
    public void A_row_depends_on_that_row_and_its_own_batch_alone()
    {
        DataTarget posterior = SamplePosteriors.Logistic(1500, 3, 5);
        Tensor x = GaussianProblem.Noise(1, 5, 3);
        Tensor indices = LocationProblem.Indices([[1, 2, 1499], [7, 7, 7], [0, 3, 9], [1400, 2, 5], [8, 9, 10]]);
        AssertRow(posterior.Likelihood(x, indices), posterior.Likelihood(x.Slice(0, 3, 1), indices.Slice(0, 3, 1)));
        AssertRow(posterior.Likelihood(x), posterior.Likelihood(x.Slice(0, 3, 1)));

        static void AssertRow(LogDensityAndGradient all, LogDensityAndGradient one)
        {
            Assert.Equal(all.LogDensity.ElementAt(3), one.LogDensity.ElementAt(0));
            Assert.Equal(all.Gradient.Slice(0, 3, 1).ToArray(), one.Gradient.ToArray());
        }
    }

    [Fact]
    public void What_does_not_fit_is_refused()
    {
        Target prior = GaussianTarget.Standard(2);
        Func<Tensor, Tensor, Tensor> terms = (x, rows) => (rows - x).Square().Sum(2);
        Assert.Throws<ArgumentException>(() => DataTarget.FromFunction(prior, Tensor.FromArray([1.0, 2]), terms));
        Assert.Throws<ArgumentException>(() => DataTarget.FromFunction(prior, Tensor.FromArray([1f, 2], 1, 2), terms));
        Assert.Throws<ArgumentException>(() => DataTarget.FromFunction(prior, Tensor.FromArray([1, double.NaN], 1, 2), terms));
        Assert.Throws<ArgumentOutOfRangeException>(() => DataTarget.FromGradient(prior, 0, (x, _) => prior.Evaluate(x)));
        DataTarget posterior = DataTarget.FromFunction(prior, Tensor.FromArray([1.0, 2, 3, 4], 2, 2), terms);
        Tensor at = Tensor.Zeros(new Shape(1, 2), DType.Float64);
        Assert.Throws<ArgumentException>(() => posterior.Likelihood(at, Tensor.FromArray([0.0])));
        Assert.Throws<ArgumentException>(() => posterior.Likelihood(at, Tensor.FromArray([0f], 1, 1)));
        Assert.Throws<ArgumentException>(() => posterior.Likelihood(at, Tensor.FromArray([0.0, 1], 2, 1)));
        Assert.Throws<ArgumentOutOfRangeException>(() => posterior.Likelihood(at, Tensor.FromArray([2.0], 1, 1)));
        Assert.Throws<ArgumentOutOfRangeException>(() => posterior.Likelihood(at, Tensor.FromArray([0.5], 1, 1)));
        Assert.Throws<ArgumentException>(() => DataTarget.FromFunction(prior, Tensor.FromArray([1.0, 2], 1, 2), (x, rows) => x.Sum()).Likelihood(at));
        Assert.Null(prior.Data);
    }

    private static void AssertClose(Tensor a, Tensor b) => Assert.True((a - b).Abs().Flatten().Max(0).ToDouble() < 1e-12 * (1 + b.Abs().Flatten().Max(0).ToDouble()));
}
