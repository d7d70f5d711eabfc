using Lae.Kernels;
using Lae.Laws;
using Lae.Numerics;
using Lae.Randomness;
using Lae.Running;
using Lae.Targets;
using Lae.Tests.Laws;

namespace Lae.Tests.Kernels;

/// <summary>A mixture is, row by row, the kernel that the row's uniform chose; and kernels of positions begin a state as its law asks.</summary>
public sealed class MixtureTests
{
    private const int Rows = 9;
    private static readonly RandomKey Key = RandomKey.FromSeed(20_261_122);
    private static readonly Target Quartic = SampleTargets.Quartic(3);

    [Fact]
    public void Each_chain_takes_the_transition_of_the_kernel_that_its_uniform_chooses() => Generated.ForAll(FsCheck.Fluent.Gen.Choose(0, 1_000_000), seed =>
    {
        Kernel<LangevinState>[] parts = Parts(Quartic);
        double[] weights = [1, 0.5, 2.5];
        Kernel<LangevinState> mixture = Combinators.Mixture(parts, weights);
        Noise noise = mixture.DrawNoise(new NoiseSource(RandomKey.FromSeed((ulong)seed), 3, Chains.Range(Rows), Workspace.Default));
        LangevinState state = mixture.Initialize(GaussianProblem.Noise(seed, Rows, 3));
        Transition<LangevinState> next = mixture.Advance(noise, state);
        Transition<LangevinState>[] each = [.. parts.Select((part, k) => part.Advance(noise.Parts[k], state))];
        double[] uniform = noise[0].ToArray();
        for (int row = 0; row < Rows; row++)
        {
            int k = uniform[row] < 0.25 ? 0 : uniform[row] < 0.375 ? 1 : 2;
            Assert.Equal(k, next.Info.Extras!["component"].ElementAt(row));
            for (int leaf = 0; leaf < 3; leaf++)
            {
                Assert.Equal(each[k].State.Leaf(leaf).Slice(0, row, 1).ToArray(), next.State.Leaf(leaf).Slice(0, row, 1).ToArray());
            }

            if (next.Info.Accepted is not null)
            {
                Assert.Equal(each[k].Info.Accepted?.ElementAt(row) ?? 1, next.Info.Accepted.ElementAt(row));
                Assert.Equal(each[k].Info.EnergyError?.ElementAt(row) ?? 0, next.Info.EnergyError!.ElementAt(row));
            }
        }
    });

    [Fact]
    public void A_mixture_of_one_kernel_is_that_kernel_for_given_noise()
    {
        Kernel<LangevinState> one = Parts(Quartic)[0];
        Kernel<LangevinState> mixture = Combinators.Mixture([one], [0.3]);
        Noise noise = mixture.DrawNoise(new NoiseSource(Key, 0, Chains.Range(Rows), Workspace.Default));
        LangevinState state = one.Initialize(GaussianProblem.Noise(1, Rows, 3));
        Assert.Equal(one.Advance(noise.Parts[0], state).State.Position.ToArray(), mixture.Advance(noise, state).State.Position.ToArray());
    }

    [Fact]
    public void A_chain_costs_the_gradients_of_its_own_kernel()
    {
        int rows = 0;
        Target counted = Target.FromGradient(3, x =>
        {
            rows += x.Shape[0];
            return Quartic.Evaluate(x);
        });
        Kernel<LangevinState> kernel = Combinators.Mixture([Parts(counted)[0], Parts(counted)[1].Repeat(4)]);
        LangevinState state = kernel.Initialize(GaussianProblem.Noise(1, Rows, 3));
        rows = 0;
        StepInfo info = kernel.Transition(new NoiseSource(Key, 0, Chains.Range(Rows), Workspace.Default), state).Info;
        int second = (int)info.Extras!["component"].Sum().ToDouble();
        Assert.InRange(second, 1, Rows - 1);
        Assert.Equal(Rows - second + (4 * second), rows);
        Assert.Equal(4, info.GradientCount);
    }

    [Fact]
    [Proves("R-9", "mixture")]
    public void R9_a_proposal_that_is_not_finite_is_rejected_and_counted_whichever_kernel_made_it()
    {
        // NaN beyond a wall that most proposals cross
        Target walled = Target.FromGradient(3, x =>
        {
            LogDensityAndGradient here = Quartic.Evaluate(x);
            Tensor outside = Elementwise.Greater(x.Square().Sum(1), Tensor.Ones(new Shape(x.Shape[0]), x.DType));
            return here with { LogDensity = Elementwise.Choose(outside, here.LogDensity * double.NaN, here.LogDensity) };
        });
        Kernel<LangevinState> kernel = Combinators.Mixture([MetropolisLangevin.Create(walled, new LangevinSettings(0.4)), MetropolisLangevin.Create(walled, new LangevinSettings(2))]);
        RunResult<LangevinState> run = ChainRunner.Run(kernel, RunState.Start(kernel, GaussianProblem.Noise(5, Rows, 3) * 0.2, Key), new RunOptions(30));
        Assert.All(run.Draws, draw => Assert.All(draw.Position.Square().Sum(1).ToArray(), square => Assert.InRange(square, 0, 1)));
        Assert.Contains(run.Draws, draw => draw.Info.Divergent!.ToArray().Any(d => d == 1));
        Assert.All(run.Draws, draw => Assert.All(draw.Info.Divergent!.ToArray().Zip(draw.Info.Accepted!.ToArray()), pair => Assert.True(pair.First + pair.Second <= 1)));
    }

    [Fact]
    public void R5_and_R6_see_a_choice_that_all_chains_share()
    {
        Kernel<LangevinState> mixture = Combinators.Mixture(Parts(Quartic));
        Kernel<LangevinState> shared = new(
            "one choice for all", 3, DType.Float64, mixture.Initialize, mixture.Refresh, mixture.DrawNoise,
            (noise, state) => mixture.Advance(noise with { Leaves = noise.Leaves.With("uniform", noise[0].Slice(0, 0, 1).BroadcastTo(noise[0].Shape)) }, state));
        Tensor position = GaussianProblem.Noise(3, 5, 3);
        Assert.False(RunnerLaws.ChainIndependence(shared, position, Key).Holds);
        Assert.False(RunnerLaws.OneAtATime(shared, position, Key).Holds);
    }

    [Fact]
    public void Caches_see_rows_put_back_in_the_wrong_place()
    {
        // the positions of the mixture in reversed rows, and the rest where it belongs
        Kernel<LangevinState> mixture = Combinators.Mixture(Parts(Quartic));
        Kernel<LangevinState> shuffled = new(
            "shuffled", 3, DType.Float64, mixture.Initialize, mixture.Refresh, mixture.DrawNoise,
            (noise, state) =>
            {
                Transition<LangevinState> next = mixture.Advance(noise, state);
                return next with { State = next.State with { Position = next.State.Position.GatherRows([.. Enumerable.Range(0, next.State.Position.Shape[0]).Reverse()]) } };
            });
        Assert.False(RunnerLaws.CachesFollow(shuffled, GaussianProblem.Noise(3, 5, 3), Key).Holds);
    }

    [Fact]
    public void Weights_are_checked()
    {
        Kernel<LangevinState>[] parts = Parts(Quartic);
        Assert.Throws<ArgumentException>(() => Combinators.Mixture(parts, [1, 1]));
        Assert.Throws<ArgumentOutOfRangeException>(() => Combinators.Mixture(parts, [1, 0, 1]));
        Assert.Throws<ArgumentOutOfRangeException>(() => Combinators.Mixture(parts, [1, double.NaN, 1]));
        Assert.Throws<ArgumentException>(() => Combinators.Mixture<LangevinState>([]));
        Assert.Throws<ArgumentException>(() => Combinators.Cycle<LangevinState>([]));
        Assert.Throws<ArgumentException>(() => Combinators.Mixture([parts[0], Parts(SampleTargets.Quartic(2))[0]]));
    }

    [Fact]
    public void On_the_position_a_momentum_is_drawn_anew_for_each_chain_and_transition_from_the_noise()
    {
        const double Angle = 0.9;
        Kernel<PositionState> kernel = ExactKernels.Rotation(2, Angle).OnPosition();
        List<double> momenta = [];
        foreach (int step in new[] { 0, 1, 2 })
        {
            Noise noise = kernel.DrawNoise(new NoiseSource(Key, step, Chains.Range(4), Workspace.Default));
            PositionState state = kernel.Initialize(GaussianProblem.Noise(6, 4, 2));
            Tensor moved = kernel.Advance(noise, state).State.Position;
            Assert.Equal(moved.ToArray(), kernel.Advance(noise, state).State.Position.ToArray());
            momenta.AddRange(((moved - (state.Position * Math.Cos(Angle))) / Math.Sin(Angle)).ToArray());
        }

        Assert.Equal(24, momenta.Select(p => Math.Round(p, 6)).Distinct().Count());
    }

    [Fact]
    public void On_the_position_a_kernel_with_momentum_keeps_the_law_of_the_position()
    {
        const int Many = 20_000;
        double[] after = After(ExactKernels.Rotation(1, 0.9).OnPosition());

        // sums of squares of normals: six standard errors, which fails by chance once in five hundred million seeds
        Assert.InRange(after.Sum(x => x * x) / Many, 1 - (6 * Math.Sqrt(2.0 / Many)), 1 + (6 * Math.Sqrt(2.0 / Many)));

        // with the momentum left at 0 the chains shrink
        Kernel<UnderdampedState> r = ExactKernels.Rotation(1, 0.9);
        Kernel<UnderdampedState> cold = new("cold", 1, DType.Float64, r.Initialize, r.Refresh, r.DrawNoise, r.Advance);
        Assert.True(After(cold.OnPosition()).Sum(x => x * x) / Many < 0.1);

        static double[] After(Kernel<PositionState> kernel) =>
            ChainRunner.Run(kernel, RunState.Start(kernel, GaussianProblem.Noise(7, Many, 1), Key), new RunOptions(6, 6)).Final.State.Position.ToArray();
    }

    [Fact]
    public void Kernels_of_different_states_meet_on_the_position()
    {
        Target standard = GaussianTarget.Standard(2);
        Kernel<PositionState> both = Combinators.Compose(
            Combinators.Mixture([ExactKernels.Rotation(2, 0.9).OnPosition(), MetropolisLangevin.Create(standard, new LangevinSettings(0.5)).OnPosition()]),
            UnadjustedLangevin.Create(standard, new LangevinSettings(0.1)).OnPosition());
        Assert.All(RunnerLaws.All(both, GaussianProblem.Noise(4, 5, 2), Key), law => law.Require());
    }

    [Fact]
    public void Replica_exchange_is_not_begun_anew_from_a_position()
    {
        Kernel<ReplicaExchangeState<LangevinState>> exchange = ReplicaExchange.Create([1, 2], t => MetropolisLangevin.Create(Quartic, new LangevinSettings(0.1, t)));
        Assert.Throws<ArgumentException>(() => exchange.OnPosition());
        Assert.Throws<ArgumentException>(() => Combinators.Temper(Quartic, 2, _ => exchange).OnPosition());
    }

    private static Kernel<LangevinState>[] Parts(Target target) =>
    [
        MetropolisLangevin.Create(target, new LangevinSettings(0.6, 1.4)), UnadjustedLangevin.Create(target, new LangevinSettings(0.05, 1.4)), MetropolisLangevin.Create(target, new LangevinSettings(0.2, 1.4)),
    ];
}
