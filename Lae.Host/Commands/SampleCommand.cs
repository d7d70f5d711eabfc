using System.Globalization;
using System.Text.Json.Nodes;
using Lae.Host.Configuration;
using Lae.Host.Plugins;
using Lae.Host.Reports;
using Lae.Host.Runs;
using Lae.Host.Sampling;

namespace Lae.Host.Commands;

/// <summary>Samples a target: a new run, or one that was begun.</summary>
internal sealed class SampleCommand(HostContext context, ComponentCatalogue components)
{
    private readonly DateTimeOffset started = context.Clock.GetLocalNow();

    /// <summary>Does what the command line asks.</summary>
    /// <param name="arguments">The arguments.</param>
    /// <returns>The exit code.</returns>
    public int Execute(CommandLineArguments arguments) => arguments.ResumeFolder is null ? Begin(arguments) : Continue(arguments);

    private int Begin(CommandLineArguments arguments)
    {
        ConfigurationSource source = ConfigurationSource.OfSampling(arguments.ConfigurationFile, context.WorkingFolder, context.Variables, arguments.Settings);
        PreparedSampling run = PreparedSampling.Prepare(source, components.For(source));
        string path = arguments.OutputFolder is { } output
            ? Path.TrimEndingDirectorySeparator(Path.GetFullPath(output, context.WorkingFolder))
            : RunFolder.DefaultPath(context.WorkingFolder, run.Configuration.Name, started);
        RunFolder.RefuseUnusable(path);
        IChainSession chains;
        try
        {
            chains = run.Start(run.Kernel, run.StartingPositions());
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

        return FromTheStart(run, chains, folder);
    }

    private int Continue(CommandLineArguments arguments)
    {
        RunFolder folder = RunFolder.Open(Path.GetFullPath(arguments.ResumeFolder!, context.WorkingFolder));
        if (SamplingResults.AreIn(folder))
        {
            context.Output.WriteLine($"The run in {folder.Path} is finished: see {folder.Summary}");
            return ExitCode.Done;
        }

        using RunLock held = RunLock.Take(folder);
        ConfigurationSource source = ConfigurationSource.OfRun(folder.Configuration, arguments.Settings);
        PreparedSampling run = PreparedSampling.Prepare(source, components.For(source));
        RunEnvironment.TellOtherVersions(context.Output, folder.Configuration, run.Engine.Name);
        File.Delete(folder.Summary);
        if (!File.Exists(folder.Checkpoint))
        {
            context.Output.WriteLine($"Continuing {folder.Path} from the beginning: there is no checkpoint yet");
            return FromTheStart(run, run.Start(run.Kernel, run.StartingPositions()), folder);
        }

        SamplingCheckpoint checkpoint = SamplingCheckpoint.Read(folder.Checkpoint);
        SamplingState state = new SamplingStart(run, folder).Continue(checkpoint);
        context.Output.WriteLine($"Continuing {folder.Path} at transition {state.Chains.Step} of {run.BurnIn + run.MostTransitions}");
        return Sample(run, folder, state, Progress(run));
    }

    private int FromTheStart(PreparedSampling run, IChainSession chains, RunFolder folder)
    {
        SamplingProgress progress = Progress(run);
        WarmupFigures warmup = WarmupFigures.None;
        try
        {
            if (run.Tunable is { } tunable)
            {
                (chains, warmup) = new WarmupPhase(run, tunable, context.Clock, progress).Run(context.Cancellation);
            }
        }
        catch (OperationCanceledException)
        {
            progress.Clear();
            context.Output.WriteLine($"Interrupted in the warm-up, which is done again from its start. Continue with: lae --resume {folder.Path}");
            return ExitCode.Interrupted;
        }
        catch (ArithmeticException exception)
        {
            progress.Clear();
            context.Error.WriteLine(BadInputException.OneLine($"the warm-up stopped: {exception.Message.TrimEnd('.')}; no draw was kept before it"));
            return ExitCode.NonFinite;
        }

        return Sample(run, folder, new SamplingStart(run, folder).Begin(chains, warmup, started), progress);
    }

    private SamplingProgress Progress(PreparedSampling run) => new(
        run.Posterior.Names, run.Configuration.Chains, (done, total) => new ProgressLine(context.Output, context.TerminalWidth, context.Clock, done, total, "transitions"));

    private int Sample(PreparedSampling run, RunFolder folder, SamplingState state, SamplingProgress progress)
    {
        SamplingPhase phase = new(run, folder, state, run.Rule, context.Clock, progress);
        SamplingResults results = new(run, folder, state, started, context.Clock);
        try
        {
            bool completed = phase.Run(context.Cancellation);
            progress.Clear();
            return completed ? Finish(run, folder, state, results, phase.StoppedAt) : Interrupted(run, folder, state, results);
        }
        catch (ArithmeticException exception)
        {
            progress.Clear();
            long kept = results.WritePart().Count;
            context.Error.WriteLine(BadInputException.OneLine(
                $"sampling stopped: {exception.Message.TrimEnd('.')}; {(kept > 0 ? $"the {kept} draws before it {Kept(run, folder)}" : "no draw was kept before it")}"));
            return ExitCode.NonFinite;
        }
    }

    private int Interrupted(PreparedSampling run, RunFolder folder, SamplingState state, SamplingResults results)
    {
        long kept = results.WritePart().Count;
        context.Output.WriteLine(
            $"Interrupted at transition {state.Chains.Step} of {run.BurnIn + run.MostTransitions}; {(kept > 0 ? $"the {kept} draws so far {Kept(run, folder)}" : "no draw was kept yet")}. Continue with: lae --resume {folder.Path}");
        return ExitCode.Interrupted;
    }

    private int Finish(PreparedSampling run, RunFolder folder, SamplingState state, SamplingResults results, long? stoppedAt)
    {
        if (stoppedAt is { } transitions)
        {
            results.NoteStop(transitions);
            context.Output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Stopped after {transitions:N0} of at most {run.MostTransitions:N0} transitions, as Stopping asks."));
        }

        SamplingSummary summary = results.Write();
        if (summary.Outcome(File.ReadAllText(folder.Configuration), state.Seconds) is { } outcome)
        {
            SamplingReport.Write(folder, outcome);
            context.Output.WriteLine();
            SamplingTerminal.Write(context.Output, outcome, context.TerminalWidth);
            context.Output.WriteLine();
            context.Output.WriteLine($"Report: {folder.Report}");
        }

        results.Complete(summary);
        return ExitCode.Done;
    }

    private static string Kept(PreparedSampling run, RunFolder folder) =>
        run.Configuration.Keep == KeptDraws.Figures ? $"are in the figures of {folder.Summary}" : $"are in {folder.Draws}";
}
