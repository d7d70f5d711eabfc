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

    private static double[] Ladder => [0.05, 0.1, 0.2, 0.3, 0.45, 0.7, 1];

    public static IReadOnlyList<EfficiencyEntry> All { get; } =
    [
        new("MCLMC", true, (problem, _) => Microcanonical(problem, IsokineticIntegrator.MinimalNorm, precondition: true)),
        new("MCLMC", true, (problem, _) => Microcanonical(problem, IsokineticIntegrator.Leapfrog, precondition: true)),
        new("MCLMC", false, (problem, _) => Microcanonical(problem, IsokineticIntegrator.MinimalNorm, precondition: false)),
        AdjustedMicrocanonical(IsokineticIntegrator.Leapfrog),
        AdjustedMicrocanonical(IsokineticIntegrator.MinimalNorm),
        ByAcceptance("HMC", true, 0.8, (p, h) => HamiltonianMonteCarlo.Create(p.Target, new(h, Quarter(h), 1, p.Mass)), QuarterPeriod, 0.01, 0.8),
        ByAcceptance("HMC two-stage", true, 0.8, (p, h) => HamiltonianMonteCarlo.Create(p.Target, new(h, Quarter(h), 1, p.Mass, TwoStage.Integrator)), QuarterPeriod, 0.01, 0.8),
        ByAcceptance("MALT", true, 0.8, (p, h) => MetropolisLangevinTrajectories.Create(p.Target, new(new(h, Quarter(h), 1, p.Mass), 1)), QuarterPeriod + Friction, 0.01, 0.8),
        ByAcceptance("GHMC", true, 0.9, (p, h) => GeneralizedHamiltonian.Create(p.Target, new(new(h, 1, 1, p.Mass), 1)), ", 1 step" + Friction),
        ByAcceptance("NUTS", true, 0.8, (p, h) => NoUTurn.Create(p.Target, new(h, mass: p.Mass))),
        ByAcceptance("NUTS", false, 0.8, (p, h) => NoUTurn.Create(p.Target, new(h))),
        .. ((string[])["BAOAB", "OBABO", "ABOBA", "OABAO", "BAOA"]).Select(word =>
            ByMeasure(word, true, (p, h) => Splitting.Create(p.Target, word, new(h, 1, 1, p.Mass)), LongLadder, Friction)),
        ByMeasure("BAOAB", false, (p, h) => Splitting.Create(p.Target, "BAOAB", new(h, 1)), [0.1, 0.2, 0.3], Friction),
        ByMeasure("Leimkuhler–Matthews", true, (p, h) => LeimkuhlerMatthews.Create(p.Target, new(h, 1, p.Preconditioner)), Ladder),
        ByAcceptance("Barker", true, 0.4, (p, h) => Barker.Create(p.Target, new(h, 1, p.Preconditioner))),
        ByMeasure("ULA", true, (p, h) => UnadjustedLangevin.Create(p.Target, new(h, 1, p.Preconditioner)), Ladder),
        ByMeasure("ULA", false, (p, h) => UnadjustedLangevin.Create(p.Target, new(h)), [0.003, 0.01]),
        ByAcceptance("MALA", true, 0.574, (p, h) => MetropolisLangevin.Create(p.Target, new(h, 1, p.Preconditioner))),
        ByAcceptance("MALA", false, 0.574, (p, h) => MetropolisLangevin.Create(p.Target, new(h))),
        ByMeasure(
            "replica exchange", true, (p, h) => ReplicaExchange.Create([1, 1.1], t => MetropolisLangevin.Create(p.Target, new(h, t, p.Preconditioner))),
            [0.2, 0.3, 0.4], " of MALA, temperatures 1 and 1.1, the figure counts both"),
        ByMeasure("SGLD", true, (p, h) => Stochastic(p, new StochasticGradientLangevin(1, p.Preconditioner), h), Ladder, FullGradients),
        ByMeasure("pSGLD", false, (p, h) => Stochastic(p, new PreconditionedStochasticGradientLangevin(), h), [0.01, 0.03], FullGradients),
        ByMeasure("SGHMC", true, (p, h) => Stochastic(p, new StochasticGradientHamiltonian(1, mass: p.Mass), h), LongLadder, FullGradients + Friction),
        ByMeasure("SGNHT", true, (p, h) => Stochastic(p, new StochasticGradientNoseHoover(new(1, mass: p.Mass)), h), [0.1, 0.2], FullGradients + Friction),
        ByMeasure("BADODAB", true, (p, h) => Stochastic(p, new Badodab(new(1, mass: p.Mass)), h), LongLadder, FullGradients + Friction),
    ];

    /// <summary>Of trajectories of length π/2: where the target has variance 1 the end of one is independent of its start. Their step is 0.8 at most, so that they have two.</summary>
    private const string QuarterPeriod = ", a quarter of a period long";

    private const string Friction = ", friction 1";

    private const string FullGradients = ", full gradients";

    private static double[] LongLadder => [0.1, 0.2, 0.35, 0.5, 0.7, 1, 1.4];

    private static int Quarter(double step) => Math.Max(1, (int)Math.Round(Math.PI / 2 / step));

    private static Kernel<StochasticState> Stochastic(EfficiencyProblem problem, StochasticDynamics dynamics, double step) =>
        StochasticGradient.Create(problem.Target, dynamics, new FullGradient(), new ConstantSchedule(step));

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

    /// <summary>Trajectories of mean length √d, about that of MCLMC's memory, of 2 steps or more: a long single step, mostly accepted all the same, turns x into almost −x, which moves no x².</summary>
    private static EfficiencyEntry AdjustedMicrocanonical(IsokineticIntegrator integrator) => ByAcceptance(
        "adjusted MCLMC", true, 0.9,
        (p, step) => Lae.Kernels.AdjustedMicrocanonical.Create(p.Target, new(step, Steps(step), true, 1, p.Preconditioner, integrator)),
        Invariant($", {Name(integrator)}, mean length √d"), 0.1, Math.Sqrt(EfficiencyProblem.Dimension) / 2);

    private static int Steps(double step) => (int)Math.Round(Math.Sqrt(EfficiencyProblem.Dimension) / step);

    private static string Name(IsokineticIntegrator integrator) => integrator == IsokineticIntegrator.Leapfrog ? "leapfrog" : "minimal norm";
}
