using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Lae.Numerics;
using Lae.Targets;

namespace Lae.Composition;

/// <summary>Options of the banana.</summary>
[Description("a Gaussian bent in its first two coordinates (Haario, Saksman and Tamminen)")]
public sealed record BananaOptions
{
    /// <summary>d, 2 to 100,000. Default 2.</summary>
    [Description("dimension d")]
    [Range(2, 100_000)]
    public int Dimension { get; init; } = 2;

    /// <summary>b. Default 0.5.</summary>
    [Description("curvature b")]
    [Range(-1e6, 1e6)]
    public double Curvature { get; init; } = 0.5;

    /// <summary>s, positive. Default 1.5.</summary>
    [Description("deviation s of the first coordinate")]
    [Range(1e-6, 1e6)]
    public double Scale { get; init; } = 1.5;
}

/// <summary>Options of Neal's funnel.</summary>
[Description("Neal's funnel: v ~ N(0, Scale^2), the others N(0, e^v)")]
public sealed record FunnelOptions
{
    /// <summary>d, 2 to 100,000. Default 10.</summary>
    [Description("dimension d")]
    [Range(2, 100_000)]
    public int Dimension { get; init; } = 10;

    /// <summary>The deviation of v, positive. Default 3.</summary>
    [Description("deviation of the first coordinate v")]
    [Range(1e-6, 100.0)]
    public double Scale { get; init; } = 3;
}

/// <summary>Options of a mixture of K Gaussians with diagonal covariances.</summary>
[Description("a mixture of K Gaussians with diagonal covariances")]
public sealed record GaussianMixtureOptions
{
    /// <summary>Weights, K positive numbers; they are divided by their sum. Default two equal ones.</summary>
    [Description("K positive numbers, divided by their sum")]
    [MinLength(1)]
    public double[] Weights { get; init; } = [1, 1];

    /// <summary>Means, K × d numbers, component by component. Default −2 and 2.</summary>
    [Description("the means, K x d numbers, component by component")]
    [MinLength(1)]
    public double[] Means { get; init; } = [-2, 2];

    /// <summary>Deviations, K × d positive numbers, or one for all. Default 1.</summary>
    [Description("the deviations, K x d positive numbers, or one for all")]
    [MinLength(1)]
    public double[] Deviations { get; init; } = [1];

    /// <summary>The target that these options stand for.</summary>
    /// <returns>A float64 target.</returns>
    /// <exception cref="ArgumentException">Lengths do not fit, or a weight or deviation is not positive.</exception>
    public Target ToTarget()
    {
        int components = Weights.Length;
        if (Means.Length % components != 0)
        {
            throw new ArgumentException($"Means must hold as many numbers for each of the {components} components, not {Means.Length} in all.");
        }

        int d = Means.Length / components;
        double[] deviations = OptionArrays.Filled(Deviations, Means.Length, nameof(Deviations));
        return GaussianMixture.Create(Weights, Tensor.FromArray([.. Means], components, d), Tensor.FromArray(deviations, components, d)).Target;
    }
}
