using System.Globalization;
using System.Text.Json.Nodes;
using Lae.Host.Reports;
using Lae.Host.Runs;
using Lae.Numerics;
using Lae.PosteriorInference;

namespace Lae.Host.Inferring;

/// <summary>What a method made.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Draws">[draws, n, latentSize].</param>
/// <param name="Figures">How far they are from the laws.</param>
/// <param name="Own">Figures of the method itself.</param>
/// <param name="Seconds">Time that it took.</param>
internal sealed record MethodResult(string Name, Tensor Draws, IReadOnlyDictionary<string, double> Figures, IReadOnlyDictionary<string, double> Own, double Seconds);

/// <summary>The results of all methods, with those of a second reference sample as the floor.</summary>
/// <param name="Run">What was run.</param>
/// <param name="Reference">The reference draws, [draws, n, latentSize].</param>
/// <param name="Floor">The second reference sample.</param>
/// <param name="Methods">In the order of the configuration.</param>
internal sealed record InferenceResults(PreparedInference Run, Tensor Reference, MethodResult Floor, IReadOnlyList<MethodResult> Methods)
{
    /// <summary>What the row of the second reference sample is called.</summary>
    public const string ReferenceName = "reference";

    /// <summary>R-hat above which chains of a few dozen draws have not mixed.</summary>
    private const double LargestScaleReduction = 1.1;

    /// <summary>The figures with their meanings, in the order of tables.</summary>
    public static IReadOnlyList<(string Name, string Meaning)> Meanings { get; } =
    [
        ("meanError", "root mean square over points and dimensions of the error of the mean, in deviations of the exact law; 0 is exact"),
        ("varianceRatio", "median over points and dimensions of the variance of the draws over that of the exact law; 1 is exact"),
        ("slicedWasserstein", "sliced 2-Wasserstein distance from as many reference draws, mean over the points"),
        ("modes", "modes found, of those of the law"),
        ("largestMassError", "largest difference of the share of draws in a mode from its mass"),
        ("effectiveSampleSize", "least over points and dimensions, of the mean"),
    ];

    /// <summary>R-hat of the reference chains; null for exact draws.</summary>
    public double? ReferenceScaleReduction { get; } = Run.Problem.IsReferenceExact ? null : InferenceFigures.ScaleReduction(Reference, Run.Problem.ReferenceChains);

    /// <summary>What is wrong with the reference, in a sentence; null if nothing is.</summary>
    public string? Warning => ReferenceScaleReduction is not { } reduction || reduction <= LargestScaleReduction ? null
        : double.IsNaN(reduction) ? $"the {Run.Problem.ReferenceChains} chains of the reference have too few draws to tell whether they have mixed: ask for more Draws"
        : string.Create(CultureInfo.InvariantCulture, $"the chains of the reference have not mixed (R-hat {reduction:F2}): a posterior has modes between which they seldom cross, and its figures mean little; Problem:ReferenceApart makes them longer, Problem:Gain and Problem:NoiseDeviation the posteriors simpler");

    /// <summary>Figures that are there, in the order of tables.</summary>
    public IReadOnlyList<string> Figures => [.. Meanings.Select(figure => figure.Name).Where(Floor.Figures.ContainsKey)];

    /// <summary>The floor, then the methods.</summary>
    public IEnumerable<MethodResult> Rows => [Floor, .. Methods];

    /// <summary>The file <c>infer.json</c>: everything that configuration and seed decide.</summary>
    public JsonObject ToJson() => new()
    {
        ["problem"] = Run.Problem.Name,
        ["points"] = Run.Problem.Points,
        ["latentSize"] = Run.Problem.LatentSize,
        ["draws"] = Run.Configuration.Draws,
        ["reference"] = Run.Problem.IsReferenceExact ? "exact" : "long chains",
        ["referenceScaleReduction"] = ReferenceScaleReduction is { } reduction ? FigureJson.Write(reduction) : null,
        ["floor"] = FigureJson.Write(Floor.Figures),
        ["methods"] = new JsonArray([.. Methods.Select(method => (JsonNode)new JsonObject
        {
            ["name"] = method.Name,
            ["figures"] = FigureJson.Write(method.Figures),
            ["own"] = FigureJson.Write(method.Own),
        })]),
    };

    /// <summary>The file <c>timing.json</c>.</summary>
    public JsonObject Timing() => new() { ["seconds"] = FigureJson.Write(Rows.Select(row => KeyValuePair.Create(row.Name, Math.Round(row.Seconds, 2)))) };

    /// <summary>The table: heads, and a row for each method.</summary>
    public IReadOnlyList<IReadOnlyList<string>> Table() =>
    [
        ["method", .. Figures, "seconds"],
        .. Rows.Select(row => (IReadOnlyList<string>)[row.Name, .. Figures.Select(name => Text(name, row.Figures[name])), row.Seconds.ToString("F1", CultureInfo.InvariantCulture)]),
    ];

    /// <summary>Writes the table.</summary>
    /// <param name="output">Where to.</param>
    public void Write(TextWriter output)
    {
        IReadOnlyList<IReadOnlyList<string>> rows = Table();
        int[] widths = [.. rows[0].Select((_, column) => rows.Max(row => row[column].Length))];
        foreach (IReadOnlyList<string> row in rows)
        {
            output.WriteLine(string.Join("  ", row.Select((cell, column) => column == 0 ? cell.PadRight(widths[0]) : cell.PadLeft(widths[column]))));
        }
    }

    private static string Text(string name, double value) => name switch
    {
        "effectiveSampleSize" => FigureText.Size(value),
        "modes" => value.ToString("F0", CultureInfo.InvariantCulture),
        _ => value.ToString("F4", CultureInfo.InvariantCulture),
    };
}
