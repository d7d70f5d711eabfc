using System.Globalization;
using System.Text.Json.Nodes;
using Lae.Host.Configuration;
using Lae.Host.Inferring;
using Lae.Host.Plugins;
using Lae.Host.Runs;
using Lae.Numerics;
using Lae.PosteriorInference;
using Lae.Randomness;

namespace Lae.Host.Commands;

/// <summary>Holds methods of inference beside each other on a known generative model.</summary>
internal sealed class InferCommand(HostContext context, ComponentCatalogue components)
{
    private readonly DateTimeOffset started = context.Clock.GetLocalNow();

    /// <summary>Does what the command line asks.</summary>
    /// <param name="arguments">The arguments.</param>
    /// <returns>The exit code.</returns>
    public int Execute(CommandLineArguments arguments)
    {
        ConfigurationSource source = ConfigurationSource.OfSampling(arguments.ConfigurationFile, context.WorkingFolder, context.Variables, arguments.Settings);
        PreparedInference run = PreparedInference.Prepare(source, components.For(source));
        string path = arguments.OutputFolder is { } output
            ? Path.TrimEndingDirectorySeparator(Path.GetFullPath(output, context.WorkingFolder))
            : RunFolder.DefaultPath(context.WorkingFolder, run.Configuration.Name, started);
        RunFolder.RefuseUnusable(path);
        try
        {
            return Results(run) is { } results ? Write(results, path) : Interrupted();
        }
        catch (ArithmeticException exception)
        {
            context.Error.WriteLine(BadInputException.OneLine($"inference stopped: {exception.Message.TrimEnd('.')}; nothing was written"));
            return ExitCode.NonFinite;
        }
    }

    /// <summary>Everything is a function of the run alone; null if the user asked it to end.</summary>
    private InferenceResults? Results(PreparedInference run)
    {
        InferenceConfiguration configuration = run.Configuration;
        context.Output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{run.Problem.Name}: {run.Methods.Count} {(run.Methods.Count == 1 ? "method" : "methods")}, {configuration.Draws:N0} draws of each of {run.Problem.Points} {(run.Problem.Points == 1 ? "law" : "points")}"));
        RandomKey key = RunKeys.Reference(configuration.Seed);
        Tensor reference = run.Problem.Reference(key.FoldIn(0), configuration.Draws);
        InferenceFigures figures = new(run.Problem, reference, configuration.Projections);
        MethodResult floor = Timed(InferenceResults.ReferenceName, figures, () => new InferredDraws(run.Problem.Reference(key.FoldIn(1), configuration.Draws), run.Problem.ReferenceChains, new Dictionary<string, double>()));
        List<MethodResult> results = [];
        for (int i = 0; i < run.Methods.Count; i++)
        {
            if (context.Cancellation.IsCancellationRequested)
            {
                return null;
            }

            IInferenceMethod method = run.Methods[i];
            int index = i;
            results.Add(Timed(method.Name, figures, () => method.Infer(RunKeys.Method(configuration.Seed, index), run.Problem, configuration.Draws)));
            context.Output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {method.Name}: {results[^1].Seconds:F1} s"));
        }

        return new InferenceResults(run, reference, floor, results);
    }

    private MethodResult Timed(string name, InferenceFigures figures, Func<InferredDraws> infer)
    {
        long start = context.Clock.GetTimestamp();
        InferredDraws made = infer();
        double seconds = context.Clock.GetElapsedTime(start).TotalSeconds;
        return made.Draws.AllFinite()
            ? new MethodResult(name, made.Draws, figures.Of(made.Draws, made.Chains), made.Figures, seconds)
            : throw new NotFiniteNumberException($"a draw of {name} is not finite");
    }

    private int Interrupted()
    {
        context.Output.WriteLine("Interrupted; nothing was written.");
        return ExitCode.Interrupted;
    }

    private int Write(InferenceResults results, string path)
    {
        RunFolder folder = RunFolder.Create(path);
        using RunLock held = RunLock.Take(folder);
        JsonObject configuration = results.Run.Resolved.DeepClone().AsObject();
        configuration[ConfigurationSource.VersionsSection] = RunEnvironment.Versions(results.Run.Workspace.Engine.Name);
        string text = configuration.ToJsonString(FigureJson.Indented) + "\n";
        string picture = InferencePictures.Draw(results);
        AtomicFile.WriteText(folder.Configuration, text);
        AtomicFile.WriteText(folder.Posteriors, picture);
        AtomicFile.WriteText(folder.Inference, results.ToJson().ToJsonString(FigureJson.Indented) + "\n");
        AtomicFile.WriteText(folder.Timing, results.Timing().ToJsonString(FigureJson.Indented) + "\n");
        AtomicFile.WriteText(folder.Report, InferenceReport.Write(results, picture, text));
        context.Output.WriteLine();
        results.Write(context.Output);
        context.Output.WriteLine();
        if (results.Warning is { } warning)
        {
            context.Output.WriteLine($"Warning: {warning}");
        }

        context.Output.WriteLine($"Report: {folder.Report}");
        return ExitCode.Done;
    }
}
