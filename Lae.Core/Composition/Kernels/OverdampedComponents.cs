using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Lae.Adaptation;
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
        .AddKernel<LangevinOptions>(
            "ULA", (options, target) => UnadjustedLangevin.Create(target, options.ToSettings()), (options, target) => options.IsOpen ? TunableKernels.Ula(target, options.Temperature, options.Preconditioner) : null)
        .AddKernel<LangevinOptions>(
            "MALA", (options, target) => MetropolisLangevin.Create(target, options.ToSettings()), (options, target) => options.IsOpen ? TunableKernels.Mala(target, options.Temperature, options.Preconditioner) : null)
        .AddKernel<LangevinOptions>(
            "LeimkuhlerMatthews",
            (options, target) => LeimkuhlerMatthews.Create(target, options.ToSettings()),
            (options, target) => options.IsOpen ? TunableKernels.LeimkuhlerMatthews(target, options.Temperature, options.Preconditioner) : null)
        .AddKernel<LangevinOptions>(
            "Barker", (options, target) => Barker.Create(target, options.ToSettings()), (options, target) => options.IsOpen ? TunableKernels.Barker(target, options.Temperature, options.Preconditioner) : null);
}

/// <summary>Options of overdamped Langevin kernels.</summary>
public sealed record LangevinOptions
{
    /// <summary>h, positive; null leaves it to a warm-up, and is 0.1 without one.</summary>
    [Description("step size h; found by the warm-up if left out (0.1 without one)")]
    [Range(1e-12, 1e6)]
    public double? StepSize { get; init; }

    /// <summary>T, 0 or more.</summary>
    [Description("temperature T; 1 samples the target itself")]
    [Range(0.0, 1e6)]
    public double Temperature { get; init; } = 1;

    /// <summary>P; null leaves it to a warm-up where the step size is left to it, and is the identity else.</summary>
    [Description("preconditioner P; the identity if left out, or found by the warm-up where the step size is")]
    public Preconditioner? Preconditioner { get; init; }

    /// <summary>Whether settings are left to a warm-up.</summary>
    internal bool IsOpen => StepSize is null;

    /// <summary>The settings that these options stand for, with the defaults for what is open.</summary>
    /// <returns>Checked settings.</returns>
    public LangevinSettings ToSettings() => new(StepSize ?? KernelComponents.OpenStepSize, Temperature, Preconditioner);
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
