using System.Globalization;
using Lae.Datasets;
using Lae.Formats;
using Lae.Host.Plugins;
using Lae.Host.Reports;
using Lae.Host.Runs;
using Lae.Numerics;

namespace Lae.Host.Commands;

/// <summary>Generates observations from the model of a finished run: mean observations at latent points drawn from the prior. With the seed of the run, and as many as its <c>Output:Samples</c>, they are those of its own <c>samples.png</c> or <c>samples.csv</c>.</summary>
internal sealed class GenerateCommand(HostContext context, ComponentCatalogue components)
{
    private const int MostShown = 400;
    private const string Name = "samples";

    /// <summary>Does what the command line asks.</summary>
    /// <param name="arguments">The arguments.</param>
    /// <returns>The exit code.</returns>
    public int Execute(CommandLineArguments arguments)
    {
        TrainedRun run = TrainedRun.Open(Path.GetFullPath(arguments.Use.Folders[0], context.WorkingFolder), components, arguments.Settings);
        DataForm form = run.Form;
        string path = Path.GetFullPath(arguments.OutputFolder!, context.WorkingFolder);
        OutputPlace place = form.Image is null ? OutputPlace.Choose(path, Name, [".csv", ".npz"], inFolder: 1) : OutputPlace.Choose(path, Name, [".png", ".npz", ".csv"], inFolder: 2);
        int count = arguments.Use.Count;
        Tensor samples = run.Model.Generate(RunKeys.Samples(run.Seed), count);
        if (!samples.AllFinite())
        {
            context.Error.WriteLine($"generating stopped: a generated observation became NaN or infinite; the weights are {run.Folder.Weights}");
            return ExitCode.NonFinite;
        }

        double[] values = form.InUnits(samples);
        place.Write(".csv", stream => Csv.Write(stream, form.NamesOfColumns(), values));
        place.Write(".npz", stream => Npz.Write(stream, new Dictionary<string, NpyArray>
        {
            [Name] = NpyArray.FromFloat32(ShapeOf(form.Image, count, form.Columns), Array.ConvertAll(values, value => (float)value)),
        }));
        if (form.Image is { } shape)
        {
            place.Write(".png", stream => Png.Write(stream, ImagePictures.Samples(samples.Slice(0, 0, Math.Min(count, MostShown)), shape)));
        }

        string sheet = form.Image is not null && count > MostShown ? string.Create(CultureInfo.InvariantCulture, $" (a PNG sheet shows the first {MostShown})") : string.Empty;
        context.Output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{count:N0} {(count == 1 ? "observation" : "observations")} of {run.Model.Model.Name}, seed {run.Seed}{sheet}:"));
        foreach (string file in place.Files)
        {
            context.Output.WriteLine($"  {file}");
        }

        return ExitCode.Done;
    }

    private static int[] ShapeOf(ImageShape? image, int count, int columns) =>
        image is null ? [count, columns] : image.Channels == 1 ? [count, image.Height, image.Width] : [count, image.Height, image.Width, image.Channels];
}
