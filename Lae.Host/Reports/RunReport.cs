using Lae.Datasets;
using Lae.Formats;
using Lae.Host.Runs;
using Lae.Models;

namespace Lae.Host.Reports;

/// <summary>Writes what a finished run leaves: weights, figures, pictures, and last the report.</summary>
internal static class RunReport
{
    private const int TableRowsShown = 20;

    /// <summary>Writes all files; the report comes last, so that its presence tells that the run is finished.</summary>
    /// <param name="folder">The run folder.</param>
    /// <param name="run">The run.</param>
    /// <param name="model">The trained model.</param>
    /// <param name="evaluation">What it makes of the test observations and the prior.</param>
    /// <param name="metrics">The final figures.</param>
    /// <param name="log">All log entries.</param>
    /// <param name="timing">Times.</param>
    public static void Write(
        RunFolder folder, PreparedRun run, TrainedModel model, Runs.Evaluation evaluation, FinalMetrics metrics, IReadOnlyList<TrainingLogEntry> log, RunTiming timing)
    {
        AtomicFile.Write(folder.Weights, model.Write);
        AtomicFile.WriteText(folder.Metrics, metrics.ToJson());
        AtomicFile.WriteText(folder.Timing, timing.ToJson());
        List<ReportPicture> pictures = [.. run.Test.Shape is { } shape ? Images(folder, run, evaluation, shape) : Rows(folder, run, evaluation)];

        string curves = CurvesChart.Draw(log);
        AtomicFile.WriteText(folder.Curves, curves);
        pictures.Add(ReportPicture.Svg("Learning curves", "Figures of the log by training step, each a mean over a logging interval.", curves));

        string latents = LatentsChart.Draw(evaluation.Encodings, run.Test);
        AtomicFile.WriteText(folder.Latents, latents);
        pictures.Add(ReportPicture.Svg("Encodings of the test observations", LatentsChart.Caption(run.Model.LatentSize, run.Test), latents));

        string configuration = File.ReadAllText(folder.Configuration);
        ReportContent content = new(run.Configuration.Name, RunSummary.Trained(run, metrics), metrics, configuration, timing, pictures);
        AtomicFile.WriteText(folder.Report, HtmlReport.Write(content));
    }

    private static IEnumerable<ReportPicture> Images(RunFolder folder, PreparedRun run, Runs.Evaluation evaluation, ImageShape shape)
    {
        int scale = run.Configuration.Output.ImageScale;
        EvaluationOptions options = run.Configuration.Evaluation;
        yield return ReportPicture.Png(
            "Samples", $"Mean images at {evaluation.Samples.Shape[0]} latent points drawn from the prior.", Picture(folder.SamplesPicture, ImagePictures.Samples(evaluation.Samples, shape, scale)));
        yield return ReportPicture.Png(
            "Reconstructions",
            $"Test images (left of each pair) beside their reconstructions: means over {options.PosteriorDraws} posterior draws, each after {options.PosteriorTransitions} transitions.",
            Picture(folder.Reconstructions, ImagePictures.Reconstructions(evaluation.Observed, evaluation.Reconstructed, shape, scale)));
    }

    private static IEnumerable<ReportPicture> Rows(RunFolder folder, PreparedRun run, Runs.Evaluation evaluation)
    {
        double[] standardized = evaluation.Samples.ToArray();
        double[] values = run.Data.Standardization?.Invert(standardized) ?? standardized;
        int columns = run.Test.Columns;
        string[] names = [.. run.Test.ColumnNames ?? Enumerable.Range(1, columns).Select(column => $"{column}")];
        AtomicFile.Write(folder.SamplesTable, stream => Csv.Write(stream, names, values));
        yield return ReportPicture.Table(
            "Samples",
            $"The first of {evaluation.Samples.Shape[0]} mean rows at latent points drawn from the prior, in the units of the table; all of them are in samples.csv.",
            names,
            values.Chunk(columns).Take(TableRowsShown));
    }

    private static byte[] Picture(string path, PixelImage image)
    {
        using MemoryStream memory = new();
        Png.Write(memory, image);
        byte[] bytes = memory.ToArray();
        AtomicFile.Write(path, stream => stream.Write(bytes));
        return bytes;
    }
}
