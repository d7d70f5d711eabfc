namespace Lae.Host.Commands;

/// <summary>What the program can be asked to do.</summary>
internal enum CommandName
{
    /// <summary>Train a model: the bare program.</summary>
    Train,

    /// <summary>Sample a target.</summary>
    Sample,

    /// <summary>Put a kernel to the laws.</summary>
    Laws,
}

/// <summary>What the command line asks for.</summary>
/// <param name="Command">What to do.</param>
/// <param name="ConfigurationFile">The configuration file, if one was named.</param>
/// <param name="OutputFolder">The run folder, if one was named.</param>
/// <param name="ResumeFolder">The run folder to continue, if one was named.</param>
/// <param name="Verbose">Whether an unexpected failure shows where it arose.</param>
/// <param name="Settings">Overrides of configuration keys, those of <c>--seed</c> and <c>--threads</c> among them.</param>
internal sealed record CommandLineArguments(
    CommandName Command, string? ConfigurationFile, string? OutputFolder, string? ResumeFolder, bool Verbose, IReadOnlyList<KeyValuePair<string, string>> Settings);
