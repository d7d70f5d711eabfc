using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Lae.Host.Runs;

/// <summary>Figures as JSON: shortest text that reads back to the same bits; infinities and NaN, for which JSON has no numbers, by name.</summary>
internal static class FigureJson
{
    /// <summary>How the files of a run folder are written.</summary>
    public static JsonSerializerOptions Indented { get; } = new() { WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>A figure.</summary>
    /// <param name="value">Any value.</param>
    public static JsonNode Write(double value) => double.IsFinite(value) ? JsonValue.Create(value) : JsonValue.Create(value.ToString(CultureInfo.InvariantCulture));

    /// <summary>The figure that <see cref="Write(double)"/> wrote.</summary>
    /// <param name="node">A number or a name.</param>
    public static double Read(JsonNode node) =>
        node.GetValueKind() == JsonValueKind.String ? double.Parse(node.GetValue<string>(), CultureInfo.InvariantCulture) : node.GetValue<double>();

    /// <summary>An object of figures in the order of their names.</summary>
    /// <param name="figures">Figures by name.</param>
    public static JsonObject Write(IEnumerable<KeyValuePair<string, double>> figures)
    {
        JsonObject result = [];
        foreach ((string name, double value) in figures.OrderBy(figure => figure.Key, StringComparer.Ordinal))
        {
            result[name] = Write(value);
        }

        return result;
    }
}
