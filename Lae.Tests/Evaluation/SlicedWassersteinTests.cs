using FsCheck.Fluent;
using Lae.Evaluation;
using Lae.Numerics;
using Lae.Randomness;
using Lae.Tests.Kernels;

namespace Lae.Tests.Evaluation;

/// <summary>The distance where it is known: on the line by all couplings, of moved samples exactly, of Gaussians in closed form.</summary>
public sealed class SlicedWassersteinTests
{
    private static readonly RandomKey Key = RandomKey.FromSeed(3);

    [Fact]
    public void On_the_line_it_is_the_least_over_all_couplings() => Generated.ForAll(
        Gen.Choose(0, 1_000_000),
        seed =>
        {
            Tensor x = GaussianProblem.Noise(seed, 5, 1);
            Tensor y = GaussianProblem.Noise(seed + 1, 5, 1);
            double least = Permutations(5).Min(order => order.Select((j, i) => Math.Pow(x.ElementAt(i) - y.ElementAt(j), 2)).Average());
            Assert.Equal(Math.Sqrt(least), SlicedWasserstein.Distance(x, y, Key, 7), 1e-12);
        });

    [Fact]
    public void Equal_samples_in_any_order_are_at_no_distance()
    {
        Tensor x = FactorAnalysisProblem.Normals(RandomKey.FromSeed(1), 60, 4);
        Tensor turned = x.GatherRows([.. Enumerable.Range(0, 60).Reverse()]);
        Assert.Equal(0, SlicedWasserstein.Distance(x, turned, Key, 20), 1e-12);
        Assert.True(SlicedWasserstein.Distance(x, -x, Key, 20) > 0.05);
    }

    [Fact]
    public void A_shift_moves_by_its_projections_and_a_scale_by_the_spread()
    {
        // over all directions the mean of (θᵀm)² is |m|²/d, and of a projection's mean square the mean square of a coordinate
        Tensor x = FactorAnalysisProblem.Normals(RandomKey.FromSeed(1), 50, 2);
        Assert.Equal(Math.Sqrt(25.0 / 2), SlicedWasserstein.Distance(x, x + Tensor.FromArray([3.0, 4]), Key, 20_000), 0.02);
        Assert.Equal(0.5 * Math.Sqrt(x.Square().Mean().ToDouble()), SlicedWasserstein.Distance(x, 1.5 * x, Key, 20_000), 0.01);
    }

    [Fact]
    public void Of_gaussians_it_is_the_closed_form()
    {
        // E_θ (√θᵀC₁θ − √θᵀC₂θ)² with C₁ = diag(9, 1) and C₂ = I, by quadrature over the angle
        double squared = Enumerable.Range(0, 3600).Select(i => 2 * Math.PI * i / 3600)
            .Average(t => Math.Pow(Math.Sqrt((9 * Math.Cos(t) * Math.Cos(t)) + (Math.Sin(t) * Math.Sin(t))) - 1, 2));
        Tensor x = FactorAnalysisProblem.Normals(RandomKey.FromSeed(1), 5_000, 2) * Tensor.FromArray([3.0, 1]);
        Tensor y = FactorAnalysisProblem.Normals(RandomKey.FromSeed(2), 5_000, 2);
        Assert.Equal(Math.Sqrt(squared), SlicedWasserstein.Distance(x, y, Key, 1000), 0.05);
        Assert.Equal(SlicedWasserstein.Distance(x, y, Key, 50), SlicedWasserstein.Distance(y, x, Key, 50), 1e-12);
    }

    [Fact]
    public void Samples_of_other_shapes_and_numbers_that_are_not_finite_are_refused()
    {
        Tensor x = Tensor.FromArray([1.0, 2], 2, 1);
        Assert.Throws<ArgumentException>(() => SlicedWasserstein.Distance(x, Tensor.FromArray([1.0, 2, 3], 3, 1), Key, 1));
        Assert.Throws<ArgumentException>(() => SlicedWasserstein.Distance(x, Tensor.FromArray([1.0, double.NaN], 2, 1), Key, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => SlicedWasserstein.Distance(x, x, Key, 0));
    }

    private static IEnumerable<int[]> Permutations(int count) => count == 1
        ? [[0]]
        : Permutations(count - 1).SelectMany(order => Enumerable.Range(0, count).Select(place => (int[])[.. order[..place], count - 1, .. order[place..]]));
}
