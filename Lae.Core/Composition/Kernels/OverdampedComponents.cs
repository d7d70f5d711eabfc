using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Lae.Kernels;
using Lae.Numerics;
using Microsoft.Extensions.DependencyInjection;

namespace Lae.Composition;

/// <summary>The overdamped kernels and their preconditioners, by the names that configuration uses.</summary>
public static class OverdampedComponents
{
    /// <summary>Registers them.</summary>
    /// <param name="services">Where components are registered.</param>
    /// <returns>The same services.</returns>
    public static IServiceCollection AddOverdampedKernels(this IServiceCollection services) => services
        .AddComponent<Preconditioner, NoOptions>("Identity", _ => Preconditioner.Identity)
        .AddComponent<Preconditioner, DiagonalMatrixOptions>("Diagonal", options => Preconditioner.Diagonal(options.ToTensor()))
        .AddComponent<Preconditioner, DenseMatrixOptions>("Dense", options => Preconditioner.Dense(options.ToTensor()))
        .AddKernel<LangevinOptions>("ULA", (options, target) => UnadjustedLangevin.Create(target, options.ToSettings()))
        .AddKernel<LangevinOptions>("MALA", (options, target) => MetropolisLangevin.Create(target, options.ToSettings()))
        .AddKernel<LangevinOptions>("LeimkuhlerMatthews", (options, target) => LeimkuhlerMatthews.Create(target, options.ToSettings()))
        .AddKernel<LangevinOptions>("Barker", (options, target) => Barker.Create(target, options.ToSettings()));
}

/// <summary>Options of overdamped Langevin kernels.</summary>
public sealed record LangevinOptions
{
    /// <summary>h, positive.</summary>
    [Description("step size h")]
    [Range(1e-12, 1e6)]
    public double StepSize { get; init; } = 0.1;

    /// <summary>T, 0 or more.</summary>
    [Description("temperature T; 1 samples the target itself")]
    [Range(0.0, 1e6)]
    public double Temperature { get; init; } = 1;

    /// <summary>P.</summary>
    [Description("preconditioner P")]
    [DefaultValue("Identity")]
    public Preconditioner Preconditioner { get; init; } = Preconditioner.Identity;

    /// <summary>The settings that these options stand for.</summary>
    /// <returns>Checked settings.</returns>
    public LangevinSettings ToSettings() => new(StepSize, Temperature, Preconditioner);
}

/// <summary>A diagonal matrix in a configuration.</summary>
public sealed record DiagonalMatrixOptions
{
    /// <summary>The diagonal, positive.</summary>
    [Description("the diagonal, positive numbers")]
    [MinLength(1)]
    public double[] Values { get; init; } = [1];

    /// <summary>The diagonal as a tensor.</summary>
    /// <returns>[dimension].</returns>
    public Tensor ToTensor() => Tensor.FromArray([.. Values]);
}

/// <summary>A square matrix in a configuration.</summary>
public sealed record DenseMatrixOptions
{
    /// <summary>The entries, row by row; their number is a square.</summary>
    [Description("the entries of a square matrix, row by row")]
    [MinLength(1)]
    public double[] Values { get; init; } = [1];

    /// <summary>The matrix as a tensor.</summary>
    /// <returns>[dimension, dimension].</returns>
    /// <exception cref="ArgumentException">The number of entries is not a square.</exception>
    public Tensor ToTensor()
    {
        int size = (int)Math.Round(Math.Sqrt(Values.Length));
        return size * size == Values.Length
            ? Tensor.FromArray([.. Values], size, size)
            : throw new ArgumentException($"A square matrix has 1, 4, 9, … entries, not {Values.Length}.", nameof(Values));
    }
}
