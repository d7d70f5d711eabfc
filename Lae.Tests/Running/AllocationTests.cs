using Lae.Kernels;
using Lae.Numerics;
using Lae.Numerics.Engines.Managed;
using Lae.Randomness;
using Lae.Running;
using Lae.Targets;

namespace Lae.Tests.Running;

/// <summary>Steady sampling allocates next to nothing on the GC heap: under 1 kB for a ULA transition of 1,000 chains in 100 dimensions, on each thread that moves chains. Alone, since the whole process is measured.</summary>
[Collection("Alone")]
public sealed class AllocationTests
{
    private const int ChainCount = 1000;
    private const int Dimension = 100;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_transition_of_ULA_allocates_less_than_a_kilobyte(int threads) => Assert.InRange(BytesPerTransition(threads, 1000), 0, (1024 * threads) - 1);

    [Theory]
    [Trait("Category", "Long")]
    [InlineData(1)]
    [InlineData(2)]
    public void Ten_thousand_transitions_of_ULA_allocate_less_than_a_kilobyte_each(int threads) => Assert.InRange(BytesPerTransition(threads, 10_000), 0, (1024 * threads) - 1);

    [Fact]
    public void The_measure_sees_a_kernel_that_works_outside_its_workspace()
    {
        // the planted bug: a target that puts its gradient on the heap, 400 kB a transition
        Target target = Gaussian();
        Target wasteful = Target.FromGradient(
            Dimension, x => target.Evaluate(x) is var at ? at with { Gradient = at.Gradient.Detach() } : at, DType.Float32, "wasteful");
        Assert.True(BytesPerTransition(1, 40, wasteful) > 100_000);
    }

    /// <summary>What the run as a whole allocates, in the steady state: the difference of two runs, so that the pool's own memory is not counted; and in a given number of groups, since a trial of another makes memory for it.</summary>
    private static double BytesPerTransition(int threads, int transitions, Target? target = null)
    {
        Kernel<LangevinState> kernel = UnadjustedLangevin.Create(target ?? Gaussian(), new LangevinSettings(0.05));
        RunState<LangevinState> start = RunState.Start(kernel, Tensor.Zeros(new Shape(ChainCount, Dimension), DType.Float32), RandomKey.FromSeed(1));
        ManagedEngine engine = new(threads);
        const int few = 20;
        Run(few);
        long ofFew = Run(few);
        return (double)(Run(few + transitions) - ofFew) / transitions;

        long Run(int count)
        {
            long before = GC.GetTotalAllocatedBytes(precise: true);
            ChainRunner.Run(kernel, start, new RunOptions(count, engine: engine, groups: threads), receive: null);
            return GC.GetTotalAllocatedBytes(precise: true) - before;
        }
    }

    private static Target Gaussian() => GaussianTarget.Diagonal(
        Tensor.FromArray([.. Enumerable.Range(0, Dimension).Select(i => 0.1f * i)]), Tensor.FromArray([.. Enumerable.Range(0, Dimension).Select(i => 0.5f + (0.05f * i))]));
}
