namespace Lae.Host.Commands;

/// <summary>What the program can be asked to do.</summary>
internal enum CommandName
{
    /// <summary>Train a model: also the bare program.</summary>
    Train,

    /// <summary>Generate observations from a trained model.</summary>
    Generate,

    /// <summary>Encode observations with a trained model.</summary>
    Encode,

    /// <summary>Score observations as anomalies with a trained model.</summary>
    Score,

    /// <summary>Judge a trained model on its test observations.</summary>
    Evaluate,

    /// <summary>Put finished runs beside each other.</summary>
    Compare,

    /// <summary>Sample a target.</summary>
    Sample,

    /// <summary>Put a kernel to the laws.</summary>
    Laws,

    /// <summary>Hold methods of inference beside each other on a known model.</summary>
    Infer,
}

/// <summary>What the command line asks for.</summary>
/// <param name="Command">What to do.</param>
/// <param name="ConfigurationFile">The configuration file, if one was named.</param>
/// <param name="OutputFolder">The run folder, or where results go, if it was named.</param>
/// <param name="ResumeFolder">The run folder to continue, if one was named.</param>
/// <param name="Verbose">Whether an unexpected failure shows where it arose.</param>
/// <param name="Settings">Overrides of configuration keys, those of <c>--seed</c> and <c>--threads</c> among them.</param>
/// <param name="Use">What is asked of finished runs.</param>
internal sealed record CommandLineArguments(
    CommandName Command,
    string? ConfigurationFile,
    string? OutputFolder,
    string? ResumeFolder,
    bool Verbose,
    IReadOnlyList<KeyValuePair<string, string>> Settings,
    RunUse Use);

/// <summary>What is asked of finished runs.</summary>
/// <param name="Folders">The run folder, or those that are compared.</param>
/// <param name="Data">The file of observations; null for the run's own test observations.</param>
/// <param name="Labels">The file of their classes, if one was named.</param>
/// <param name="LabelColumn">The column of their classes, if one was named.</param>
/// <param name="Positive">The class that counts as anomalous, if one was named.</param>
/// <param name="Count">Observations to generate, 1 or more.</param>
/// <param name="Refine">Transitions in latent space after the encoding, 0 or more.</param>
/// <param name="Only">Names of the figures that are wanted; empty for all.</param>
internal sealed record RunUse(
    IReadOnlyList<string> Folders, string? Data, string? Labels, string? LabelColumn, string? Positive, int Count, int Refine, IReadOnlyList<string> Only);
