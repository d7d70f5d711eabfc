using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace Lae.Benchmarks.SideBySide;

/// <summary>The command <c>serve</c>: Lae's side of a work, or OpenBLAS's, in a process of its own that takes its turns as the scripts of Peers do.</summary>
internal static class TurnServer
{
    private static readonly Dictionary<string, Func<int, string, Workload>> Workloads = new(StringComparer.Ordinal)
    {
        ["normals-single"] = (_, _) => SamplingWorks.Normals<float>(),
        ["normals-double"] = (_, _) => SamplingWorks.Normals<double>(),
        ["ula-diagonal"] = (threads, _) => SamplingWorks.UlaDiagonal(threads),
        ["ula-dense"] = (threads, _) => SamplingWorks.UlaDense(threads, differentiated: false),
        ["ula-dense-autograd"] = (threads, _) => SamplingWorks.UlaDense(threads, differentiated: true),
        ["ula-dense-autograd-composed"] = (threads, _) => SamplingWorks.UlaDenseComposed(threads),
        ["mala-dense"] = (threads, _) => SamplingWorks.MalaDense(threads),
        ["mala-logistic"] = (threads, _) => SamplingWorks.MalaLogistic(threads),
        ["mala-single-chain"] = (threads, _) => SamplingWorks.MalaSingleChain(threads),
        ["lae"] = (threads, data) => TrainingWorks.LangevinAutoencoder(threads, data),
        ["vae"] = (threads, data) => TrainingWorks.Variational(threads, data),
        ["convolutional"] = (threads, data) => TrainingWorks.Convolutional(threads, data),
    };

    public static int Run(string[] args)
    {
        if (args is not [_, string side, string name, string count, .. string[] rest] || !int.TryParse(count, CultureInfo.InvariantCulture, out int threads))
        {
            Console.Error.WriteLine("Usage: serve <lae or openblas> <work> <threads> [<data>]");
            return 1;
        }

        Workload? work = side == "openblas"
            ? ProductWorks.OpenBlas(name)
            : ProductWorks.Lae(name) ?? (Workloads.TryGetValue(name, out Func<int, string, Workload>? create) ? create(threads, rest.FirstOrDefault() ?? "") : null);
        if (work is null)
        {
            Console.Error.WriteLine($"'{name}' is not a work, or OpenBLAS is not there (apt-get install libopenblas0-pthread).");
            return 1;
        }

        Console.WriteLine(JsonSerializer.Serialize(new { version = work.Version }));
        while (Console.ReadLine() is { } line)
        {
            int units = int.Parse(line, CultureInfo.InvariantCulture);
            long began = Stopwatch.GetTimestamp();
            work.Advance(units);
            double seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
            Console.WriteLine(JsonSerializer.Serialize(new { seconds, figures = work.Figures() }));
        }

        return 0;
    }
}
