using Lae.Kernels;
using Lae.Numerics;
using Lae.Targets;

namespace Lae.Adaptation;

/// <summary>
/// The kernels of the catalogue with their settings open, each with the acceptance at which it is near its best. A preconditioner, mass or number of steps that is given stays. Trajectories are a quarter of a period long, π/2 in the
/// coordinates in which the target has variance 1. Unadjusted kernels are tuned by a Metropolised twin to a high acceptance: of ULA and OBABO the variances of a Gaussian are then too large by about 0.085 d^(−1/3) of themselves.
/// </summary>
public static partial class TunableKernels
{
    /// <summary>δ of the twins of kernels whose position has a bias of the first order in h, or on Gaussians.</summary>
    public const double UnadjustedAcceptance = 0.98;

    /// <summary>δ of the twins of kernels whose position has no bias on Gaussians (Leimkuhler–Matthews, BAOAB, ABOBA, BAOA).</summary>
    public const double UnbiasedOnGaussiansAcceptance = 0.95;

    private const double QuarterPeriod = Math.PI / 2;
    private const double PathOfMalt = 2;
    private const int MostSteps = 1000;

    /// <summary>MALA; 0.574 is the optimum in many dimensions (Roberts and Rosenthal, 1998).</summary>
    /// <param name="target">The distribution.</param>
    /// <param name="temperature">T, positive.</param>
    /// <param name="preconditioner">P; found if null.</param>
    /// <param name="targetAcceptance">δ, in (0, 1).</param>
    /// <returns>A kernel to be tuned.</returns>
    public static TunableKernel<LangevinState> Mala(Target target, double temperature = 1, Preconditioner? preconditioner = null, double targetAcceptance = 0.574) =>
        new("MALA", Overdamped("MALA", targetAcceptance, temperature, preconditioner), tuning => MetropolisLangevin.Create(target, Settings(tuning, temperature, preconditioner)));

    /// <summary>Barker; 0.4 as its authors advise (Livingstone and Zanella, 2022).</summary>
    /// <param name="target">The distribution.</param>
    /// <param name="temperature">T, positive.</param>
    /// <param name="preconditioner">P; found if null.</param>
    /// <param name="targetAcceptance">δ, in (0, 1).</param>
    /// <returns>A kernel to be tuned.</returns>
    public static TunableKernel<LangevinState> Barker(Target target, double temperature = 1, Preconditioner? preconditioner = null, double targetAcceptance = 0.4) =>
        new("Barker", Overdamped("Barker", targetAcceptance, temperature, preconditioner), tuning => Kernels.Barker.Create(target, Settings(tuning, temperature, preconditioner)));

    /// <summary>ULA, by MALA.</summary>
    /// <param name="target">The distribution.</param>
    /// <param name="temperature">T, positive.</param>
    /// <param name="preconditioner">P; found if null.</param>
    /// <param name="targetAcceptance">δ of MALA, in (0, 1).</param>
    /// <returns>A kernel to be tuned.</returns>
    public static TunableKernel<LangevinState> Ula(Target target, double temperature = 1, Preconditioner? preconditioner = null, double targetAcceptance = UnadjustedAcceptance)
    {
        return new TunableKernel<LangevinState>(
            "ULA",
            Overdamped("ULA", targetAcceptance, temperature, preconditioner) with { IsUnadjusted = true },
            tuning => UnadjustedLangevin.Create(target, Settings(tuning, temperature, preconditioner)),
            OverdampedTwin(target, temperature, preconditioner));
    }

    /// <summary>Leimkuhler–Matthews, by MALA.</summary>
    /// <param name="target">The distribution.</param>
    /// <param name="temperature">T, positive.</param>
    /// <param name="preconditioner">P; found if null.</param>
    /// <param name="targetAcceptance">δ of MALA, in (0, 1).</param>
    /// <returns>A kernel to be tuned.</returns>
    public static TunableKernel<LeimkuhlerMatthewsState> LeimkuhlerMatthews(
        Target target, double temperature = 1, Preconditioner? preconditioner = null, double targetAcceptance = UnbiasedOnGaussiansAcceptance)
    {
        return new TunableKernel<LeimkuhlerMatthewsState>(
            "Leimkuhler–Matthews",
            Overdamped("Leimkuhler–Matthews", targetAcceptance, temperature, preconditioner) with { IsUnadjusted = true },
            tuning => Kernels.LeimkuhlerMatthews.Create(target, Settings(tuning, temperature, preconditioner)),
            OverdampedTwin(target, temperature, preconditioner));
    }

    /// <summary>Any splitting, by generalised HMC of one leapfrog step with the same friction: OBABO with an accept test.</summary>
    /// <param name="target">The distribution.</param>
    /// <param name="word">The order of substeps; see <see cref="SplittingWord.Parse"/>.</param>
    /// <param name="friction">γ, 0 or more, in the coordinates in which the mass is 1.</param>
    /// <param name="temperature">T, positive.</param>
    /// <param name="mass">M; found if null.</param>
    /// <param name="targetAcceptance">δ of the twin, in (0, 1); if null 0.95 for BAOAB, ABOBA and BAOA, and 0.98 for all others.</param>
    /// <returns>A kernel to be tuned.</returns>
    public static TunableKernel<UnderdampedState> Splitting(
        Target target, string word, double friction = 1, double temperature = 1, MassMatrix? mass = null, double? targetAcceptance = null)
    {
        return new TunableKernel<UnderdampedState>(
            word,
            Dynamical(word, targetAcceptance ?? (word is "BAOAB" or "ABOBA" or "BAOA" ? UnbiasedOnGaussiansAcceptance : UnadjustedAcceptance), temperature, mass is not null) with { IsUnadjusted = true },
            tuning => Kernels.Splitting.Create(target, word, new UnderdampedSettings(tuning.StepSize, friction, temperature, mass ?? tuning.Mass)),
            UnderdampedTwin(target, friction, temperature, mass));
    }

    /// <summary>HMC.</summary>
    /// <param name="target">The distribution.</param>
    /// <param name="steps">L; if null as many as make a quarter of a period.</param>
    /// <param name="temperature">T, positive.</param>
    /// <param name="mass">M; found if null.</param>
    /// <param name="integrator">The leapfrog if null.</param>
    /// <param name="targetAcceptance">δ, in (0, 1).</param>
    /// <returns>A kernel to be tuned.</returns>
    public static TunableKernel<LangevinState> Hmc(
        Target target, int? steps = null, double temperature = 1, MassMatrix? mass = null, Integrator? integrator = null, double targetAcceptance = 0.8) =>
        new(
            "HMC",
            Dynamical("HMC", targetAcceptance, temperature, mass is not null) with { PathLength = steps is null ? QuarterPeriod : null },
            tuning => HamiltonianMonteCarlo.Create(target, Path(tuning, steps, temperature, mass, integrator)));

    /// <summary>
    /// MALT: the default of the Langevin family. Trajectories of length 2 with friction 0.5, in coordinates in which the target has variance 1: of the lengths and frictions tried on the reference posteriors with many chains (π/2 with 1 and 0.3, 2 with 0.5) the
    /// one with the lowest R-hat, since it never takes a single step where the target is easy.
    /// </summary>
    /// <param name="target">The distribution.</param>
    /// <param name="steps">L; if null as many as make a length of 2.</param>
    /// <param name="friction">γ, 0 or more, in the coordinates in which the mass is 1.</param>
    /// <param name="temperature">T, positive.</param>
    /// <param name="mass">M; found if null.</param>
    /// <param name="integrator">The leapfrog if null.</param>
    /// <param name="targetAcceptance">δ, in (0, 1).</param>
    /// <returns>A kernel to be tuned.</returns>
    public static TunableKernel<LangevinState> Malt(
        Target target, int? steps = null, double friction = 0.5, double temperature = 1, MassMatrix? mass = null, Integrator? integrator = null, double targetAcceptance = 0.8) =>
        new(
            "MALT",
            Dynamical("MALT", targetAcceptance, temperature, mass is not null) with { PathLength = steps is null ? PathOfMalt : null },
            tuning => MetropolisLangevinTrajectories.Create(target, new LangevinTrajectorySettings(Path(tuning, steps, temperature, mass, integrator), friction)));

    /// <summary>Generalised HMC: rejections turn the momentum round, so that they must be rare.</summary>
    /// <param name="target">The distribution.</param>
    /// <param name="steps">L.</param>
    /// <param name="friction">γ, 0 or more, in the coordinates in which the mass is 1.</param>
    /// <param name="temperature">T, positive.</param>
    /// <param name="mass">M; found if null.</param>
    /// <param name="integrator">The leapfrog if null.</param>
    /// <param name="targetAcceptance">δ, in (0, 1).</param>
    /// <returns>A kernel to be tuned.</returns>
    public static TunableKernel<UnderdampedState> Ghmc(
        Target target, int steps = 1, double friction = 1, double temperature = 1, MassMatrix? mass = null, Integrator? integrator = null, double targetAcceptance = 0.9) =>
        new(
            "GHMC",
            Dynamical("GHMC", targetAcceptance, temperature, mass is not null),
            tuning => GeneralizedHamiltonian.Create(target, new LangevinTrajectorySettings(Path(tuning, steps, temperature, mass, integrator), friction)));

    /// <summary>
    /// NUTS; 0.9, where Stan has 0.8: there 5 of 4,000 draws of the non-centred eight schools diverge, at large τ, where nothing is wrong with the model.
    /// </summary>
    /// <param name="target">The distribution.</param>
    /// <param name="maxDepth">The most doublings.</param>
    /// <param name="temperature">T, positive.</param>
    /// <param name="mass">M; found if null.</param>
    /// <param name="targetAcceptance">δ, in (0, 1).</param>
    /// <returns>A kernel to be tuned.</returns>
    public static TunableKernel<LangevinState> Nuts(Target target, int maxDepth = 10, double temperature = 1, MassMatrix? mass = null, double targetAcceptance = 0.9) =>
        new(
            "NUTS",
            Dynamical("NUTS", targetAcceptance, temperature, mass is not null),
            tuning => NoUTurn.Create(target, new NoUTurnSettings(tuning.StepSize, tuning.PathLength == 0 ? 1 : maxDepth, temperature, mass ?? tuning.Mass)));

    /// <summary>The adjusted microcanonical sampler, with trajectories of the root of the dimension (Robnik, Cohn-Gordon and Seljak, 2025).</summary>
    /// <param name="target">The distribution, of 2 dimensions or more.</param>
    /// <param name="steps">N; if null as many as make that length.</param>
    /// <param name="randomLength">Whether each chain draws the number of its steps.</param>
    /// <param name="temperature">T, positive.</param>
    /// <param name="preconditioner">P; found if null.</param>
    /// <param name="integrator">How a step is divided.</param>
    /// <param name="targetAcceptance">δ, in (0, 1).</param>
    /// <returns>A kernel to be tuned.</returns>
    public static TunableKernel<LangevinState> AdjustedMclmc(
        Target target,
        int? steps = null,
        bool randomLength = true,
        double temperature = 1,
        Preconditioner? preconditioner = null,
        IsokineticIntegrator integrator = IsokineticIntegrator.MinimalNorm,
        double targetAcceptance = 0.9) =>
        new(
            "adjusted MCLMC",
            Aims("adjusted MCLMC", targetAcceptance, temperature, preconditioner is not null, StepSizeUnit.Way) with { PathLength = steps is null ? Math.Sqrt(target.Dimension * temperature) : null },
            tuning => AdjustedMicrocanonical.Create(
                target, new AdjustedMicrocanonicalSettings(tuning.StepSize, steps ?? Steps(tuning), randomLength && tuning.PathLength != 0, temperature, preconditioner ?? tuning.Preconditioner, integrator)));

    /// <summary>Annealed Langevin dynamics over temperatures, by MALA at the last of them, which goes on for ever.</summary>
    /// <param name="target">The distribution.</param>
    /// <param name="temperatures">T_i, such as falling to 1; the last positive.</param>
    /// <param name="transitions">Transitions at each temperature.</param>
    /// <param name="preconditioner">P; found if null.</param>
    /// <param name="targetAcceptance">δ of MALA, in (0, 1).</param>
    /// <returns>A kernel to be tuned.</returns>
    public static TunableKernel<AnnealedState<LangevinState>> AnnealedLangevin(
        Target target, IReadOnlyList<double> temperatures, int transitions = 1, Preconditioner? preconditioner = null, double targetAcceptance = UnadjustedAcceptance) =>
        new(
            "annealed Langevin",
            Overdamped("annealed Langevin", targetAcceptance, temperatures[^1], preconditioner) with { IsUnadjusted = true },
            tuning => Kernels.AnnealedLangevin.Create(target, temperatures, tuning.StepSize, transitions, preconditioner ?? tuning.Preconditioner),
            OverdampedTwin(target, temperatures[^1], preconditioner));

    private static TuningAims Overdamped(string name, double targetAcceptance, double temperature, Preconditioner? preconditioner) =>
        Aims(name, targetAcceptance, temperature, preconditioner is not null, StepSizeUnit.Diffusion);

    private static TuningAims Dynamical(string name, double targetAcceptance, double temperature, bool hasScale) => Aims(name, targetAcceptance, temperature, hasScale, StepSizeUnit.Time);

    private static TuningAims Aims(string name, double targetAcceptance, double temperature, bool hasScale, StepSizeUnit unit) => temperature > 0 && double.IsFinite(temperature)
        ? new TuningAims(targetAcceptance) { Temperature = temperature, Scale = hasScale ? ScaleSource.Given : ScaleSource.Positions, Unit = unit }
        : throw new ArgumentOutOfRangeException(
            nameof(temperature), temperature, $"'{name}' at temperature 0 descends, and there is no acceptance to find a step size by: give StepSize, or a positive temperature.");

    private static LangevinSettings Settings(KernelTuning tuning, double temperature, Preconditioner? preconditioner) => new(tuning.StepSize, temperature, preconditioner ?? tuning.Preconditioner);

    private static Func<KernelTuning, IKernel> OverdampedTwin(Target target, double temperature, Preconditioner? preconditioner) =>
        tuning => MetropolisLangevin.Create(target, Settings(tuning, temperature, preconditioner));

    private static Func<KernelTuning, IKernel> UnderdampedTwin(Target target, double friction, double temperature, MassMatrix? mass) =>
        tuning => GeneralizedHamiltonian.Create(target, new LangevinTrajectorySettings(Path(tuning, 1, temperature, mass, null), friction));

    private static HamiltonianSettings Path(KernelTuning tuning, int? steps, double temperature, MassMatrix? mass, Integrator? integrator) =>
        new(tuning.StepSize, steps ?? Steps(tuning), temperature, mass ?? tuning.Mass, integrator);

    private static int Steps(KernelTuning tuning) => (int)Math.Clamp(Math.Round((tuning.PathLength ?? 0) / tuning.StepSize), 1, MostSteps);
}
