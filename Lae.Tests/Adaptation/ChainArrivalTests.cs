using FsCheck;
using FsCheck.Fluent;
using Lae.Adaptation;
using Lae.Kernels;
using Lae.Numerics;
using Lae.Randomness;
using Lae.Targets;
using Lae.Tests.Kernels;
using static Lae.Tests.Kernels.GaussianProblem;

namespace Lae.Tests.Adaptation;

/// <summary>Which chains a warm-up lets begin anew where others are, and which must stay since the draws would lose a mode without them.</summary>
public sealed class ChainArrivalTests
{
    private static readonly RandomKey Key = RandomKey.FromSeed(20_261_127);

    private static readonly Gen<Window> Windows =
        from dimension in Gen.Choose(1, 200)
        from chains in Gen.Choose(3, 40)
        from length in Gen.Choose(15, 120)
        from ratio in Gen.Choose(0, 1000)
        from seed in Gen.Choose(0, 1_000_000)
        select new Window(dimension, chains, length, Deficit(dimension, ratio / 1000.0) / dimension, seed);

    /// <summary>From where a chain is low to where it is too low to matter, less what log densities scatter.</summary>
    private static double Deficit(int dimension, double share) =>
        5 + (10 * Math.Sqrt(dimension / 2.0)) + (share * Math.Max(0, (dimension * Math.Log(1000)) - (8 * Math.Sqrt(dimension)) - 10));

    [Fact]
    public void A_chain_that_has_arrived_in_a_wide_mode_stays() => Generated.ForAll(Windows, window => Assert.DoesNotContain(true, window.Seen().LeftBehind()));

    [Fact]
    public void To_move_every_low_chain_is_rejected_by_the_same_law() => Generated.ForAll(
        Windows.Where(window => window.LogWidth * window.Dimension > 5 + (15 * Math.Sqrt(window.Dimension))),
        window => Assert.True(ChainArrival.Low(window.Heights(window.Length - 1), window.Dimension)[0]));

    [Fact]
    public void A_low_chain_that_hardly_moves_or_still_comes_in_or_is_too_low_to_matter_is_left_behind() => Generated.ForAll(Windows, window =>
    {
        double far = -20 - (20 * Math.Sqrt(window.Dimension));
        Assert.True(window.Seen(_ => far, 0.05).LeftBehind()[0]);
        Assert.True(window.Seen(i => far - (100 * Math.Sqrt(window.Dimension) * (window.Length - i)), 0.8).LeftBehind()[0]);
        Assert.True(window.Seen(_ => far - (window.Dimension * Math.Log(1001)), 0.8).LeftBehind()[0]);
        Assert.DoesNotContain(true, window.Seen(_ => far, 0.05).LeftBehind().Skip(1));

        // as high as the others, whatever it does
        Assert.DoesNotContain(true, window.Seen(_ => 0, 0).LeftBehind());
        Assert.DoesNotContain(true, ChainArrival.Empty(window.Dimension, window.Chains).LeftBehind());
    });

    [Fact]
    public void A_warm_up_leaves_a_chain_in_a_wide_mode_that_lies_low()
    {
        const int Dimension = 40;
        Tensor means = Tensor.FromArray([.. Enumerable.Range(0, 2 * Dimension).Select(i => i == Dimension ? 60.0 : 0)], 2, Dimension);
        Tensor widths = Tensor.FromArray([.. Enumerable.Range(0, 2 * Dimension).Select(i => i < Dimension ? 0.05 : 1.0)], 2, Dimension);
        Target target = GaussianMixture.Create([0.5, 0.5], means, widths).Target;
        double[] start = Noise(3, 4, Dimension).ToArray();
        for (int i = 0; i < start.Length; i++)
        {
            start[i] = i < 3 * Dimension ? 0.05 * start[i] : start[i] + (i == 3 * Dimension ? 60 : 0);
        }

        WarmupResult<LangevinState> found = Warmup.Run(TunableKernels.Malt(target), Tensor.FromArray(start, 4, Dimension), Key, new WarmupSettings(300));
        double[] end = found.Position.ToArray();
        Assert.True(ChainArrival.Low(target.Evaluate(found.Position).LogDensity.ToArray(), Dimension)[3]);
        Assert.InRange(end[3 * Dimension], 50, 70);
        Assert.Null(found.Outcome.LeftBehind);
    }

    [Fact]
    public void A_chain_that_never_comes_in_begins_anew_and_its_place_is_told()
    {
        // one chain climbs a slope without end and without curvature: a mode of no mass, 5,000 nats below
        Target target = Target.FromFunction(2, static x => Elementwise.Maximum(x.Square().Sum(1) * -0.5, ((x.Square().Sum(1) + 1).Log() * -0.01) - 5000));
        Tensor start = Tensor.FromArray([0.5, 0, -0.5, 1, 0, 1, 1e6, 1e6], 4, 2);
        WarmupResult<LangevinState> found = Warmup.Run(TunableKernels.Mala(target), start, Key, new WarmupSettings(300));
        Assert.All(found.Position.ToArray(), value => Assert.InRange(value, -6, 6));
        Assert.Equal(new Shape(1, 2), found.Outcome.LeftBehind!.Shape);
        Assert.All(found.Outcome.LeftBehind.ToArray(), value => Assert.True(Math.Abs(value) > 1e3));
    }

    [Fact]
    public void While_a_scale_is_learned_the_step_size_serves_the_slowest_chain()
    {
        // nine chains where U = x⁴/4 is mild, one where it is steep: by the mean of the acceptances, a kernel with a given scale, it stands still for ever
        Target target = Target.FromFunction(1, static x => (x.Square().Square() * -0.25).Sum(1));
        Tensor start = Tensor.FromArray([.. Enumerable.Range(0, 10).Select(i => i == 0 ? 1000.0 : (i - 5) / 5.0)], 10, 1);
        WarmupSettings settings = new(75);
        Assert.Equal(1000, Warmup.Run(TunableKernels.Mala(target, preconditioner: Preconditioner.Identity), start, Key, settings).Position.ToArray()[0]);
        WarmupResult<LangevinState> found = Warmup.Run(TunableKernels.Mala(target), start, Key, settings);
        Assert.InRange(found.Position.ToArray()[0], -5, 5);
    }

    /// <summary>A window in which the first chain is at home in a mode that is wider by e^LogWidth in every direction, the others in another.</summary>
    private sealed record Window(int Dimension, int Chains, int Length, double LogWidth, int Seed)
    {
        public double[] Heights(int transition)
        {
            double[] normals = Noise(Seed + (1000 * transition), Chains, Dimension).ToArray();
            return [.. Enumerable.Range(0, Chains).Select(chain =>
                (-0.5 * normals.AsSpan(chain * Dimension, Dimension).ToArray().Sum(static x => x * x)) - (chain == 0 ? Dimension * LogWidth : 0))];
        }

        public ChainArrival Seen() => Enumerable.Range(0, Length).Aggregate(Empty, (seen, i) => seen.Add(Tensor.FromArray(Heights(i)), Tensor.Full(0.8, new Shape(Chains), DType.Float64)));

        public ChainArrival Seen(Func<int, double> height, double acceptance) => Enumerable.Range(0, Length).Aggregate(Empty, (seen, i) => seen.Add(
            Tensor.FromArray([.. Enumerable.Range(0, Chains).Select(chain => chain == 0 ? height(i) : 0)]),
            Tensor.FromArray([.. Enumerable.Range(0, Chains).Select(chain => chain == 0 ? acceptance : 0.8)])));

        private ChainArrival Empty => ChainArrival.Empty(Dimension, Chains);
    }
}
