using Lae.Host.Comparing;
using Lae.Host.Configuration;
using Lae.Host.Reports;
using Lae.Host.Runs;

namespace Lae.Host.Commands;

/// <summary>Puts finished training runs beside each other.</summary>
internal sealed class CompareCommand(HostContext context)
{
    private static readonly string[] DataKeys = ["Data"];

    /// <summary>Does what the command line asks.</summary>
    /// <param name="arguments">The arguments.</param>
    /// <returns>The exit code.</returns>
    public int Execute(CommandLineArguments arguments)
    {
        string? path = arguments.OutputFolder is { } output ? Path.TrimEndingDirectorySeparator(Path.GetFullPath(output, context.WorkingFolder)) : null;
        if (path is not null)
        {
            RunFolder.RefuseUnusable(path);
        }

        IReadOnlyList<ComparedModel> models = ComparedModel.Gather([.. arguments.Use.Folders.Select(folder => FinishedRun.Read(Path.GetFullPath(folder, context.WorkingFolder)))]);
        ComparisonTable table = new(models);
        table.Write(context.Output, context.TerminalWidth);
        string? note = OtherData(models);
        if (note is not null)
        {
            context.Output.WriteLine(note);
        }

        if (path is not null)
        {
            Write(path, models, table, note);
        }

        return ExitCode.Done;
    }

    /// <summary>Figures on other data, or of another protocol, cannot be put beside each other.</summary>
    private static string? OtherData(IReadOnlyList<ComparedModel> models)
    {
        FinishedRun first = models[0].Runs[0];
        ComparedModel? other = models.FirstOrDefault(model => !Data(model.Runs[0]).SequenceEqual(Data(first)));
        return other is null ? null : $"note: {models[0].Label} and {other.Label} have other data: their figures are not comparable";

        static IEnumerable<KeyValuePair<string, string>> Data(FinishedRun run) => run.Settings.Where(setting => DataKeys.Contains(setting.Key.Split(':')[0]));
    }

    private void Write(string path, IReadOnlyList<ComparedModel> models, ComparisonTable table, string? note)
    {
        string figures = ComparisonCharts.Figures(models, table.Figures);
        string? epochs = ComparisonCharts.Curves(models, isSeconds: false);
        string? seconds = ComparisonCharts.Curves(models, isSeconds: true);
        List<(string Name, string Text)> files = [("comparison.csv", table.ToCsv()), ("figures.svg", figures)];
        List<ReportPicture> sections = [new("Figures", "Mean ± sample standard deviation over the runs that differ in the seed alone.", table.ToMarkup()), ReportPicture.Svg("Figures by model", "Mean ± standard deviation over the seeds.", figures)];
        if (epochs is not null && seconds is not null)
        {
            files.AddRange([("curves-epochs.svg", epochs), ("curves-seconds.svg", seconds)]);
            sections.Add(ReportPicture.Svg("Curves over epochs", "Means over the seeds; figures of training are means over a logging interval.", epochs));
            sections.Add(ReportPicture.Svg("Curves over seconds", "The same over seconds of training, evaluation not counted, at the mean rate of each run.", seconds));
        }

        string body = "<h1>Comparison</h1>\n" + (note is null ? string.Empty : $"<section class=\"warning\"><p>{ReportPage.Text(note)}</p></section>\n")
            + string.Concat(sections.Select(section => $"<section>\n<h2>{section.Title}</h2>\n<p class=\"caption\">{section.Caption}</p>\n{section.Content}\n</section>\n"));
        files.Add(("comparison.html", ReportPage.Write("Comparison", body)));
        try
        {
            Directory.CreateDirectory(path);
            foreach ((string name, string text) in files)
            {
                AtomicFile.WriteText(Path.Combine(path, name), text);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new BadInputException($"output folder {path}: it cannot be written to: {exception.Message}", exception);
        }

        context.Output.WriteLine($"Comparison: {Path.Combine(path, "comparison.html")}");
    }
}
