using System.Globalization;
using System.Text.Json.Nodes;
using Lae.Formats.CmdStan;
using Lae.Formats.Zarr;
using Lae.Host.Runs;
using Lae.Numerics;

namespace Lae.Host.Sampling;

/// <summary>
/// The draws of a run as CmdStan writes them, a file for each chain, read from its store a chunk at a time. The folder appears whole or not at all. Times are not in the files, so that the seed decides their bytes; they are in <c>timing.json</c>.
/// </summary>
/// <param name="run">The run.</param>
/// <param name="stored">Its draws.</param>
/// <param name="warmup">What its warm-up found.</param>
internal sealed class CmdStanFiles(PreparedSampling run, StoredDraws stored, WarmupFigures warmup)
{
    /// <summary>Files that are open at once.</summary>
    private const int OpenFiles = 128;

    private const int BufferSize = 1 << 16;

    private static readonly string[] Statistics =
    [
        TransitionStatistics.LogDensity, TransitionStatistics.Acceptance, TransitionStatistics.StepSize, TransitionStatistics.TreeDepth, TransitionStatistics.Steps, TransitionStatistics.Diverging, TransitionStatistics.Energy,
    ];

    /// <summary>Writes the files <c>chain-1.csv</c>, ….</summary>
    /// <param name="folder">The full path of their folder, which is made or replaced.</param>
    public void Write(string folder)
    {
        string partial = folder + AtomicFile.TemporaryEnding;
        Remove(partial);
        Directory.CreateDirectory(partial);
        for (int first = 0; first < stored.Chains; first += OpenFiles)
        {
            Write(partial, first, Math.Min(OpenFiles, stored.Chains - first));
        }

        Remove(folder);
        Directory.Move(partial, folder);
    }

    private static void Remove(string folder)
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private void Write(string folder, int first, int count)
    {
        List<Stream> streams = [];
        try
        {
            CmdStanWriter[] writers = new CmdStanWriter[count];
            for (int i = 0; i < count; i++)
            {
                streams.Add(new FileStream(Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"chain-{first + i + 1}.csv")), FileMode.Create, FileAccess.Write, FileShare.None, BufferSize));
                writers[i] = CmdStanWriter.Begin(streams[i], Settings(first + i + 1), stored.Names);
                if (warmup.StepSize is { } stepSize)
                {
                    writers[i].Adaptation(stepSize, warmup.Covariance?.ToArray() ?? [], run.Target.Dimension);
                }
            }

            Write(writers, first);
        }
        finally
        {
            foreach (Stream stream in streams)
            {
                stream.Dispose();
            }
        }
    }

    private void Write(CmdStanWriter[] writers, int first)
    {
        IReadOnlyList<string> known = stored.Reader.Names(StoredDraws.Statistics);
        IEnumerator<DrawChunk>[] variables = [.. stored.Layout.Variables.Select(variable => stored.Reader.Chunks(StoredDraws.Posterior, variable.Name).GetEnumerator())];
        IEnumerator<DrawChunk>?[] statistics = [.. Statistics.Select(name => known.Contains(name) ? stored.Reader.Chunks(StoredDraws.Statistics, name).GetEnumerator() : null)];
        double[] row = new double[stored.Names.Count];
        while (Array.TrueForAll(variables, variable => variable.MoveNext()) && Array.TrueForAll(statistics, statistic => statistic?.MoveNext() ?? true))
        {
            for (int i = 0; i < writers.Length; i++)
            {
                for (int draw = 0; draw < variables[0].Current.Count; draw++)
                {
                    for (int v = 0; v < variables.Length; v++)
                    {
                        StoredDraws.Scatter(variables[v].Current.Row(first + i, draw), stored.Layout.Columns(v), row);
                    }

                    double Statistic(int s, double otherwise) => statistics[s]?.Current.Row(first + i, draw)[0] ?? otherwise;
                    double logDensity = Statistic(0, double.NaN);
                    writers[i].Append(
                        new CmdStanDraw(logDensity, Statistic(1, 1), Statistic(2, double.NaN), (int)Statistic(3, 0), (long)Statistic(4, 0), Statistic(5, 0) != 0, Statistic(6, -logDensity)), row);
                }
            }
        }
    }

    private CmdStanSettings Settings(int chain)
    {
        string kernel = run.Resolved["Kernel"]?["Type"]?.GetValue<string>() ?? run.Kernel.Name;
        bool isHamiltonian = kernel is "NUTS" or "HMC";
        return new CmdStanSettings(
            run.Configuration.Name,
            chain,
            stored.Count * run.Configuration.Thinning,
            run.Configuration.Warmup.Transitions,
            run.Configuration.Seed,
            run.Configuration.Thinning,
            Algorithm: isHamiltonian ? "hmc" : kernel.ToLowerInvariant(),
            Engine: kernel == "HMC" ? "static" : "nuts",
            Metric: warmup.Covariance switch { null => "unit_e", { Rank: 1 } => "diag_e", _ => "dense_e" },
            TargetAcceptance: double.IsNaN(warmup.TargetAcceptance) ? null : warmup.TargetAcceptance,
            LibraryVersion: RunEnvironment.LaeVersion);
    }
}
