using Lae.Models;
using Lae.Numerics;
using Lae.Randomness;

namespace Lae.Tests.Models;

/// <summary>Draws of an observation have the law that the likelihood says: by frequencies within six deviations.</summary>
public sealed class LikelihoodSampleTests
{
    private const int Draws = 40_000;
    private static readonly RandomKey Key = RandomKey.FromSeed(11);

    [Theory]
    [InlineData(-1.4)]
    [InlineData(0.2)]
    public void A_discretised_logistic_draws_its_levels(double location)
    {
        DiscretizedLogisticLikelihood likelihood = new(4);
        Frequencies(likelihood, location, [-1, -1.0 / 3, 1.0 / 3, 1]);
    }

    [Theory]
    [InlineData(-0.8)]
    [InlineData(2)]
    public void A_bernoulli_draws_black_and_white(double logit) => Frequencies(new BernoulliLikelihood(), logit, [-1, 1]);

    [Fact]
    public void A_gaussian_has_its_mean_and_its_deviation()
    {
        GaussianLikelihood likelihood = new();
        TensorTree parameters = likelihood.Initialize(DType.Float64);
        double[] x = likelihood.Sample(Key, parameters, Tensor.Full(1.5, new Shape(Draws, 1), DType.Float64)).ToArray();
        double variance = 1 / Math.Log(2);
        Assert.Equal(1.5, x.Average(), 6 * Math.Sqrt(variance / Draws));
        Assert.Equal(variance, x.Average(value => (value - 1.5) * (value - 1.5)), 6 * variance * Math.Sqrt(2.0 / Draws));
    }

    private static void Frequencies(ILikelihood likelihood, double output, double[] levels)
    {
        TensorTree parameters = likelihood.Initialize(DType.Float64);
        double[] x = likelihood.Sample(Key, parameters, Tensor.Full(output, new Shape(Draws, 1), DType.Float64)).ToArray();
        double total = 0;
        foreach (double level in levels)
        {
            double probability = Math.Exp(likelihood.LogProbability(parameters, Tensor.Full(level, new Shape(1, 1), DType.Float64), Tensor.Full(output, new Shape(1, 1), DType.Float64)).ToArray()[0]);
            Assert.Equal(probability, x.Average(value => Math.Abs(value - level) < 1e-12 ? 1.0 : 0), 6 * Math.Sqrt(probability * (1 - probability) / Draws));
            total += probability;
        }

        Assert.Equal(1, total, 1e-9);
    }
}
