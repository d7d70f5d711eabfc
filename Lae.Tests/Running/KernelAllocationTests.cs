using System.Globalization;
using Lae.Kernels;
using Lae.Numerics;
using Lae.Numerics.Engines.Managed;
using Lae.Randomness;
using Lae.Running;
using Lae.Targets;
using Lae.Tests.Composition;
using Xunit.Abstractions;

namespace Lae.Tests.Running;

/// <summary>What a transition of every kernel that configuration can choose leaves on the GC heap in the steady state of a run that nobody watches. One thread computes, so that what other threads allocate does not count.</summary>
public sealed class KernelAllocationTests(ITestOutputHelper output)
{
    private const int MostBytes = 1024;

    public static TheoryData<string> Kernels { get; } = [.. RegisteredKernels.Names];

    [Theory]
    [MemberData(nameof(Kernels))]
    public void A_transition_allocates_less_than_a_kilobyte(string name)
    {
        double few = BytesPerTransition(name, chains: 4, dimension: 3, transitions: 200);
        double many = BytesPerTransition(name, chains: 200, dimension: 40, transitions: 200);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name}: {few:F0} bytes a transition of 4 chains in 3 dimensions, {many:F0} of 200 in 40"));
        Assert.InRange(few, 0, MostBytes - 1);
        Assert.InRange(many, 0, MostBytes - 1);
    }

    private static double BytesPerTransition(string name, int chains, int dimension, int transitions)
    {
        Target target = GaussianTarget.Diagonal(
            Tensor.FromArray([.. Enumerable.Range(0, dimension).Select(i => 0.1 * i)]), Tensor.FromArray([.. Enumerable.Range(0, dimension).Select(i => 0.5 + (0.05 * i))]));
        return RegisteredKernels.Named(name).Create(target).Accept(new Measured(chains, transitions));
    }

    /// <summary>The difference of a long and a short run, so that what a run makes once does not count.</summary>
    private sealed class Measured(int chains, int transitions) : IKernelVisitor<double>
    {
        public double Visit<TState>(Kernel<TState> kernel)
            where TState : class, IKernelState<TState>
        {
            RunState<TState> start = RunState.Start(kernel, Tensor.Zeros(new Shape(chains, kernel.Dimension), kernel.DType), RandomKey.FromSeed(1));
            ManagedEngine engine = new(threads: 1);
            Run(2 * transitions);

            // the least of some rounds, of the short and of the long run: a collection that other tests cause empties shared pools of arrays, which fill anew
            (long few, long many) = (long.MaxValue, long.MaxValue);
            double bytes = double.NaN;
            for (int round = 0; round < 4 && !(bytes >= 0 && bytes < MostBytes); round++)
            {
                few = Math.Min(few, Run(transitions));
                many = Math.Min(many, Run(2 * transitions));
                bytes = (double)(many - few) / transitions;
            }

            return bytes;

            long Run(int count)
            {
                long before = GC.GetAllocatedBytesForCurrentThread();
                ChainRunner.Run(kernel, start, new RunOptions(count, engine: engine, groups: 1), receive: null);
                return GC.GetAllocatedBytesForCurrentThread() - before;
            }
        }
    }
}
