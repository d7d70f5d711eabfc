using System.Globalization;
using Lae.Diagnostics;
using Lae.Targets;

namespace Lae.Host.Reports;

/// <summary>What a run of <c>lae sample</c> gave, as the terminal (<see cref="SamplingTerminal"/>) and the report (<see cref="SamplingReport"/>) tell it.</summary>
/// <param name="Name">The name of the run.</param>
/// <param name="Target">The target.</param>
/// <param name="Kernel">The kernel.</param>
/// <param name="Figures">The figures of all parameters.</param>
/// <param name="Verdict">What they mean.</param>
internal sealed record SamplingOutcome(string Name, string Target, string Kernel, DrawSummary Figures, Verdict Verdict)
{
    /// <summary>The draws of the parameter of an index, read when they are shown: at most once for each parameter, in rising order, and not for all where there are many. Null where draws were not kept.</summary>
    public Func<int, ChainDraws>? Draws { get; init; }

    /// <summary>Whether the transition that led to a kept draw diverged, 1 or 0, in the form of <see cref="Draws"/>; null for kernels that cannot diverge.</summary>
    public ChainDraws? Divergent { get; init; }

    /// <summary>The Hamiltonian at each kept draw; null for kernels that do not tell it.</summary>
    public ChainDraws? Energies { get; init; }

    /// <summary>How the kernel fared, as the verdict was told it.</summary>
    public SamplerFigures Sampler { get; init; } = new();

    /// <summary>What was odd in the data.</summary>
    public IReadOnlyList<DataWarning> DataWarnings { get; init; } = [];

    /// <summary>What was done with the data, a sentence each.</summary>
    public IReadOnlyList<string> DataNotes { get; init; } = [];

    /// <summary>How the draws were made, as names and values in the order in which they are shown: step size, warm-up, gradients, stopping, time, versions.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Making { get; init; } = [];

    /// <summary>The content of <c>config.json</c>.</summary>
    public string Configuration { get; init; } = string.Empty;

    /// <summary>Gradients of a chain in a transition, on average; NaN if unknown.</summary>
    public double GradientsPerTransition { get; init; } = double.NaN;

    /// <summary>What was run, in one sentence.</summary>
    public string Sentence
    {
        get
        {
            string draws = string.Create(CultureInfo.InvariantCulture, $"{Kernel} on {Target}: {Figures.Length:N0} {(Figures.Length == 1 ? "draw" : "draws")} {(Figures.Chains == 1 ? "in one chain" : $"in each of {Figures.Chains:N0} chains")}");
            string gradients = double.IsNaN(GradientsPerTransition) ? "" : string.Create(CultureInfo.InvariantCulture, $", {GradientsPerTransition:G4} {(GradientsPerTransition == 1 ? "gradient" : "gradients")} a transition");
            string acceptance = Sampler.Acceptance is { Count: > 0 } rates ? string.Create(CultureInfo.InvariantCulture, $", acceptance {rates.Average():F3}") : "";
            string divergences = Sampler.Divergences > 0 ? string.Create(CultureInfo.InvariantCulture, $", {Sampler.Divergences:N0} divergent") : "";
            return $"{draws}{gradients}{acceptance}{divergences}.";
        }
    }
}
