using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Lae.Kernels;
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
        .AddKernel<HamiltonianOptions>("HMC", (options, target) => HamiltonianMonteCarlo.Create(target, options.ToHamiltonianSettings()))
        .AddKernel<LangevinTrajectoryOptions>("GHMC", (options, target) => GeneralizedHamiltonian.Create(target, options.ToTrajectorySettings()))
        .AddKernel<LangevinTrajectoryOptions>("MALT", (options, target) => MetropolisLangevinTrajectories.Create(target, options.ToTrajectorySettings()))
        .AddKernel<NoUTurnOptions>("NUTS", (options, target) => NoUTurn.Create(target, options.ToSettings()));
}

/// <summary>Options of Hamiltonian Monte Carlo.</summary>
public record HamiltonianOptions
{
    /// <summary>h, positive.</summary>
    [Description("step size h")]
    [Range(1e-12, 1e6)]
    public double StepSize { get; init; } = 0.1;

    /// <summary>L, 1 or more.</summary>
    [Description("integrator steps L to a transition")]
    [Range(1, 1_000_000)]
    public int Steps { get; init; } = 10;

    /// <summary>T, positive.</summary>
    [Description("temperature T; 1 samples the target itself")]
    [Range(1e-12, 1e6)]
    public double Temperature { get; init; } = 1;

    /// <summary>M.</summary>
    [Description("mass matrix M")]
    [DefaultValue("Identity")]
    public MassMatrix Mass { get; init; } = MassMatrix.Identity;

    /// <summary>The integrator.</summary>
    [Description("integrator: Leapfrog, one gradient a step; TwoStage, two")]
    public IntegratorKind Integrator { get; init; } = IntegratorKind.Leapfrog;

    /// <summary>The settings that these options stand for.</summary>
    /// <returns>Checked settings.</returns>
    public HamiltonianSettings ToHamiltonianSettings() => new(StepSize, Steps, Temperature, Mass, Integrator == IntegratorKind.TwoStage ? TwoStage.Integrator : Leapfrog.Integrator);
}

/// <summary>Options of Hamiltonian kernels with friction.</summary>
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
    /// <summary>h, positive.</summary>
    [Description("step size h")]
    [Range(1e-12, 1e6)]
    public double StepSize { get; init; } = 0.1;

    /// <summary>The most doublings.</summary>
    [Description("most doublings of a trajectory")]
    [Range(1, 20)]
    public int MaxDepth { get; init; } = 10;

    /// <summary>T, positive.</summary>
    [Description("temperature T; 1 samples the target itself")]
    [Range(1e-12, 1e6)]
    public double Temperature { get; init; } = 1;

    /// <summary>M.</summary>
    [Description("mass matrix M")]
    [DefaultValue("Identity")]
    public MassMatrix Mass { get; init; } = MassMatrix.Identity;

    /// <summary>The settings that these options stand for.</summary>
    /// <returns>Checked settings.</returns>
    public NoUTurnSettings ToSettings() => new(StepSize, MaxDepth, Temperature, Mass);
}
