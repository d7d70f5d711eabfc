using BenchmarkDotNet.Attributes;
using Lae.Models;
using Lae.Networks;
using Lae.Numerics;
using Lae.Numerics.Engines.Managed;
using Lae.Optimizers;
using Lae.Randomness;

namespace Lae.Benchmarks;

/// <summary>
/// One training step of the Langevin autoencoder in the authors' default shape: 784-1024-1024-1024-8, batch 100, T = 2, with the Metropolis test.
/// </summary>
[Config(typeof(LangevinBenchmarks.InProcess))]
public class AutoencoderBenchmarks
{
    private const int Columns = 784;
    private const int Batch = 100;

    private LangevinAutoencoder? model;
    private TrainingState? state;
    private Tensor? batch;
    private Workspace? workspace;
    private int mark;

    /// <summary>Threads of the engine.</summary>
    [Params(1, 2)]
    public int Threads { get; set; }

    [GlobalSetup]
    public void Build()
    {
        DenseArchitecture dense = new([1024, 1024, 1024]);
        model = new LangevinAutoencoder(
            new LangevinAutoencoderParts(
                8, dense, dense, new DiscretizedLogisticLikelihood(256), new PlainAmortizedLangevin(), new LastLayerUpdate(), 2,
                new StepSizeAdaptation(1e-6), new GradientDescent(1e-4), new Adam(3e-2)),
            new DataDescription(Columns, 256, 60_000));
        workspace = Workspace.Pooled(new ManagedEngine(Threads));
        float[] levels = new float[Batch * Columns];
        RowDraws.Uniform(RandomKey.FromSeed(1), 0, 0, Batch, Columns, levels);
        batch = Tensor.FromSpan<float>(workspace, [.. levels.Select(u => (2 * MathF.Floor(u * 256) / 255) - 1)], new Shape(Batch, Columns));
        mark = workspace.Mark();
        state = model.Initialize(RandomKey.FromSeed(2)).Map(leaf => leaf.CopyTo(workspace));
    }

    [Benchmark]
    public long TrainingStep()
    {
        state = model!.Train(RandomKey.FromSeed(3).FoldIn((ulong)state!.Step), batch!, state).State;
        workspace!.Collect(mark, [.. state.Leaves]);
        return state.Step;
    }
}
