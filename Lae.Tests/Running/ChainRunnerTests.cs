using Lae.Kernels;
using Lae.Numerics;
using Lae.Numerics.Engines.Managed;
using Lae.Numerics.Engines.Reference;
using Lae.Randomness;
using Lae.Running;
using Lae.Targets;
using Lae.Tests.Kernels;

namespace Lae.Tests.Running;

/// <summary>What the runner promises beside its laws: what reaches the caller stays valid, arguments are checked, errors name their step.</summary>
public sealed class ChainRunnerTests
{
    private static readonly RandomKey Key = RandomKey.FromSeed(4);
    private static readonly Kernel<LangevinState> Adjusted = MetropolisLangevin.Create(SampleTargets.Quartic(3), new LangevinSettings(0.1, 1.4));

    [Fact]
    public void Draws_and_states_that_a_caller_keeps_are_never_written_over()
    {
        List<Draw> kept = [];
        List<double[]> copies = [];
        RunState<LangevinState> start = Start(Adjusted);
        (RunState<LangevinState> final, bool completed) = ChainRunner.Run(Adjusted, start, new RunOptions(40), draw =>
        {
            kept.Add(draw);
            copies.Add([.. draw.Position.ToArray(), .. draw.Info.EnergyError!.ToArray()]);
        });
        Assert.True(completed);
        Assert.Equal(copies, kept.Select(draw => (double[])[.. draw.Position.ToArray(), .. draw.Info.EnergyError!.ToArray()]));
        Assert.Equal(kept[^1].Position.ToArray(), final.State.Position.ToArray());
        Assert.All(final.State.ToTree().Leaves, leaf => Assert.False(leaf.Workspace.IsPooled));
        Assert.Equal(Enumerable.Range(1, 40).Select(i => (long)i), kept.Select(draw => draw.Step));
    }

    [Fact]
    public void No_transitions_change_nothing()
    {
        RunState<LangevinState> start = Start(Adjusted);
        RunResult<LangevinState> run = ChainRunner.Run(Adjusted, start, new RunOptions(0));
        Assert.True(run.Completed);
        Assert.Equal(0, run.Final.Step);
        Assert.Equal(start.State.Position.ToArray(), run.Final.State.Position.ToArray());
        Assert.Equal(new Shape(0, 5, 3), run.Positions().Shape);
    }

    [Fact]
    public void A_run_cancelled_beforehand_does_nothing()
    {
        RunResult<LangevinState> run = ChainRunner.Run(Adjusted, Start(Adjusted), new RunOptions(10), cancellation: new CancellationToken(canceled: true));
        Assert.False(run.Completed);
        Assert.Equal(0, run.Final.Step);
        Assert.Empty(run.Draws);
    }

    [Fact]
    public void Progress_counts_this_call_and_tells_of_the_last_transition()
    {
        List<RunProgress> told = [];
        RunResult<LangevinState> first = ChainRunner.Run(Adjusted, Start(Adjusted), new RunOptions(4));
        ChainRunner.Run(Adjusted, first.Final, new RunOptions(6, thinning: 2), new Teller(told.Add));
        Assert.Equal([2, 4, 6], told.Select(progress => progress.Done));
        Assert.All(told, progress => Assert.Equal(6, progress.Total));
        Assert.All(told, progress => Assert.InRange(progress.Info.MeanAcceptance, 0, 1));
    }

    [Fact]
    public void An_unstable_step_stops_the_run_and_the_error_names_what_and_when()
    {
        Kernel<LangevinState> unstable = UnadjustedLangevin.Create(SampleTargets.Quartic(3), new LangevinSettings(10));
        NonFiniteStateException stop = Assert.Throws<NonFiniteStateException>(() => ChainRunner.Run(unstable, Start(unstable), new RunOptions(1000)));
        Assert.InRange(stop.Step, 1, 100);
        Assert.Contains(stop.Quantity, Start(Adjusted).State.Layout.Select(leaf => leaf.Name));
        Assert.Contains($"at step {stop.Step}", stop.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_start_that_is_not_finite_is_refused_at_once()
    {
        Tensor position = Tensor.FromArray([0, double.NaN, 0], 1, 3);
        NonFiniteStateException stop = Assert.Throws<NonFiniteStateException>(() => RunState.Start(Adjusted, position, Key));
        Assert.Equal((0, "position"), (stop.Step, stop.Quantity));
    }

    [Fact]
    public void Engines_agree_step_by_step_to_rounding()
    {
        RunResult<LangevinState> reference = ChainRunner.Run(Adjusted, Start(Adjusted), new RunOptions(8, engine: new ReferenceEngine()));
        RunResult<LangevinState> managed = ChainRunner.Run(Adjusted, Start(Adjusted), new RunOptions(8, engine: new ManagedEngine(2)));
        Assert.True((reference.Positions() - managed.Positions()).Abs().Flatten().Max(0).ToDouble() < 1e-12);
    }

    [Fact]
    public void Arguments_are_checked()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new RunOptions(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new RunOptions(1, 0));
        Assert.Throws<ArgumentException>(() => RunState.Start(Adjusted, GaussianProblem.Noise(1, 5, 3), Key, Chains.Range(4)));
        Assert.Throws<ArgumentException>(() => RunState.Start(Adjusted, GaussianProblem.Noise(1, 5, 2), Key));
        Assert.Throws<ArgumentOutOfRangeException>(() => new NoiseSource(Key, -1, Chains.Range(1), Lae.Numerics.Workspace.Default));
    }

    private static RunState<LangevinState> Start(Kernel<LangevinState> kernel) => RunState.Start(kernel, GaussianProblem.Noise(1, 5, 3), Key);

    private sealed class Teller(Action<RunProgress> tell) : IProgress<RunProgress>
    {
        public void Report(RunProgress value) => tell(value);
    }
}
