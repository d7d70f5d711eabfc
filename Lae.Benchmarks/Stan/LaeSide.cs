using System.Diagnostics;
using Lae.Adaptation;
using Lae.Diagnostics;
using Lae.Kernels;
using Lae.Numerics;
using Lae.Randomness;
using Lae.Running;

namespace Lae.Benchmarks.Stan;

/// <summary>Lae's runs: one and the same default for every posterior, and a kernel without an accept test beside it.</summary>
internal static class LaeSide
{
    /// <summary>Chains, as rows on all cores.</summary>
    public const int Chains = 128;

    /// <summary>Transitions of each chain to warm up, and then to draw.</summary>
    public const int Warmup = 150;

    /// <summary>Draws of each chain: so many that R-hat, which a chain of 100 draws seldom brings below 1.01, can tell that they are sound.</summary>
    public const int Draws = 200;

    /// <summary>The default: MALT, warmed up as <see cref="TunableKernels.Malt"/> and <see cref="WarmupSettings"/> have it.</summary>
    public static SideRun Default(StanProblem problem, ulong seed)
    {
        RandomKey key = RandomKey.FromSeed(seed);
        Tensor start = Start(problem, key);
        long before = Stopwatch.GetTimestamp();
        WarmupResult<LangevinState> warm = Adaptation.Warmup.Run(TunableKernels.Malt(problem.Posterior.Target), start, key.FoldIn(1UL << 40), new WarmupSettings(Warmup));
        return Drawn(problem, warm.Kernel, warm.Position, key, Chains * (double)warm.GradientCount, before);
    }

    /// <summary>Microcanonical Langevin without an accept test, by its own tuning.</summary>
    public static SideRun Unadjusted(StanProblem problem, ulong seed)
    {
        RandomKey key = RandomKey.FromSeed(seed);
        Tensor start = Start(problem, key);
        long before = Stopwatch.GetTimestamp();
        MicrocanonicalTuned tuned = MicrocanonicalTuning.Tune(problem.Posterior.Target, start, key.FoldIn(1UL << 40), new MicrocanonicalTuningSettings(10 * Warmup));
        return Drawn(problem, MicrocanonicalLangevin.Create(problem.Posterior.Target, tuned.Settings).Thin(10), tuned.Position, key, Chains * (double)tuned.GradientCount, before);
    }

    private static SideRun Drawn<TState>(StanProblem problem, Kernel<TState> kernel, Tensor position, RandomKey key, double warmupGradients, long before)
        where TState : class, IKernelState<TState>
    {
        RunResult<TState> run = ChainRunner.Run(kernel, RunState.Start(kernel, position, key.FoldIn(1UL << 41)), new RunOptions(Draws));
        Tensor positions = run.Positions();
        Tensor reported = problem.Posterior.Report(positions.Reshape(Draws * Chains, -1)).Reshape(Draws, Chains, -1);
        double seconds = Stopwatch.GetElapsedTime(before).TotalSeconds;
        return new SideRun(
            seconds,
            warmupGradients,
            run.Draws.Sum(draw => (double)Chains * draw.Info.GradientCount),
            (long)run.Draws.Sum(draw => draw.Info.Divergent?.Sum().ToDouble() ?? 0),
            [.. Enumerable.Range(0, problem.Posterior.Names.Count).Select(i => ChainDraws.OfPositions(reported, i))]);
    }

    private static Tensor Start(StanProblem problem, RandomKey key)
    {
        double[] values = new double[Chains * problem.Posterior.Target.Dimension];
        RowDraws.Normal(key.FoldIn(1UL << 42), 0, 0, Chains, problem.Posterior.Target.Dimension, values);
        return Tensor.FromArray(values, Chains, problem.Posterior.Target.Dimension);
    }
}
