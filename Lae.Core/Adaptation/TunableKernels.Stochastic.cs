using Lae.Kernels;
using Lae.Numerics;
using Lae.Targets;

namespace Lae.Adaptation;

/// <content>
/// Kernels with stochastic gradients, of a constant step size. Their twins have the full gradient: what the noise of minibatches adds to the bias is not seen, and asks for a smaller step or for a control variate.
/// </content>
public static partial class TunableKernels
{
    /// <summary>SGLD, by MALA.</summary>
    /// <param name="target">The distribution.</param>
    /// <param name="estimator">How gradients are estimated.</param>
    /// <param name="temperature">T, positive.</param>
    /// <param name="preconditioner">P; found if null.</param>
    /// <param name="targetAcceptance">δ of the twin, in (0, 1).</param>
    /// <returns>A kernel to be tuned.</returns>
    public static TunableKernel<StochasticState> Sgld(
        Target target, IGradientEstimator estimator, double temperature = 1, Preconditioner? preconditioner = null, double targetAcceptance = UnadjustedAcceptance) =>
        Stochastic(
            "SGLD",
            Overdamped("SGLD", targetAcceptance, temperature, preconditioner),
            target,
            estimator,
            tuning => new StochasticGradientLangevin(temperature, preconditioner ?? tuning.Preconditioner),
            OverdampedTwin(target, temperature, preconditioner));

    /// <summary>pSGLD, by MALA with the preconditioner that it has where squared gradients are their mean; that mean is found as the inverse of the scale.</summary>
    /// <param name="target">The distribution.</param>
    /// <param name="estimator">How gradients are estimated.</param>
    /// <param name="temperature">T, positive.</param>
    /// <param name="decay">β, in [0, 1).</param>
    /// <param name="regularization">λ, positive.</param>
    /// <param name="includesGamma">Whether Γ is added.</param>
    /// <param name="targetAcceptance">δ of the twin, in (0, 1).</param>
    /// <returns>A kernel to be tuned.</returns>
    public static TunableKernel<StochasticState> Psgld(
        Target target,
        IGradientEstimator estimator,
        double temperature = 1,
        double decay = 0.99,
        double regularization = 1e-5,
        bool includesGamma = false,
        double targetAcceptance = UnadjustedAcceptance)
    {
        return Stochastic(
            "pSGLD",
            Overdamped("pSGLD", targetAcceptance, temperature, null) with { Scale = ScaleSource.Gradients },
            target,
            estimator,
            _ => new PreconditionedStochasticGradientLangevin(temperature, decay, regularization, includesGamma),
            tuning => MetropolisLangevin.Create(target, new LangevinSettings(tuning.StepSize, temperature, Held(tuning))));

        // G = 1/(λ + √v), v the mean of (g/N)²
        Preconditioner Held(KernelTuning tuning) => tuning.Covariance is null
            ? Preconditioner.Identity
            : Preconditioner.Diagonal(((tuning.Covariance.Sqrt() * (target.Data?.Count ?? 1)).Reciprocal() + regularization).Reciprocal());
    }

    /// <summary>SGHMC, by generalised HMC of one step.</summary>
    /// <param name="target">The distribution.</param>
    /// <param name="estimator">How gradients are estimated.</param>
    /// <param name="friction">α, 0 or more.</param>
    /// <param name="temperature">T, positive.</param>
    /// <param name="gradientNoise">β̂, in [0, αT].</param>
    /// <param name="mass">M; found if null.</param>
    /// <param name="targetAcceptance">δ of the twin, in (0, 1).</param>
    /// <returns>A kernel to be tuned.</returns>
    public static TunableKernel<StochasticState> Sghmc(
        Target target, IGradientEstimator estimator, double friction = 1, double temperature = 1, double gradientNoise = 0, MassMatrix? mass = null, double targetAcceptance = UnadjustedAcceptance) =>
        Stochastic(
            "SGHMC",
            Dynamical("SGHMC", targetAcceptance, temperature, mass is not null),
            target,
            estimator,
            tuning => new StochasticGradientHamiltonian(friction, temperature, gradientNoise, mass ?? tuning.Mass),
            UnderdampedTwin(target, friction, temperature, mass));

    /// <summary>
    /// SGNHT, by generalised HMC of one step of ε = √(2h). SGNHT is of the first order: variances on a Gaussian of 3 dimensions are 4 % too small at h = 0.1, 11 % at 0.2, and at 0.5 the explicit friction runs away; where ε has little bias,
    /// ε²/2 has too.
    /// </summary>
    /// <param name="target">The distribution.</param>
    /// <param name="estimator">How gradients are estimated.</param>
    /// <param name="friction">γ, 0 or more.</param>
    /// <param name="temperature">T, positive.</param>
    /// <param name="thermalMass">μ, positive; the dimension if null.</param>
    /// <param name="mass">M; found if null.</param>
    /// <param name="targetAcceptance">δ of the twin, in (0, 1).</param>
    /// <returns>A kernel to be tuned.</returns>
    public static TunableKernel<StochasticState> Sgnht(
        Target target, IGradientEstimator estimator, double friction = 1, double temperature = 1, double? thermalMass = null, MassMatrix? mass = null, double targetAcceptance = UnadjustedAcceptance)
    {
        Func<KernelTuning, IKernel> twin = UnderdampedTwin(target, friction, temperature, mass);
        return Stochastic(
            "SGNHT",
            Dynamical("SGNHT", targetAcceptance, temperature, mass is not null) with { Unit = StepSizeUnit.Diffusion },
            target,
            estimator,
            tuning => new StochasticGradientNoseHoover(new ThermostatSettings(friction, temperature, thermalMass, mass ?? tuning.Mass)),
            tuning => twin(tuning.WithStepSize(Math.Sqrt(2 * tuning.StepSize))));
    }

    /// <summary>BADODAB, by generalised HMC of one step.</summary>
    /// <param name="target">The distribution.</param>
    /// <param name="estimator">How gradients are estimated.</param>
    /// <param name="friction">γ, 0 or more.</param>
    /// <param name="temperature">T, positive.</param>
    /// <param name="thermalMass">μ, positive; the dimension if null.</param>
    /// <param name="mass">M; found if null.</param>
    /// <param name="targetAcceptance">δ of the twin, in (0, 1).</param>
    /// <returns>A kernel to be tuned.</returns>
    public static TunableKernel<StochasticState> Badodab(
        Target target, IGradientEstimator estimator, double friction = 1, double temperature = 1, double? thermalMass = null, MassMatrix? mass = null, double targetAcceptance = UnadjustedAcceptance) =>
        Stochastic(
            "BADODAB",
            Dynamical("BADODAB", targetAcceptance, temperature, mass is not null),
            target,
            estimator,
            tuning => new Badodab(new ThermostatSettings(friction, temperature, thermalMass, mass ?? tuning.Mass)),
            UnderdampedTwin(target, friction, temperature, mass));

    private static TunableKernel<StochasticState> Stochastic(
        string name, TuningAims aims, Target target, IGradientEstimator estimator, Func<KernelTuning, StochasticDynamics> dynamics, Func<KernelTuning, IKernel> twin) =>
        new(name, aims with { IsUnadjusted = true }, tuning => StochasticGradient.Create(target, dynamics(tuning), estimator, new ConstantSchedule(tuning.StepSize)), twin);
}
