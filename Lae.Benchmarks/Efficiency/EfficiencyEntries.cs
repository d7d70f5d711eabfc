using Lae.Adaptation;
using Lae.Kernels;
using Lae.Numerics;
using static Lae.Benchmarks.Efficiency.EfficiencyEntry;

namespace Lae.Benchmarks.Efficiency;

/// <summary>The rows of the efficiency table: a kernel is added by a line here.</summary>
internal static class EfficiencyEntries
{
    /// <summary>Chains and transitions of the tuning of MCLMC.</summary>
    private const int TuningChains = 4;
    private const int TuningTransitions = 1000;

    private static readonly double[] Ladder = [0.05, 0.1, 0.2, 0.3, 0.45, 0.7, 1];

    public static IReadOnlyList<EfficiencyEntry> All { get; } =
    [
        new("MCLMC", true, (problem, _) => Microcanonical(problem, IsokineticIntegrator.MinimalNorm, precondition: true)),
        new("MCLMC", true, (problem, _) => Microcanonical(problem, IsokineticIntegrator.Leapfrog, precondition: true)),
        new("MCLMC", false, (problem, _) => Microcanonical(problem, IsokineticIntegrator.MinimalNorm, precondition: false)),
        AdjustedMicrocanonical(IsokineticIntegrator.Leapfrog),
        AdjustedMicrocanonical(IsokineticIntegrator.MinimalNorm),
        ByMeasure("ULA", true, (p, h) => UnadjustedLangevin.Create(p.Target, new(h, 1, p.Preconditioner)), Ladder),
        ByMeasure("ULA", false, (p, h) => UnadjustedLangevin.Create(p.Target, new(h)), [0.003, 0.01]),
        ByAcceptance("MALA", true, 0.574, (p, h) => MetropolisLangevin.Create(p.Target, new(h, 1, p.Preconditioner))),
        ByAcceptance("MALA", false, 0.574, (p, h) => MetropolisLangevin.Create(p.Target, new(h))),
    ];

    /// <summary>MCLMC with its own tuning, of a few chains from starts of their own; the chains of the measure start anew.</summary>
    private static Chosen Microcanonical(EfficiencyProblem problem, IsokineticIntegrator integrator, bool precondition)
    {
        MicrocanonicalTuned tuned = MicrocanonicalTuning.Tune(
            problem.Target, EfficiencyProblem.Start(TuningChains, stream: 2), EfficiencyProblem.Key.FoldIn(3), new MicrocanonicalTuningSettings(TuningTransitions, precondition: precondition, integrator: integrator));
        return new Chosen(
            MicrocanonicalLangevin.Create(problem.Target, tuned.Settings),
            Invariant($"{Name(integrator)}, ε {tuned.Settings.StepSize:G3}, L {tuned.Settings.DecoherenceLength:G3}, own tuning of {TuningChains} chains"),
            TuningChains * tuned.GradientCount);
    }

    /// <summary>Trajectories of mean length √d, about that of MCLMC, and 2 steps or more: a single one of a fixed length may turn x into almost −x, which moves no x².</summary>
    private static EfficiencyEntry AdjustedMicrocanonical(IsokineticIntegrator integrator) => ByAcceptance(
        "adjusted MCLMC", true, 0.9,
        (p, step) => Lae.Kernels.AdjustedMicrocanonical.Create(p.Target, new(step, Steps(step), true, 1, p.Preconditioner, integrator)),
        Invariant($", {Name(integrator)}, about √d long"), 0.1, 20);

    private static int Steps(double step) => Math.Max(2, (int)Math.Round(Math.Sqrt(EfficiencyProblem.Dimension) / step));

    private static string Name(IsokineticIntegrator integrator) => integrator == IsokineticIntegrator.Leapfrog ? "leapfrog" : "minimal norm";
}
