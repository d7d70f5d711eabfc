using Lae.Models;
using Lae.Numerics;

namespace Lae.Tests.Models;

/// <summary>Each likelihood against its formula in scalars, and that it is a distribution over its grid.</summary>
public sealed class LikelihoodTests
{
    private static readonly double[] X = [0.5, -1, 1, 0, -0.25, 0.75];
    private static readonly double[] Output = [0.25, 0.5, -1.5, 2, -0.25, 3];

    [Theory]
    [InlineData(-2)]
    [InlineData(0)]
    [InlineData(1.5)]
    public void Gaussian_log_probability_is_the_closed_form(double tau)
    {
        GaussianLikelihood likelihood = new();
        double sigma = 1 / Math.Sqrt(Math.Log(1 + Math.Exp(tau)));
        RowsEqual(
            (x, output) => (-0.5 * (x - output) * (x - output) / (sigma * sigma)) - Math.Log(sigma) - (0.5 * Math.Log(2 * Math.PI)), likelihood, Tau(tau));
        Assert.Equal(sigma, likelihood.Figures(Tau(tau))["likelihoodScale"], 1e-12);
        Assert.Equal(Output, likelihood.Mean(Table(Output)).ToArray());
    }

    [Theory]
    [InlineData("gaussian")]
    [InlineData("bernoulli")]
    [InlineData("17 levels")]
    [InlineData("256 levels")]
    public void The_curvature_is_minus_the_second_derivative_of_every_element(string name)
    {
        // the slope of the sum over the elements is that of each, so differences of gradients are second derivatives
        const double H = 1e-4;
        ILikelihood likelihood = name switch
        {
            "gaussian" => new GaussianLikelihood(),
            "bernoulli" => new BernoulliLikelihood(),
            "17 levels" => new DiscretizedLogisticLikelihood(17),
            _ => new DiscretizedLogisticLikelihood(256),
        };
        TensorTree parameters = name == "bernoulli" ? TensorTree.Empty : Tau(1.5);
        Tensor output = Table(Output);
        double[] differences = ((Slope(output - H) - Slope(output + H)) / (2 * H)).ToArray();
        double[] curvatures = likelihood.Curvature(parameters, Table(X), output).ToArray();
        Assert.All(differences.Zip(curvatures), pair => Assert.Equal(pair.First, pair.Second, 1e-6));
        Assert.All(curvatures, value => Assert.True(value >= 0));

        Tensor Slope(Tensor at) => Differentiation.ValueAndGradient(point => likelihood.LogProbability(parameters, Table(X), point), at).Gradient;
    }

    [Fact]
    public void Bernoulli_log_probability_is_its_formula()
    {
        BernoulliLikelihood likelihood = new();
        RowsEqual(
            (x, output) =>
            {
                double p = 1 / (1 + Math.Exp(-output));
                return ((1 + x) / 2 * Math.Log(p)) + ((1 - x) / 2 * Math.Log(1 - p));
            },
            likelihood,
            TensorTree.Empty);
        Assert.All(Output.Zip(likelihood.Mean(Table(Output)).ToArray()), pair => Assert.Equal(Math.Tanh(pair.First / 2), pair.Second, 1e-12));
        Assert.Empty(likelihood.Initialize(DType.Float64));
        Assert.Empty(likelihood.Figures(TensorTree.Empty));
    }

    [Theory]
    [InlineData(17, -2)]
    [InlineData(17, 0)]
    [InlineData(17, 6)]
    [InlineData(256, -2)]
    [InlineData(256, 0)]
    [InlineData(256, 6)]
    public void Discretised_logistic_probabilities_are_bins_of_the_logistic_and_sum_to_one(int levels, double tau)
    {
        DiscretizedLogisticLikelihood likelihood = new(levels);
        double inverseScale = Math.Sqrt(Math.Log(1 + Math.Exp(tau)));
        Tensor grid = Tensor.FromArray([.. Enumerable.Range(0, levels).Select(Level)], levels, 1);
        foreach (double mean in (double[])[-1.3, -0.2, 0.93])
        {
            double[] logs = likelihood.LogProbability(Tau(tau), grid, Tensor.Full(mean, new Shape(levels, 1), DType.Float64)).ToArray();
            Assert.Equal(1, logs.Sum(Math.Exp), 1e-12);
            for (int level = 0; level < levels; level++)
            {
                double upper = level == levels - 1 ? 1 : Cumulative(Level(level) + (1.0 / (levels - 1)));
                double lower = level == 0 ? 0 : Cumulative(Level(level) - (1.0 / (levels - 1)));
                Assert.Equal(upper - lower, Math.Exp(logs[level]), 1e-12);
            }

            double Cumulative(double x) => 1 / (1 + Math.Exp(-(x - mean) * inverseScale));
        }

        Assert.Equal(1 / inverseScale, likelihood.Figures(Tau(tau))["likelihoodScale"], 1e-12);

        double Level(int level) => (2.0 * level / (levels - 1)) - 1;
    }

    [Fact]
    public void A_discretised_logistic_sums_over_columns_and_keeps_its_mean_within_the_grid()
    {
        DiscretizedLogisticLikelihood likelihood = new(17);
        Tensor together = likelihood.LogProbability(Tau(0), Table(X), Table(Output));
        double[] alone = likelihood.LogProbability(Tau(0), Tensor.FromArray(X, 6, 1), Tensor.FromArray(Output, 6, 1)).ToArray();
        Assert.All(alone.Chunk(3).Zip(together.ToArray()), row => Assert.Equal(row.First.Sum(), row.Second, 1e-12));
        Assert.Equal([0.25, 0.5, -1, 1, -0.25, 1], likelihood.Mean(Table(Output)).ToArray());
    }

    [Fact]
    public void A_learned_scale_starts_at_tau_zero()
    {
        foreach (ILikelihood likelihood in (ILikelihood[])[new GaussianLikelihood(), new DiscretizedLogisticLikelihood(17)])
        {
            TensorTree start = likelihood.Initialize(DType.Float32);
            Assert.Equal(["tau"], start.Names);
            Assert.Equal((Shape.Scalar, DType.Float32, 0.0), (start["tau"].Shape, start["tau"].DType, start["tau"].ToDouble()));
        }
    }

    [Fact]
    public void Likelihoods_of_pixels_refuse_a_table_and_one_level()
    {
        DataDescription table = new(3, null, 10);
        DataDescription pixels = new(3, 17, 10);
        Assert.Throws<ArgumentException>(() => new BernoulliLikelihood().Create(table));
        Assert.Throws<ArgumentException>(() => new DiscretizedLogisticFactory().Create(table));
        Assert.Throws<ArgumentOutOfRangeException>(() => new DiscretizedLogisticLikelihood(1));
        Assert.IsType<BernoulliLikelihood>(new BernoulliLikelihood().Create(pixels));
        Assert.IsType<GaussianLikelihood>(new GaussianLikelihood().Create(table));
        ILikelihood made = new DiscretizedLogisticFactory().Create(pixels);
        Assert.Equal(
            new DiscretizedLogisticLikelihood(17).LogProbability(Tau(0), Table(X), Table(Output)).ToArray(),
            made.LogProbability(Tau(0), Table(X), Table(Output)).ToArray());
    }

    /// <summary>Two rows of three columns, each row against the sum of the formula.</summary>
    private static void RowsEqual(Func<double, double, double> formula, ILikelihood likelihood, TensorTree parameters)
    {
        double[] actual = likelihood.LogProbability(parameters, Table(X), Table(Output)).ToArray();
        double[] expected = [.. X.Zip(Output, formula).Chunk(3).Select(row => row.Sum())];
        Assert.Equal(2, actual.Length);
        Assert.Equal(expected[0], actual[0], 1e-12);
        Assert.Equal(expected[1], actual[1], 1e-12);
    }

    private static TensorTree Tau(double tau) => TensorTree.Of(("tau", Tensor.Scalar(tau, DType.Float64)));

    private static Tensor Table(double[] values) => Tensor.FromArray(values, 2, 3);
}
