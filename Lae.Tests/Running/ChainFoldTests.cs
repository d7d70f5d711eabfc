using Lae.Functional;
using Lae.Kernels;
using Lae.Numerics;
using Lae.Running;
using Lae.Tests.Kernels;
using Microsoft.FSharp.Core;
using Tensor = Lae.Numerics.Tensor;

namespace Lae.Tests.Running;

/// <summary>The fold of F# over draws as they come.</summary>
public sealed class ChainFoldTests
{
    private static readonly Kernel<LangevinState> Adjusted = MetropolisLangevin.Create(SampleTargets.Quartic(3), new LangevinSettings(0.1, 1.4));

    [Fact]
    public void A_fold_goes_over_the_draws_of_a_run_in_order()
    {
        RunResult<LangevinState> run = Chain.run(60, Adjusted, Start());
        Tuple<double[], RunState<LangevinState>> folded = Chain.fold(
            FuncConvert.FromFunc<double[], Draw, double[]>((means, draw) => [.. means, draw.Step, .. draw.Position.Mean(0).ToArray()]), [], 60, Adjusted, Start());
        Assert.Equal(run.Draws.SelectMany(draw => (double[])[draw.Step, .. draw.Position.Mean(0).ToArray()]), folded.Item1);
        Assert.Equal(60, folded.Item2.Step);
        Assert.Equal(run.Final.State.ToTree().Leaves.Select(leaf => leaf.ToArray()), folded.Item2.State.ToTree().Leaves.Select(leaf => leaf.ToArray()));
    }

    [Fact]
    public void A_fold_may_keep_what_it_detaches()
    {
        RunResult<LangevinState> run = Chain.run(20, Adjusted, Start());
        Tensor zero = Tensor.Zeros(run.Final.State.Position.Shape, run.Final.State.Position.DType);
        Tensor sum = Chain.fold(FuncConvert.FromFunc<Tensor, Draw, Tensor>((sum, draw) => (sum + draw.Position).Detach()), zero, 20, Adjusted, Start()).Item1;
        Assert.Equal(run.Draws.Aggregate(zero, (total, draw) => total + draw.Position).ToArray(), sum.ToArray());
    }

    [Fact]
    public void No_transitions_leave_the_seed()
    {
        RunState<LangevinState> start = Start();
        Tuple<int, RunState<LangevinState>> folded = Chain.fold(FuncConvert.FromFunc<int, Draw, int>((count, _) => count + 1), 5, 0, Adjusted, start);
        Assert.Equal(5, folded.Item1);
        Assert.Equal(start.State.Position.ToArray(), folded.Item2.State.Position.ToArray());
    }

    private static RunState<LangevinState> Start() => Chain.start(Key.ofSeed(6), GaussianProblem.Noise(1, 5, 3), Adjusted);
}
