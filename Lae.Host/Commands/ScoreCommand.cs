using System.Globalization;
using Lae.Composition;
using Lae.Datasets;
using Lae.Evaluation;
using Lae.Formats;
using Lae.Host.Configuration;
using Lae.Host.Plugins;
using Lae.Host.Runs;
using Lae.Kernels;

namespace Lae.Host.Commands;

/// <summary>Scores observations as anomalies: −log p(z) − log p(x | z) at the latent point that encoding and refinement infer; a higher score is a stranger observation.</summary>
internal sealed class ScoreCommand(HostContext context, ComponentCatalogue components)
{
    /// <summary>Does what the command line asks.</summary>
    /// <param name="arguments">The arguments.</param>
    /// <returns>The exit code.</returns>
    public int Execute(CommandLineArguments arguments)
    {
        TrainedRun run = TrainedRun.Open(Path.GetFullPath(arguments.Use.Folders[0], context.WorkingFolder), components, arguments.Settings);
        OutputPlace place = OutputPlace.Choose(Path.GetFullPath(arguments.OutputFolder!, context.WorkingFolder), "scores", [".csv"], inFolder: 1);
        Dataset data = GivenObservations.Read(run, arguments.Use, context.WorkingFolder, components);
        string? positive = Positive(arguments.Use.Positive, run.Form.HeldOut, data);
        Inference inference;
        try
        {
            inference = Inference.Of(RunKeys.Inference(run.Seed), run.Model, DataForm.Observations(run.Workspace, data), arguments.Use.Refine);
        }
        catch (NonFiniteStateException exception)
        {
            context.Error.WriteLine(BadInputException.OneLine($"scoring stopped: {exception.Message}"));
            return ExitCode.NonFinite;
        }

        double[] scores = Array.ConvertAll(inference.LogJoint, logJoint => -logJoint);
        bool[]? anomalous = positive is null ? null : [.. data.Labels!.Value.ToArray().Select(label => data.LabelNames[label] == positive)];
        string[] names = anomalous is null ? ["row", "score"] : ["row", "score", "anomalous"];
        double[] values = [.. scores.SelectMany((score, i) => anomalous is null ? (double[])[i + 1, score] : [i + 1, score, anomalous[i] ? 1 : 0])];
        place.Write(".csv", stream => Csv.Write(stream, names, values));

        context.Output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{data.Rows:N0} observations ({data.Name}) by {run.Model.Model.Name}, {arguments.Use.Refine} transitions after the encoding, seed {run.Seed}:"));
        EncodeCommand.TellGains(context.Output, inference);
        Tell(data, scores, anomalous, positive);
        context.Output.WriteLine($"  {place.Files.Single()}");
        return ExitCode.Done;
    }

    /// <summary>The class that counts as anomalous; null where there are no classes, or none of them is known to.</summary>
    private static string? Positive(string? given, string? heldOut, Dataset data)
    {
        if (given is not null && !data.LabelNames.Contains(given))
        {
            throw new BadInputException(data.LabelNames.Count == 0
                ? "command line: --positive needs the classes of the observations: --labels or --label-column"
                : $"command line: --positive: there is no class \"{given}\"{NearestKey.Suggest(given, data.LabelNames)}; classes: {string.Join(", ", data.LabelNames)}");
        }

        return given ?? (heldOut is not null && data.LabelNames.Contains(heldOut) ? heldOut : data.LabelNames is ["0", "1"] ? "1" : null);
    }

    private void Tell(Dataset data, double[] scores, bool[]? anomalous, string? positive)
    {
        if (anomalous is null)
        {
            context.Output.WriteLine(data.Labels is null
                ? "  no AUROC and no average precision: the observations have no classes"
                : "  no AUROC and no average precision: name the anomalous class with --positive");
        }
        else if (anomalous.All(one => one) || !anomalous.Any(one => one))
        {
            context.Output.WriteLine($"  no AUROC and no average precision: all observations are of one kind beside the class {positive}");
        }
        else
        {
            DetectionFigures figures = DetectionFigures.Of(scores, anomalous);
            context.Output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"  auroc {figures.Auroc:F4}, averagePrecision {figures.AveragePrecision:F4} for the class {positive}, {anomalous.Count(one => one):N0} of {data.Rows:N0} observations"));
        }
    }
}
