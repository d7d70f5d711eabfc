using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Lae.Host.Runs;
using Lae.PosteriorInference;

namespace Lae.Host.Inferring;

/// <summary>The whole configuration of <c>lae infer</c>: with the seed it decides every number.</summary>
public sealed record InferenceConfiguration : ComputedConfiguration
{
    /// <summary>The defaults.</summary>
    public InferenceConfiguration()
        : base("infer")
    {
    }

    /// <summary>The known model with its observed points.</summary>
    [Description("the known model with its observed points")]
    [Required]
    public IInferenceProblemFactory? Problem { get; init; }

    /// <summary>The methods that are held beside each other.</summary>
    [Description("the methods that are held beside each other")]
    [Required]
    [MinLength(1)]
    public IInferenceMethod[]? Methods { get; init; }

    /// <summary>Draws of each point by each method, and of the reference, 100 to 1,000,000. Default 4,000.</summary>
    [Description("draws of each point by each method, and of the reference")]
    [Range(100, 1_000_000)]
    public int Draws { get; init; } = 4000;

    /// <summary>Directions of the sliced Wasserstein distance, 1 to 100,000. Default 100.</summary>
    [Description("directions of the sliced Wasserstein distance")]
    [Range(1, 100_000)]
    public int Projections { get; init; } = 100;

    /// <summary>Draws of each point in the pictures, 1 to 100,000. Default 250.</summary>
    [Description("draws of each point in the pictures, where there are two dimensions or more")]
    [Range(1, 100_000)]
    public int Shown { get; init; } = 250;
}
