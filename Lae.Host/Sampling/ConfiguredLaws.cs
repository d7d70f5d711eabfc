using Lae.Composition;
using Lae.Kernels;
using Lae.Laws;
using Lae.Numerics;
using Lae.Numerics.Engines;
using Lae.Randomness;
using Lae.Running;
using Lae.Targets;

namespace Lae.Host.Sampling;

/// <summary>The runner laws of a configured kernel on its configured target.</summary>
/// <param name="factory">Makes the kernel, also for a target that a law has spoiled.</param>
/// <param name="target">The distribution.</param>
/// <param name="positions">So many starting positions.</param>
/// <param name="key">All randomness.</param>
/// <param name="engines">An engine of so many threads.</param>
internal sealed class ConfiguredLaws(IKernelFactory factory, Target target, Func<int, Tensor> positions, RandomKey key, Func<int, IEngine> engines) : IKernelVisitor<IReadOnlyList<LawResult>>
{
    private const int Chains = 6;
    private const int Watched = 20;

    /// <summary>Elements from which on an engine divides an operation among its threads.</summary>
    private const int DividedElements = 10_000;

    /// <inheritdoc/>
    public IReadOnlyList<LawResult> Visit<TState>(Kernel<TState> kernel)
        where TState : class, IKernelState<TState>
    {
        Tensor some = positions(Chains);
        Tensor many = positions((DividedElements / kernel.Dimension) + 1);
        StepInfo[] infos = [.. ChainRunner.Run(kernel, RunState.Start(kernel, some, key), new RunOptions(Watched)).Draws.Select(draw => draw.Info)];

        // a path of varying length, as that of NUTS, has no count to expect
        int[] gradients = [.. infos.Select(info => info.GradientCount).Distinct()];
        return
        [
            .. RunnerLaws.All(kernel, some, key),
            RunnerLaws.ThreadIndependence(kernel, many, key, [engines(1), engines(2)]),
            .. gradients.Length == 1 ? [RunnerLaws.GradientCount(Create, target, some, key, gradients[0])] : (LawResult[])[],
            RunnerLaws.NonFiniteStart(Create, target, some, key),
            infos[0].Accepted is not null ? RunnerLaws.NonFiniteProposal(Create, target, some, key) : RunnerLaws.NonFiniteStep(Create, target, some, key),
        ];

        Kernel<TState> Create(Target other) => (Kernel<TState>)factory.Create(other);
    }
}
