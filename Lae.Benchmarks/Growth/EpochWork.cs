using System.Diagnostics;
using System.Runtime.InteropServices;
using Lae.Benchmarks.SideBySide;
using Lae.Datasets;
using Lae.Formats;
using Lae.Models;
using Lae.Networks;
using Lae.Numerics;
using Lae.Numerics.Engines.Managed;
using Lae.Optimizers;
using Lae.Randomness;

namespace Lae.Benchmarks.Growth;

/// <summary>Epochs of a small model on many rows, in memory or in a file, by the training loop: the order of the rows, their gathering and the steps.</summary>
internal static class EpochWork
{
    /// <summary>Numbers of a row.</summary>
    public const int Columns = 16;

    /// <summary>Numbers of a latent point.</summary>
    public const int LatentSize = 4;

    /// <summary>Rows of a step.</summary>
    public const int Batch = 1000;

    private const int FewestEpochs = 2;

    /// <summary>So many rows are trained on at least.</summary>
    private const int FewestRows = 400_000;

    /// <summary>Seconds of an epoch, the median of some after a warm-up.</summary>
    /// <param name="rows">Rows of the data set.</param>
    /// <param name="threads">Threads of the engine.</param>
    /// <param name="warmUp">Seconds of the warm-up at least, in whole epochs.</param>
    /// <param name="isResident">Whether the rows are in memory.</param>
    public static double Seconds(int rows, int threads, double warmUp, bool isResident)
    {
        float[] values = Rows(rows);
        LangevinAutoencoder model = new(
            new LangevinAutoencoderParts(
                LatentSize, new LinearArchitecture(), new LinearArchitecture(), new GaussianLikelihood(), new DatapointLangevin(), new RegressionUpdate(), 2, new StepSizeAdaptation(0.01), new Adam(1e-3), new Adam(1e-3)),
            new DataDescription(Columns, null, rows));
        RandomKey key = RandomKey.FromSeed(1);
        using CancellationTokenSource enough = new();
        EpochClock clock = new(warmUp, Math.Max(FewestEpochs, FewestRows / rows), enough);
        TrainingPlan plan = new(epochs: 1_000_000, Batch, logEvery: int.MaxValue);
        TrainingProgress start = TrainingProgress.At(model.Initialize(key));
        ManagedEngine engine = new(threads);
        if (isResident)
        {
            TrainingLoop.Resume(model, Tensor.FromArray(values, rows, Columns), plan, key, start, clock, engine, enough.Token);
            return clock.Median;
        }

        string path = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(path, MemoryMarshal.AsBytes<float>(values));
            using FileRows source = new(File.OpenHandle(path), new RowLayout(path, NpyType.Float32, rows, Columns, firstByte: 0));
            TrainingLoop.Resume(model, source, plan, key, start, clock, engine, enough.Token);
            return clock.Median;
        }
        finally
        {
            File.Delete(path);
        }
    }

    /// <summary>x = W z + e / 2, the rows of experiments/streaming by another generator.</summary>
    private static float[] Rows(int rows)
    {
        float[] latents = new float[rows * LatentSize];
        float[] map = new float[LatentSize * Columns];
        float[] noise = new float[rows * Columns];
        RandomKey key = RandomKey.FromSeed(4);
        RowDraws.Normal(key, 0, 0, rows, LatentSize, latents);
        RowDraws.Normal(key, 1, 0, LatentSize, Columns, map);
        RowDraws.Normal(key, 2, 0, rows, Columns, noise);
        return (Tensor.FromArray(latents, rows, LatentSize).MatMul(Tensor.FromArray(map, LatentSize, Columns)) + (0.5 * Tensor.FromArray(noise, rows, Columns))).ToSingleArray();
    }

    /// <summary>Takes the time of epochs, and ends the training when it has enough of them.</summary>
    private sealed class EpochClock(double warmUp, int epochs, CancellationTokenSource enough) : ITrainingObserver
    {
        private readonly List<double> seconds = [];
        private readonly long began = Stopwatch.GetTimestamp();
        private long last = Stopwatch.GetTimestamp();
        private bool isWarm;

        public double Median => Side.Median(seconds);

        public void Stepped(long done, long total)
        {
        }

        public void Logged(TrainingLogEntry entry)
        {
        }

        public void EpochEnded(int epoch, TrainingProgress progress)
        {
            long now = Stopwatch.GetTimestamp();
            if (isWarm)
            {
                seconds.Add(Stopwatch.GetElapsedTime(last, now).TotalSeconds);
            }

            (last, isWarm) = (now, isWarm || Stopwatch.GetElapsedTime(began, now).TotalSeconds >= warmUp);
            if (seconds.Count == epochs)
            {
                enough.Cancel();
            }
        }
    }
}
