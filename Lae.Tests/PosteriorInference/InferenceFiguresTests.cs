using Lae.Numerics;
using Lae.PosteriorInference;
using Lae.Randomness;

namespace Lae.Tests.PosteriorInference;

/// <summary>Each figure sees the error that it is for.</summary>
public sealed class InferenceFiguresTests
{
    private static readonly InferenceProblem Problem = ConjugateGaussian.Create(Tensor.FromArray([0.3, -1, 2, 0.5], 2, 2), Tensor.FromArray([0.7, 0.6, 0.6, 0.8], 2, 2));
    private static readonly Tensor Draws = Problem.Reference(RandomKey.FromSeed(1), 4000);
    private static readonly InferenceFigures Figures = new(Problem, Problem.Reference(RandomKey.FromSeed(2), 4000), 50);

    [Fact]
    public void Exact_draws_are_at_the_floor()
    {
        IReadOnlyDictionary<string, double> figures = Figures.Of(Draws);
        Assert.InRange(figures["meanError"], 0, 0.05);
        Assert.Equal(1, figures["varianceRatio"], 0.1);
        Assert.InRange(figures["slicedWasserstein"], 0.001, 0.05);
        Assert.InRange(figures["effectiveSampleSize"], 3000, 5000);
        Assert.DoesNotContain("modes", figures.Keys);
    }

    [Fact]
    public void A_shift_by_a_deviation_is_a_mean_error_of_one_and_a_scale_of_a_half_a_ratio_of_a_quarter()
    {
        Tensor deviations = Tensor.FromArray([.. Enumerable.Range(0, 4).Select(i => Math.Sqrt(Problem.Moments!.Covariances.ElementAt((i / 2 * 4) + (i % 2 * 3))))], 2, 2);
        Assert.Equal(1, Figures.Of(Draws + deviations)["meanError"], 0.05);
        Tensor narrow = Problem.Moments!.Means + (0.5 * (Draws - Problem.Moments.Means));
        Assert.Equal(0.25, Figures.Of(narrow)["varianceRatio"], 0.02);
        Assert.True(Figures.Of(narrow)["slicedWasserstein"] > 0.2);
    }

    [Fact]
    public void Chains_that_stay_apart_have_a_small_effective_size()
    {
        // two chains a deviation apart, told by turns
        Tensor apart = Tensor.FromArray([.. Draws.ToArray().Select((value, i) => value + (i / 4 % 2 == 0 ? 0 : 3))], 4000, 2, 2);
        Assert.True(Figures.Of(apart, chains: 2)["effectiveSampleSize"] < 20);
    }

    [Fact]
    public void Draws_of_one_mode_miss_seven()
    {
        InferenceProblem ring = RingProblem.Create();
        IReadOnlyDictionary<string, double> figures = new InferenceFigures(ring, ring.Reference(RandomKey.FromSeed(1), 800), 20)
            .Of((0.1 * ring.Reference(RandomKey.FromSeed(2), 800)) + Tensor.FromArray([2.0, 0], 1, 1, 2));
        Assert.Equal(1, figures["modes"]);
        Assert.Equal(7.0 / 8, figures["largestMassError"], 1e-9);
    }

    [Fact]
    public void Draws_of_another_number_are_refused() => Assert.Throws<ArgumentException>(() => Figures.Of(Draws.Slice(0, 0, 3999)));
}
