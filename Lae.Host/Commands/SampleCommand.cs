using System.Globalization;
using System.Text.Json.Nodes;
using Lae.Formats;
using Lae.Host.Configuration;
using Lae.Host.Plugins;
using Lae.Host.Reports;
using Lae.Host.Runs;
using Lae.Host.Sampling;

namespace Lae.Host.Commands;

/// <summary>Samples a target, and writes the draws.</summary>
internal sealed class SampleCommand(HostContext context, ComponentCatalogue components)
{
    private readonly DateTimeOffset started = context.Clock.GetLocalNow();

    /// <summary>Does what the command line asks.</summary>
    /// <param name="arguments">The arguments.</param>
    /// <returns>The exit code.</returns>
    public int Execute(CommandLineArguments arguments)
    {
        ConfigurationSource source = ConfigurationSource.OfSampling(arguments.ConfigurationFile, context.WorkingFolder, context.Variables, arguments.Settings);
        PreparedSampling run = PreparedSampling.Prepare(source, components.For(source));
        run.RefuseTooManyDraws();
        string path = arguments.OutputFolder is { } output
            ? Path.TrimEndingDirectorySeparator(Path.GetFullPath(output, context.WorkingFolder))
            : RunFolder.DefaultPath(context.WorkingFolder, run.Configuration.Name, started);
        RunFolder.RefuseUnusable(path);
        IChainSession chains;
        try
        {
            chains = run.Start();
        }
        catch (ArithmeticException exception)
        {
            context.Error.WriteLine(BadInputException.OneLine($"sampling did not start: {exception.Message.TrimEnd('.')}"));
            return ExitCode.NonFinite;
        }

        RunFolder folder = RunFolder.Create(path);
        using RunLock held = RunLock.Take(folder);
        JsonObject configuration = run.Resolved.DeepClone().AsObject();
        configuration[ConfigurationSource.VersionsSection] = RunEnvironment.Versions(run.Engine.Name);
        AtomicFile.WriteText(folder.Configuration, configuration.ToJsonString(FigureJson.Indented) + "\n");
        context.Output.WriteLine($"Run folder: {folder.Path}");
        foreach (string line in run.Model.Notes.Concat(run.Model.Warnings.Select(warning => $"Warning: {warning}")))
        {
            context.Output.WriteLine(line);
        }

        return Sample(run, chains, folder);
    }

    private int Sample(PreparedSampling run, IChainSession chains, RunFolder folder)
    {
        SamplingRun sampling = new(run, new ProgressLine(context.Output, context.TerminalWidth, context.Clock, 0, (long)run.Configuration.Discard + run.Configuration.Transitions, "transitions"));
        bool completed;
        try
        {
            completed = sampling.Run(chains, context.Cancellation);
        }
        catch (ArithmeticException exception)
        {
            sampling.Progress.Clear();
            string kept = Keep(sampling.Summary(completed: false), folder) ? $"the {sampling.Draws.Count} draws kept before it are in {folder.Draws}" : "no draw was kept before it";
            context.Error.WriteLine(BadInputException.OneLine($"sampling stopped: {exception.Message.TrimEnd('.')}; {kept}"));
            return ExitCode.NonFinite;
        }

        sampling.Progress.Clear();
        SamplingSummary summary = sampling.Summary(completed);
        bool isKept = Keep(summary, folder);
        long total = (long)run.Configuration.Discard + run.Configuration.Transitions;
        if (!completed)
        {
            context.Output.WriteLine($"Interrupted at transition {chains.Step} of {total}; {(isKept ? $"the {summary.Draws.Count} draws kept so far are in {folder.Draws}" : "no draw was kept yet")}");
            return ExitCode.Interrupted;
        }

        if (summary.Outcome(sampling.Progress.Elapsed, File.ReadAllText(folder.Configuration)) is { } outcome)
        {
            SamplingReport.Write(folder, outcome);
            context.Output.WriteLine();
            SamplingTerminal.Write(context.Output, outcome, context.TerminalWidth);
            context.Output.WriteLine();
            context.Output.WriteLine($"Report: {folder.Report}");
        }

        return ExitCode.Done;
    }

    /// <summary>Writes what there is; false if there is nothing.</summary>
    private bool Keep(SamplingSummary summary, RunFolder folder)
    {
        if (summary.Draws.Count == 0)
        {
            return false;
        }

        AtomicFile.Write(folder.Draws, stream => Npz.Write(stream, summary.Draws.ToArrays()));
        AtomicFile.WriteText(folder.Timing, new JsonObject
        {
            ["started"] = started.ToString("O", CultureInfo.InvariantCulture),
            ["finished"] = context.Clock.GetLocalNow().ToString("O", CultureInfo.InvariantCulture),
            ["threads"] = summary.Run.Engine.Threads,
        }.ToJsonString(FigureJson.Indented) + "\n");
        AtomicFile.WriteText(folder.Summary, summary.ToJson());
        return true;
    }
}
