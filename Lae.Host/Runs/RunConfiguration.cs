using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Lae.Host.Data;
using Lae.Models;

namespace Lae.Host.Runs;

/// <summary>The whole configuration of a run: with the seed it decides every number.</summary>
public sealed record RunConfiguration : ComputedConfiguration
{
    /// <summary>The defaults.</summary>
    public RunConfiguration()
        : base("run")
    {
    }

    /// <summary>What the model learns from and is judged on.</summary>
    [Description("what the model learns from, and is judged on")]
    [Required]
    public IDataSource? Data { get; init; }

    /// <summary>The model.</summary>
    [Description("the model")]
    [Required]
    public IModelFactory? Model { get; init; }

    /// <summary>How long and in what portions to train.</summary>
    public TrainingOptions Training { get; init; } = new();

    /// <summary>How the test figures are taken.</summary>
    public EvaluationOptions Evaluation { get; init; } = new();

    /// <summary>What the pictures show.</summary>
    public OutputOptions Output { get; init; } = new();
}

/// <summary>How long and in what portions to train.</summary>
public sealed record TrainingOptions
{
    /// <summary>Passes over the data, 0 to 1,000,000. Default 100.</summary>
    [Description("passes over the data")]
    [Range(0, 1_000_000)]
    public int Epochs { get; init; } = 100;

    /// <summary>Observations a step, 1 or more. Default 100.</summary>
    [Description("observations a step")]
    [Range(1, 1_000_000)]
    public int BatchSize { get; init; } = 100;

    /// <summary>Steps between log entries, 1 or more. Default 100.</summary>
    [Description("steps between log entries")]
    [Range(1, 1_000_000)]
    public int LogEvery { get; init; } = 100;

    /// <summary>Least time between checkpoints, which are kept at ends of epochs, in seconds, 0 or more; 0 keeps one at every end. Default 10.</summary>
    [Description("least seconds between checkpoints, which are kept at ends of epochs; 0: at every end")]
    [Range(0.0, 86_400.0)]
    public double CheckpointEverySeconds { get; init; } = 10;
}

/// <summary>How the test figures are taken.</summary>
public sealed record EvaluationOptions
{
    /// <summary>Widths σ of q = N(f(x), σ² I) among which the best bound is sought, 1e-6 to 1e6; 0.05, the published one, is always evaluated. Default: eleven from 0.02 to 1.</summary>
    [Description("widths of q = N(f(x), width² I) among which the best bound is sought; 0.05, the published one, is always evaluated")]
    [MinLength(1)]
    [Range(1e-6, 1e6)]
    public double[] BoundWidths { get; init; } = [.. EncoderBoundSettings.DefaultWidths];

    /// <summary>Draws from q for each test observation at each of these widths, 1 to 10,000. Default 8.</summary>
    [Description("draws from q for each test observation at each of these widths; the time of an evaluation grows with widths times draws")]
    [Range(1, 10_000)]
    public int BoundDraws { get; init; } = EncoderBoundSettings.DefaultDraws;

    /// <summary>Posterior draws for each test observation, 1 to 10,000. Default 10.</summary>
    [Description("posterior draws for each test observation")]
    [Range(1, 10_000)]
    public int PosteriorDraws { get; init; } = 10;

    /// <summary>Transitions before each posterior draw, 0 to 100,000; 0 takes the encoding itself. Default 20.</summary>
    [Description("transitions before each posterior draw; 0 takes the encoding itself")]
    [Range(0, 100_000)]
    public int PosteriorTransitions { get; init; } = 20;

    /// <summary>Transitions in latent space after the encoding, for the score of anomalies and the gain of refinement, 0 to 100,000. Default 20.</summary>
    [Description("transitions in latent space after the encoding, for the score of anomalies and the gain of refinement (lae evaluate)")]
    [Range(0, 100_000)]
    public int RefinementTransitions { get; init; } = 20;

    /// <summary>K, draws for each observation in the importance-weighted bound, 1 to 1,000,000. Default 500.</summary>
    [Description("draws for each observation in the importance-weighted bound (lae evaluate)")]
    [Range(1, 1_000_000)]
    public int ImportanceDraws { get; init; } = 500;

    /// <summary>Test observations, from the first, for the importance-weighted bound, 0 to 1,000,000,000; 0 takes all. Default 1,000.</summary>
    [Description("test observations, from the first, for the importance-weighted bound; 0 takes all")]
    [Range(0, 1_000_000_000)]
    public int ImportanceObservations { get; init; } = 1_000;

    /// <summary>Test observations, from the first, for annealed importance sampling, 0 to 1,000,000,000; 0 takes all. Default 500.</summary>
    [Description("test observations, from the first, for annealed importance sampling of log p(x) (lae evaluate); 0 takes all")]
    [Range(0, 1_000_000_000)]
    public int AnnealedObservations { get; init; } = 500;

    /// <summary>Chains of annealed importance sampling for each observation, 2 to 100,000. Default 16.</summary>
    [Description("chains of annealed importance sampling for each observation")]
    [Range(2, 100_000)]
    public int AnnealedChains { get; init; } = 16;

    /// <summary>Temperatures of annealed importance sampling, 2 to 1,000,000. Default 250.</summary>
    [Description("temperatures of annealed importance sampling")]
    [Range(2, 1_000_000)]
    public int AnnealedTemperatures { get; init; } = 250;

    /// <summary>Observations that the model simulates, on which annealed importance sampling is done in both directions, 0 to 1,000,000; 0 leaves it out. Default 64.</summary>
    [Description("simulated observations for the distance between the two sides of annealed importance sampling; 0 leaves it out")]
    [Range(0, 1_000_000)]
    public int AnnealedSimulations { get; init; } = 64;

    /// <summary>Test observations, from the first, whose inferred posteriors are held beside long chains, 0 to 1,000,000; 0 leaves it out. Default 32.</summary>
    [Description("test observations, from the first, whose inferred posteriors lae evaluate holds beside long MALA chains; 0 leaves it out")]
    [Range(0, 1_000_000)]
    public int PosteriorObservations { get; init; } = 32;

    /// <summary>Epochs between entries of <c>test.jsonl</c>, the bound and the reconstruction error on the test set, 0 to 1,000,000; 0 for none. Default 0.</summary>
    [Description("epochs between entries of test.jsonl, the bound and the reconstruction error on the test set during training; 0 for none")]
    [Range(0, 1_000_000)]
    public int EveryEpochs { get; init; }

    /// <summary>Test observations, from the first, for these entries, 0 to 1,000,000,000; 0 takes all. Default 0.</summary>
    [Description("test observations, from the first, for the entries of test.jsonl; 0 takes all")]
    [Range(0, 1_000_000_000)]
    public int CurveObservations { get; init; }

    /// <summary>The bound that is asked for.</summary>
    internal EncoderBoundSettings Bound => new(BoundWidths, BoundDraws);
}

/// <summary>What the pictures show.</summary>
public sealed record OutputOptions
{
    /// <summary>Observations generated from the prior, 1 to 10,000. Default 64.</summary>
    [Description("observations generated from the prior")]
    [Range(1, 10_000)]
    public int Samples { get; init; } = 64;

    /// <summary>Test observations shown beside their reconstructions, 1 to 10,000. Default 40.</summary>
    [Description("test observations shown beside their reconstructions")]
    [Range(1, 10_000)]
    public int Reconstructions { get; init; } = 40;

    /// <summary>Side of the square that shows one pixel, 1 to 64; 0 chooses by the size of the images. Default 0.</summary>
    [Description("side of the square that shows one pixel; 0 chooses by the size of the images")]
    [Range(0, 64)]
    public int ImageScale { get; init; }
}
