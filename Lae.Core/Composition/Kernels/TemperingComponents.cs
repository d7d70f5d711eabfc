using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Lae.Adaptation;
using Lae.Kernels;
using Lae.Numerics;
using Lae.Targets;
using Microsoft.Extensions.DependencyInjection;

namespace Lae.Composition;

/// <summary>Replica exchange and annealed Langevin dynamics, by the names that configuration uses.</summary>
public static class TemperingComponents
{
    /// <summary>Registers them.</summary>
    /// <param name="services">Where components are registered.</param>
    /// <returns>The same services.</returns>
    public static IServiceCollection AddTemperingKernels(this IServiceCollection services) => services
        .AddKernel<ReplicaExchangeOptions>("ReplicaExchange", static (options, target) => options.Create(target), static (options, target) => options.ToTunable(target))
        .AddKernel<AnnealedLangevinOptions>(
            "AnnealedLangevin",
            static (options, target) => AnnealedLangevin.Create(target, options.Temperatures, options.StepSize ?? KernelComponents.OpenStepSize, options.Transitions, options.Preconditioner),
            static (options, target) => options.StepSize is null ? TunableKernels.AnnealedLangevin(target, options.Temperatures, options.Transitions, options.Preconditioner) : null);
}

/// <summary>Options of replica exchange.</summary>
public sealed record ReplicaExchangeOptions : IValidatableObject
{
    /// <summary>The kernel of every replica.</summary>
    [Description("the kernel of every replica, made for T = 1; at temperature T it works on x/√T, so that its step size suits every replica")]
    [Required]
    public IKernelFactory Kernel { get; init; } = null!;

    /// <summary>T_1 … T_K; null leaves them to a warm-up, which spaces four from 1 to 8, and is 1, 2, 4, 8 without one.</summary>
    [Description("temperatures of the replicas, from 1 rising; if left out four from 1 to 8, spaced by the warm-up (1, 2, 4, 8 without one)")]
    [MinLength(2)]
    [Range(1.0, 1e9)]
    public double[]? Temperatures { get; init; }

    private static double[] OpenTemperatures => [1, 2, 4, 8];

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) =>
        Temperatures is null || (Temperatures[0] == 1 && Temperatures.Zip(Temperatures.Skip(1)).All(pair => pair.First < pair.Second))
            ? []
            : [new ValidationResult("temperatures must begin with 1 and rise", [nameof(Temperatures)])];

    /// <summary>
    /// Replica exchange over kernels of positions. The temperature is put into the target, since a configured kernel need not have one, and the scale √T into the variables: for ULA that is temperature T, step for step.
    /// </summary>
    internal IKernel Create(Target target) => ReplicaExchange.Create(Temperatures ?? OpenTemperatures, temperature => Replica(target, temperature, Kernel.Create));

    /// <summary>The kernel with its open settings: those of the kernel of the replicas, and the ladder; null if nothing is open.</summary>
    internal ITunableKernel? ToTunable(Target target)
    {
        ITunableKernel? inner = Kernel.Tunable(target);
        return inner is null && Temperatures is not null
            ? null
            : new TunableReplicaExchange(
                inner,
                Temperatures ?? OpenTemperatures,
                Temperatures is null,
                (tuning, temperature) => Replica(target, temperature, of => Kernel.Tunable(of)?.Create(tuning) ?? Kernel.Create(of)),
                (tuning, temperature) => Replica(target, temperature, of => Kernel.Tunable(of)?.CreateDeciding(tuning) ?? Kernel.Create(of)));
    }

    private static Kernel<PositionState> Replica(Target target, double temperature, Func<Target, IKernel> kernel)
    {
        if (temperature == 1)
        {
            return KernelMeeting.OnPosition(kernel(target));
        }

        Tensor scale = Tensor.Full(Math.Sqrt(temperature), new Shape(target.Dimension), target.DType);
        Bijection map = Bijection.Affine(Tensor.Zeros(scale.Shape, scale.DType), scale);
        return KernelMeeting.OnPosition(CombinatorComponents.Through(target.Temper(temperature), map, kernel), temperature);
    }
}

/// <summary>Options of annealed Langevin dynamics.</summary>
public sealed record AnnealedLangevinOptions
{
    /// <summary>h, positive; null leaves it to a warm-up, and is 0.1 without one.</summary>
    [Description("step size h; at temperature T it moves as h T does on the tempered target; found by the warm-up at the last temperature if left out (0.1 without one)")]
    [Range(1e-12, 1e6)]
    public double? StepSize { get; init; }

    /// <summary>T of each stage.</summary>
    [Description("temperatures of the stages, such as falling to 1")]
    [MinLength(1)]
    [Range(0.0, 1e9)]
    public double[] Temperatures { get; init; } = [8, 4, 2, 1];

    /// <summary>Transitions of each stage; the last goes on for ever.</summary>
    [Description("transitions at each temperature; the last goes on for ever")]
    [Range(1, int.MaxValue)]
    public int Transitions { get; init; } = 100;

    /// <summary>P; null leaves it to a warm-up where the step size is left to it, and is the identity else.</summary>
    [Description("preconditioner P; the identity if left out, or found by the warm-up where the step size is")]
    public Preconditioner? Preconditioner { get; init; }
}
