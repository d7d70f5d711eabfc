using System.Globalization;
using Lae.Kernels;
using Lae.Numerics;
using Lae.Randomness;
using Lae.Targets;

namespace Lae.Laws;

/// <content>The groups of laws.</content>
public static partial class KernelLaws
{
    private const int RunnerChains = 5;
    private const int Points = 6;

    /// <summary>What is asked of every kernel, whatever law it keeps: on a target that is finite everywhere, not Gaussian, and has no symmetry.</summary>
    private static IEnumerable<LawResult> OfAnyKernel<TState>(Func<Target, Kernel<TState>> create, KernelLawSettings claim)
        where TState : class, IKernelState<TState>
    {
        ExactTarget law = TestTargets.Mixture(claim.Dimension);
        Target target = law.ForTemperature(claim.Temperature);
        Tensor position = law.Draw(claim.Key.FoldIn(10), RunnerChains);
        RandomKey key = claim.Key.FoldIn(11);
        foreach (LawResult result in RunnerLaws.All(create(target), position, key))
        {
            yield return result;
        }

        if (claim.GradientsPerTransition is { } gradients)
        {
            yield return RunnerLaws.GradientCount(create, target, position, key, gradients);
        }

        if (claim.RefusesNonFinite)
        {
            bool decides = create(target) is var kernel
                && kernel.Transition(new NoiseSource(key, 0, Chains.Range(RunnerChains), Workspace.Default), kernel.Initialize(position)).Info.Accepted is not null;
            yield return RunnerLaws.NonFiniteStart(create, target, position, key);
            yield return decides ? RunnerLaws.NonFiniteProposal(create, target, position, key) : RunnerLaws.NonFiniteStep(create, target, position, key);
        }

        foreach (LawResult result in Symmetries.All(create, target, position, key, claim.IsIsotropic))
        {
            yield return result;
        }
    }

    /// <summary>Detailed balance point by point, where the proposal can be read off: noise xi and uniform, an energy error, and a proposal that is Gaussian given the state.</summary>
    private static IReadOnlyList<LawResult> Pointwise<TState>(Func<Target, Kernel<TState>> create, Target target, KernelLawSettings claim)
        where TState : class, IKernelState<TState>
    {
        Kernel<TState> kernel = create(target);
        Tensor position = TestTargets.Mixture(claim.Dimension).Draw(claim.Key.FoldIn(20), Points);
        Tensor xi = ExactTarget.Normals(claim.Key.FoldIn(21), Points, claim.Dimension, DType.Float64);
        return GaussianProposal.IsReadable(kernel, position, xi) ? MetropolisLaws.All(kernel, target, claim.Temperature, position, xi) : [];
    }

    /// <summary>The tests with draws in them; their false alarms add up to what is allowed.</summary>
    private static IEnumerable<LawResult> Statistical<TState>(Func<Target, Kernel<TState>> create, ExactTarget[] laws, KernelLawSettings claim)
        where TState : class, IKernelState<TState>
    {
        double each = claim.FalseAlarm / laws.Length / (claim.IsReversible ? 2 : 1);
        for (int i = 0; i < laws.Length; i++)
        {
            Kernel<TState> kernel = create(laws[i].ForTemperature(claim.Temperature));
            ExactStartReport report = new ExactStart(laws[i], claim.Chains, falseAlarm: each).Run(kernel, claim.Key.FoldIn((ulong)(30 + i)));
            yield return report.Law;
            yield return Moves(report, kernel.Name, laws[i].Target.Name);
            if (claim.IsReversible)
            {
                yield return RankTest.Check(kernel, laws[i], claim.Key.FoldIn((ulong)(40 + i)), new SequentialPlan { Draws = Math.Max(100, claim.Chains / 4), FalseAlarm = each });
            }
        }
    }

    /// <summary>A chain that stays where it is keeps every law, so a test in which hardly any moves is none.</summary>
    private static LawResult Moves(ExactStartReport report, string kernel, string target)
    {
        const double Least = 0.05;
        return new LawResult(
            $"chains of {kernel} move on {target}",
            1 - report.MeanAcceptance,
            1 - Least,
            string.Create(CultureInfo.InvariantCulture, $"The mean acceptance was {report.MeanAcceptance:F3}; below {Least} nothing was tested: the step size may be too large for targets of deviation 1."));
    }
}
