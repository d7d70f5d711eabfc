using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace Lae.Benchmarks.SideBySide;

/// <summary>The row whose sides are whole programs: full MNIST, some epochs of the authors' LAE with its test bound after each, by the wall clock from the start of the process to its end.</summary>
internal static class EndToEnd
{
    public const string Name = "end-to-end";
    private const double AtLeast = 3;
    private const double Pixels = 784;

    /// <summary>Bounds of the two sides may differ by so many nats for each image: seeds do by some 20 at this stage.</summary>
    private const double Near = 60;

    private static readonly string[] Variants = ["lae-as-written", "lae-kept-gradient"];

    /// <summary>The rows, one for each way in which PyTorch does it; none where the images are not there.</summary>
    public static IEnumerable<PeerRow> Measure(string root, int rounds, int epochs = 3)
    {
        string data = Path.GetFullPath(Path.Combine(root, "..", "shared", "data", "mnist"));
        string train = Path.Combine(data, "mnist-train-images-idx3-ubyte.gz");
        string test = Path.Combine(data, "mnist-t10k-images-idx3-ubyte.gz");
        if (!File.Exists(train) || !File.Exists(test))
        {
            Console.Error.WriteLine($"{Name}: left out, {train} or {test} is not there.");
            yield break;
        }

        string scratch = Directory.CreateTempSubdirectory("lae-end-to-end-").FullName;
        List<Ended> lae = [];
        Dictionary<string, List<Ended>> peers = Variants.ToDictionary(name => name, _ => new List<Ended>());
        try
        {
            for (int round = 0; round < rounds; round++)
            {
                string run = Path.Combine(scratch, string.Create(CultureInfo.InvariantCulture, $"run{round}"));
                Ended own = Ended.Of("dotnet",
                [
                    Path.Combine(root, "Lae.Host", "bin", "Release", "net10.0", "lae.dll"), "train", "--config", Path.Combine(root, "experiments", "mnist", "authors-plain.json"), "--out", run,
                    "--threads", "2", "--Model:LatentKernel:Metropolis=true", "--Model:AdaptationGain=0", "--Evaluation:BoundWidths=0.05", "--Evaluation:BoundDraws=1", string.Create(CultureInfo.InvariantCulture, $"--Training:Epochs={epochs}"),
                ]);
                using JsonDocument metrics = JsonDocument.Parse(File.ReadAllText(Path.Combine(run, "metrics.json")));
                lae.Add(own with { Bound = Pixels * metrics.RootElement.GetProperty("test").GetProperty("negativeElboPerDimension").GetDouble() });
                foreach (string variant in Variants)
                {
                    Ended ended = Ended.Of(TurnProcess.Python, [Path.Combine(root, "Lae.Benchmarks", "Peers", "end_to_end.py"), variant, "2", train, test, epochs.ToString(CultureInfo.InvariantCulture)]);
                    peers[variant].Add(ended with { Bound = double.Parse(ended.Output.Trim().Split('\n')[^1], CultureInfo.InvariantCulture) });
                }
            }
        }
        finally
        {
            Directory.Delete(scratch, recursive: true);
        }

        double seconds = SideBySide.Side.Median([.. lae.Select(one => one.Seconds)]);
        foreach (string variant in Variants)
        {
            double theirs = SideBySide.Side.Median([.. peers[variant].Select(one => one.Seconds)]);
            double gap = lae.Average(one => one.Bound) - peers[variant].Average(one => one.Bound);
            yield return new PeerRow($"{Name}-{variant}", seconds, theirs, variant == Variants[0] ? AtLeast : null)
            {
                Title = string.Create(CultureInfo.InvariantCulture, $"full MNIST, {epochs} epochs of LAE with the test bound after each, whole program, {(variant == Variants[0] ? "as the authors write it" : "the accepted gradient kept")}"),
                Unit = "program",
                Peers = "PyTorch",
                LaeSettings = "2 threads",
                PeerSettings = "2 threads, passive waiting",
                LaePeakMemory = lae.Max(one => one.Peak),
                PeerPeakMemory = peers[variant].Max(one => one.Peak),
                Disagreement = Math.Abs(gap) <= Near ? null : string.Create(CultureInfo.InvariantCulture, $"the bounds differ by {gap:F1} nats an image"),
                Sides = [Side("Lae", "2 threads", lae), Side("PyTorch", "2 threads, passive waiting", peers[variant])],
            };
        }
    }

    private static PeerSide Side(string version, string settings, List<Ended> ended) => new(
        version, settings, SideBySide.Side.Median([.. ended.Select(one => one.Seconds)]), ended.Min(one => one.Seconds), ended.Max(one => one.Seconds), ended.Max(one => one.Peak));

    /// <summary>A program that ended.</summary>
    private sealed record Ended(double Seconds, long Peak, string Output, double Bound)
    {
        public static Ended Of(string program, string[] arguments)
        {
            ProcessStartInfo start = new(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
            foreach ((string name, string value) in TurnProcess.Environment(2, isPassive: true))
            {
                start.Environment[name] = value;
            }

            long began = Stopwatch.GetTimestamp();
            using Process process = Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start.");
            Task<string> errors = process.StandardError.ReadToEndAsync();
            Task<string> output = process.StandardOutput.ReadToEndAsync();
            long peak = 0;
            while (!process.WaitForExit(200))
            {
                peak = Math.Max(peak, TurnProcess.PeakMemoryOf(process.Id));
            }

            double seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
            return process.ExitCode == 0
                ? new Ended(seconds, peak, output.Result, double.NaN)
                : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} failed: {errors.Result}");
        }
    }
}
