using Lae.Datasets;
using Lae.Models;
using Lae.Networks;
using Lae.Numerics;
using Lae.Optimizers;
using Lae.Randomness;

namespace Lae.Tests.Models;

/// <summary>Small models with energy priors on the digits, and what tests of them share.</summary>
internal static class EnergyCase
{
    public const int LatentSize = 3;
    public static readonly DataDescription Digits = new(64, 17, 1797);

    /// <summary>The first digits, [rows, 64] float32.</summary>
    public static Tensor Data(int rows) => Tensor.FromArray(Digits8x8.Load().ToUnit(), 1797, 64).Slice(0, 0, rows);

    public static LangevinAutoencoderParts Autoencoder(ILatentKernel? kernel = null, IEncoderUpdate? update = null) => new(
        LatentSize,
        new DenseArchitecture([48]),
        new DenseArchitecture([24]),
        new DiscretizedLogisticLikelihood(17),
        kernel ?? new DatapointLangevin(),
        update ?? new RegressionUpdate(),
        2,
        new StepSizeAdaptation(0.05),
        new Adam(2e-3),
        new Adam(3e-2));

    public static ContrastiveLangevinAutoencoder Contrastive(
        IOptimizer energyOptimizer, LangevinAutoencoderParts? parts = null, double penalty = 0.01, Generation? generation = null, double averaging = 0.9) => new(
        new ContrastiveParts(
            parts ?? Autoencoder(), Energy(penalty, DType.Float32), energyOptimizer, averaging, Sampler(), generation ?? new Generation(GenerationStart.Sampler, 4)), Digits);

    public static LatentEnergyModel Latent(IOptimizer energyOptimizer, bool metropolis = true, double penalty = 0.01) => new(
        new LatentEnergyParts(
            LatentSize,
            new DenseArchitecture([24]),
            new DiscretizedLogisticLikelihood(17),
            Energy(penalty, DType.Float32),
            energyOptimizer,
            new ShortRun(5, new StepSizeAdaptation(0.005)),
            new ShortRun(8, new StepSizeAdaptation(0.1)),
            metropolis,
            new Adam(2e-3),
            new Adam(3e-2),
            20),
        Digits);

    public static LatentEnergy Energy(double penalty, DType dtype) => new(LatentSize, new DenseArchitecture([16, 16], Activation.Silu, layerNormalization: false), penalty, dtype);

    public static SamplerLangevin Sampler() => new(
        LatentSize, 20, 12, new DenseArchitecture([80]), new DatapointLangevin(), 3, new StepSizeAdaptation(0.3), DType.Float32);

    /// <summary>Steps one after the other on successive batches of the data.</summary>
    public static TrainingState Train(ILatentVariableModel model, TrainingState state, Tensor data, int steps, int batchSize = 25)
    {
        int batches = data.Shape[0] / batchSize;
        while (steps-- > 0)
        {
            Tensor batch = data.Slice(0, (int)(state.Step % batches) * batchSize, batchSize);
            state = model.Train(RandomKey.FromSeed(31).FoldIn((ulong)state.Step), batch, state).State;
        }

        return state;
    }

    public static Tensor Normals(ulong seed, int rows, int columns)
    {
        double[] values = new double[rows * columns];
        RowDraws.Normal(RandomKey.FromSeed(seed), 0, 0, rows, columns, values);
        return Tensor.FromArray(values, rows, columns);
    }

    /// <summary>The same tree with normal numbers of a given size added, so that no weight is at its special start.</summary>
    public static TensorTree Shaken(TensorTree tree, ulong seed, double size = 0.4)
    {
        ulong leaf = seed * 1000;
        return tree.Map(value => value + (size * Normals(++leaf, 1, value.Count).Reshape(value.Shape)).Cast(value.DType));
    }

    /// <summary>The gradient of a scalar function of a tree in float64, against central differences of fourth order along a random direction in each leaf.</summary>
    public static void RequireGradient(Func<TensorTree, Tensor> function, TensorTree at)
    {
        const double H = 1e-3;
        TensorTree gradient = Differentiation.ValueAndGradient(function, at).Gradient;
        ulong seed = 900;
        foreach ((string name, Tensor value) in at)
        {
            Tensor direction = Normals(++seed, 1, value.Count).Reshape(value.Shape);
            double difference = ((8 * (At(H) - At(-H))) - (At(2 * H) - At(-2 * H))) / (12 * H);
            double slope = (gradient[name] * direction).Sum().ToDouble();
            Assert.True(
                Math.Abs(difference - slope) <= 1e-7 * Math.Max(0.1, Math.Abs(slope)), $"{name}: {slope:R} where the difference is {difference:R}");

            double At(double offset) => function(at.With(name, value + (offset * direction))).ToDouble();
        }
    }

    public static void RequireEqual(TensorTree expected, TensorTree actual)
    {
        Assert.Equal(expected.Names, actual.Names);
        Assert.All(expected, pair => Assert.Equal(pair.Value.ToArray(), actual[pair.Key].ToArray()));
    }

    /// <summary>An optimiser that leaves everything as it is.</summary>
    public sealed class Frozen : IOptimizer
    {
        public TensorTree Initialize(TensorTree parameters) => TensorTree.Empty;

        public OptimizerStep Descend(TensorTree gradient, TensorTree parameters, TensorTree state) => new(parameters, state);
    }

    /// <summary>Watches nothing.</summary>
    public sealed class Silent : ITrainingObserver
    {
        public List<TrainingLogEntry> Entries { get; } = [];

        public void Stepped(long done, long total)
        {
        }

        public void Logged(TrainingLogEntry entry) => Entries.Add(entry);

        public void EpochEnded(int epoch, TrainingProgress progress)
        {
        }
    }
}
