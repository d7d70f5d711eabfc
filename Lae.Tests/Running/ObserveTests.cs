using Lae.Kernels;
using Lae.Numerics;
using Lae.Numerics.Engines.Managed;
using Lae.Randomness;
using Lae.Running;
using Lae.Targets;
using Lae.Tests.Kernels;

namespace Lae.Tests.Running;

/// <summary>Draws on loan are those that a run hands out, and are given back.</summary>
public sealed class ObserveTests
{
    private static readonly RandomKey Key = RandomKey.FromSeed(5);
    private static readonly Target Quartic = SampleTargets.Quartic(3);
    private static readonly Kernel<LangevinState> Mala = MetropolisLangevin.Create(Quartic, new LangevinSettings(0.2));
    private static readonly Kernel<LangevinState> Nuts = NoUTurn.Create(Quartic, new NoUTurnSettings(0.3, 5));

    public static TheoryData<string, int, int, int> Runs { get; } = new()
    {
        { "MALA", 1, 1, 1 }, { "MALA", 1, 1, 7 }, { "MALA", 5, 1, 1 }, { "MALA", 5, 3, 2 }, { "NUTS", 5, 1, 1 }, { "NUTS", 5, 2, 3 }, { "NUTS", 5, 0, 1 },
    };

    [Theory]
    [MemberData(nameof(Runs))]
    public void What_is_observed_is_what_a_run_hands_out(string kernel, int chains, int groups, int thinning)
    {
        Kernel<LangevinState> chosen = kernel == "MALA" ? Mala : Nuts;
        RunOptions options = new(150, thinning, new ManagedEngine(2), groups);
        RunResult<LangevinState> run = ChainRunner.Run(chosen, Start(chosen, chains), options);
        List<(long Step, double[] Position, double[] LogDensity, double[][] Info)> seen = [];
        (RunState<LangevinState> final, bool completed) = ChainRunner.Observe(
            chosen, Start(chosen, chains), options, draw => seen.Add((draw.Step, draw.Position.ToArray(), draw.LogDensity!.ToArray(), Figures(draw.Info))));
        Assert.True(completed);
        Assert.Equal(run.Draws.Select(draw => draw.Step), seen.Select(draw => draw.Step));
        Assert.Equal(run.Draws.Select(draw => draw.Position.ToArray()), seen.Select(draw => draw.Position));
        Assert.Equal(run.Draws.Select(draw => draw.LogDensity!.ToArray()), seen.Select(draw => draw.LogDensity));
        Assert.Equal(run.Draws.Select(draw => Figures(draw.Info)), seen.Select(draw => draw.Info));
        Assert.Equal(run.Final.State.Gradient.ToArray(), final.State.Gradient.ToArray());
        Assert.Equal(run.Final.Step, final.Step);
    }

    [Fact]
    public void A_draw_on_loan_cannot_be_read_afterwards_but_what_was_detached_can()
    {
        List<(Tensor Lent, Tensor Kept, Tensor Computed, double[] Numbers)> draws = [];
        ChainRunner.Observe(
            Mala, Start(Mala, 4), new RunOptions(40, groups: 1), draw => draws.Add((draw.Position, draw.Position.Detach(), draw.Position * 2, draw.Position.ToArray())));
        (Tensor lent, Tensor kept, Tensor computed, double[] numbers) = draws[0];
        Assert.Throws<ObjectDisposedException>(() => lent.ToArray());
        Assert.Throws<ObjectDisposedException>(() => computed.ToArray());
        Assert.All(draws, draw => Assert.Equal(draw.Numbers, draw.Kept.ToArray()));
        Assert.Equal(numbers, kept.ToArray());
    }

    [Fact]
    public void Computing_with_what_is_on_loan_changes_nothing()
    {
        double sum = 0;
        RunState<LangevinState> watched = ChainRunner.Observe(
            Mala, Start(Mala, 4), new RunOptions(100, groups: 1), draw => sum += (draw.Position.Square().Mean() + draw.LogDensity!.Mean()).ToDouble() + draw.Info.MeanAcceptance).Final;
        Assert.True(double.IsFinite(sum));
        Assert.Equal(ChainRunner.Run(Mala, Start(Mala, 4), new RunOptions(100, groups: 1), receive: null).Final.State.Position.ToArray(), watched.State.Position.ToArray());
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 23)]
    [InlineData(3, 23)]
    public void A_run_that_its_observer_ends_stops_there_and_goes_on_from_there(int groups, long when)
    {
        using CancellationTokenSource source = new();
        List<double[]> seen = [];
        (RunState<LangevinState> at, bool completed) = ChainRunner.Observe(Mala, Start(Mala, 4), new RunOptions(60, engine: new ManagedEngine(3), groups: groups), See, source.Token);
        Assert.False(completed);
        Assert.Equal(when, at.Step);
        ChainRunner.Observe(Mala, at, new RunOptions(60 - when, groups: 1), See);
        Assert.Equal(ChainRunner.Run(Mala, Start(Mala, 4), new RunOptions(60, groups: 1)).Draws.Select(draw => draw.Position.ToArray()), seen);

        void See(Draw draw)
        {
            seen.Add(draw.Position.ToArray());
            if (draw.Step == when)
            {
                source.Cancel();
            }
        }
    }

    [Fact]
    public void A_run_without_an_observer_is_refused() =>
        Assert.Throws<ArgumentNullException>(() => ChainRunner.Observe(Mala, Start(Mala, 1), new RunOptions(1), observe: null!));

    [Fact]
    public void A_draw_on_loan_costs_an_object_and_no_copy()
    {
        double sum = 0;
        double none = BytesOfDraw(options => ChainRunner.Run(Mala, Start(Mala, 1), options, receive: null));
        double lent = BytesOfDraw(options => ChainRunner.Observe(Mala, Start(Mala, 1), options, draw => sum += draw.Position.AsSpan<double>()[0]));
        double copied = BytesOfDraw(options => ChainRunner.Run(Mala, Start(Mala, 1), options, draw => sum += draw.Position.AsSpan<double>()[0]));
        Assert.True(lent - none < 100, $"{none} bytes for a transition, {lent} with a draw on loan, {copied} with a copy");
        Assert.True(copied - none > 300, $"{none} bytes for a transition, {lent} with a draw on loan, {copied} with a copy");

        static double BytesOfDraw(Action<RunOptions> run)
        {
            ManagedEngine engine = new(1);
            double least = double.PositiveInfinity;
            for (int round = 0; round < 4; round++)
            {
                long few = Allocated(500);
                least = Math.Min(least, (Allocated(1500) - few) / 1000.0);
            }

            return least;

            long Allocated(int transitions)
            {
                long before = GC.GetAllocatedBytesForCurrentThread();
                run(new RunOptions(transitions, engine: engine, groups: 1));
                return GC.GetAllocatedBytesForCurrentThread() - before;
            }
        }
    }

    private static RunState<LangevinState> Start(Kernel<LangevinState> kernel, int chains) => RunState.Start(kernel, Tensor.Full(0.3, new Shape(chains, 3), DType.Float64), Key);

    private static double[][] Figures(StepInfo info) =>
    [
        [info.GradientCount],
        .. new[] { info.AcceptanceProbability, info.Accepted, info.EnergyError, info.Divergent, info.ChainGradients }.Select(figure => figure?.ToArray() ?? []),
        .. (info.Extras ?? TensorTree.Empty).Select(extra => extra.Value.ToArray()),
    ];
}
