using System.Globalization;
using Lae.Datasets;
using Lae.Host.Runs;

namespace Lae.Host.Reports;

/// <summary>What a run did, in a few lines for the terminal.</summary>
internal static class RunSummary
{
    private const string AcceptanceFigure = "acceptanceProbability";

    /// <summary>What was trained, in one sentence.</summary>
    /// <param name="run">The run.</param>
    /// <param name="metrics">The final figures.</param>
    public static string Trained(PreparedRun run, FinalMetrics metrics)
    {
        Dataset training = run.Training;
        string form = training.Shape is { } shape ? $"images of {shape.Height} x {shape.Width}" : $"rows of {training.Columns}";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{metrics.Model} with {metrics.ParameterCount:N0} parameters and {metrics.LatentSize} latent dimensions, trained on {training.Rows:N0} {form} ({training.Name}) for {metrics.Epochs:N0} epochs ({metrics.Step:N0} steps of {run.Configuration.Training.BatchSize}), seed {run.Configuration.Seed}.");
    }

    /// <summary>Writes the summary.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="folder">The run folder.</param>
    /// <param name="run">The run.</param>
    /// <param name="metrics">The final figures.</param>
    /// <param name="timing">Times.</param>
    public static void Write(TextWriter output, RunFolder folder, PreparedRun run, FinalMetrics metrics, RunTiming timing)
    {
        output.WriteLine();
        output.WriteLine(Trained(run, metrics));
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{timing.Steps:N0} steps in {ProgressLine.Duration(timing.Training)} ({timing.Rate:G3} steps/s, {timing.Threads} {(timing.Threads == 1 ? "thread" : "threads")}); evaluation in {ProgressLine.Duration(timing.Evaluation)}."));
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Test figures on {run.Test.Rows:N0} observations:"));
        int width = metrics.Test.Keys.Max(name => name.Length);
        foreach ((string name, double value) in metrics.Test.OrderBy(figure => figure.Key, StringComparer.Ordinal))
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {name.PadRight(width)}  {value:G5}"));
        }

        if (metrics.Training.TryGetValue(AcceptanceFigure, out double acceptance))
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Acceptance rate: {acceptance:F3}"));
        }

        foreach (RunWarning warning in metrics.Warnings)
        {
            output.WriteLine($"Warning {warning.Describe(metrics.LogEntries)}");
        }

        output.WriteLine($"Run folder: {folder.Path}");
        foreach (string file in new[] { folder.Report, folder.SamplesPicture, folder.SamplesTable, folder.Reconstructions, folder.Latents, folder.Curves }.Where(File.Exists))
        {
            output.WriteLine($"  {Path.GetFileName(file)}");
        }
    }
}
