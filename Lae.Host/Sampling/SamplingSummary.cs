using System.Globalization;
using System.Text.Json.Nodes;
using Lae.Diagnostics;
using Lae.Host.Reports;
using Lae.Host.Runs;
using Lae.Targets;

namespace Lae.Host.Sampling;

/// <summary>The figures of a run and what they mean; the configuration and the seed decide all of them.</summary>
internal sealed class SamplingSummary
{
    private readonly PreparedSampling run;
    private readonly TransitionTotals totals;
    private readonly bool completed;
    private readonly DrawSummary? figures;
    private readonly Verdict? verdict;
    private readonly SamplerFigures sampler;
    private readonly Func<int, ChainDraws>? reported;

    /// <param name="run">The run.</param>
    /// <param name="draws">The kept draws.</param>
    /// <param name="totals">What the transitions told.</param>
    /// <param name="completed">Whether the run was done, and not interrupted.</param>
    public SamplingSummary(PreparedSampling run, DrawTrace draws, TransitionTotals totals, bool completed)
    {
        this.run = run;
        this.totals = totals;
        this.completed = completed;
        Draws = draws;
        sampler = new SamplerFigures(IsUnadjusted: !totals.Decides, Acceptance: totals.AcceptanceOfChains, Divergences: totals.Divergences);
        if (draws.Count > 0)
        {
            reported = draws.Reported(run.Posterior);
            figures = DrawSummary.Of(run.Posterior.Names, reported);
            verdict = Verdict.Of(figures, sampler);
        }
    }

    /// <summary>The kept draws.</summary>
    public DrawTrace Draws { get; }

    /// <summary>The run.</summary>
    public PreparedSampling Run => run;

    /// <summary>The content of <c>summary.json</c>; figures that do not exist, such as R-hat of draws that are all the same, are null.</summary>
    public string ToJson() => new JsonObject
    {
        ["target"] = run.Target.Name,
        ["kernel"] = run.Kernel.Name,
        ["completed"] = completed,
        ["chains"] = run.Configuration.Chains,
        ["draws"] = Draws.Count,
        ["transitions"] = totals.Transitions,
        ["acceptance"] = totals.Acceptance is { } acceptance ? FigureJson.Write(acceptance) : null,
        ["gradientsPerTransition"] = FigureJson.Write(totals.GradientsPerTransition),
        ["divergences"] = totals.Divergences,
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
    /// <param name="time">The time that it took.</param>
    /// <param name="configuration">The content of <c>config.json</c>.</param>
    public SamplingOutcome? Outcome(TimeSpan time, string configuration) => figures is null || verdict is null ? null
        : new SamplingOutcome(run.Configuration.Name, run.Target.Name, run.Kernel.Name, figures, verdict)
        {
            Draws = reported,
            Divergent = Draws.Divergent,
            Sampler = sampler,
            DataWarnings = run.Model.Warnings,
            DataNotes = run.Model.Notes,
            Configuration = configuration,
            GradientsPerTransition = totals.GradientsPerTransition,
            Making = [.. Making(time)],
        };

    private IEnumerable<KeyValuePair<string, string>> Making(TimeSpan time)
    {
        static KeyValuePair<string, string> Line(string name, FormattableString value) => new(name, FormattableString.Invariant(value));
        SamplingConfiguration configuration = run.Configuration;
        long total = (long)configuration.Discard + configuration.Transitions;
        yield return Line("Kernel", $"{run.Kernel.Name}");
        yield return Line("Transitions", $"{configuration.Discard:N0} discarded, {totals.Transitions:N0} after them{(configuration.Thinning > 1 ? $", every {configuration.Thinning:N0}th kept" : "")}");
        yield return Line("Gradients", $"{totals.GradientsPerTransition:G4} a transition and chain");
        if (totals.Acceptance is { } acceptance)
        {
            yield return Line("Acceptance", $"{acceptance:F3}");
        }

        yield return Line("Seed", $"{configuration.Seed}");
        yield return Line("Time", $"{ProgressLine.Duration(time)} ({total / time.TotalSeconds:G3} transitions/s, {run.Engine.Threads} {(run.Engine.Threads == 1 ? "thread" : "threads")})");
    }

    /// <summary>JSON has no NaN: a figure that does not exist is null.</summary>
    private static JsonNode? Figure(double value) => double.IsNaN(value) ? null : FigureJson.Write(value);
}
