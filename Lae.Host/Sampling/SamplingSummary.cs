using System.Globalization;
using System.Text.Json.Nodes;
using Lae.Host.Runs;

namespace Lae.Host.Sampling;

/// <summary>The figures of a run; the configuration and the seed decide all of them.</summary>
/// <param name="Run">The run.</param>
/// <param name="Draws">The kept draws.</param>
/// <param name="Totals">What the transitions told.</param>
/// <param name="Completed">Whether the run was done, and not interrupted.</param>
internal sealed record SamplingSummary(PreparedSampling Run, DrawTrace Draws, TransitionTotals Totals, bool Completed)
{
    private const int ShownCoordinates = 20;

    /// <summary>The content of <c>summary.json</c>.</summary>
    public string ToJson()
    {
        JsonArray coordinates = [];
        for (int i = 0; i < Draws.Dimension; i++)
        {
            (double mean, double deviation) = Draws.Moments(i);
            coordinates.Add(new JsonObject { ["name"] = Name(i), ["mean"] = FigureJson.Write(mean), ["sd"] = FigureJson.Write(deviation) });
        }

        return new JsonObject
        {
            ["target"] = Run.Target.Name,
            ["kernel"] = Run.Kernel.Name,
            ["completed"] = Completed,
            ["chains"] = Run.Configuration.Chains,
            ["draws"] = Draws.Count,
            ["transitions"] = Totals.Transitions,
            ["acceptance"] = Totals.Acceptance is { } acceptance ? FigureJson.Write(acceptance) : null,
            ["gradientsPerTransition"] = FigureJson.Write(Totals.GradientsPerTransition),
            ["divergences"] = Totals.Divergences,
            ["coordinates"] = coordinates,
        }.ToJsonString(FigureJson.Indented) + "\n";
    }

    /// <summary>Writes the short table.</summary>
    /// <param name="output">Where to.</param>
    public void Write(TextWriter output)
    {
        string acceptance = Totals.Acceptance is { } value ? string.Create(CultureInfo.InvariantCulture, $", acceptance {value:F3}") : string.Empty;
        string divergences = Totals.Divergences > 0 ? string.Create(CultureInfo.InvariantCulture, $", {Totals.Divergences:N0} divergent") : string.Empty;
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{Run.Kernel.Name} on {Run.Target.Name}: {Draws.Count:N0} draws of {Run.Configuration.Chains:N0} chains, {Totals.GradientsPerTransition:G4} gradients a transition{acceptance}{divergences}."));
        int shown = Math.Min(Draws.Dimension, ShownCoordinates);
        int width = Name(shown - 1).Length;
        output.WriteLine($"  {new string(' ', width)}  {"mean",11}  {"sd",11}");
        for (int i = 0; i < shown; i++)
        {
            (double mean, double deviation) = Draws.Moments(i);
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {Name(i).PadRight(width)}  {mean,11:G5}  {deviation,11:G5}"));
        }

        if (shown < Draws.Dimension)
        {
            output.WriteLine($"  and {Draws.Dimension - shown} more in summary.json");
        }
    }

    private static string Name(int coordinate) => string.Create(CultureInfo.InvariantCulture, $"x{coordinate + 1}");
}
