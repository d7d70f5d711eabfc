using System.Globalization;
using System.Text;

namespace Lae.Formats.Charts;

/// <summary>Writes SVG elements; numbers in invariant form with two decimals, so that the output is the same everywhere.</summary>
internal sealed class Svg
{
    private readonly StringBuilder text = new();

    /// <summary>Opens the picture. It has no element names, styles or references, so that many fit into one HTML page.</summary>
    public Svg(int width, int height, string description)
    {
        this.text.Append(CultureInfo.InvariantCulture, $"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" ");
        this.text.Append(CultureInfo.InvariantCulture, $"viewBox=\"0 0 {width} {height}\" role=\"img\" aria-label=\"{Escape(description)}\" ");
        this.text.Append("font-family=\"system-ui, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif\" font-size=\"12\">\n");
        Rectangle(0, 0, width, height, ChartColours.Background);
    }

    public static string Number(double value)
    {
        string text = value.ToString("0.##", CultureInfo.InvariantCulture);
        return text == "-0" ? "0" : text;
    }

    /// <summary>Text as XML content or attribute; what XML cannot hold becomes the replacement character.</summary>
    public static string Escape(string text)
    {
        var escaped = new StringBuilder(text.Length);
        foreach (Rune rune in text.EnumerateRunes())
        {
            _ = rune.Value switch
            {
                '&' => escaped.Append("&amp;"),
                '<' => escaped.Append("&lt;"),
                '>' => escaped.Append("&gt;"),
                '"' => escaped.Append("&quot;"),
                '\'' => escaped.Append("&#39;"),
                '\t' or '\n' or '\r' => escaped.Append(' '),
                < 0x20 or 0xFFFE or 0xFFFF => escaped.Append('\uFFFD'),
                _ => escaped.Append(rune.ToString()),
            };
        }

        return escaped.ToString();
    }

    public void Rectangle(double x, double y, double width, double height, string fill, string more = "") =>
        this.text.Append($"<rect x=\"{Number(x)}\" y=\"{Number(y)}\" width=\"{Number(width)}\" height=\"{Number(height)}\" fill=\"{fill}\"{more}/>\n");

    public void Line(double x1, double y1, double x2, double y2, string stroke, double width = 1, string? dashes = null) =>
        this.text.Append($"<line x1=\"{Number(x1)}\" y1=\"{Number(y1)}\" x2=\"{Number(x2)}\" y2=\"{Number(y2)}\" stroke=\"{stroke}\" "
            + $"stroke-width=\"{Number(width)}\"{(dashes is null ? "" : $" stroke-dasharray=\"{dashes}\"")}/>\n");

    public void Text(double x, double y, string text, string anchor, string fill, string more = "") =>
        this.text.Append($"<text x=\"{Number(x)}\" y=\"{Number(y)}\" text-anchor=\"{anchor}\" fill=\"{fill}\"{more}>{Escape(text)}</text>\n");

    /// <summary>Opens a group, whose hovering shows the name.</summary>
    public void BeginGroup(string name) => this.text.Append($"<g><title>{Escape(name)}</title>\n");

    public void EndGroup() => this.text.Append("</g>\n");

    public void Path(StringBuilder commands, string attributes) => this.text.Append($"<path d=\"{commands}\" {attributes}/>\n");

    /// <summary>Closes the picture.</summary>
    public string Finish() => this.text.Append("</svg>\n").ToString();
}
