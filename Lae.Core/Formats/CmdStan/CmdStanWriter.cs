using System.Globalization;
using System.Text;

namespace Lae.Formats.CmdStan;

/// <summary>
/// Writes the draws of one chain as CmdStan does: settings as comments, a line of column names, what was adapted as comments, a line for each draw, elapsed times as comments. A number has as many digits as
/// it takes to read back the same bits. Nothing is held back: when a call returns, its lines are with the stream.
/// Source: CmdStan User's Guide, chapter "Stan CSV file format"; the words are those of version 2.29.
/// </summary>
public sealed class CmdStanWriter
{
    private readonly Stream stream;
    private readonly int parameters;
    private readonly StringBuilder text = new();

    private CmdStanWriter(Stream stream, int parameters)
    {
        this.stream = stream;
        this.parameters = parameters;
    }

    /// <summary>Writes the settings and the names of the columns.</summary>
    /// <param name="stream">Where to write; it stays open and need not be able to seek.</param>
    /// <param name="settings">What the head says.</param>
    /// <param name="parameters">Names such as <c>theta[1]</c>; see <see cref="CmdStanColumns.Of"/>.</param>
    /// <returns>A writer.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A number of the settings is out of its range.</exception>
    public static CmdStanWriter Begin(Stream stream, CmdStanSettings settings, IReadOnlyList<string> parameters)
    {
        Check(settings);
        CmdStanWriter writer = new(stream, parameters.Count);
        writer.Comment("stan_version_major = 2");
        writer.Comment("stan_version_minor = 29");
        writer.Comment("stan_version_patch = 0");
        writer.Comment($"model = {CmdStanColumns.Word(settings.Model)}");
        writer.Comment("method = sample");
        writer.Comment("  sample");
        writer.Comment($"    num_samples = {settings.Samples}");
        writer.Comment($"    num_warmup = {settings.Warmup}");
        writer.Comment($"    save_warmup = {(settings.SavesWarmup ? 1 : 0)}");
        writer.Comment($"    thin = {settings.Thin}");
        writer.Comment("    adapt");
        writer.Comment($"      engaged = {(settings.TargetAcceptance is null ? 0 : 1)}");
        if (settings.TargetAcceptance is { } delta)
        {
            writer.Comment($"      delta = {Number(delta)}");
        }

        string algorithm = CmdStanColumns.Word(settings.Algorithm);
        writer.Comment($"    algorithm = {algorithm}");
        writer.Comment($"      {algorithm}");
        if (algorithm == "hmc")
        {
            writer.Comment($"        engine = {CmdStanColumns.Word(settings.Engine)}");
        }

        if (settings.MaximumDepth is { } depth)
        {
            writer.Comment($"            max_depth = {depth}");
        }

        writer.Comment($"        metric = {CmdStanColumns.Word(settings.Metric)}");
        writer.Comment($"id = {settings.Chain}");
        writer.Comment("random");
        writer.Comment($"  seed = {settings.Seed}");
        writer.Comment("written_by = lae");
        if (settings.LibraryVersion.Length > 0)
        {
            writer.Comment($"lae_version = {CmdStanColumns.Word(settings.LibraryVersion.Replace('.', '-'))}");
        }

        writer.text.AppendJoin(',', CmdStanColumns.Sampler.Concat(CmdStanColumns.Of(parameters))).Append('\n');
        writer.Send();
        return writer;
    }

    /// <summary>Writes what the warm-up found; after the draws of the warm-up, where those are written, and before all others.</summary>
    /// <param name="stepSize">The step size of the frozen kernel.</param>
    /// <param name="inverseMass">Diagonal of the inverse mass matrix, or all of it row by row with as many numbers as the square of the dimension; empty for none.</param>
    /// <param name="dimension">Free variables.</param>
    /// <exception cref="ArgumentException">There are neither as many numbers as the dimension nor as its square.</exception>
    public void Adaptation(double stepSize, IReadOnlyList<double> inverseMass, int dimension)
    {
        bool dense = inverseMass.Count == (long)dimension * dimension && dimension > 1;
        if (!dense && inverseMass.Count != dimension && inverseMass.Count != 0)
        {
            throw new ArgumentException($"{inverseMass.Count} numbers are neither the diagonal nor all of a matrix of {dimension} rows.", nameof(inverseMass));
        }

        Comment("Adaptation terminated");
        Comment($"Step size = {Number(stepSize)}");
        if (inverseMass.Count > 0)
        {
            Comment(dense ? "Elements of inverse mass matrix:" : "Diagonal elements of inverse mass matrix:");
            for (int start = 0; start < inverseMass.Count; start += dimension)
            {
                Comment(string.Join(", ", inverseMass.Skip(start).Take(dimension).Select(Number)));
            }
        }

        Send();
    }

    /// <summary>Writes one draw.</summary>
    /// <param name="draw">The sampler's columns.</param>
    /// <param name="values">The parameters, as many as there are names.</param>
    /// <exception cref="ArgumentException">There are not so many parameters.</exception>
    public void Append(CmdStanDraw draw, ReadOnlySpan<double> values)
    {
        if (values.Length != this.parameters)
        {
            throw new ArgumentException($"A draw has {this.parameters} parameters, not {values.Length}.", nameof(values));
        }

        this.text.Append(Number(draw.LogDensity)).Append(',').Append(Number(draw.AcceptanceProbability)).Append(',').Append(Number(draw.StepSize)).Append(',')
            .Append(CultureInfo.InvariantCulture, $"{draw.TreeDepth},{draw.GradientCount},{(draw.IsDivergent ? 1 : 0)},").Append(Number(draw.Energy));
        foreach (double value in values)
        {
            this.text.Append(',').Append(Number(value));
        }

        this.text.Append('\n');
        Send();
    }

    /// <summary>Writes the times; the last thing in the file.</summary>
    /// <param name="warmupSeconds">Time of the warm-up.</param>
    /// <param name="samplingSeconds">Time of the rest.</param>
    public void End(double warmupSeconds, double samplingSeconds)
    {
        this.text.Append("# \n");
        Time("Elapsed Time: ", warmupSeconds, "Warm-up");
        Time("              ", samplingSeconds, "Sampling");
        Time("              ", warmupSeconds + samplingSeconds, "Total");
        this.text.Append("# \n");
        Send();
    }

    /// <summary>Not finite numbers in CmdStan's words; the others so that they read back the same.</summary>
    private static string Number(double value) =>
        double.IsNaN(value) ? "nan" : double.IsInfinity(value) ? value > 0 ? "inf" : "-inf" : value.ToString("R", CultureInfo.InvariantCulture);

    private static void Check(CmdStanSettings settings)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(settings.Chain, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(settings.Samples);
        ArgumentOutOfRangeException.ThrowIfNegative(settings.Warmup);
        ArgumentOutOfRangeException.ThrowIfLessThan(settings.Thin, 1);
        if (settings.Metric is not ("unit_e" or "diag_e" or "dense_e"))
        {
            throw new ArgumentOutOfRangeException(nameof(settings), settings.Metric, "The metric must be unit_e, diag_e or dense_e.");
        }

        if (settings.TargetAcceptance is { } delta && !(delta > 0 && delta < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(settings), delta, "The target acceptance must be in (0, 1).");
        }
    }

    private void Comment(FormattableString line) => Comment(line.ToString(CultureInfo.InvariantCulture));

    private void Comment(string line) => this.text.Append("# ").Append(line).Append('\n');

    // readers take every digit and point of the line for the number, so no exponents
    private void Time(string before, double seconds, string what) => Comment(string.Create(CultureInfo.InvariantCulture, $"{before}{seconds:F3} seconds ({what})"));

    private void Send()
    {
        this.stream.Write(Encoding.UTF8.GetBytes(this.text.ToString()));
        this.text.Clear();
    }
}
