using Lae.Kernels;
using Lae.Targets;

namespace Lae.Adaptation;

/// <summary>
/// The kernels of the catalogue that decide, with their settings open, each with the acceptance at which it is near its best. Trajectories are a quarter of a period long, π/2 in the coordinates in which the target has variance 1.
/// </summary>
public static class TunableKernels
{
    private const double QuarterPeriod = Math.PI / 2;

    /// <summary>MALA; 0.574 is the optimum in many dimensions (Roberts and Rosenthal, 1998).</summary>
    /// <param name="target">The distribution.</param>
    /// <param name="targetAcceptance">δ, in (0, 1).</param>
    /// <returns>A kernel to be tuned.</returns>
    public static TunableKernel<LangevinState> Mala(Target target, double targetAcceptance = 0.574) =>
        new("MALA", targetAcceptance, tuning => MetropolisLangevin.Create(target, new LangevinSettings(tuning.StepSize, 1, tuning.Preconditioner)));

    /// <summary>Barker; 0.4 as its authors advise (Livingstone and Zanella, 2022).</summary>
    /// <param name="target">The distribution.</param>
    /// <param name="targetAcceptance">δ, in (0, 1).</param>
    /// <returns>A kernel to be tuned.</returns>
    public static TunableKernel<LangevinState> Barker(Target target, double targetAcceptance = 0.4) =>
        new("Barker", targetAcceptance, tuning => Kernels.Barker.Create(target, new LangevinSettings(tuning.StepSize, 1, tuning.Preconditioner)));

    /// <summary>HMC with the leapfrog.</summary>
    /// <param name="target">The distribution.</param>
    /// <param name="targetAcceptance">δ, in (0, 1).</param>
    /// <returns>A kernel to be tuned.</returns>
    public static TunableKernel<LangevinState> Hmc(Target target, double targetAcceptance = 0.8) =>
        new("HMC", targetAcceptance, tuning => HamiltonianMonteCarlo.Create(target, Path(tuning)));

    /// <summary>MALT, with friction 1 in the coordinates of variance 1.</summary>
    /// <param name="target">The distribution.</param>
    /// <param name="targetAcceptance">δ, in (0, 1).</param>
    /// <returns>A kernel to be tuned.</returns>
    public static TunableKernel<LangevinState> Malt(Target target, double targetAcceptance = 0.8) =>
        new("MALT", targetAcceptance, tuning => MetropolisLangevinTrajectories.Create(target, new LangevinTrajectorySettings(Path(tuning), 1)));

    /// <summary>Generalised HMC of one step, with friction 1: rejections turn the momentum round, so that they must be rare.</summary>
    /// <param name="target">The distribution.</param>
    /// <param name="targetAcceptance">δ, in (0, 1).</param>
    /// <returns>A kernel to be tuned.</returns>
    public static TunableKernel<UnderdampedState> Ghmc(Target target, double targetAcceptance = 0.9) =>
        new("GHMC", targetAcceptance, tuning => GeneralizedHamiltonian.Create(target, new LangevinTrajectorySettings(new HamiltonianSettings(tuning.StepSize, 1, 1, tuning.Mass), 1)));

    /// <summary>NUTS; 0.8 as in Stan.</summary>
    /// <param name="target">The distribution.</param>
    /// <param name="targetAcceptance">δ, in (0, 1).</param>
    /// <returns>A kernel to be tuned.</returns>
    public static TunableKernel<LangevinState> Nuts(Target target, double targetAcceptance = 0.8) =>
        new("NUTS", targetAcceptance, tuning => NoUTurn.Create(target, new NoUTurnSettings(tuning.StepSize, mass: tuning.Mass)));

    private static HamiltonianSettings Path(KernelTuning tuning) =>
        new(tuning.StepSize, (int)Math.Clamp(Math.Round(QuarterPeriod / tuning.StepSize), 1, 1000), 1, tuning.Mass);
}
