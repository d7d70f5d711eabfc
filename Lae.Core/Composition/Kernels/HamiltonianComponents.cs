using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Lae.Adaptation;
using Lae.Kernels;
using Lae.Targets;
using Microsoft.Extensions.DependencyInjection;

namespace Lae.Composition;

/// <summary>The integrators that a configuration can name.</summary>
public enum IntegratorKind
{
    /// <summary>Velocity Verlet, one gradient a step.</summary>
    Leapfrog,

    /// <summary>The two-stage integrator of least error, two gradients a step.</summary>
    TwoStage,
}

/// <summary>The Hamiltonian kernels, by the names that configuration uses.</summary>
public static class HamiltonianComponents
{
    /// <summary>Registers them.</summary>
    /// <param name="services">Where components are registered.</param>
    /// <returns>The same services.</returns>
    public static IServiceCollection AddHamiltonianKernels(this IServiceCollection services) => services
        .AddKernel<HamiltonianOptions>(
            "HMC",
            (options, target) => HamiltonianMonteCarlo.Create(target, options.ToHamiltonianSettings()),
            (options, target) => options.IsOpen ? TunableKernels.Hmc(target, options.Steps, options.Temperature, options.Mass, options.ToIntegrator()) : null)
        .AddKernel<LangevinTrajectoryOptions>(
            "GHMC",
            (options, target) => GeneralizedHamiltonian.Create(target, options.ToTrajectorySettings()),
            (options, target) => options.IsOpen ? TunableKernels.Ghmc(target, options.Steps ?? 1, options.Friction, options.Temperature, options.Mass, options.ToIntegrator()) : null)
        .AddKernel<AdjustedTrajectoryOptions>(
            "MALT",
            (options, target) => MetropolisLangevinTrajectories.Create(target, options.ToTrajectorySettings()),
            (options, target) => options.IsOpen ? TunableKernels.Malt(target, options.Steps, options.Friction, options.Temperature, options.Mass, options.ToIntegrator()) : null)
        .AddKernel<NoUTurnOptions>(
            "NUTS",
            (options, target) => NoUTurn.Create(target, options.ToSettings()),
            (options, target) => options.StepSize is null ? TunableKernels.Nuts(target, options.MaxDepth, options.Temperature, options.Mass) : null);
}

/// <summary>Options of Hamiltonian Monte Carlo.</summary>
public record HamiltonianOptions
{
    /// <summary>h, positive; null leaves it to a warm-up, and is 0.1 without one.</summary>
    [Description("step size h; found by the warm-up if left out (0.1 without one)")]
    [Range(1e-12, 1e6)]
    public double? StepSize { get; init; }

    /// <summary>L, 1 or more; null leaves it to a warm-up where the step size is left to it (for GHMC it is 1 then), and is 10 else.</summary>
    [Description("integrator steps L to a transition; 10 if left out, or found by the warm-up where the step size is (GHMC: 1)")]
    [Range(1, 1_000_000)]
    public int? Steps { get; init; }

    /// <summary>T, positive.</summary>
    [Description("temperature T; 1 samples the target itself")]
    [Range(1e-12, 1e6)]
    public double Temperature { get; init; } = 1;

    /// <summary>M; null leaves it to a warm-up where the step size is left to it, and is the identity else.</summary>
    [Description("mass matrix M; the identity if left out, or found by the warm-up where the step size is")]
    public MassMatrix? Mass { get; init; }

    /// <summary>The integrator.</summary>
    [Description("integrator: Leapfrog, one gradient a step; TwoStage, two")]
    public IntegratorKind Integrator { get; init; } = IntegratorKind.Leapfrog;

    /// <summary>The settings that these options stand for.</summary>
    /// <returns>Checked settings.</returns>
    public HamiltonianSettings ToHamiltonianSettings() => new(StepSize ?? KernelComponents.OpenStepSize, Steps ?? 10, Temperature, Mass, ToIntegrator());

    /// <summary>Whether settings are left to a warm-up.</summary>
    internal bool IsOpen => StepSize is null;

    /// <summary>The integrator.</summary>
    internal Integrator ToIntegrator() => Integrator == IntegratorKind.TwoStage ? TwoStage.Integrator : Leapfrog.Integrator;
}

/// <summary>Options of Metropolis-adjusted Langevin trajectories.</summary>
public sealed record AdjustedTrajectoryOptions : HamiltonianOptions
{
    /// <summary>γ, 0 or more; the default is that of <see cref="TunableKernels.Malt"/>.</summary>
    [Description("friction, per unit of time")]
    [Range(0.0, 1e12)]
    public double Friction { get; init; } = 0.5;

    /// <summary>The settings that these options stand for.</summary>
    /// <returns>Checked settings.</returns>
    public LangevinTrajectorySettings ToTrajectorySettings() => new(ToHamiltonianSettings(), Friction);
}

/// <summary>Options of generalised HMC.</summary>
public sealed record LangevinTrajectoryOptions : HamiltonianOptions
{
    /// <summary>γ, 0 or more.</summary>
    [Description("friction, per unit of time")]
    [Range(0.0, 1e12)]
    public double Friction { get; init; } = 1;

    /// <summary>The settings that these options stand for.</summary>
    /// <returns>Checked settings.</returns>
    public LangevinTrajectorySettings ToTrajectorySettings() => new(ToHamiltonianSettings(), Friction);
}

/// <summary>Options of the no-U-turn sampler.</summary>
public sealed record NoUTurnOptions
{
    /// <summary>h, positive; null leaves it to a warm-up, and is 0.1 without one.</summary>
    [Description("step size h; found by the warm-up if left out (0.1 without one)")]
    [Range(1e-12, 1e6)]
    public double? StepSize { get; init; }

    /// <summary>The most doublings.</summary>
    [Description("most doublings of a trajectory")]
    [Range(1, 20)]
    public int MaxDepth { get; init; } = 10;

    /// <summary>T, positive.</summary>
    [Description("temperature T; 1 samples the target itself")]
    [Range(1e-12, 1e6)]
    public double Temperature { get; init; } = 1;

    /// <summary>M; null leaves it to a warm-up where the step size is left to it, and is the identity else.</summary>
    [Description("mass matrix M; the identity if left out, or found by the warm-up where the step size is")]
    public MassMatrix? Mass { get; init; }

    /// <summary>The settings that these options stand for.</summary>
    /// <returns>Checked settings.</returns>
    public NoUTurnSettings ToSettings() => new(StepSize ?? KernelComponents.OpenStepSize, MaxDepth, Temperature, Mass);
}
