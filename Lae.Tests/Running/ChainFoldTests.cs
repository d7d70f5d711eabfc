using Lae.Functional;
using Lae.Kernels;
using Lae.Numerics;
using Lae.Randomness;
using Lae.Running;
using Lae.Tests.Kernels;
using Microsoft.FSharp.Core;
using Tensor = Lae.Numerics.Tensor;

namespace Lae.Tests.Running;

public sealed class ChainFoldTests
{
    [Fact]
    public void A_fold_over_draws_on_loan_is_that_over_the_draws_of_a_run()
    {
        Kernel<LangevinState> kernel = MetropolisLangevin.Create(SampleTargets.Quartic(3), new LangevinSettings(0.2));
        RunState<LangevinState> start = RunState.Start(kernel, Tensor.Full(0.3, new Shape(4, 3), DType.Float64), RandomKey.FromSeed(5));
        (double sum, RunState<LangevinState> end) = Chain.fold(FuncConvert.FromFunc<double, Draw, double>(static (sum, draw) => (0.9 * sum) + draw.Position.Mean().ToDouble()), 1.0, 70, kernel, start);
        RunResult<LangevinState> run = ChainRunner.Run(kernel, start, new RunOptions(70));
        Assert.Equal(run.Draws.Aggregate(1.0, static (sum, draw) => (0.9 * sum) + draw.Position.Mean().ToDouble()), sum);
        Assert.Equal(run.Final.State.Position.ToArray(), end.State.Position.ToArray());
        Assert.Equal(70, end.Step);
    }
}
