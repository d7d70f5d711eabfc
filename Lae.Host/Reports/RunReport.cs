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
    /// <param name="testLog">Test figures by epoch; empty where none were taken.</param>
    /// <param name="timing">Times.</param>
    public static void Write(
        RunFolder folder, PreparedRun run, TrainedModel model, FinalEvaluation evaluation, FinalMetrics metrics, IReadOnlyList<TrainingLogEntry> log, IReadOnlyList<TrainingLogEntry> testLog, RunTiming timing)
    {
        AtomicFile.Write(folder.Weights, model.Write);
        AtomicFile.WriteText(folder.Metrics, metrics.ToJson());
        AtomicFile.WriteText(folder.Timing, timing.ToJson());
        if (run.Test.Shape is { } shape)
        {
            int scale = run.Configuration.Output.ImageScale;
            Picture(folder.SamplesPicture, ImagePictures.Samples(evaluation.Samples, shape, scale));
            Picture(folder.Reconstructions, ImagePictures.Reconstructions(evaluation.Observed, evaluation.Reconstructed, shape, scale));
        }
        else
        {
            DataForm form = DataForm.Of(run.Data);
            AtomicFile.Write(folder.SamplesTable, stream => Csv.Write(stream, form.NamesOfColumns(), form.InUnits(evaluation.Samples)));
        }

        AtomicFile.WriteText(folder.Curves, CurvesChart.Draw(log));
        AtomicFile.WriteText(folder.Latents, LatentsChart.Draw(evaluation.Encodings, run.Test));
        Compose(folder, run, metrics, testLog, timing);
    }

    /// <summary>Writes the page from the files of the folder.</summary>
    /// <param name="folder">The run folder.</param>
    /// <param name="run">The run.</param>
    /// <param name="metrics">The final figures.</param>
    /// <param name="testLog">Test figures by epoch; empty where none were taken.</param>
    /// <param name="timing">Times.</param>
    public static void Compose(RunFolder folder, PreparedRun run, FinalMetrics metrics, IReadOnlyList<TrainingLogEntry> testLog, RunTiming timing)
    {
        List<ReportPicture> pictures = [.. run.Test.Shape is null ? Rows(folder) : Images(folder, run)];
        pictures.Add(ReportPicture.Svg("Learning curves", "Figures of the log by training step, each a mean over a logging interval.", File.ReadAllText(folder.Curves)));
        if (testLog.Count > 0)
        {
            pictures.Add(ReportPicture.Svg("Test figures by training step", "Figures on the test observations at ends of epochs.", CurvesChart.Draw(testLog)));
        }

        pictures.Add(ReportPicture.Svg("Encodings of the test observations", LatentsChart.Caption(run.Model.LatentSize, run.Test), File.ReadAllText(folder.Latents)));
        ReportContent content = new(run.Configuration.Name, RunSummary.Trained(run, metrics), metrics, File.ReadAllText(folder.Configuration), timing, pictures);
        AtomicFile.WriteText(folder.Report, HtmlReport.Write(content));
    }

    private static IEnumerable<ReportPicture> Images(RunFolder folder, PreparedRun run)
    {
        EvaluationOptions options = run.Configuration.Evaluation;
        yield return ReportPicture.Png(
            "Samples", $"Mean images at {run.Configuration.Output.Samples} latent points drawn from the prior.", File.ReadAllBytes(folder.SamplesPicture));
        yield return ReportPicture.Png(
            "Reconstructions",
            $"Test images (left of each pair) beside their reconstructions: means over {options.PosteriorDraws} posterior draws, each after {options.PosteriorTransitions} transitions.",
            File.ReadAllBytes(folder.Reconstructions));
    }

    private static IEnumerable<ReportPicture> Rows(RunFolder folder)
    {
        using FileStream stream = File.OpenRead(folder.SamplesTable);
        CsvTable samples = Csv.Read(stream, folder.SamplesTable);
        yield return ReportPicture.Table(
            "Samples",
            $"The first of {samples.Rows} mean rows at latent points drawn from the prior, in the units of the table; all of them are in samples.csv.",
            samples.ColumnNames,
            samples.Values.ToArray().Chunk(samples.Columns).Take(TableRowsShown));
    }

    private static void Picture(string path, PixelImage image) => AtomicFile.Write(path, stream => Png.Write(stream, image));
}
