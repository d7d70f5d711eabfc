using System.Runtime.InteropServices;
using Lae.Datasets;
using Lae.Models;
using Lae.Networks;
using Lae.Numerics;
using Lae.Numerics.Engines.Managed;
using Lae.Optimizers;
using Lae.Randomness;

namespace Lae.Benchmarks.SideBySide;

/// <summary>Training steps of autoencoders. Peers/autoencoders.py has the other side, and the same shapes and constants.</summary>
internal static class TrainingWorks
{
    /// <summary>Numbers of an image.</summary>
    public const int Pixels = 784;

    /// <summary>Numbers of a latent point.</summary>
    public const int LatentSize = 8;

    /// <summary>Units of each of the three hidden layers of encoder and decoder.</summary>
    public const int Width = 1024;

    /// <summary>T of the Langevin autoencoder.</summary>
    public const int Transitions = 2;

    /// <summary>Images of a step.</summary>
    public const int Batch = 100;

    private const int Count = 1000;
    private const int Levels = 256;

    public static Workload LangevinAutoencoder(int threads, string data) => Of(threads, Read(data), Batch, LangevinModel(Width));

    public static Workload Variational(int threads, string data) => Of(threads, Read(data), Batch, VariationalModel(Width));

    public static LangevinAutoencoder LangevinModel(int width)
    {
        DenseArchitecture dense = new([width, width, width]);
        return new LangevinAutoencoder(
            new LangevinAutoencoderParts(
                LatentSize, dense, dense, new DiscretizedLogisticLikelihood(Levels), new PlainAmortizedLangevin(), new LastLayerUpdate(), Transitions,
                new StepSizeAdaptation(1e-6, gain: 0), new GradientDescent(1e-4), new GradientDescent(1e-4)),
            new DataDescription(Pixels, Levels, Count));
    }

    public static VariationalAutoencoder VariationalModel(int width)
    {
        DenseArchitecture dense = new([width, width, width]);
        return new VariationalAutoencoder(
            new VariationalAutoencoderParts(
                LatentSize, dense, dense, new DiscretizedLogisticLikelihood(Levels), new DiagonalGaussian(), new EvidenceObjective(), new GradientDescent(1e-4), new GradientDescent(1e-4)),
            new DataDescription(Pixels, Levels, Count));
    }

    public static Workload Convolutional(int threads, string data)
    {
        ConvolutionalArchitecture network = new([64, 64], width: 256);
        return Of(threads, Read(data), Batch, new VariationalAutoencoder(
            new VariationalAutoencoderParts(64, network, network, new DiscretizedLogisticLikelihood(Levels), new DiagonalGaussian(), new EvidenceObjective(), new Adam(3e-4), new Adam(3e-4)),
            new DataDescription(3072, Levels, Count, new ImageShape(32, 32, 3))));
    }

    /// <summary>The images as both sides read them.</summary>
    public static void WriteImages(string path, int columns) => File.WriteAllBytes(path, MemoryMarshal.AsBytes<float>(Images(columns)));

    /// <summary>Smooth images of 256 levels, [1000, columns]: a tangent of a random linear map of 8 numbers.</summary>
    public static float[] Images(int columns)
    {
        const int factors = 8;
        float[] latents = new float[Count * factors];
        float[] map = new float[factors * columns];
        RowDraws.Normal(RandomKey.FromSeed(3), 0, 0, Count, factors, latents);
        RowDraws.Normal(RandomKey.FromSeed(3), 1, 0, factors, columns, map);
        Tensor x = (Tensor.FromArray(latents, Count, factors).MatMul(Tensor.FromArray(map, factors, columns)) * 0.5).Tanh();
        return [.. x.ToSingleArray().Select(value => (2 * MathF.Round((value + 1) / 2 * (Levels - 1)) / (Levels - 1)) - 1)];
    }

    /// <summary>Training steps on batches in turn; a unit is a step.</summary>
    /// <param name="threads">Threads of the engine.</param>
    /// <param name="images">[1000, columns].</param>
    /// <param name="batch">Images of a step, 1 to 1,000; those that do not fill a batch are left out.</param>
    /// <param name="model">The model.</param>
    public static Workload Of(int threads, float[] images, int batch, ILatentVariableModel model)
    {
        int columns = model.Data.Columns;
        Workspace workspace = Workspace.Pooled(new ManagedEngine(threads));
        Tensor[] batches = [.. Enumerable.Range(0, Count / batch).Select(i => Tensor.FromSpan<float>(workspace, images.AsSpan(i * batch * columns, batch * columns), new Shape(batch, columns)))];
        int mark = workspace.Mark();
        TrainingState state = model.Initialize(RandomKey.FromSeed(2)).Map(leaf => leaf.CopyTo(workspace));
        int parameters = state.Parameters.Leaves.Sum(leaf => leaf.Count);
        GC.Collect(); // as `lae train` does
        double loss = 0;
        double acceptance = 0;
        return new Workload(
            "Lae",
            units =>
            {
                double total = 0;
                for (int i = 0; i < units; i++)
                {
                    TrainingTransition next = model.Train(RandomKey.FromSeed(3).FoldIn((ulong)state.Step), batches[(int)(state.Step % batches.Length)], state);
                    state = next.State;
                    total += next.Info["loss"];
                    acceptance += next.Info.GetValueOrDefault("acceptanceProbability");
                    workspace.Collect(mark, [.. state.Leaves]);
                }

                loss = total / units;
            },
            () => new Dictionary<string, double> { ["loss"] = loss, ["parameters"] = parameters, ["acceptance"] = acceptance / state.Step });
    }

    private static float[] Read(string data) => MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(data)).ToArray();
}
