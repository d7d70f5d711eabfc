using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Lae.Adaptation;
using Lae.Kernels;
using Lae.Numerics;
using Lae.Targets;
using Microsoft.Extensions.DependencyInjection;

namespace Lae.Composition;

/// <summary>
/// The kernels with stochastic gradients, their gradient estimators and schedules, by the names that configuration uses. Minibatches need a target that knows its data
/// (<see cref="Target.Data"/>); the estimator "Full" works on any.
/// </summary>
public static class StochasticGradientComponents
{
    /// <summary>Registers them.</summary>
    /// <param name="services">Where components are registered.</param>
    /// <returns>The same services.</returns>
    public static IServiceCollection AddStochasticGradientKernels(this IServiceCollection services) => services
        .AddComponent<IStepSchedule, ConstantScheduleOptions>("Constant", options => options.StepSize is { } stepSize ? new ConstantSchedule(stepSize) : OpenSchedule.Instance)
        .AddComponent<IStepSchedule, PolynomialScheduleOptions>("Polynomial", options => new PolynomialSchedule(options.Scale, options.Offset, options.Power))
        .AddComponent<IStepSchedule, CyclicalScheduleOptions>("Cyclical", options => new CyclicalSchedule(options.StepSize, options.Transitions, options.Cycles))
        .AddComponent<IGradientEstimator, NoOptions>("Full", _ => new FullGradient())
        .AddComponent<IGradientEstimator, MinibatchOptions>("Minibatch", options => new MinibatchGradient(options.BatchSize, options.WithReplacement))
        .AddComponent<IGradientEstimator, ControlVariateOptions>("ControlVariate", options => new ControlVariateGradient(Tensor.FromArray([.. options.Centre]), options.BatchSize))
        .AddComponent<IGradientEstimator, VarianceReducedOptions>("SVRG", options => new VarianceReducedGradient(options.BatchSize, options.AnchorEvery))
        .AddKernel<StochasticLangevinOptions>("SGLD", (options, target) => options.Create(
            target, new StochasticGradientLangevin(options.Temperature, options.Preconditioner)), (options, target) => options.IsOpen
                ? TunableKernels.Sgld(target, options.Estimator, options.Temperature, options.Preconditioner)
                : null)
        .AddKernel<AdaptivelyPreconditionedOptions>("pSGLD", (options, target) => options.Create(
            target, new PreconditionedStochasticGradientLangevin(options.Temperature, options.Decay, options.Regularization, options.IncludeGamma)), (options, target) => options.IsOpen
                ? TunableKernels.Psgld(target, options.Estimator, options.Temperature, options.Decay, options.Regularization, options.IncludeGamma)
                : null)
        .AddKernel<StochasticHamiltonianOptions>("SGHMC", (options, target) => options.Create(
            target, new StochasticGradientHamiltonian(options.Friction, options.Temperature, options.GradientNoise, options.Mass)), (options, target) => options.IsOpen
                ? TunableKernels.Sghmc(target, options.Estimator, options.Friction, options.Temperature, options.GradientNoise, options.Mass)
                : null)
        .AddKernel<ThermostatOptions>("SGNHT", (options, target) => options.Create(target, new StochasticGradientNoseHoover(options.ToSettings())), (options, target) => options.IsOpen
            ? TunableKernels.Sgnht(target, options.Estimator, options.Friction, options.Temperature, options.ThermalMass, options.Mass)
            : null)
        .AddKernel<ThermostatOptions>("BADODAB", (options, target) => options.Create(target, new Badodab(options.ToSettings())), (options, target) => options.IsOpen
            ? TunableKernels.Badodab(target, options.Estimator, options.Friction, options.Temperature, options.ThermalMass, options.Mass)
            : null);
}

/// <summary>A constant step size that is left to a warm-up; 0.01 without one.</summary>
internal sealed class OpenSchedule : IStepSchedule
{
    public static OpenSchedule Instance { get; } = new();

    public double Largest => 0.01;

    public double At(long transition) => Largest;
}

/// <summary>Options of a constant step size.</summary>
public sealed record ConstantScheduleOptions
{
    /// <summary>h, positive; null leaves it to a warm-up, and is 0.01 without one.</summary>
    [Description("step size h; found by the warm-up if left out (0.01 without one)")]
    [Range(1e-12, 1e6)]
    public double? StepSize { get; init; }
}

/// <summary>Options of step sizes that decrease by a power.</summary>
public sealed record PolynomialScheduleOptions
{
    /// <summary>a, positive.</summary>
    [Description("a of h = a (b + k)^-γ")]
    [Range(1e-12, 1e6)]
    public double Scale { get; init; } = 0.01;

    /// <summary>b, positive.</summary>
    [Description("b of h = a (b + k)^-γ")]
    [Range(1e-12, 1e12)]
    public double Offset { get; init; } = 1;

    /// <summary>γ, in (0, 1].</summary>
    [Description("γ of h = a (b + k)^-γ")]
    [Range(1e-6, 1.0)]
    public double Power { get; init; } = 0.55;
}

/// <summary>Options of cyclical step sizes.</summary>
public sealed record CyclicalScheduleOptions
{
    /// <summary>h_0, positive.</summary>
    [Description("the step size that each cycle begins with")]
    [Range(1e-12, 1e6)]
    public double StepSize { get; init; } = 0.01;

    /// <summary>K, 1 or more.</summary>
    [Description("transitions of the run")]
    [Range(1, int.MaxValue)]
    public int Transitions { get; init; } = 1000;

    /// <summary>M, in [1, K].</summary>
    [Description("cycles of the run")]
    [Range(1, int.MaxValue)]
    public int Cycles { get; init; } = 4;
}

/// <summary>Options of the gradient over a minibatch.</summary>
public sealed record MinibatchOptions
{
    /// <summary>n, 1 or more.</summary>
    [Description("data of a minibatch")]
    [Range(1, int.MaxValue)]
    public int BatchSize { get; init; } = 32;

    /// <summary>Whether a datum can be drawn more than once.</summary>
    [Description("whether a datum can be drawn more than once")]
    public bool WithReplacement { get; init; }
}

/// <summary>Options of the gradient with a control variate at a centre.</summary>
public sealed record ControlVariateOptions
{
    /// <summary>c, a number for each dimension.</summary>
    [Description("the centre, best the mode of the posterior")]
    [MinLength(1)]
    public double[] Centre { get; init; } = [0];

    /// <summary>n, 1 or more.</summary>
    [Description("data of a minibatch")]
    [Range(1, int.MaxValue)]
    public int BatchSize { get; init; } = 32;
}

/// <summary>Options of the stochastic variance-reduced gradient.</summary>
public sealed record VarianceReducedOptions
{
    /// <summary>n, 1 or more.</summary>
    [Description("data of a minibatch")]
    [Range(1, int.MaxValue)]
    public int BatchSize { get; init; } = 32;

    /// <summary>m, 1 or more.</summary>
    [Description("transitions between two full gradients")]
    [Range(1, int.MaxValue)]
    public int AnchorEvery { get; init; } = 100;
}

/// <summary>Options that every kernel with stochastic gradients has.</summary>
public abstract record StochasticGradientOptions
{
    /// <summary>The step size of every transition.</summary>
    [Description("the step size of every transition")]
    [DefaultValue("Constant")]
    public IStepSchedule Schedule { get; init; } = OpenSchedule.Instance;

    /// <summary>How the gradient is estimated.</summary>
    [Description("how the gradient is estimated; all but Full need a target with data")]
    [DefaultValue("Full")]
    public IGradientEstimator Estimator { get; init; } = new FullGradient();

    /// <summary>T, 0 or more.</summary>
    [Description("temperature T; 1 samples the target itself")]
    [Range(0.0, 1e6)]
    public double Temperature { get; init; } = 1;

    /// <summary>Whether settings are left to a warm-up.</summary>
    internal bool IsOpen => Schedule is OpenSchedule;

    /// <summary>The kernel of these options.</summary>
    internal IKernel Create(Target target, StochasticDynamics dynamics) => StochasticGradient.Create(target, dynamics, Estimator, Schedule);
}

/// <summary>Options of SGLD.</summary>
public sealed record StochasticLangevinOptions : StochasticGradientOptions
{
    /// <summary>P; null leaves it to a warm-up where the step size is left to it, and is the identity else.</summary>
    [Description("preconditioner P; the identity if left out, or found by the warm-up where the step size is")]
    public Preconditioner? Preconditioner { get; init; }
}

/// <summary>Options of pSGLD.</summary>
public sealed record AdaptivelyPreconditionedOptions : StochasticGradientOptions
{
    /// <summary>β, in [0, 1).</summary>
    [Description("how slowly the mean of squared gradients forgets")]
    [Range(0.0, 0.999999)]
    public double Decay { get; init; } = 0.99;

    /// <summary>λ, positive.</summary>
    [Description("λ of the preconditioner 1/(λ + √v)")]
    [Range(1e-12, 1e6)]
    public double Regularization { get; init; } = 1e-5;

    /// <summary>Whether Γ is added.</summary>
    [Description("whether Γ is added, at two more estimates for each dimension")]
    public bool IncludeGamma { get; init; }
}

/// <summary>Options of kernels with a momentum.</summary>
public abstract record StochasticMomentumOptions : StochasticGradientOptions
{
    /// <summary>Friction, 0 or more.</summary>
    [Description("friction, per unit of time")]
    [Range(0.0, 1e6)]
    public double Friction { get; init; } = 1;

    /// <summary>M; null leaves it to a warm-up where the step size is left to it, and is the identity else.</summary>
    [Description("mass matrix M; the identity if left out, or found by the warm-up where the step size is")]
    public MassMatrix? Mass { get; init; }
}

/// <summary>Options of SGHMC.</summary>
public sealed record StochasticHamiltonianOptions : StochasticMomentumOptions
{
    /// <summary>β̂, 0 or more.</summary>
    [Description("β, half of h times the variance of the estimate's own noise; at most friction times temperature")]
    [Range(0.0, 1e6)]
    public double GradientNoise { get; init; }
}

/// <summary>Options of kernels with a thermostat.</summary>
public sealed record ThermostatOptions : StochasticMomentumOptions
{
    /// <summary>μ, positive; null for the dimension.</summary>
    [Description("thermal mass μ; the dimension if left out")]
    [Range(1e-12, 1e300)]
    public double? ThermalMass { get; init; }

    /// <summary>The settings that these options stand for.</summary>
    /// <returns>Checked settings.</returns>
    public ThermostatSettings ToSettings() => new(Friction, Temperature, ThermalMass, Mass);
}
