using Lae.Benchmarks.Limits;
using Lae.Benchmarks.Logistic;
using Lae.Benchmarks.SideBySide;
using Lae.Kernels;
using Lae.Models;
using Lae.Numerics;
using Lae.Numerics.Engines.Managed;
using Lae.Randomness;
using Lae.Running;
using Lae.Targets;

namespace Lae.Benchmarks.Growth;

/// <summary>What is let grow.</summary>
internal static class GrowthWorks
{
    private const int Turns = 5;
    private const double Turn = 0.1;
    private const int Dimension = 100;
    private const int Chains = 100;
    private const int LogisticRows = 1000;
    private const int LogisticColumns = 25;

    private static readonly int[] ChainCounts = [1, 3, 10, 30, 100, 300, 1000, 3000, 10_000];
    private static readonly int[] Dimensions = [2, 4, 10, 30, 100, 300, 1000, 3000, 10_000];
    private static readonly int[] Batches = [1, 3, 10, 30, 100, 300, 1000];
    private static readonly int[] Widths = [32, 64, 128, 256, 512, 1024, 2048];
    private static readonly int[] RowCounts = [1000, 3000, 10_000, 30_000, 100_000, 300_000, 1_000_000];
    private static readonly Lazy<float[]> Images = new(() => TrainingWorks.Images(TrainingWorks.Pixels));

    /// <summary>All of it.</summary>
    public static IReadOnlyList<GrowthAxis> Axes { get; } =
    [
        new("chains", "Growth with the number of chains", "chains", "transition", "a coordinate of a chain",
            $"ULA on a diagonal and MALA on a dense Gaussian of {Dimension} dimensions in float32; MALA on a logistic regression of {LogisticRows:N0} rows and {LogisticColumns} coefficients in float64.",
        [
            new("ULA diagonal", ChainCounts, size => (double)size * Dimension, (size, threads, warmUp) => Transitions(Ula(Dimension), size, threads, warmUp)),
            new("MALA dense", ChainCounts, size => (double)size * Dimension, (size, threads, warmUp) => Transitions(MalaDense(), size, threads, warmUp)),
            new("MALA logistic", ChainCounts, size => (double)size * LogisticColumns, (size, threads, warmUp) => Transitions(MalaLogistic(), size, threads, warmUp)),
        ]),
        new("dimensions", "Growth with the number of dimensions", "dimensions", "transition", "a coordinate of a chain",
            $"{Chains} chains on a diagonal Gaussian in float32.",
        [
            new("ULA", Dimensions, size => (double)size * Chains, (size, threads, warmUp) => Transitions(Ula(size), Chains, threads, warmUp)),
            new("MALA", Dimensions, size => (double)size * Chains, (size, threads, warmUp) => Transitions(MalaDiagonal(size), Chains, threads, warmUp)),
        ]),
        new("batch", "Growth with the batch", "images of a batch", "training step", "an image",
            $"Training steps of the autoencoders of `peers`, {TrainingWorks.Pixels}-3×{TrainingWorks.Width}-{TrainingWorks.LatentSize} and back. A step on one image must read and renew as many weights as a step on a thousand.",
        [
            new("VAE", Batches, size => size, (size, threads, warmUp) => Steps(TrainingWorks.VariationalModel(TrainingWorks.Width), size, threads, warmUp)),
            new("LAE", Batches, size => size, (size, threads, warmUp) => Steps(TrainingWorks.LangevinModel(TrainingWorks.Width), size, threads, warmUp)),
        ]),
        new("width", "Growth with the width of the networks", "units of a hidden layer", "training step", "a multiply-add of the matrix products",
            $"Training steps of the same autoencoders with other widths, batch {TrainingWorks.Batch}.",
        [
            new("VAE", Widths, size => TrainingWorks.Batch * TrainingOperations.Variational(size), (size, threads, warmUp) => Steps(TrainingWorks.VariationalModel(size), TrainingWorks.Batch, threads, warmUp)),
            new("LAE", Widths, size => TrainingWorks.Batch * TrainingOperations.Langevin(size), (size, threads, warmUp) => Steps(TrainingWorks.LangevinModel(size), TrainingWorks.Batch, threads, warmUp)),
        ]),
        new("data", "Growth with the data set", "rows", "pass over the data", "a row",
            $"Epochs of a linear LAE of {EpochWork.Columns} columns and {EpochWork.LatentSize} latents, batch {EpochWork.Batch:N0}, as `experiments/streaming` trains it: rows in memory, and rows in a file of float32 (which the operating system holds in its cache).",
        [
            new("memory", RowCounts, size => size, (size, threads, warmUp) => EpochWork.Seconds(size, threads, warmUp, isResident: true)),
            new("file", RowCounts, size => size, (size, threads, warmUp) => EpochWork.Seconds(size, threads, warmUp, isResident: false)),
        ]),
    ];

    private static double Transitions(Kernel<LangevinState> kernel, int chains, int threads, double warmUp)
    {
        ManagedEngine engine = new(threads);
        RunState<LangevinState> state = RunState.Start(kernel, Tensor.Zeros(new Shape(chains, kernel.Dimension), kernel.DType), RandomKey.FromSeed(1));
        return Duration.Of(units => state = ChainRunner.Run(kernel, state, new RunOptions(units, engine: engine), receive: null).Final, Turns, Turn, warmUp);
    }

    private static double Steps(ILatentVariableModel model, int batch, int threads, double warmUp) => Duration.Of(TrainingWorks.Of(threads, Images.Value, batch, model).Advance, Turns, Turn, warmUp);

    private static Kernel<LangevinState> Ula(int dimension) => UnadjustedLangevin.Create(Diagonal(dimension), new LangevinSettings(0.01));

    // a step that is accepted about as often in any dimension
    private static Kernel<LangevinState> MalaDiagonal(int dimension) => MetropolisLangevin.Create(Diagonal(dimension), new LangevinSettings(0.03 * Math.Cbrt((double)Dimension / dimension)));

    private static Kernel<LangevinState> MalaLogistic() => MetropolisLangevin.Create(new LogisticProblem(LogisticRows, LogisticColumns, seed: 20261127).Target, new LangevinSettings(0.004));

    private static Kernel<LangevinState> MalaDense()
    {
        float[] precision = new float[Dimension * Dimension];
        for (int i = 0; i < Dimension; i++)
        {
            precision.AsSpan(i * Dimension, Dimension).Fill(0.01f);
            precision[(i * Dimension) + i] += 1 + (i / 10f);
        }

        Target target = GaussianTarget.Dense(Tensor.Zeros(new Shape(Dimension), DType.Float32), Tensor.FromArray(precision, Dimension, Dimension));
        return MetropolisLangevin.Create(target, new LangevinSettings(0.03));
    }

    private static Target Diagonal(int dimension) => GaussianTarget.Diagonal(
        Tensor.Zeros(new Shape(dimension), DType.Float32), Tensor.FromArray([.. Enumerable.Range(0, dimension).Select(i => 1 + (10f * i / dimension))]));
}
