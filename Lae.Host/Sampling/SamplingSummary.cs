using System.Globalization;
using System.Text.Json.Nodes;
using Lae.Diagnostics;
using Lae.Host.Runs;
using Lae.Targets;

namespace Lae.Host.Sampling;

/// <summary>The figures of a run and what they mean; the configuration and the seed decide all of them.</summary>
internal sealed class SamplingSummary
{
    private const int ShownParameters = 20;

    private readonly PreparedSampling run;
    private readonly TransitionTotals totals;
    private readonly bool completed;
    private readonly DrawSummary? figures;
    private readonly Verdict? verdict;

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
        if (draws.Count > 0)
        {
            figures = DrawSummary.Of(run.Posterior.Names, draws.Reported(run.Posterior));
            verdict = Verdict.Of(figures, new SamplerFigures(IsUnadjusted: !totals.Decides, Acceptance: totals.AcceptanceOfChains, Divergences: totals.Divergences));
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

    /// <summary>Writes the table and the verdict.</summary>
    /// <param name="output">Where to.</param>
    public void Write(TextWriter output)
    {
        string acceptance = totals.Acceptance is { } value ? string.Create(CultureInfo.InvariantCulture, $", acceptance {value:F3}") : string.Empty;
        string divergences = totals.Divergences > 0 ? string.Create(CultureInfo.InvariantCulture, $", {totals.Divergences:N0} divergent") : string.Empty;
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{run.Kernel.Name} on {run.Target.Name}: {Draws.Count:N0} draws of {run.Configuration.Chains:N0} chains, {totals.GradientsPerTransition:G4} gradients a transition{acceptance}{divergences}."));
        if (figures is null || verdict is null)
        {
            return;
        }

        ParameterSummary[] shown = [.. figures.Parameters.Take(ShownParameters)];
        int width = shown.Max(one => one.Name.Length);
        output.WriteLine($"  {new string(' ', width)}  {"mean",11}  {"mcse",9}  {"sd",11}  {"5 %",11}  {"95 %",11}  {"R-hat",6}  {"bulk ESS",9}  {"tail ESS",9}");
        foreach (ParameterSummary one in shown)
        {
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"  {one.Name.PadRight(width)}  {one.Mean,11:G5}  {one.McseMean,9:G2}  {one.Sd,11:G5}  {one.Q5,11:G5}  {one.Q95,11:G5}  {one.RHat,6:F3}  {one.EssBulk,9:N0}  {one.EssTail,9:N0}"));
        }

        if (shown.Length < figures.Parameters.Count)
        {
            output.WriteLine($"  and {figures.Parameters.Count - shown.Length} more in summary.json");
        }

        foreach (DataWarning warning in run.Model.Warnings)
        {
            output.WriteLine($"Warning: {warning}");
        }

        output.WriteLine($"Verdict: {verdict.Text}");
        foreach (VerdictReason reason in verdict.Reasons)
        {
            output.WriteLine($"  {reason.Problem}: {reason.Meaning} {reason.Cure}");
        }
    }

    /// <summary>JSON has no NaN: a figure that does not exist is null.</summary>
    private static JsonNode? Figure(double value) => double.IsNaN(value) ? null : FigureJson.Write(value);
}
