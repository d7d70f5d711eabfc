using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Lae.Adaptation;
using Lae.Kernels;
using Lae.Targets;
using Microsoft.Extensions.DependencyInjection;

namespace Lae.Composition;

/// <summary>The underdamped kernels and mass matrices, by the names that configuration uses.</summary>
public static class UnderdampedComponents
{
    /// <summary>Registers them.</summary>
    /// <param name="services">Where components are registered.</param>
    /// <returns>The same services.</returns>
    public static IServiceCollection AddUnderdampedKernels(this IServiceCollection services) => services
        .AddComponent<MassMatrix, NoOptions>("Identity", _ => MassMatrix.Identity)
        .AddComponent<MassMatrix, DiagonalMatrixOptions>("Diagonal", options => MassMatrix.Diagonal(options.ToTensor()))
        .AddComponent<MassMatrix, DenseMatrixOptions>("Dense", options => MassMatrix.Dense(options.ToTensor()))
        .AddKernel<SplittingOptions>("Splitting", (options, target) => Splitting.Create(target, options.Word, options.ToSettings()), (options, target) => options.ToTunable(target, options.Word))
        .AddWord("BAOAB")
        .AddWord("OBABO")
        .AddWord("ABOBA")
        .AddWord("OABAO")
        .AddWord("BAOA");

    private static IServiceCollection AddWord(this IServiceCollection services, string word) =>
        services.AddKernel<UnderdampedOptions>(word, (options, target) => Splitting.Create(target, word, options.ToSettings()), (options, target) => options.ToTunable(target, word));
}

/// <summary>Options of underdamped Langevin kernels whose word is their name.</summary>
public record UnderdampedOptions
{
    /// <summary>h, positive; null leaves it to a warm-up, and is 0.1 without one.</summary>
    [Description("step size h, of all substeps together; found by the warm-up if left out (0.1 without one)")]
    [Range(1e-12, 1e6)]
    public double? StepSize { get; init; }

    /// <summary>γ, 0 or more.</summary>
    [Description("friction gamma, in units of 1/time")]
    [Range(0.0, 1e12)]
    public double Friction { get; init; } = 1;

    /// <summary>T, 0 or more.</summary>
    [Description("temperature T; 1 samples the target itself")]
    [Range(0.0, 1e6)]
    public double Temperature { get; init; } = 1;

    /// <summary>M; null leaves it to a warm-up where the step size is left to it, and is the identity else.</summary>
    [Description("mass matrix M; the identity if left out, or found by the warm-up where the step size is")]
    public MassMatrix? Mass { get; init; }

    /// <summary>The settings that these options stand for.</summary>
    /// <returns>Checked settings.</returns>
    public UnderdampedSettings ToSettings() => new(StepSize ?? KernelComponents.OpenStepSize, Friction, Temperature, Mass);

    /// <summary>The kernel of a word with its open settings; null if nothing is open.</summary>
    internal ITunableKernel? ToTunable(Target target, string word) => StepSize is null ? TunableKernels.Splitting(target, word, Friction, Temperature, Mass) : null;
}

/// <summary>Options of underdamped Langevin kernels of any word.</summary>
public sealed record SplittingOptions : UnderdampedOptions
{
    /// <summary>The order of substeps.</summary>
    [Description("order of substeps: A drift, B kick, O friction and noise; each letter lasts h divided by how often it occurs")]
    [RegularExpression("(?=.*A)(?=.*B)[ABO]+", ErrorMessage = "Word must be of the letters A, B and O, with at least one A and one B.")]
    public string Word { get; init; } = "BAOAB";
}
