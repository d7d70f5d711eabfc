using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Lae.Kernels;
using Microsoft.Extensions.DependencyInjection;

namespace Lae.Composition;

/// <summary>The microcanonical kernels, by the names that configuration uses.</summary>
public static class MicrocanonicalComponents
{
    /// <summary>Registers them.</summary>
    /// <param name="services">Where components are registered.</param>
    /// <returns>The same services.</returns>
    public static IServiceCollection AddMicrocanonicalKernels(this IServiceCollection services) => services
        .AddKernel<MicrocanonicalOptions>("MCLMC", (options, target) => MicrocanonicalLangevin.Create(target, options.ToSettings()))
        .AddKernel<AdjustedMicrocanonicalOptions>("AdjustedMCLMC", (options, target) => AdjustedMicrocanonical.Create(target, options.ToSettings()));
}

/// <summary>Options of microcanonical Langevin.</summary>
public sealed record MicrocanonicalOptions
{
    /// <summary>ε, positive.</summary>
    [Description("step size ε, the length of a step in preconditioned coordinates")]
    [Range(1e-12, 1e6)]
    public double StepSize { get; init; } = 0.5;

    /// <summary>L, positive.</summary>
    [Description("decoherence length L: how far a chain goes until its direction is forgotten; about the square root of the dimension where P is the covariance")]
    [Range(1e-12, 1e12)]
    public double DecoherenceLength { get; init; } = 10;

    /// <summary>T, positive.</summary>
    [Description("temperature T; 1 samples the target itself")]
    [Range(1e-12, 1e6)]
    public double Temperature { get; init; } = 1;

    /// <summary>P.</summary>
    [Description("preconditioner P; the target's variances are good")]
    [DefaultValue("Identity")]
    public Preconditioner Preconditioner { get; init; } = Preconditioner.Identity;

    /// <summary>How a step is divided.</summary>
    [Description("integrator: MinimalNorm (two gradients a step) or Leapfrog (one)")]
    public IsokineticIntegrator Integrator { get; init; } = IsokineticIntegrator.MinimalNorm;

    /// <summary>The settings that these options stand for.</summary>
    /// <returns>Checked settings.</returns>
    public MicrocanonicalSettings ToSettings() => new(StepSize, DecoherenceLength, Temperature, Preconditioner, Integrator);
}

/// <summary>Options of the adjusted microcanonical sampler.</summary>
public sealed record AdjustedMicrocanonicalOptions
{
    /// <summary>ε, positive.</summary>
    [Description("step size ε, the length of a step in preconditioned coordinates")]
    [Range(1e-12, 1e6)]
    public double StepSize { get; init; } = 0.5;

    /// <summary>N.</summary>
    [Description("steps of a trajectory, or their mean where its length is random")]
    [Range(1, 1_000_000)]
    public int Steps { get; init; } = 10;

    /// <summary>Whether each chain draws the number of its steps.</summary>
    [Description("whether each chain draws the number of its steps, uniform on 1 … 2 Steps − 1")]
    public bool RandomLength { get; init; } = true;

    /// <summary>T, positive.</summary>
    [Description("temperature T; 1 samples the target itself")]
    [Range(1e-12, 1e6)]
    public double Temperature { get; init; } = 1;

    /// <summary>P.</summary>
    [Description("preconditioner P; the target's variances are good")]
    [DefaultValue("Identity")]
    public Preconditioner Preconditioner { get; init; } = Preconditioner.Identity;

    /// <summary>How a step is divided.</summary>
    [Description("integrator: MinimalNorm (two gradients a step) or Leapfrog (one)")]
    public IsokineticIntegrator Integrator { get; init; } = IsokineticIntegrator.MinimalNorm;

    /// <summary>The settings that these options stand for.</summary>
    /// <returns>Checked settings.</returns>
    public AdjustedMicrocanonicalSettings ToSettings() => new(StepSize, Steps, RandomLength, Temperature, Preconditioner, Integrator);
}
