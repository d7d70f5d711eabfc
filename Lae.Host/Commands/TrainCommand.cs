using System.Text.Json.Nodes;
using Lae.Host.Configuration;
using Lae.Host.Plugins;
using Lae.Host.Reports;
using Lae.Host.Runs;
using Lae.Kernels;
using Lae.Models;
using Lae.Numerics;

namespace Lae.Host.Commands;

/// <summary>Trains a model: a new run, or one that was begun.</summary>
internal sealed class TrainCommand(HostContext context, ComponentCatalogue components)
{
    private readonly DateTimeOffset started = context.Clock.GetLocalNow();

    /// <summary>Does what the command line asks.</summary>
    /// <param name="arguments">The arguments.</param>
    /// <returns>The exit code.</returns>
    public int Execute(CommandLineArguments arguments) => arguments.ResumeFolder is null ? Begin(arguments) : Continue(arguments);

    private int Begin(CommandLineArguments arguments)
    {
        ConfigurationSource source = ConfigurationSource.OfNewRun(arguments.ConfigurationFile, context.WorkingFolder, context.Variables, arguments.Settings);
        PreparedRun run = PreparedRun.Prepare(source, components.For(source));
        string path = arguments.OutputFolder is { } output
            ? Path.TrimEndingDirectorySeparator(Path.GetFullPath(output, context.WorkingFolder))
            : RunFolder.DefaultPath(context.WorkingFolder, run.Configuration.Name, started);
        RunFolder.RefuseUnusable(path);
        TrainingState initial = run.Model.Initialize(RunKeys.Initialization(run.Configuration.Seed));
        RunFolder folder = RunFolder.Create(path);
        using RunLock held = RunLock.Take(folder);
        JsonObject configuration = run.Resolved.DeepClone().AsObject();
        configuration[ConfigurationSource.VersionsSection] = RunEnvironment.Versions(run.Engine.Name);
        AtomicFile.WriteText(folder.Data, DataForm.Of(run.Data).ToJson());
        AtomicFile.WriteText(folder.Configuration, configuration.ToJsonString(FigureJson.Indented) + "\n");
        context.Output.WriteLine($"Run folder: {folder.Path}");
        return Train(run, folder, TrainingProgress.At(initial), isCheckpoint: false);
    }

    private int Continue(CommandLineArguments arguments)
    {
        RunFolder folder = RunFolder.Open(Path.GetFullPath(arguments.ResumeFolder!, context.WorkingFolder));
        if (folder.IsFinished)
        {
            context.Output.WriteLine($"The run in {folder.Path} is finished: see {folder.Report}");
            return ExitCode.Done;
        }

        using RunLock held = RunLock.Take(folder);
        ConfigurationSource source = ConfigurationSource.OfRun(folder.Configuration, arguments.Settings);
        PreparedRun run = PreparedRun.Prepare(source, components.For(source));
        RunEnvironment.TellOtherVersions(context.Output, folder.Configuration, run.Engine.Name);
        TrainingState initial = run.Model.Initialize(RunKeys.Initialization(run.Configuration.Seed));
        bool isCheckpoint = File.Exists(folder.Checkpoint);
        TrainingProgress progress = isCheckpoint ? CheckpointFile.Read(folder.Checkpoint, initial) : TrainingProgress.At(initial);
        context.Output.WriteLine(isCheckpoint
            ? $"Continuing {folder.Path} at step {progress.State.Step} of {run.TotalSteps}"
            : $"Continuing {folder.Path} from the beginning: there is no checkpoint yet");
        return Train(run, folder, progress, isCheckpoint);
    }

    private int Train(PreparedRun run, RunFolder folder, TrainingProgress start, bool isCheckpoint)
    {
        StageMemory.Release();
        long firstStep = start.State.Step; // nothing else of the start is held while it trains
        using MetricsLog log = MetricsLog.Open(folder.Log, start.State.Step);
        using MetricsLog? testLog = run.Configuration.Evaluation.EveryEpochs > 0 ? MetricsLog.Open(folder.TestLog, start.State.Step) : null;
        TestCurve? test = testLog is null ? null : new TestCurve(run, testLog, context.Clock);
        TrainingPlan plan = run.Plan;
        ProgressDisplay display = new(context.Output, context.TerminalWidth, context.Clock, start.State.Step, run.TotalSteps, plan.StepsPerEpoch(run.Training.Rows));
        RunObserver observer = new(folder, log, test, display, context.Clock, TimeSpan.FromSeconds(run.Configuration.Training.CheckpointEverySeconds));
        if (isCheckpoint)
        {
            observer.Resumed(start.State.Step);
        }

        TrainingProgress end;
        try
        {
            // Rows of a set on disk come batch by batch; a resident set is brought into the form of observations once.
            end = TrainingLoop.Resume(
                run.Model, run.Training.Observations, plan, RunKeys.Training(run.Configuration.Seed), start, observer, run.Engine, context.Cancellation);
        }
        catch (ArithmeticException exception)
        {
            display.Clear();
            observer.SaveWaiting();
            string kept = observer.CheckpointStep is { } step ? $"the last good checkpoint, of step {step}, is {folder.Checkpoint}" : "there was no checkpoint yet";
            context.Error.WriteLine($"training stopped: {exception.Message.TrimEnd('.')}; {kept}");
            return ExitCode.NonFinite;
        }

        display.Clear();
        StageMemory.Release();
        TimeSpan training = display.Elapsed - (test?.Elapsed ?? TimeSpan.Zero);
        observer.Save(end);
        return context.Cancellation.IsCancellationRequested
            ? Interrupted(folder, end.State.Step, run.TotalSteps)
            : Finish(run, folder, firstStep, end.State, log, testLog?.Entries ?? [], test, training);
    }

    private int Finish(PreparedRun run, RunFolder folder, long firstStep, TrainingState state, MetricsLog log, IReadOnlyList<TrainingLogEntry> testLog, TestCurve? test, TimeSpan training)
    {
        long begun = context.Clock.GetTimestamp();
        TrainedModel model = new(run.Model, state.Parameters.Map(leaf => leaf.CopyTo(run.Workspace)));
        FinalEvaluation evaluation;
        try
        {
            evaluation = FinalEvaluation.Of(run, model, state.Step, test?.Whole(state.Step));
        }
        catch (NonFiniteStateException exception)
        {
            context.Error.WriteLine($"evaluation stopped: {exception.Message.TrimEnd('.')}; the checkpoint is {folder.Checkpoint}");
            return ExitCode.NonFinite;
        }

        if (context.Cancellation.IsCancellationRequested)
        {
            return Interrupted(folder, state.Step, run.TotalSteps);
        }

        FinalMetrics metrics = FinalMetrics.Of(run, state, log.Entries, evaluation);
        RunTiming timing = new(
            started, context.Clock.GetLocalNow(), firstStep, state.Step - firstStep, training, context.Clock.GetElapsedTime(begun), run.Engine.Threads);
        RunReport.Write(folder, run, model, evaluation, metrics, log.Entries, testLog, timing);
        RunSummary.Write(context.Output, folder, run, metrics, timing);
        return ExitCode.Done;
    }

    private int Interrupted(RunFolder folder, long step, long total)
    {
        context.Output.WriteLine($"Interrupted at step {step} of {total}; what was done is kept. Continue with: lae --resume {folder.Path}");
        return ExitCode.Interrupted;
    }
}
