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
    private const int Batch = 100;
    private const int Images = 1000;
    private const int Levels = 256;

    public static Workload LangevinAutoencoder(int threads, string data)
    {
        DenseArchitecture dense = new([1024, 1024, 1024]);
        return Of(threads, data, new LangevinAutoencoder(
            new LangevinAutoencoderParts(
                8, dense, dense, new DiscretizedLogisticLikelihood(Levels), new PlainAmortizedLangevin(), new LastLayerUpdate(), 2,
                new StepSizeAdaptation(1e-6, gain: 0), new GradientDescent(1e-4), new GradientDescent(1e-4)),
            new DataDescription(784, Levels, Images)));
    }

    public static Workload Variational(int threads, string data)
    {
        DenseArchitecture dense = new([1024, 1024, 1024]);
        return Of(threads, data, new VariationalAutoencoder(
            new VariationalAutoencoderParts(
                8, dense, dense, new DiscretizedLogisticLikelihood(Levels), new DiagonalGaussian(), new EvidenceObjective(), new GradientDescent(1e-4), new GradientDescent(1e-4)),
            new DataDescription(784, Levels, Images)));
    }

    public static Workload Convolutional(int threads, string data)
    {
        ConvolutionalArchitecture network = new([64, 64], width: 256);
        return Of(threads, data, new VariationalAutoencoder(
            new VariationalAutoencoderParts(64, network, network, new DiscretizedLogisticLikelihood(Levels), new DiagonalGaussian(), new EvidenceObjective(), new Adam(3e-4), new Adam(3e-4)),
            new DataDescription(3072, Levels, Images, new ImageShape(32, 32, 3))));
    }

    /// <summary>Smooth images of 256 levels: a tangent of a random linear map of 8 numbers.</summary>
    public static void WriteImages(string path, int columns)
    {
        const int factors = 8;
        float[] latents = new float[Images * factors];
        float[] map = new float[factors * columns];
        RowDraws.Normal(RandomKey.FromSeed(3), 0, 0, Images, factors, latents);
        RowDraws.Normal(RandomKey.FromSeed(3), 1, 0, factors, columns, map);
        Tensor x = (Tensor.FromArray(latents, Images, factors).MatMul(Tensor.FromArray(map, factors, columns)) * 0.5).Tanh();
        float[] levels = [.. x.ToSingleArray().Select(value => (2 * MathF.Round((value + 1) / 2 * (Levels - 1)) / (Levels - 1)) - 1)];
        File.WriteAllBytes(path, MemoryMarshal.AsBytes<float>(levels));
    }

    private static Workload Of(int threads, string data, ILatentVariableModel model)
    {
        int columns = model.Data.Columns;
        float[] images = MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(data)).ToArray();
        Workspace workspace = Workspace.Pooled(new ManagedEngine(threads));
        Tensor[] batches = [.. Enumerable.Range(0, Images / Batch).Select(i => Tensor.FromSpan<float>(workspace, images.AsSpan(i * Batch * columns, Batch * columns), new Shape(Batch, columns)))];
        int mark = workspace.Mark();
        TrainingState state = model.Initialize(RandomKey.FromSeed(2)).Map(leaf => leaf.CopyTo(workspace));
        int parameters = state.Parameters.Leaves.Sum(leaf => leaf.Count);
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
}
