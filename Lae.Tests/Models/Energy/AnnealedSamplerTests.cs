using System.Globalization;
using Lae.Models;
using Lae.Networks;
using Lae.Numerics;
using Lae.Randomness;
using Lae.Targets;
using Xunit.Abstractions;

namespace Lae.Tests.Models;

/// <summary>
/// The ring of eight Gaussians (radius 2, deviation 0.2: neighbours lie 7.7 deviations apart, a barrier of 6.6 nats) by sampler-ALD. 256 samples a cycle and 16 cycles are 4,096 nearly independent ones: a mass of 1/8 has the deviation 0.0052,
/// so that 0.03 is 5.8 of them.
/// </summary>
public sealed class AnnealedSamplerTests(ITestOutputHelper output)
{
    private const int Modes = 8;
    private const double Deviation = 0.2;
    private static readonly Target Ring = RingMixture.Create(Modes, 2, Deviation).Target;

    [Fact]
    [Trait("Category", "Long")]
    public void All_eight_modes_are_found_with_their_masses()
    {
        // features: K of 256 points with 32 input columns and four times as many features has a condition of 3.7e3, so float64 reproduces every move
        SamplerLangevin sampler = Sampler(new DatapointLangevin(), points: 256, width: 1024);
        TensorTree start = sampler.Initialize(RandomKey.FromSeed(41));
        AnnealedSamples made = AnnealedSampler.Run(RandomKey.FromSeed(42), sampler, start, Ring, AnnealingPlan.Geometric(0.01, 12, 2, cycles: 16, baseDeviation: 1.5));
        IReadOnlyList<double> masses = RingMixture.Masses(made.Samples, Modes);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"condition {LatentCoordinates.ConditionNumber(sampler.Features(start)):G3}, acceptance {made.Acceptance:F2}, masses {string.Join(" ", masses.Select(mass => mass.ToString("F4", CultureInfo.InvariantCulture)))}"));
        Assert.Equal(4096, made.Samples.Shape[0]);
        Assert.All(masses, mass => Assert.Equal(1.0 / Modes, mass, 0.03));

        // the squared distance to the nearest mode has mean 2 s² and a relative deviation of 1/64
        double spread = Spread(made.Samples);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"spread {spread:F3}"));
        Assert.InRange(spread, 0.9, 1.1);
        Assert.Equal(sampler.Samples(made.Parameters).ToArray(), made.Samples.Slice(0, 4096 - 256, 256).ToArray());
    }

    [Fact]
    public void Without_annealing_the_law_of_the_masses_is_broken()
    {
        // all samples begin beside one mode: moves at β = 1 alone seldom cross, and never so far as the other side
        SamplerLangevin sampler = Sampler(new DatapointLangevin(), points: 64, width: 256);
        TensorTree start = sampler.Initialize(RandomKey.FromSeed(41));
        Tensor beside = Tensor.FromArray([2.0, 0], 1, 2) + (0.1 * EnergyCase.Normals(4, 64, 2));
        start = start.With("lastLayer", LeastNormUpdate.Fit(sampler.Features(start), start["lastLayer"], beside));
        AnnealedSamples made = AnnealedSampler.Run(RandomKey.FromSeed(42), sampler, start, Ring, new AnnealingPlan([1], 4, 1, 1.5));
        IReadOnlyList<double> masses = RingMixture.Masses(made.Samples, Modes);
        Assert.True(masses[0] > 0.5);
        Assert.Contains(masses, mass => Math.Abs(mass - (1.0 / Modes)) > 0.03);
    }

    [Fact]
    public void Exact_draws_of_the_ring_have_equal_masses()
    {
        IReadOnlyList<double> masses = RingMixture.Masses(RingMixture.Create(Modes, 2, Deviation).Draw(RandomKey.FromSeed(1), 4096), Modes);
        Assert.All(masses, mass => Assert.Equal(1.0 / Modes, mass, 0.03));
        Assert.Equal(1, masses.Sum(), 1e-12);
        Assert.Equal([0, 0, 1, 0], RingMixture.Masses(Tensor.FromArray([-2.0, 0.1], 1, 2), 4));
    }

    [Fact]
    public void Plans_outside_their_ranges_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new AnnealingPlan([0.5], 1, 1, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new AnnealingPlan([0.5, 0.2, 1], 1, 1, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new AnnealingPlan([1], 0, 1, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new AnnealingPlan([1], 1, 0, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new AnnealingPlan([1], 1, 1, 0));
        Assert.Equal([0, 0.01, 0.1, 1], AnnealingPlan.Geometric(0.01, 4, 1, 1, 1).InverseTemperatures.Select(beta => Math.Round(beta, 12)));
    }

    private static SamplerLangevin Sampler(ILatentKernel kernel, int points, int width) => new(
        2, points, 32, new DenseArchitecture([width]), kernel, 25, new StepSizeAdaptation(1, gain: 1), DType.Float64);

    private static double Spread(Tensor z)
    {
        double total = 0;
        for (int row = 0; row < z.Shape[0]; row++)
        {
            (double x, double y) = (z.ElementAt(2 * row), z.ElementAt((2 * row) + 1));
            total += Enumerable.Range(0, Modes).Min(a => Math.Pow(x - (2 * Math.Cos(2 * Math.PI * a / Modes)), 2) + Math.Pow(y - (2 * Math.Sin(2 * Math.PI * a / Modes)), 2));
        }

        return total / z.Shape[0] / (2 * Deviation * Deviation);
    }
}
