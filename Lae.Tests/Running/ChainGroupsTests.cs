using Lae.Kernels;
using Lae.Numerics;
using Lae.Numerics.Engines.Managed;
using Lae.Randomness;
using Lae.Running;
using Lae.Targets;
using Lae.Tests.Kernels;

namespace Lae.Tests.Running;

/// <summary>Chains moved in groups on threads of their own: what a caller sees is that of one group, also where a run is thinned, cancelled, watched, or fails. That kernels give the same bits is part of R-7.</summary>
public sealed class ChainGroupsTests
{
    private static readonly RandomKey Key = RandomKey.FromSeed(11);
    private static readonly ManagedEngine Engine = new(3);
    private static readonly Target Quartic = SampleTargets.Quartic(3);
    private static readonly Kernel<LangevinState> Nuts = NoUTurn.Create(Quartic, new NoUTurnSettings(0.3, 5));

    [Theory]
    [InlineData(2, 1)]
    [InlineData(3, 1)]
    [InlineData(3, 7)]
    [InlineData(0, 1)]
    public void Groups_change_nothing_that_a_caller_sees(int groups, int thinning)
    {
        (List<Draw> one, RunState<LangevinState> endOfOne) = Watched(1, thinning);
        (List<Draw> several, RunState<LangevinState> end) = Watched(groups, thinning);
        Assert.Equal(one.Select(draw => draw.Step), several.Select(draw => draw.Step));
        Assert.All(one.Zip(several), pair =>
        {
            Assert.Equal(pair.First.Position.ToArray(), pair.Second.Position.ToArray());
            Assert.Equal(pair.First.Info.GradientCount, pair.Second.Info.GradientCount);
            Assert.Equal(pair.First.Info.AcceptanceProbability!.ToArray(), pair.Second.Info.AcceptanceProbability!.ToArray());
            Assert.Equal(pair.First.Info.Extras!["leapfrogs"].ToArray(), pair.Second.Info.Extras!["leapfrogs"].ToArray());
        });
        Assert.Equal(endOfOne.State.Gradient.ToArray(), end.State.Gradient.ToArray());
        Assert.Equal(endOfOne.Step, end.Step);

        (List<Draw> Draws, RunState<LangevinState> End) Watched(int count, int every)
        {
            List<Draw> draws = [];
            return (draws, ChainRunner.Run(Nuts, Start(), new RunOptions(300, every, Engine, count), draws.Add).Final);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(57)]
    public void A_run_that_is_cancelled_at_a_draw_stops_there_and_goes_on_from_there(long when)
    {
        using CancellationTokenSource source = new();
        List<double[]> draws = [];
        (RunState<LangevinState> at, bool completed) = ChainRunner.Run(
            Nuts, Start(), new RunOptions(200, engine: Engine, groups: 3), Receive(draw => (draw.Step == when ? source : null)?.Cancel()), cancellation: source.Token);
        Assert.False(completed);
        Assert.Equal(when, at.Step);
        ChainRunner.Run(Nuts, at, new RunOptions(200 - when, engine: Engine, groups: 2), Receive(static _ => { }));
        Assert.Equal(ChainRunner.Run(Nuts, Start(), new RunOptions(200, groups: 1)).Draws.Select(draw => draw.Position.ToArray()), draws);

        Action<Draw> Receive(Action<Draw> then) => draw =>
        {
            draws.Add(draw.Position.ToArray());
            then(draw);
        };
    }

    [Fact]
    public void The_failure_is_that_which_one_group_would_meet_first_after_all_draws_before_it()
    {
        // the steps are unstable: chains run away one after another
        Kernel<LangevinState> unstable = UnadjustedLangevin.Create(Quartic, new LangevinSettings(0.35));
        RunState<LangevinState> start = RunState.Start(unstable, GaussianProblem.Noise(1, 7, 3), Key);
        (string Quantity, long Step, long Draws) expected = Failed(1);
        Assert.InRange(expected.Step, 2, 5_000);
        Assert.Equal(expected.Step - 1, expected.Draws);
        Assert.All((int[])[2, 3, 0], groups => Assert.Equal(expected, Failed(groups)));

        (string Quantity, long Step, long Draws) Failed(int groups)
        {
            long draws = 0;
            NonFiniteStateException stop = Assert.Throws<NonFiniteStateException>(() => ChainRunner.Run(unstable, start, new RunOptions(5_000, engine: Engine, groups: groups), _ => draws++));
            return (stop.Quantity, stop.Step, draws);
        }
    }

    [Fact]
    public void What_a_target_throws_on_another_thread_reaches_the_caller()
    {
        Target broken = Target.FromGradient(3, x => x.ToArray().Any(value => Math.Abs(value) > 1e3) ? throw new InvalidOperationException("the model is broken") : Quartic.Evaluate(x));
        Kernel<LangevinState> kernel = MetropolisLangevin.Create(broken, new LangevinSettings(0.1));
        RunState<LangevinState> start = Start();
        Tensor far = Shaping.Join(0, [GaussianProblem.Noise(1, 6, 3), Tensor.Full(2e3, new Shape(1, 3), DType.Float64)]);
        RunState<LangevinState> doomed = start with { State = start.State with { Position = far } };
        InvalidOperationException thrown = Assert.Throws<InvalidOperationException>(() => ChainRunner.Run(kernel, doomed, new RunOptions(10, engine: Engine, groups: 3)));
        Assert.Equal("the model is broken", thrown.Message);
    }

    [Fact]
    public void What_a_receiver_throws_ends_the_run() => Assert.Throws<InvalidOperationException>(
        () => ChainRunner.Run(Nuts, Start(), new RunOptions(10, engine: Engine, groups: 3), _ => throw new InvalidOperationException()));

    [Fact]
    public void The_number_of_groups_is_checked() => Assert.Throws<ArgumentOutOfRangeException>(() => new RunOptions(1, groups: -1));

    private static RunState<LangevinState> Start() => RunState.Start(Nuts, GaussianProblem.Noise(1, 7, 3), Key);
}
