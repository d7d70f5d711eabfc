using System.Globalization;
using System.Text.Json.Nodes;
using Lae.Composition;
using Lae.Host.Configuration;
using Lae.Host.Evaluating;
using Lae.Host.Plugins;
using Lae.Host.Reports;
using Lae.Host.Runs;
using Lae.Models;

namespace Lae.Host.Commands;

/// <summary>Judges the model of a finished run on its test observations, and writes the figures to the run's <c>metrics.json</c> and report. What was done before a kill is not done again.</summary>
internal sealed class EvaluateCommand(HostContext context, ComponentCatalogue components)
{
    /// <summary>The parts of the evaluation, in the order in which they are done: what is quick comes first.</summary>
    public static IReadOnlyList<IEvaluationPart> Parts { get; } =
    [
        new ReconstructionPart(), new RefinementPart(), new DetectionPart(), new GenerationPart(), new ImportanceWeightedPart(), new AnnealedLikelihoodPart(), new AnnealedGapPart(), new PosteriorPart(),
    ];

    /// <summary>Does what the command line asks.</summary>
    /// <param name="arguments">The arguments.</param>
    /// <returns>The exit code.</returns>
    public int Execute(CommandLineArguments arguments)
    {
        IEvaluationPart[] chosen = Chosen(arguments.Use.Only);
        RunFolder folder = TrainedRun.RequireTrained(Path.GetFullPath(arguments.Use.Folders[0], context.WorkingFolder));
        if (!folder.IsFinished || !File.Exists(folder.Metrics))
        {
            throw new RunFolderException($"run folder {folder.Path}: it is not finished; finish the run with: lae --resume {folder.Path}");
        }

        using RunLock held = RunLock.Take(folder);
        ConfigurationSource source = ConfigurationSource.OfRun(folder.Configuration, arguments.Settings);
        PreparedRun run = PreparedRun.Prepare(source, components.For(source));
        RunEnvironment.TellOtherVersions(context.Output, folder.Configuration, run.Engine.Name);
        TrainedModel model = TrainedRun.ReadWeights(folder, run.Model, run.Workspace);
        EvaluationSubject subject = new(folder, run, DataForm.Read(folder.Data), model, run.Observations(run.Test));
        JsonNode options = run.Resolved[nameof(RunConfiguration.Evaluation)]!;
        using EvaluationJournal journal = EvaluationJournal.Open(folder, options);
        context.Output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{model.Model.Name} on {run.Test.Rows:N0} test observations ({run.Test.Name}):"));
        SortedDictionary<string, double> figures = new(StringComparer.Ordinal);
        foreach (IEvaluationPart part in chosen)
        {
            if (part.Obstacle(subject) is { } obstacle)
            {
                if (arguments.Use.Only.Count > 0)
                {
                    throw new BadInputException($"run folder {folder.Path}: {string.Join(", ", part.Figures)}: {obstacle}");
                }

                context.Output.WriteLine($"  {string.Join(", ", part.Figures)}: left out, since {obstacle}");
                continue;
            }

            List<EvaluationBlock>? blocks;
            try
            {
                blocks = Blocks(subject, part, journal);
            }
            catch (ArithmeticException exception)
            {
                context.Error.WriteLine(BadInputException.OneLine($"evaluation stopped: {string.Join(", ", part.Figures)}: {exception.Message.TrimEnd('.')}; metrics.json stays as it was"));
                return ExitCode.NonFinite;
            }

            if (blocks is null)
            {
                context.Output.WriteLine($"Interrupted; what was done is kept. Continue with: lae evaluate --run {folder.Path}");
                return ExitCode.Interrupted;
            }

            IReadOnlyDictionary<string, double> found = part.Conclude(subject, blocks);
            if (arguments.Use.Only.FirstOrDefault(name => part.Figures.Contains(name) && !found.ContainsKey(name)) is { } missing)
            {
                throw new BadInputException($"run folder {folder.Path}: {missing}: {model.Model.Name} has no such figure");
            }

            foreach ((string name, double value) in found)
            {
                if (!double.IsFinite(value))
                {
                    context.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"evaluation stopped: the test figure {name} is {value}; metrics.json stays as it was"));
                    return ExitCode.NonFinite;
                }

                if (arguments.Use.Only.Count == 0 || arguments.Use.Only.Contains(name))
                {
                    figures[name] = value;
                    context.Output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {name}  {value:G6}"));
                }
            }
        }

        FinalMetrics metrics = FinalMetrics.Read(folder, MetricsLog.ReadAll(folder.Log).Count).With(figures, options);
        AtomicFile.WriteText(folder.Metrics, metrics.ToJson());
        RunReport.Compose(folder, run, metrics, MetricsLog.ReadAll(folder.TestLog), RunTiming.Read(folder.Timing));
        journal.Forget(chosen.Select(part => part.Name));
        context.Output.WriteLine($"Written to {folder.Metrics} and {folder.Report}");
        return ExitCode.Done;
    }

    private static IEvaluationPart[] Chosen(IReadOnlyList<string> only)
    {
        string[] known = [.. Parts.SelectMany(part => part.Figures)];
        foreach (string name in only)
        {
            if (!known.Contains(name))
            {
                throw new BadInputException($"command line: --only: unknown figure \"{name}\"{NearestKey.Suggest(name, known)}; known figures: {string.Join(", ", known)}");
            }
        }

        return [.. Parts.Where(part => only.Count == 0 || part.Figures.Any(only.Contains))];
    }

    /// <summary>All blocks of a part, those of the journal and the rest; null if the user asked the run to end.</summary>
    private List<EvaluationBlock>? Blocks(EvaluationSubject subject, IEvaluationPart part, EvaluationJournal journal)
    {
        int count = part.Blocks(subject);
        List<EvaluationBlock> blocks = [];
        ProgressLine progress = new(context.Output, context.TerminalWidth, context.Clock, 0, count, "blocks");
        for (int number = 0; number < count; number++)
        {
            EvaluationBlock? block = journal.Find(part.Name, number);
            if (block is null)
            {
                if (context.Cancellation.IsCancellationRequested)
                {
                    progress.Clear();
                    return null;
                }

                block = part.Compute(subject, number);
                journal.Keep(part.Name, number, block);
                progress.Stepped(number + 1, () => part.Name, () => string.Empty);
            }

            blocks.Add(block);
        }

        progress.Clear();
        return blocks;
    }
}
