using Lae.Models;
using Lae.Numerics;
using Lae.Randomness;
using Lae.Targets;

namespace Lae.Tests.Models;

/// <summary>Posterior draws for new observations: the exact posteriors of the conjugate toy, and a posterior a thousand times narrower than the first step.</summary>
public sealed class PosteriorRefinementTests
{
    private const int Points = 60;
    private const int Draws = 600;

    [Fact]
    public void DrawsHaveTheMomentsOfTheExactPosterior()
    {
        ConjugateToy toy = new(Points, 8, seed: 4);
        Tensor draws = PosteriorRefinement.Sample(RandomKey.FromSeed(5), toy.Density, Tensor.Zeros(new Shape(Points, 2), DType.Float64), Draws, transitions: 10);
        Tensor mean = draws.Mean(0);
        Tensor spread = (draws - mean).Square().Mean(0);
        double sd = Math.Sqrt(toy.Covariance.ElementAt(3));
        double pulls = (mean - toy.Means).Square().Mean().ToDouble() / (sd * sd / Draws);
        // draws ten transitions apart are nearly independent: the squared error of a mean is a few times the variance over the number of draws
        Assert.InRange(pulls, 0.5, 6);
        Assert.InRange(spread.Slice(1, 0, 1).Mean().ToDouble() / toy.Covariance.ElementAt(0), 0.95, 1.05);
        Assert.InRange(spread.Slice(1, 1, 1).Mean().ToDouble() / toy.Covariance.ElementAt(3), 0.95, 1.05);
    }

    [Fact]
    public void TheWarmUpFindsTheStepOfAVeryNarrowPosterior()
    {
        // standard deviation 1e-3, where the first step size of 0.1 would be refused for ever
        LatentDensity narrow = new(4, 3, DType.Float64, z => new LogDensityAndGradient(Reductions.DotRows(z, z) * -0.5e6, z * -1e6));
        Tensor start = Tensor.Full(1e-3, new Shape(4, 3), DType.Float64);
        Tensor draws = PosteriorRefinement.Sample(RandomKey.FromSeed(6), narrow, start, Draws, transitions: 5);
        Assert.InRange(draws.Square().Mean().ToDouble() / 1e-6, 0.9, 1.1);
    }

    [Fact]
    public void NoTransitionsGiveTheEncodings()
    {
        ConjugateToy toy = new(5, 8, seed: 4);
        Tensor start = toy.Observations;
        Tensor draws = PosteriorRefinement.Sample(RandomKey.FromSeed(5), toy.Density, start, 3, transitions: 0);
        Assert.Equal(new Shape(3, 5, 2), draws.Shape);
        Assert.Equal(start.ToArray(), draws.Slice(0, 2, 1).ToArray());
    }
}
