using System.Globalization;
using System.Text;

namespace Lae.Formats.CmdStan;

/// <summary>Reads the draws of one chain that CmdStan, or <see cref="CmdStanWriter"/>, wrote.</summary>
public static class CmdStanCsv
{
    /// <summary>Reads a file up to the end of the stream.</summary>
    /// <param name="stream">UTF-8 text; it stays open and need not be able to seek.</param>
    /// <param name="sourceName">What messages call the data, often a file name.</param>
    /// <returns>The content.</returns>
    /// <exception cref="DataFormatException">There is no line of names, a name comes twice, or a line does not hold as many numbers as there are names.</exception>
    public static CmdStanFile Read(Stream stream, string sourceName)
    {
        using StreamReader reader = new(stream, Encoding.UTF8, detectEncodingFromByteOrderMarks: false, leaveOpen: true);
        Content content = new(sourceName);
        int number = 0;
        while (reader.ReadLine() is { } line)
        {
            content.Take(line, ++number);
        }

        return content.Finish(number);
    }

    private static double? Parse(ReadOnlySpan<char> text) => text.Trim() switch
    {
        "nan" or "NaN" => double.NaN,
        "inf" or "Inf" => double.PositiveInfinity,
        "-inf" or "-Inf" => double.NegativeInfinity,
        var word => double.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && double.IsFinite(value) ? value : null,
    };

    private sealed class Content(string sourceName)
    {
        private readonly Dictionary<string, string> settings = new(StringComparer.Ordinal);
        private readonly List<double[]> before = [];
        private readonly List<double[]> after = [];
        private readonly List<double[]> inverseMass = [];
        private string[]? columns;
        private double? stepSize;
        private double? warmupSeconds;
        private double? samplingSeconds;
        private bool adapted;
        private bool inMatrix;

        public void Take(string line, int number)
        {
            if (line.StartsWith('#'))
            {
                TakeComment(line[1..].Trim(), number);
            }
            else if (line.Length > 0)
            {
                this.inMatrix = false;
                if (this.columns is null)
                {
                    this.columns = line.Split(',', StringSplitOptions.TrimEntries);
                    if (this.columns.Any(name => name.Length == 0) || this.columns.Distinct(StringComparer.Ordinal).Count() != this.columns.Length)
                    {
                        throw Fault(number, "expected names of columns, all different");
                    }
                }
                else
                {
                    (this.adapted ? this.after : this.before).Add(Numbers(line, this.columns.Length, number));
                }
            }
        }

        public CmdStanFile Finish(int lines)
        {
            if (this.columns is null)
            {
                throw Fault(lines + 1, "expected names of columns, found the end");
            }

            // a chain without adaptation has no mark between its draws
            (IReadOnlyList<double[]> warmup, IReadOnlyList<double[]> draws) = this.adapted ? (this.before, this.after) : ((IReadOnlyList<double[]>)[], this.before);
            return new CmdStanFile(this.settings, this.columns, warmup, draws, this.stepSize, this.inverseMass, this.warmupSeconds, this.samplingSeconds);
        }

        private void TakeComment(string comment, int number)
        {
            if (comment.StartsWith("Adaptation terminated", StringComparison.Ordinal))
            {
                this.adapted = true;
            }
            else if (comment.EndsWith("inverse mass matrix:", StringComparison.Ordinal))
            {
                this.inMatrix = true;
            }
            else if (comment.EndsWith("seconds (Warm-up)", StringComparison.Ordinal))
            {
                this.warmupSeconds = Seconds(comment, number);
            }
            else if (comment.EndsWith("seconds (Sampling)", StringComparison.Ordinal))
            {
                this.samplingSeconds = Seconds(comment, number);
            }
            else if (this.inMatrix && comment.Length > 0)
            {
                this.inverseMass.Add(Numbers(comment, comment.Count(character => character == ',') + 1, number));
            }
            else if (comment.Split('=', 2, StringSplitOptions.TrimEntries) is [var name, var value])
            {
                if (name == "Step size")
                {
                    this.stepSize = Parse(value) ?? throw Fault(number, $"expected a number, found {DataFormatException.Quote(value)}");
                }
                else
                {
                    this.settings[name] = value.EndsWith("(Default)", StringComparison.Ordinal) ? value[..^"(Default)".Length].TrimEnd() : value;
                }
            }
        }

        private double Seconds(string comment, int number)
        {
            string[] words = comment.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            return (words.Length < 3 ? null : Parse(words[^3])) ?? throw Fault(number, $"expected a time, found {DataFormatException.Quote(comment)}");
        }

        private double[] Numbers(string line, int count, int number)
        {
            string[] fields = line.Split(',');
            if (fields.Length != count)
            {
                throw Fault(number, $"expected {count} numbers, found {fields.Length}");
            }

            return [.. fields.Select(field => Parse(field) ?? throw Fault(number, $"expected a number, found {DataFormatException.Quote(field)}"))];
        }

        private DataFormatException Fault(int number, string problem) => new(sourceName, $"line {number}", problem);
    }
}
