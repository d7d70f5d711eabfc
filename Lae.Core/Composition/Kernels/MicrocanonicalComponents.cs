using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Lae.Adaptation;
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
        .AddKernel<MicrocanonicalOptions>(
            "MCLMC",
            (options, target) => MicrocanonicalLangevin.Create(target, options.ToSettings()),
            (options, target) => options.StepSize is null ? new TunableMicrocanonical(target, options.DecoherenceLength, options.Temperature, options.Preconditioner, options.Integrator) : null)
        .AddKernel<AdjustedMicrocanonicalOptions>(
            "AdjustedMCLMC",
            (options, target) => AdjustedMicrocanonical.Create(target, options.ToSettings()),
            (options, target) => options.StepSize is null
                ? TunableKernels.AdjustedMclmc(target, options.Steps, options.RandomLength, options.Temperature, options.Preconditioner, options.Integrator)
                : null);
}

/// <summary>Options of microcanonical Langevin.</summary>
public sealed record MicrocanonicalOptions
{
    internal const double OpenStepSize = 0.5;

    /// <summary>ε, positive; null leaves it to a warm-up, and is 0.5 without one.</summary>
    [Description("step size ε, the length of a step in preconditioned coordinates; found by the warm-up if left out (0.5 without one)")]
    [Range(1e-12, 1e6)]
    public double? StepSize { get; init; }

    /// <summary>L, positive; null leaves it to a warm-up where the step size is left to it, and is 10 else.</summary>
    [Description("decoherence length L: how far a chain goes until its direction is forgotten; about the square root of the dimension where P is the covariance; 10 if left out, or found by the warm-up where the step size is")]
    [Range(1e-12, 1e12)]
    public double? DecoherenceLength { get; init; }

    /// <summary>T, positive.</summary>
    [Description("temperature T; 1 samples the target itself")]
    [Range(1e-12, 1e6)]
    public double Temperature { get; init; } = 1;

    /// <summary>P.</summary>
    [Description("preconditioner P; the identity if left out, or found by the warm-up where the step size is")]
    public Preconditioner? Preconditioner { get; init; }

    /// <summary>How a step is divided.</summary>
    [Description("integrator: MinimalNorm (two gradients a step) or Leapfrog (one)")]
    public IsokineticIntegrator Integrator { get; init; } = IsokineticIntegrator.MinimalNorm;

    /// <summary>The settings that these options stand for.</summary>
    /// <returns>Checked settings.</returns>
    public MicrocanonicalSettings ToSettings() => new(StepSize ?? OpenStepSize, DecoherenceLength ?? 10, Temperature, Preconditioner, Integrator);
}

/// <summary>Options of the adjusted microcanonical sampler.</summary>
public sealed record AdjustedMicrocanonicalOptions
{
    /// <summary>ε, positive; null leaves it to a warm-up, and is 0.5 without one.</summary>
    [Description("step size ε, the length of a step in preconditioned coordinates; found by the warm-up if left out (0.5 without one)")]
    [Range(1e-12, 1e6)]
    public double? StepSize { get; init; }

    /// <summary>N; null leaves it to a warm-up where the step size is left to it, and is 10 else.</summary>
    [Description("steps of a trajectory, or their mean where its length is random; 10 if left out, or found by the warm-up where the step size is")]
    [Range(1, 1_000_000)]
    public int? Steps { get; init; }

    /// <summary>Whether each chain draws the number of its steps.</summary>
    [Description("whether each chain draws the number of its steps, uniform on 1 … 2 Steps − 1")]
    public bool RandomLength { get; init; } = true;

    /// <summary>T, positive.</summary>
    [Description("temperature T; 1 samples the target itself")]
    [Range(1e-12, 1e6)]
    public double Temperature { get; init; } = 1;

    /// <summary>P.</summary>
    [Description("preconditioner P; the identity if left out, or found by the warm-up where the step size is")]
    public Preconditioner? Preconditioner { get; init; }

    /// <summary>How a step is divided.</summary>
    [Description("integrator: MinimalNorm (two gradients a step) or Leapfrog (one)")]
    public IsokineticIntegrator Integrator { get; init; } = IsokineticIntegrator.MinimalNorm;

    /// <summary>The settings that these options stand for.</summary>
    /// <returns>Checked settings.</returns>
    public AdjustedMicrocanonicalSettings ToSettings() => new(StepSize ?? MicrocanonicalOptions.OpenStepSize, Steps ?? 10, RandomLength, Temperature, Preconditioner, Integrator);
}
