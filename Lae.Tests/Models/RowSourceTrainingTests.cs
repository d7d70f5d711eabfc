using Lae.Datasets;
using Lae.Formats;
using Lae.Models;
using Lae.Networks;
using Lae.Numerics;
using Lae.Numerics.Engines.Managed;
using Lae.Optimizers;
using Lae.Randomness;

namespace Lae.Tests.Models;

/// <summary>Training from disk is training from memory, bit for bit; and a convolutional autoencoder trains on colour images.</summary>
public sealed class RowSourceTrainingTests
{
    private static readonly RandomKey Key = RandomKey.FromSeed(20_261_127);

    [Fact]
    public void Rows_on_disk_train_to_the_bits_of_rows_in_memory()
    {
        const int Rows = 130;
        float[] values = new float[Rows * 4];
        double[] normals = new double[values.Length];
        RowDraws.Normal(Key, 1, 0, Rows, 4, normals);
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = (float)normals[i];
        }

        string path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        try
        {
            using (FileStream stream = File.Create(path))
            {
                Npy.Write(stream, NpyArray.FromFloat32([Rows, 4], values));
            }

            ILatentVariableModel model = Model(new DenseArchitecture([8]), new GaussianLikelihood(), new DataDescription(4, null, Rows));
            TrainingPlan plan = new(epochs: 3, batchSize: 40, logEvery: 4);
            TrainingProgress start = TrainingProgress.At(model.Initialize(Key));
            TrainingProgress resident = TrainingLoop.Resume(model, Tensor.FromSpan<float>(Workspace.Default, values, new Shape(Rows, 4)), plan, Key, start, new Silent());
            using FileRows rows = new(File.OpenHandle(path), new RowLayout("some.npy", NpyType.Float32, Rows, 4, new FileInfo(path).Length - (values.Length * sizeof(float))));
            AssertSame(resident, TrainingLoop.Resume(model, rows, plan, Key, start, new Silent()));
            AssertSame(resident, TrainingLoop.Resume(model, new ResidentRows(values, 4), plan, Key, start, new Silent(), new ManagedEngine(2)));
            Assert.Equal(9, resident.State.Step);
            Assert.Throws<ArgumentException>(() => TrainingLoop.Resume(model, new ResidentRows(values, 2), plan, Key, start, new Silent()));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [FactIfFile("data/cifar10/cifar10-test1000.bin.gz")]
    public void A_convolutional_autoencoder_trains_on_colour_images()
    {
        using FileStream stream = File.OpenRead(SharedFiles.Locate("data/cifar10/cifar10-test1000.bin.gz"));
        Dataset images = ImageDatasets.FromCifar10("cifar10", [CifarBinary.Read(stream, "cifar10-test1000.bin.gz")]).Gather([.. Enumerable.Range(0, 100)], "some");
        DataDescription data = new(images.Columns, images.Levels, images.Rows, images.Shape);
        ConvolutionalArchitecture architecture = new([8, 16], width: 32, normalization: ConvolutionalNormalization.Group, residualBlocks: 1);
        ILatentVariableModel model = Model(architecture, new DiscretizedLogisticFactory().Create(data), data);
        TrainingProgress start = TrainingProgress.At(model.Initialize(Key));
        Tensor x = Tensor.FromSpan<float>(Workspace.Default, images.ToUnit(), new Shape(images.Rows, images.Columns));
        TrainingProgress end = TrainingLoop.Resume(model, images.Observations, new TrainingPlan(epochs: 10, batchSize: 20), Key, start, new Silent());
        Assert.Equal(50, end.State.Step);
        Assert.True(Error(end) < 0.9 * Error(start), $"{Error(start)} became {Error(end)}");

        double Error(TrainingProgress progress) =>
            (model.Decode(progress.State.Parameters, model.Encode(progress.State.Parameters, x)) - x).Square().Cast(DType.Float64).Mean().ToDouble();
    }

    private static LangevinAutoencoder Model(INetworkArchitecture architecture, ILikelihood likelihood, DataDescription data) => new(
        new LangevinAutoencoderParts(
            4, architecture, architecture, likelihood, new DatapointLangevin(), new RegressionUpdate(), 2, new StepSizeAdaptation(0.05), new Adam(1e-3), new Adam(3e-2)),
        data);

    private static void AssertSame(TrainingProgress expected, TrainingProgress actual)
    {
        TensorTree tree = actual.State.ToTree();
        foreach ((string name, Tensor leaf) in expected.State.ToTree())
        {
            Assert.Equal(leaf.ToArray(), tree[name].ToArray());
        }
    }

    private sealed class Silent : ITrainingObserver
    {
        public void Stepped(long done, long total)
        {
        }

        public void Logged(TrainingLogEntry entry)
        {
        }

        public void EpochEnded(int epoch, TrainingProgress progress)
        {
        }
    }
}
