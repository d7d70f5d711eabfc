using System.Globalization;
using System.Text.Json.Nodes;
using Lae.Diagnostics;
using Lae.Host.Reports;
using Lae.Host.Runs;
using Lae.Modes;
using Lae.Numerics;
using Lae.Targets;

namespace Lae.Host.Sampling;

/// <summary>The figures of a run and what they mean; the configuration and the seed decide all of them.</summary>
internal sealed class SamplingSummary
{
    private readonly PreparedSampling run;
    private readonly TransitionTotals totals;
    private readonly WarmupFigures warmup;
    private readonly bool completed;
    private readonly DrawSummary? figures;
    private readonly Verdict? verdict;
    private readonly SamplerFigures sampler;
    private readonly ModeSearchResult? modes;

    /// <param name="run">The run.</param>
    /// <param name="state">Where it stands.</param>
    /// <param name="completed">Whether the run was done, and not interrupted.</param>
    public SamplingSummary(PreparedSampling run, SamplingState state, bool completed)
    {
        this.run = run;
        totals = state.Totals;
        warmup = state.Warmup;
        this.completed = completed;
        Count = state.Keeper.Count;
        Stored = Count > 0 ? state.Keeper.Stored() : null;
        sampler = new SamplerFigures(
            IsUnadjusted: !totals.Decides,
            Acceptance: totals.AcceptanceOfChains,
            TargetAcceptance: double.IsNaN(warmup.TargetAcceptance) ? null : warmup.TargetAcceptance,
            Divergences: totals.Divergences,
            Transitions: totals.Transitions * run.Configuration.Chains,
            EnergyFractions: Count > 1 && Stored is { IsTooLong: false } && Stored.OfStatistic(TransitionStatistics.Energy) is { } energies ? EnergyFraction.Of(energies) : null);
        if (Count > 0)
        {
            figures = state.Keeper.Summarize();
            modes = completed ? ModePhase.Run(run, state, figures) : null;
            sampler = sampler with
            {
                UnvisitedModes = modes?.UnvisitedModes ?? 0,
                EdgeAcceptance = totals.Decides && Looked?.OfStatistic(TransitionStatistics.Acceptance) is { } acceptance ? EdgeAcceptance.Least(Looked.Names, Looked.Of, acceptance) : null,
            };
            verdict = Verdict.Of(figures, sampler);
        }
    }

    /// <summary>Draws of each chain.</summary>
    public long Count { get; }

    /// <summary>The draws; null if they were not kept.</summary>
    public StoredDraws? Stored { get; }

    /// <summary>The content of <c>summary.json</c>; figures that do not exist, such as R-hat of draws that are all the same, are null.</summary>
    public string ToJson() => new JsonObject
    {
        ["target"] = run.Target.Name,
        ["kernel"] = run.Kernel.Name,
        ["completed"] = completed,
        ["chains"] = run.Configuration.Chains,
        ["draws"] = Count,
        ["drawsKept"] = run.Configuration.Keep != KeptDraws.Figures,
        ["transitions"] = totals.Transitions,
        ["acceptance"] = totals.Acceptance is { } acceptance ? FigureJson.Write(acceptance) : null,
        ["gradientsPerTransition"] = FigureJson.Write(totals.GradientsPerTransition),
        ["divergences"] = totals.Divergences,
        ["warmup"] = new JsonObject
        {
            ["transitions"] = run.Configuration.Warmup.Transitions,
            ["stepSize"] = warmup.StepSize is { } stepSize ? FigureJson.Write(stepSize) : null,
            ["targetAcceptance"] = Figure(warmup.TargetAcceptance),
            ["gradients"] = warmup.GradientCount,
            ["chainsBegunAnew"] = warmup.LeftBehind?.Shape[0] ?? 0,
        },
        ["modeSearch"] = modes is null ? null : new JsonObject
        {
            ["unvisitedModes"] = modes.UnvisitedModes,
            ["complete"] = modes.IsComplete,
            ["gradients"] = modes.GradientCount,
            ["found"] = new JsonArray([.. modes.Places.Where(place => place.IsUnvisited).Select(At)]),
        },
        ["verdict"] = verdict?.Text,
        ["reasons"] = new JsonArray([.. (verdict?.Reasons ?? []).Select(reason => (JsonNode)new JsonObject
        {
            ["problem"] = reason.Problem, ["meaning"] = reason.Meaning, ["cure"] = reason.Cure,
        })]),
        ["warnings"] = new JsonArray([.. run.Model.Warnings.Select(warning => (JsonNode)new JsonObject
        {
            ["name"] = warning.Name, ["text"] = warning.Text, ["cure"] = warning.Cure,
        })]),
        ["notes"] = new JsonArray([.. run.Model.Notes.Select(note => (JsonNode)note)]),
        ["parameters"] = new JsonArray([.. (figures?.Parameters ?? []).Select(one => (JsonNode)new JsonObject
        {
            ["name"] = one.Name,
            ["mean"] = Figure(one.Mean),
            ["sd"] = Figure(one.Sd),
            ["mcseMean"] = Figure(one.McseMean),
            ["q5"] = Figure(one.Q5),
            ["median"] = Figure(one.Median),
            ["q95"] = Figure(one.Q95),
            ["rHat"] = Figure(one.RHat),
            ["essBulk"] = Figure(one.EssBulk),
            ["essTail"] = Figure(one.EssTail),
        })]),
    }.ToJsonString(FigureJson.Indented) + "\n";

    /// <summary>What the terminal and the report tell; null where no draw was kept.</summary>
    /// <param name="configuration">The content of <c>config.json</c>.</param>
    /// <param name="seconds">The time that sampling took.</param>
    public SamplingOutcome? Outcome(string configuration, double seconds) => figures is null || verdict is null ? null
        : new SamplingOutcome(run.Configuration.Name, run.Target.Name, run.Kernel.Name, figures, verdict)
        {
            Draws = Looked is { } draws ? draws.Of : null,
            Divergent = totals.CanDiverge ? Looked?.OfStatistic(TransitionStatistics.Diverging) : null,
            Energies = Looked?.OfStatistic(TransitionStatistics.Energy),
            Sampler = sampler,
            DataWarnings = run.Model.Warnings,
            DataNotes = run.Model.Notes,
            Configuration = configuration,
            GradientsPerTransition = totals.GradientsPerTransition,
            Making = [.. Making(seconds)],
        };

    /// <summary>The draws, where there are no more than one can look at.</summary>
    private StoredDraws? Looked => Stored is { IsTooLong: false } ? Stored : null;

    private IEnumerable<KeyValuePair<string, string>> Making(double seconds)
    {
        static KeyValuePair<string, string> Line(string name, FormattableString value) => new(name, FormattableString.Invariant(value));
        SamplingConfiguration configuration = run.Configuration;
        yield return Line("Kernel", $"{run.Kernel.Name}");
        yield return Line("Warm-up", $"{configuration.Warmup.Transitions:N0} transitions, {warmup.Seconds:F1} s");
        if (warmup.LeftBehind is { } left)
        {
            yield return Line("Begun anew", $"{left.Shape[0]:N0} {(left.Shape[0] == 1 ? "time a chain that was" : "times chains that were")} far from the others in the warm-up, and stuck or still on the way, began anew where another was; modes were looked for from there too");
        }

        if (warmup.StepSize is { } stepSize)
        {
            yield return Line("Step size", $"{stepSize:G4}, found by the warm-up for an acceptance of {warmup.TargetAcceptance:G3}");
        }

        yield return Line("Transitions", $"{totals.Transitions:N0} after the warm-up{(configuration.Thinning > 1 ? $", every {configuration.Thinning:N0}th kept" : "")}");
        if (configuration.Keep == KeptDraws.Figures)
        {
            yield return Line("Draws", $"not kept: quantiles and tail effective sizes are not known, and R-hat is not rank-normalised");
        }

        yield return Line("Gradients", $"{totals.GradientsPerTransition:G4} a transition and chain{(warmup.GradientCount > 0 ? $"; {warmup.GradientCount:N0} a chain in the warm-up" : "")}");
        yield return modes is null
            ? Line("Other modes", $"not looked for")
            : Line("Other modes", $"{modes.UnvisitedModes:N0} found where no chain was, by {modes.GradientCount:N0} gradients; there may be more{(modes.UnvisitedModes > 0 ? " (where they are: modeSearch in summary.json)" : "")}");
        if (totals.Acceptance is { } acceptance)
        {
            yield return Line("Acceptance", $"{acceptance:F3}");
        }

        yield return Line("Seed", $"{configuration.Seed}");
        yield return Line("Time", $"{(seconds < 60 ? FormattableString.Invariant($"{seconds:F1} s") : ProgressLine.Duration(TimeSpan.FromSeconds(seconds)))} of sampling ({totals.Transitions / seconds:#,0} transitions/s, {run.Engine.Threads} {(run.Engine.Threads == 1 ? "thread" : "threads")})");
    }

    /// <summary>The quantities at a place.</summary>
    private JsonNode At(ModeEvidence place)
    {
        double[] values = run.Posterior.Report(Tensor.FromArray([.. place.Position], 1, place.Position.Length).Cast(run.Target.DType)).ToArray();
        return new JsonObject(run.Posterior.Names.Zip(values, (name, value) => KeyValuePair.Create(name, Figure(value))));
    }

    /// <summary>JSON has no NaN: a figure that does not exist is null.</summary>
    private static JsonNode? Figure(double value) => double.IsNaN(value) ? null : FigureJson.Write(value);
}
