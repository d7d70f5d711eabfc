using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Lae.Host.Runs;

/// <summary>The folder of a run, and the names of what it holds.</summary>
public sealed class RunFolder
{
    private RunFolder(string path) => Path = path;

    /// <summary>The full path.</summary>
    public string Path { get; }

    /// <summary>The resolved configuration with the versions.</summary>
    public string Configuration => File("config.json");

    /// <summary>The form of the data, and how a table was standardised.</summary>
    public string Data => File("data.json");

    /// <summary>The log: one line of JSON for each entry.</summary>
    public string Log => File("metrics.jsonl");

    /// <summary>Test figures by epoch, where the configuration asks for them: one line of JSON for each.</summary>
    public string TestLog => File("test.jsonl");

    /// <summary>What <c>lae evaluate</c> has done so far; there while an evaluation is not finished.</summary>
    public string EvaluationJournal => File("evaluation.jsonl");

    /// <summary>The classifier in whose features <c>lae evaluate</c> compares generated images with real ones.</summary>
    public string Classifier => File("classifier.safetensors");

    /// <summary>The final figures.</summary>
    public string Metrics => File("metrics.json");

    /// <summary>Times by the clock on the wall, apart from everything that the seed decides.</summary>
    public string Timing => File("timing.json");

    /// <summary>The learned parameters.</summary>
    public string Weights => File("weights.safetensors");

    /// <summary>All that training needs to go on.</summary>
    public string Checkpoint => File("checkpoint.safetensors");

    /// <summary>Generated images.</summary>
    public string SamplesPicture => File("samples.png");

    /// <summary>Generated rows of a table.</summary>
    public string SamplesTable => File("samples.csv");

    /// <summary>Test images beside their reconstructions.</summary>
    public string Reconstructions => File("reconstructions.png");

    /// <summary>Encodings of the test observations.</summary>
    public string Latents => File("latents.svg");

    /// <summary>Learning curves.</summary>
    public string Curves => File("curves.svg");

    /// <summary>The draws of <c>lae sample</c>: a Zarr hierarchy in ArviZ's layout.</summary>
    public string Draws => File("draws.zarr");

    /// <summary>The draws of <c>lae sample</c> in CmdStan's form, a file for each chain.</summary>
    public string CsvDraws => File("csv");

    /// <summary>The figures of <c>lae sample</c>; written last, so that it tells whether the run was done.</summary>
    public string Summary => File("summary.json");

    /// <summary>The figures of <c>lae infer</c>.</summary>
    public string Inference => File("infer.json");

    /// <summary>The draws of every method of <c>lae infer</c> over the exact laws.</summary>
    public string Posteriors => File("posteriors.svg");

    /// <summary>One page that shows all of it; written last, so that its presence tells that the run is finished.</summary>
    public string Report => File("report.html");

    /// <summary>There while a process is at work on the run.</summary>
    public string Lock => File("run.lock");

    /// <summary>Whether the run is finished.</summary>
    public bool IsFinished => System.IO.File.Exists(Report);

    /// <summary>The folder that a run gets where none is named: <c>runs/&lt;time&gt;-&lt;name&gt;</c>.</summary>
    /// <param name="workingFolder">The working directory.</param>
    /// <param name="name">The name of the run.</param>
    /// <param name="time">The local time.</param>
    /// <returns>A path at which there is nothing yet.</returns>
    public static string DefaultPath(string workingFolder, string name, DateTimeOffset time)
    {
        string path = System.IO.Path.Combine(workingFolder, "runs", string.Create(CultureInfo.InvariantCulture, $"{time:yyyyMMdd-HHmmss}-{name}"));
        string candidate = path;
        for (int i = 2; Directory.Exists(candidate); i++)
        {
            candidate = string.Create(CultureInfo.InvariantCulture, $"{path}-{i}");
        }

        return candidate;
    }

    /// <summary>Refuses a path at which a run folder could not be made, before anything is computed; makes nothing.</summary>
    /// <param name="path">The full path of the folder.</param>
    /// <exception cref="RunFolderException">There is something already, or a parent is a file.</exception>
    public static void RefuseUnusable(string path)
    {
        if (System.IO.File.Exists(path))
        {
            throw new RunFolderException($"output folder {path}: there is a file of this name");
        }

        if (Directory.Exists(path) && !Directory.EnumerateFileSystemEntries(path).All(IsLeftover))
        {
            throw new RunFolderException($"output folder {path}: it is not empty; name another, or continue the run in it with --resume");
        }

        for (string? parent = System.IO.Path.GetDirectoryName(path); parent is not null; parent = System.IO.Path.GetDirectoryName(parent))
        {
            if (System.IO.File.Exists(parent))
            {
                throw new RunFolderException($"output folder {path}: it cannot be made, since {parent} is a file");
            }
        }
    }

    /// <summary>Makes a run folder.</summary>
    /// <param name="path">The full path of the folder.</param>
    /// <returns>The folder, empty.</returns>
    /// <exception cref="RunFolderException">It cannot be made or written to.</exception>
    public static RunFolder Create(string path)
    {
        RefuseUnusable(path);
        bool existed = Directory.Exists(path);
        try
        {
            Directory.CreateDirectory(path);
            string probe = System.IO.Path.Combine(path, "probe" + AtomicFile.TemporaryEnding);
            System.IO.File.WriteAllBytes(probe, []);
            System.IO.File.Delete(probe);
            return new RunFolder(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            if (!existed && Directory.Exists(path))
            {
                Directory.Delete(path);
            }

            throw new RunFolderException($"output folder {path}: it cannot be written to: {exception.Message}", exception);
        }
    }

    /// <summary>Opens the folder of a run that was begun.</summary>
    /// <param name="path">The path of the folder.</param>
    /// <returns>The folder.</returns>
    /// <exception cref="RunFolderException">There is no run.</exception>
    public static RunFolder Open(string path)
    {
        RunFolder folder = new(System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(path)));
        return System.IO.File.Exists(folder.Configuration)
            ? folder
            : throw new RunFolderException($"run folder {folder.Path}: there is no config.json in it, so it is not the folder of a run");
    }

    /// <summary>Whether a folder is that of a sampling run.</summary>
    /// <param name="path">The full path of a folder.</param>
    public static bool HoldsSampling(string path)
    {
        string configuration = System.IO.Path.Combine(path, "config.json");
        if (!System.IO.File.Exists(configuration))
        {
            return false;
        }

        try
        {
            return JsonNode.Parse(System.IO.File.ReadAllText(configuration))?["Target"] is not null;
        }
        catch (JsonException)
        {
            return false; // whoever reads it says what is wrong with it
        }
    }

    /// <summary>What a run leaves that was killed in its first instant, before it had a configuration.</summary>
    private static bool IsLeftover(string entry) => System.IO.Path.GetFileName(entry) == "run.lock" || entry.EndsWith(AtomicFile.TemporaryEnding, StringComparison.Ordinal);

    private string File(string name) => System.IO.Path.Combine(Path, name);
}
