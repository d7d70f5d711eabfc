using Lae.Composition;
using Lae.Kernels;
using Lae.Laws;
using Lae.Numerics;
using Lae.Numerics.Engines;
using Lae.Randomness;
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

    /// <summary>Elements from which on an engine divides an operation among its threads.</summary>
    private const int DividedElements = 10_000;

    /// <inheritdoc/>
    public IReadOnlyList<LawResult> Visit<TState>(Kernel<TState> kernel)
        where TState : class, IKernelState<TState>
    {
        Tensor some = positions(Chains);
        Tensor many = positions((DividedElements / kernel.Dimension) + 1);
        StepInfo info = kernel.Transition(new NoiseSource(key, 0, Lae.Kernels.Chains.Range(Chains), Workspace.Default), kernel.Initialize(some)).Info;
        return
        [
            .. RunnerLaws.All(kernel, some, key),
            RunnerLaws.ThreadIndependence(kernel, many, key, [engines(1), engines(2)]),
            RunnerLaws.GradientCount(Create, target, some, key, info.GradientCount),
            RunnerLaws.NonFiniteStart(Create, target, some, key),
            info.Accepted is not null ? RunnerLaws.NonFiniteProposal(Create, target, some, key) : RunnerLaws.NonFiniteStep(Create, target, some, key),
        ];

        Kernel<TState> Create(Target other) => (Kernel<TState>)factory.Create(other);
    }
}
