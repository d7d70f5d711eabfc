using System.Globalization;
using Lae.Datasets;
using Lae.Formats;
using Lae.Host.Configuration;
using Lae.Host.Plugins;
using Lae.Host.Runs;
using Lae.Kernels;
using Lae.Numerics;

namespace Lae.Host.Commands;

/// <summary>Encodes observations with the model of a finished run, and refines the latent points if asked to.</summary>
internal sealed class EncodeCommand(HostContext context, ComponentCatalogue components)
{
    /// <summary>Does what the command line asks.</summary>
    /// <param name="arguments">The arguments.</param>
    /// <returns>The exit code.</returns>
    public int Execute(CommandLineArguments arguments)
    {
        TrainedRun run = TrainedRun.Open(Path.GetFullPath(arguments.Use.Folders[0], context.WorkingFolder), components, arguments.Settings);
        OutputPlace place = OutputPlace.Choose(Path.GetFullPath(arguments.OutputFolder!, context.WorkingFolder), "latents", [".csv", ".npz"], inFolder: 2);
        Dataset data = GivenObservations.Read(run, arguments.Use, context.WorkingFolder, components);
        int transitions = arguments.Use.Refine;
        Inference inference;
        try
        {
            inference = Inference.Of(RunKeys.Inference(run.Seed), run.Model, DataForm.Observations(run.Workspace, data), transitions);
        }
        catch (NonFiniteStateException exception)
        {
            context.Error.WriteLine(BadInputException.OneLine($"encoding stopped: {exception.Message}"));
            return ExitCode.NonFinite;
        }

        Write(place, inference);
        context.Output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{data.Rows:N0} observations ({data.Name}) by {run.Model.Model.Name}, {run.Model.LatentSize} latent dimensions, seed {run.Seed}:"));
        TellGains(context.Output, inference);
        foreach (string file in place.Files)
        {
            context.Output.WriteLine($"  {file}");
        }

        return ExitCode.Done;
    }

    /// <summary>Tells how the log joint density rises, one line a transition, and of a long refinement those at which it is told best.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="inference">The refinement.</param>
    internal static void TellGains(TextWriter output, Inference inference)
    {
        double[] means = inference.MeanLogJoint;
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  mean log joint density at the encodings: {means[0]:F4}"));
        int every = Math.Max(1, (means.Length - 1) / 20);
        for (int step = every; step < means.Length; step += every)
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  after transition {step}: {means[step]:F4} (gain {means[step] - means[step - every]:+0.0000;-0.0000}{(every > 1 ? $" in {every} transitions" : string.Empty)})"));
        }

        if (means.Length > 1)
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  gain of the refinement: {means[^1] - means[0]:+0.0000;-0.0000}, acceptance {inference.Acceptance:F3}"));
        }
    }

    private static void Write(OutputPlace place, Inference inference)
    {
        int rows = inference.Latents.Shape[0];
        int dimension = inference.Latents.Shape[1];
        double[] latents = inference.Latents.ToArray();
        string[] names = [.. Enumerable.Range(1, dimension).Select(i => $"z{i}"), "logJoint"];
        double[] values = [.. latents.Chunk(dimension).SelectMany((row, i) => (double[])[.. row, inference.LogJoint[i]])];
        place.Write(".csv", stream => Csv.Write(stream, names, values));
        place.Write(".npz", stream => Npz.Write(stream, new Dictionary<string, NpyArray>
        {
            ["latents"] = NpyArray.FromFloat64([rows, dimension], latents),
            ["logJoint"] = NpyArray.FromFloat64([rows], inference.LogJoint),
            ["meanLogJoint"] = NpyArray.FromFloat64([inference.MeanLogJoint.Length], inference.MeanLogJoint),
        }));
    }
}
