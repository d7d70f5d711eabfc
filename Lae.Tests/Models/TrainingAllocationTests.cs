using System.Globalization;
using Lae.Datasets;
using Lae.Models;
using Lae.Networks;
using Lae.Numerics;
using Lae.Numerics.Engines.Managed;
using Lae.Optimizers;
using Lae.Randomness;
using Xunit.Abstractions;

namespace Lae.Tests.Models;

/// <summary>What a training step leaves on the GC heap in the steady state of a training: less than 16 kB. The networks have the authors' depth and are narrow: bytes are those of objects, which widths do not enter.</summary>
public sealed class TrainingAllocationTests(ITestOutputHelper output)
{
    /// <summary>As measured: 9.4 kB for the LAE of the authors with the trees of what its chain recorded, 7.0 for the default LAE, 4.7 for the VAE, 12.2 for the CLAE.</summary>
    private const int MostBytes = 16_384;

    private const int Steps = 80;
    private const int Latents = 8;
    private const int Batch = 20;
    private static readonly DenseArchitecture Dense = new([48, 48, 48]);
    private static readonly DataDescription Digits = new(64, 17, 1797);

    [Fact]
    public void A_step_of_the_Langevin_autoencoder() =>
        Assert.InRange(BytesPerStep("LAE of the authors", new LangevinAutoencoder(Parts(new PlainAmortizedLangevin(), new LastLayerUpdate()), Digits)), 0, MostBytes - 1);

    [Fact]
    public void A_step_of_the_default_Langevin_autoencoder() =>
        Assert.InRange(BytesPerStep("LAE", new LangevinAutoencoder(Parts(new DatapointLangevin(), new RegressionUpdate()), Digits)), 0, MostBytes - 1);

    [Fact]
    public void A_step_of_the_variational_autoencoder() =>
        Assert.InRange(
            BytesPerStep("VAE", new VariationalAutoencoder(
                new VariationalAutoencoderParts(Latents, Dense, Dense, new DiscretizedLogisticLikelihood(17), new DiagonalGaussian(), new EvidenceObjective(), new Adam(1e-3), new Adam(3e-2)), Digits)), 0, MostBytes - 1);

    [Fact]
    public void A_step_of_the_contrastive_Langevin_autoencoder() =>
        Assert.InRange(BytesPerStep("CLAE", EnergyCase.Contrastive(new Adam(1e-3))), 0, MostBytes - 1);

    private static LangevinAutoencoderParts Parts(ILatentKernel kernel, IEncoderUpdate update) => new(
        Latents, Dense, Dense, new DiscretizedLogisticLikelihood(17), kernel, update, 2, new StepSizeAdaptation(1e-4), new Adam(1e-4), new Adam(3e-2));

    /// <summary>Between two steps of one epoch, so that what a training makes once, as its copy of the data, and what it hands out at the end of an epoch do not count.</summary>
    private double BytesPerStep(string name, ILatentVariableModel model)
    {
        TrainingState start = model.Initialize(RandomKey.FromSeed(2));
        Tensor data = EnergyCase.Data(Steps * Batch);
        ManagedEngine engine = new(threads: 1);
        Train();
        double bytes = Train();
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name}: {bytes:F0} bytes a step"));
        return bytes;

        double Train()
        {
            Gauge gauge = new();
            TrainingLoop.Run(model, data, new TrainingPlan(1, Batch, logEvery: 1_000_000), RandomKey.FromSeed(3), start, gauge, engine);
            return gauge.BytesPerStep;
        }
    }

    /// <summary>Reads what the thread has allocated after the first half of the steps, and before the last.</summary>
    private sealed class Gauge : ITrainingObserver
    {
        private const int From = Steps / 2;
        private const int To = Steps - 1;
        private long before;

        public double BytesPerStep { get; private set; }

        public void Stepped(long done, long total)
        {
            if (done == From)
            {
                before = GC.GetAllocatedBytesForCurrentThread();
            }
            else if (done == To)
            {
                BytesPerStep = (GC.GetAllocatedBytesForCurrentThread() - before) / (double)(To - From);
            }
        }

        public void Logged(TrainingLogEntry entry)
        {
        }

        public void EpochEnded(int epoch, TrainingProgress progress)
        {
        }
    }
}
