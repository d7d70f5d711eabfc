using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
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
        .AddKernel<ReplicaExchangeOptions>("ReplicaExchange", static (options, target) => options.Create(target))
        .AddKernel<AnnealedLangevinOptions>("AnnealedLangevin", static (options, target) => AnnealedLangevin.Create(
            target, options.Temperatures, options.StepSize, options.Transitions, options.Preconditioner));
}

/// <summary>Options of replica exchange.</summary>
public sealed record ReplicaExchangeOptions : IValidatableObject
{
    /// <summary>The kernel of every replica.</summary>
    [Description("the kernel of every replica, made for T = 1; at temperature T it works on x/√T, so that its step size suits every replica")]
    [Required]
    public IKernelFactory Kernel { get; init; } = null!;

    /// <summary>T_1 … T_K.</summary>
    [Description("temperatures of the replicas, from 1 rising")]
    [MinLength(2)]
    [Range(1.0, 1e9)]
    public double[] Temperatures { get; init; } = [1, 2, 4, 8];

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) =>
        Temperatures[0] == 1 && Temperatures.Zip(Temperatures.Skip(1)).All(pair => pair.First < pair.Second)
            ? []
            : [new ValidationResult("temperatures must begin with 1 and rise", [nameof(Temperatures)])];

    /// <summary>
    /// Replica exchange over kernels of positions. The temperature is put into the target, since a configured kernel need not have one, and the scale √T into the variables: for ULA that is temperature T, step for step.
    /// </summary>
    internal IKernel Create(Target target)
    {
        return ReplicaExchange.Create(Temperatures, Replica);

        Kernel<PositionState> Replica(double temperature)
        {
            Target tempered = target.Temper(temperature);
            Tensor scale = Tensor.Full(Math.Sqrt(temperature), new Shape(target.Dimension), target.DType);
            Bijection map = Bijection.Affine(Tensor.Zeros(scale.Shape, scale.DType), scale);
            IKernel moving = temperature == 1 ? Kernel.Create(target) : CombinatorComponents.Through(tempered, map, Kernel);
            return KernelMeeting.OnPosition(moving).Untempered(temperature);
        }
    }
}

/// <summary>Options of annealed Langevin dynamics.</summary>
public sealed record AnnealedLangevinOptions
{
    /// <summary>h, positive.</summary>
    [Description("step size h; at temperature T it moves as h T does on the tempered target")]
    [Range(1e-12, 1e6)]
    public double StepSize { get; init; } = 0.1;

    /// <summary>T of each stage.</summary>
    [Description("temperatures of the stages, such as falling to 1")]
    [MinLength(1)]
    [Range(0.0, 1e9)]
    public double[] Temperatures { get; init; } = [8, 4, 2, 1];

    /// <summary>Transitions of each stage; the last goes on for ever.</summary>
    [Description("transitions at each temperature; the last goes on for ever")]
    [Range(1, int.MaxValue)]
    public int Transitions { get; init; } = 100;

    /// <summary>P.</summary>
    [Description("preconditioner P")]
    [DefaultValue("Identity")]
    public Preconditioner Preconditioner { get; init; } = Preconditioner.Identity;
}
