using Lae.Numerics.Engines;
using Lae.Numerics.Engines.Managed;
using static Lae.Tests.Numerics.Engines.EngineSamples;

namespace Lae.Tests.Numerics.Engines;

/// <summary>Runs alone, since it reads what the whole process allocates.</summary>
[CollectionDefinition("Alone", DisableParallelization = true)]
public class Alone;

[Collection("Alone")]
public class AllocationTests
{
    private const int Calls = 200;
    private const double MostBytesPerCall = 64;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_steady_state_allocates_nothing(int threads)
    {
        ManagedEngine engine = new(threads, ManagedEngine.WidestRegister, isEager: true);
        foreach ((string name, Action work) in Work(engine))
        {
            double bytes = BytesPerCall(work, ofThisThread: threads == 1);
            Assert.True(bytes < MostBytesPerCall, $"{name} with {threads} threads allocates {bytes} bytes a call");
        }
    }

    [Fact]
    public void An_allocation_is_seen() => Assert.All([true, false], ofThisThread => Assert.True(BytesPerCall(() => GC.KeepAlive(new byte[100]), ofThisThread) > MostBytesPerCall));

    private static double BytesPerCall(Action work, bool ofThisThread)
    {
        double least = double.PositiveInfinity;
        for (int i = 0; i < 3; i++)
        {
            work();
        }

        // The least of some rounds: the test runner and the compiler allocate too.
        for (int round = 0; round < 4 && least >= MostBytesPerCall; round++)
        {
            long before = Allocated();
            for (int i = 0; i < Calls; i++)
            {
                work();
            }

            least = Math.Min(least, (Allocated() - before) / (double)Calls);
        }

        return least;

        // where only one thread works, what the others do meanwhile does not count
        long Allocated() => ofThisThread ? GC.GetAllocatedBytesForCurrentThread() : GC.GetTotalAllocatedBytes(true);
    }

    private static IEnumerable<(string Name, Action Work)> Work(ManagedEngine engine)
    {
        IPrimitives<float> f = engine.Float32;
        IPrimitives<double> d = engine.Float64;
        float[] x = Numbers<float>(1, 90_000);
        float[] z = Numbers<float>(2, x.Length);
        float[] y = new float[x.Length];
        double[] xd = Numbers<double>(3, 300 * 300);
        double[] yd = new double[xd.Length];
        float[] total = new float[300];
        int[] indices = [.. Enumerable.Range(0, 300).Reverse()];
        ConvolutionPlan convolution = new(4, 3, 12, 12, 8, 3, 3, 1, 1);
        StridedCopyPlan transposition = new([300, 300], 0, [1, 300], 0, [300, 1]);
        double[] identity = new double[50 * 50];
        for (int i = 0; i < 50; i++)
        {
            identity[i * 51] = 1;
        }

        yield return ("tanh", () => f.Unary(UnaryOperation.Tanh, x, y));
        yield return ("add", () => f.Binary(BinaryOperation.Add, new(300, 300, OperandLayout.Full, OperandLayout.Row), x, x.AsSpan(0, 300), y));
        yield return ("choose", () => f.Choose(OperandLayout.Column, 300, 300, x.AsSpan(0, 300), x, z, y));
        yield return ("proposal", () => f.LangevinProposal(0.1f, 0.2f, x, z, z, y));
        yield return ("Adam", () => f.AdamStep(new(0.9f, 0.1f, 0.99f, 0.01f, 2, 1e-8f, 0.1f, 1), x.AsSpan(0, 30_000), x.AsSpan(30_000, 30_000), x.AsSpan(60_000), z.AsSpan(0, 30_000), y.AsSpan(0, 30_000), y.AsSpan(30_000, 30_000), y.AsSpan(60_000)));
        yield return ("transpose", () => f.CopyStrided(transposition, x, y));
        yield return ("gather", () => f.GatherRows(300, indices, x, y));
        yield return ("sum", () => f.Reduce(Reduction.Sum, 1, x.Length, 1, x, total.AsSpan(0, 1)));
        yield return ("log-sum-exp", () => f.Reduce(Reduction.LogSumExp, 300, 300, 1, x, total));
        yield return ("product", () => d.MatrixProduct(new(90, 80, 70, false, true, false), xd.AsSpan(0, 6300), xd.AsSpan(0, 5600), yd.AsSpan(0, 7200)));
        yield return ("large product", () => f.MatrixProduct(new(100, 120, 130, true, false, false), x.AsSpan(0, 13000), z.AsSpan(0, 15600), y.AsSpan(0, 12000)));
        yield return ("convolution", () => f.Convolve(convolution, x.AsSpan(0, 1728), z.AsSpan(0, 216), y.AsSpan(0, 4608)));
        yield return ("input gradient", () => f.ConvolveInputGradient(convolution, x.AsSpan(0, 4608), z.AsSpan(0, 216), y.AsSpan(0, 1728)));
        yield return ("kernel gradient", () => f.ConvolveKernelGradient(convolution, x.AsSpan(0, 1728), z.AsSpan(0, 4608), y.AsSpan(0, 216)));
        yield return ("layer norm", () => f.LayerNormalize(300, 300, 1e-5f, x, y, total));
        yield return ("hidden layer", () => f.RectifiedNormalization(30, 300, 1e-5f, x.AsSpan(0, 9000), x.AsSpan(0, 300), x.AsSpan(300, 300), x.AsSpan(600, 300), y.AsSpan(0, 9000), total.AsSpan(0, 30), y.AsSpan(9000, 9000)));
        yield return ("Cholesky", () => d.Cholesky(50, identity, yd.AsSpan(0, 2500)));
        yield return ("solve", () => d.TriangularSolve(50, 300, true, identity, xd.AsSpan(0, 15000), yd.AsSpan(0, 15000)));
        yield return ("logistic", () => f.DiscretizedLogistic(8, 0.004f, -1, 1, x, z, y, [], []));
        yield return ("finite", () => f.AllFinite(x));
    }
}
