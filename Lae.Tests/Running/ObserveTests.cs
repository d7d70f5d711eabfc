using Lae.Kernels;
using Lae.Numerics;
using Lae.Numerics.Engines.Managed;
using Lae.Randomness;
using Lae.Running;
using Lae.Targets;
using Lae.Tests.Kernels;

namespace Lae.Tests.Running;

/// <summary>Draws on loan: those of a run bit for bit, whatever an observer does with them, and no longer than they are lent.</summary>
public sealed class ObserveTests
{
    private static readonly RandomKey Key = RandomKey.FromSeed(12);
    private static readonly ManagedEngine Engine = new(3);
    private static readonly Target Quartic = SampleTargets.Quartic(3);
    private static readonly Kernel<LangevinState> Adjusted = MetropolisLangevin.Create(Quartic, new LangevinSettings(0.1, 1.4));
    private static readonly Kernel<LangevinState> Nuts = NoUTurn.Create(Quartic, new NoUTurnSettings(0.3, 5));

    public static TheoryData<string, int, int> Runs
    {
        get
        {
            TheoryData<string, int, int> runs = [];
            foreach (string kernel in (string[])["MALA", "NUTS"])
            {
                foreach (int groups in (int[])[1, 3, 0])
                {
                    runs.Add(kernel, groups, 1);
                    runs.Add(kernel, groups, 7);
                }
            }

            return runs;
        }
    }

    [Theory]
    [MemberData(nameof(Runs))]
    public void An_observer_sees_the_draws_of_a_run(string name, int groups, int thinning)
    {
        Kernel<LangevinState> kernel = Named(name);
        RunOptions options = new(150, thinning, Engine, groups);
        RunResult<LangevinState> run = ChainRunner.Run(kernel, Start(kernel), options);
        List<Seen> seen = [];
        (RunState<LangevinState> final, bool completed) = ChainRunner.Observe(kernel, Start(kernel), options, draw => seen.Add(Seen.Of(draw)));
        Assert.True(completed);
        Assert.Equal(run.Draws.Select(Seen.Of), seen);
        Assert.Equal(150 / thinning, seen.Count);
        Assert.NotNull(run.Draws[0].LogDensity);
        Assert.Equal(name == "NUTS", run.Draws[0].Info.Extras is not null);
        AssertSame(run.Final, final);
    }

    [Theory]
    [InlineData("MALA", 1)]
    [InlineData("NUTS", 1)]
    [InlineData("MALA", 3)]
    public void What_an_observer_computes_changes_no_bit(string name, int groups)
    {
        Kernel<LangevinState> kernel = Named(name);
        RunOptions options = new(100, 1, Engine, groups);
        RunResult<LangevinState> run = ChainRunner.Run(kernel, Start(kernel), options);
        List<Seen> seen = [];
        List<double[]> norms = [];
        List<double[]> gradients = [];
        (RunState<LangevinState> final, _) = ChainRunner.Observe(kernel, Start(kernel), options, draw =>
        {
            Tensor squares = (draw.Position + draw.Position).Square() * 0.25;
            norms.Add(squares.Sum(1).ToArray());
            gradients.Add(Differentiation.ValueAndGradient(x => x.Square().Sum(), draw.Position * 1).Gradient.ToArray());
            _ = draw.Info.AcceptanceProbability!.Exp().Sum();
            seen.Add(Seen.Of(draw));
        });
        Assert.Equal(run.Draws.Select(Seen.Of), seen);
        Assert.Equal(run.Draws.Select(draw => draw.Position.Square().Sum(1).ToArray()), norms);
        Assert.Equal(run.Draws.Select(draw => (2 * draw.Position).ToArray()), gradients);
        AssertSame(run.Final, final);
    }

    [Fact]
    public void A_tensor_that_is_read_after_its_loan_throws_and_what_was_detached_stays()
    {
        // the last draw, of which no other transition wants the memory, and the first of several blocks
        foreach (int transitions in (int[])[1, 2, 12])
        {
            Draw? first = null;
            Draw? last = null;
            List<Tensor> kept = [];
            List<double[]> copies = [];
            ChainRunner.Observe(Adjusted, Start(Adjusted), new RunOptions(transitions, engine: Engine, groups: 1), draw =>
            {
                first ??= draw;
                last = draw;
                Assert.All(TensorsOf(draw), tensor => Assert.True(tensor.Workspace.IsPooled));
                kept.AddRange(TensorsOf(draw).Select(tensor => tensor.Detach()));
                kept.Add((draw.Position * 2).Detach());
                copies.AddRange(TensorsOf(draw).Select(tensor => tensor.ToArray()));
                copies.Add((draw.Position * 2).ToArray());
            });
            Assert.All([.. TensorsOf(first!), .. TensorsOf(last!)], tensor => Assert.Throws<ObjectDisposedException>(() => tensor.ToArray()));
            Assert.All(kept, tensor => Assert.False(tensor.Workspace.IsPooled));
            Assert.Equal(copies, kept.Select(tensor => tensor.ToArray()));
        }
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 57)]
    [InlineData(3, 57)]
    public void A_run_that_an_observer_cancels_keeps_what_was_done_and_goes_on_from_there(int groups, long when)
    {
        using CancellationTokenSource source = new();
        List<Seen> seen = [];
        RunOptions options = new(120, engine: Engine, groups: groups);
        (RunState<LangevinState> at, bool completed) = ChainRunner.Observe(
            Nuts,
            Start(Nuts),
            options,
            draw =>
            {
                seen.Add(Seen.Of(draw));
                (draw.Step == when ? source : null)?.Cancel();
            },
            source.Token);
        Assert.False(completed);
        Assert.Equal(when, at.Step);
        Assert.Equal(when, seen.Count);
        Assert.All(at.State.ToTree().Leaves, leaf => Assert.False(leaf.Workspace.IsPooled));

        (RunState<LangevinState> final, completed) = ChainRunner.Observe(Nuts, at, new RunOptions(120 - when, engine: Engine, groups: groups), draw => seen.Add(Seen.Of(draw)));
        RunResult<LangevinState> whole = ChainRunner.Run(Nuts, Start(Nuts), options);
        Assert.True(completed);
        Assert.Equal(whole.Draws.Select(Seen.Of), seen);
        AssertSame(whole.Final, final);
    }

    [Fact]
    public void A_run_that_fails_shows_the_draws_before_it()
    {
        Kernel<LangevinState> unstable = UnadjustedLangevin.Create(Quartic, new LangevinSettings(0.35));
        RunOptions options = new(5_000, engine: Engine, groups: 1);
        (List<Seen> received, List<Seen> seen) = ([], []);
        NonFiniteStateException expected = Assert.Throws<NonFiniteStateException>(() => ChainRunner.Run(unstable, Start(unstable), options, draw => received.Add(Seen.Of(draw))));
        NonFiniteStateException actual = Assert.Throws<NonFiniteStateException>(() => ChainRunner.Observe(unstable, Start(unstable), options, draw => seen.Add(Seen.Of(draw))));
        Assert.Equal((expected.Step, expected.Quantity), (actual.Step, actual.Quantity));
        Assert.Equal(received, seen);
        Assert.InRange(expected.Step, 2, 5_000);
        Assert.Equal(expected.Step - 1, seen.Count);
    }

    [Fact]
    public void What_an_observer_throws_ends_the_run() => Assert.Throws<InvalidOperationException>(
        () => ChainRunner.Observe(Nuts, Start(Nuts), new RunOptions(10, engine: Engine), _ => throw new InvalidOperationException()));

    [Fact]
    public void There_must_be_an_observer() => Assert.Throws<ArgumentNullException>("observe", () => ChainRunner.Observe(Adjusted, Start(Adjusted), new RunOptions(1), null!));

    [Fact]
    public void Draws_on_loan_leave_less_on_the_heap_than_draws_that_are_handed_out()
    {
        Target target = GaussianTarget.Diagonal(Tensor.FromArray([0.0, 1.0]), Tensor.FromArray([1.0, 2.0]));
        Kernel<LangevinState> kernel = MetropolisLangevin.Create(target, new LangevinSettings(0.5));
        RunState<LangevinState> start = RunState.Start(kernel, Tensor.Zeros(new Shape(1, 2), DType.Float64), Key);
        ManagedEngine engine = new(threads: 1);
        double sum = 0;
        double lent = BytesPerTransition(count => ChainRunner.Observe(kernel, start, new RunOptions(count, engine: engine, groups: 1), AddUp));
        double handedOut = BytesPerTransition(count => ChainRunner.Run(kernel, start, new RunOptions(count, engine: engine, groups: 1), AddUp));
        Assert.InRange(lent, 0, handedOut / 2);

        void AddUp(Draw draw) => sum += draw.Position.ElementAt(0) + draw.Info.MeanAcceptance;
    }

    /// <summary>The difference of a long and a short run, each the least of some rounds, so that neither what a run makes once counts nor a collection that other tests cause.</summary>
    private static double BytesPerTransition(Action<int> run)
    {
        const int transitions = 400;
        (long few, long many) = (long.MaxValue, long.MaxValue);
        run(2 * transitions);
        for (int round = 0; round < 4; round++)
        {
            few = Math.Min(few, Bytes(transitions));
            many = Math.Min(many, Bytes(2 * transitions));
        }

        return (double)(many - few) / transitions;

        long Bytes(int count)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            run(count);
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
    }

    private static Kernel<LangevinState> Named(string name) => name == "NUTS" ? Nuts : Adjusted;

    private static RunState<LangevinState> Start(Kernel<LangevinState> kernel) => RunState.Start(kernel, GaussianProblem.Noise(1, 7, 3), Key);

    private static List<Tensor> TensorsOf(Draw draw)
    {
        List<Tensor> tensors = [draw.Position, .. draw.LogDensity is null ? (Tensor[])[] : [draw.LogDensity]];
        draw.Info.AddTo(tensors);
        return tensors;
    }

    private static void AssertSame(RunState<LangevinState> expected, RunState<LangevinState> actual)
    {
        Assert.Equal(expected.Step, actual.Step);
        Assert.Equal(expected.State.ToTree().Leaves.Select(leaf => leaf.ToArray()), actual.State.ToTree().Leaves.Select(leaf => leaf.ToArray()));
        Assert.All(actual.State.ToTree().Leaves, leaf => Assert.False(leaf.Workspace.IsPooled));
    }

    /// <summary>All that a draw tells, as text, in which numbers are given by their bits.</summary>
    private sealed record Seen(long Step, int GradientCount, string Numbers)
    {
        public static Seen Of(Draw draw) => new(
            draw.Step,
            draw.Info.GradientCount,
            string.Join(";", TensorsOf(draw).Select(tensor => $"{tensor.Shape}: {string.Join(",", tensor.ToArray().Select(BitConverter.DoubleToInt64Bits))}")));
    }
}
