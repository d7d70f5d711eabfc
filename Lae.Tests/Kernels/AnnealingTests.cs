using Lae.Kernels;
using Lae.Laws;
using Lae.Numerics;
using Lae.Randomness;
using Lae.Running;
using Lae.Targets;
using Lae.Tests.Laws;
using static Lae.Tests.Kernels.GaussianProblem;

namespace Lae.Tests.Kernels;

/// <summary>Schedules of kernels: the whole run is the composition of its steps, and a state has the caches of the target of its stage.</summary>
public sealed class AnnealingTests
{
    private static readonly RandomKey Key = RandomKey.FromSeed(20_261_122);

    [Fact]
    [Proves("I-11", "anneal", "annealed Langevin")]
    public void I11_a_schedule_of_targets_is_the_composition_of_its_steps() => Generated.ForAll(
        All,
        p =>
        {
            AnnealedLangevinStage[] stages = Stages(p);
            AffineMap[] maps = [.. stages.Select(stage => AffineMap.ReadOff(UnadjustedLangevin.Create(stage.Target, new LangevinSettings(stage.StepSize))))];
            Kernel<AnnealedState<LangevinState>> annealed = AnnealedLangevin.Create(stages);
            CombinatorLawTests.AssertProduct(AffineMap.ReadOff(annealed.Repeat(3)), [maps[0], maps[0], maps[1]], 1e-10);
            CombinatorLawTests.AssertProduct(AffineMap.ReadOff(annealed.Repeat(6)), [maps[0], maps[0], maps[1], maps[2], maps[2], maps[2]], 1e-10);
        },
        40);

    [Fact]
    [Proves("I-11", "anneal", "annealed Langevin")]
    public void I11_temperatures_of_one_target_compose_too() => Generated.ForAll(
        All,
        p =>
        {
            double[] temperatures = [5, p.Temperature, 1];
            AffineMap[] maps = [.. temperatures.Select(t => AffineMap.ReadOff(UnadjustedLangevin.Create(p.Target, new LangevinSettings(p.StepSize, t, p.Settings.Preconditioner))))];
            Kernel<AnnealedState<LangevinState>> annealed = AnnealedLangevin.Create(p.Target, temperatures, p.StepSize, 2, p.Settings.Preconditioner);
            CombinatorLawTests.AssertProduct(AffineMap.ReadOff(annealed.Repeat(7)), [maps[0], maps[0], maps[1], maps[1], maps[2], maps[2], maps[2]], 1e-10);
        },
        30);

    [Fact]
    [Proves("I-1", "annealed Langevin")]
    [Proves("I-3", "annealed Langevin")]
    public void I1_I3_on_its_last_stage_it_has_the_stationary_law_of_ULA() => Generated.ForAll(
        All,
        p =>
        {
            Kernel<AnnealedState<LangevinState>> last = AnnealedLangevin.Create(p.Target, [p.Temperature], p.StepSize, 1, p.Settings.Preconditioner);
            StationaryLaw.Check(last, ToTensor(p.StationaryCovariance), Tensor.FromArray(p.Mean.ToArray()), p.Temperature).Require();
        },
        30);

    [Fact]
    [Proves("I-12", "annealed Langevin", "anneal")]
    public void I12_at_temperature_0_it_descends() => Generated.ForAll(
        All,
        p =>
        {
            Kernel<AnnealedState<LangevinState>> kernel = AnnealedLangevin.Create(p.Target, [p.Temperature, 0], p.StepSize, 1, p.Settings.Preconditioner);
            AnnealedState<LangevinState> state = kernel.Transition(new NoiseSource(Key, 0, Chains.Range(5), Workspace.Default), kernel.Initialize(p.Positions())).State;
            Tensor expected = state.Position + (p.Settings.Preconditioner.Apply(state.Inner.Gradient) * p.StepSize);
            Tensor found = kernel.Transition(new NoiseSource(Key, 1, Chains.Range(5), Workspace.Default), state).State.Position;
            Assert.All(expected.ToArray().Zip(found.ToArray()), pair => Assert.Equal(pair.First, pair.Second, 1e-14 * (1 + Math.Abs(pair.First))));
        },
        30);

    [Fact]
    public void A_state_that_is_not_refreshed_where_the_target_changes_is_seen() => Generated.ForAll(
        All,
        p =>
        {
            AnnealedLangevinStage[] stages = Stages(p);
            AffineMap[] maps = [.. stages.Select(stage => AffineMap.ReadOff(UnadjustedLangevin.Create(stage.Target, new LangevinSettings(stage.StepSize))))];
            Kernel<AnnealedState<LangevinState>> stale = Combinators.Anneal(
                [.. stages.Select(stage => new AnnealingStage<LangevinState>(UnadjustedLangevin.Create(stage.Target, new LangevinSettings(stage.StepSize)), stage.Transitions))], oneTarget: true);
            Assert.ThrowsAny<Exception>(() => CombinatorLawTests.AssertProduct(AffineMap.ReadOff(stale.Repeat(3)), [maps[0], maps[0], maps[1]], 1e-10));

            // and so is a schedule that is a transition late
            Kernel<AnnealedState<LangevinState>> annealed = AnnealedLangevin.Create(stages);
            Assert.ThrowsAny<Exception>(() => CombinatorLawTests.AssertProduct(AffineMap.ReadOff(annealed.Repeat(3)), [maps[0], maps[0], maps[0]], 1e-10));
        },
        20);

    [Fact]
    public void A_refresh_is_counted_in_the_transition_that_ends_a_stage()
    {
        GaussianProblem p = new(2, 3, 1, 0.5, 1.5, PreconditionerKind.Identity, 4);
        Kernel<AnnealedState<LangevinState>> kernel = AnnealedLangevin.Create(Stages(p));
        RunResult<AnnealedState<LangevinState>> run = ChainRunner.Run(kernel, RunState.Start(kernel, p.Positions(), Key), new RunOptions(7));
        Assert.Equal([1, 2, 2, 1, 1, 1, 1], run.Draws.Select(draw => draw.Info.GradientCount));
        Assert.All(run.Final.State.Stage.ToArray(), stage => Assert.Equal(2, stage));
    }

    [Fact]
    public void A_state_begun_at_a_later_transition_is_refreshed_first()
    {
        GaussianProblem p = new(2, 3, 1, 0.5, 1.5, PreconditionerKind.Identity, 4);
        AnnealedLangevinStage[] stages = Stages(p);
        Kernel<AnnealedState<LangevinState>> kernel = AnnealedLangevin.Create(stages);
        Kernel<LangevinState> last = UnadjustedLangevin.Create(stages[2].Target, new LangevinSettings(stages[2].StepSize));
        NoiseSource source = new(Key, 9, Chains.Range(5), Workspace.Default);
        Assert.Equal(
            last.Transition(source, last.Initialize(p.Positions())).State.Position.ToArray(), kernel.Transition(source, kernel.Initialize(p.Positions())).State.Position.ToArray());
    }

    [Fact]
    public void Chains_of_different_stages_are_refreshed_each_by_its_own()
    {
        GaussianProblem p = new(2, 3, 1, 0.5, 1.5, PreconditionerKind.Identity, 4);
        AnnealedLangevinStage[] stages = Stages(p);
        Kernel<AnnealedState<LangevinState>> kernel = AnnealedLangevin.Create(stages);
        AnnealedState<LangevinState> state = kernel.Initialize(p.Positions(3)) with { Stage = Tensor.FromArray([2.0, 0, 1]) };
        double[] refreshed = kernel.Refresh(state).Inner.LogDensity.ToArray();
        Assert.Equal([.. new[] { 2, 0, 1 }.Select((stage, row) => stages[stage].Target.Evaluate(p.Positions(3)).LogDensity.ElementAt(row))], refreshed);
    }

    [Fact]
    public void Arguments_are_checked()
    {
        Target target = GaussianTarget.Standard(2);
        Assert.Throws<ArgumentException>(() => AnnealedLangevin.Create([]));
        Assert.Throws<ArgumentOutOfRangeException>(() => AnnealedLangevin.Create([new AnnealedLangevinStage(target, 0.1, 0)]));
        Assert.Throws<ArgumentOutOfRangeException>(() => AnnealedLangevin.Create([new AnnealedLangevinStage(target, 0)]));
        Assert.Throws<ArgumentOutOfRangeException>(() => AnnealedLangevin.Create(target, [-1], 0.1));
        Assert.Throws<ArgumentException>(() => AnnealedLangevin.Create([new AnnealedLangevinStage(target, 0.1), new AnnealedLangevinStage(GaussianTarget.Standard(3), 0.1)]));
    }

    /// <summary>Two transitions towards one Gaussian, one towards another, and then towards that of the problem.</summary>
    private static AnnealedLangevinStage[] Stages(GaussianProblem p)
    {
        int d = p.Dimension;
        Target Gaussian(int seed) => GaussianTarget.Dense(Noise(seed, 1, d).Reshape(d), ToTensor(Positive(d, 0.5, 3, seed + 1)));
        double last = 0.8 / (p.Scale * p.Condition);
        return [new(Gaussian(p.Seed + 30), 0.2, 2), new(Gaussian(p.Seed + 40), 0.31), new(p.Target, last, 3)];
    }
}
