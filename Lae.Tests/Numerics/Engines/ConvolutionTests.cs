using System.Numerics;
using FsCheck;
using FsCheck.Fluent;
using Lae.Numerics.Engines;
using static Lae.Tests.Numerics.Engines.EngineSamples;

namespace Lae.Tests.Numerics.Engines;

public class ConvolutionTests
{
    [Fact]
    public void Convolutions_agree_with_the_reference() => Check.One(Seeded(), Prop.ForAll(Plans.ToArbitrary(), Seed.ToArbitrary(), (plan, seed) =>
    {
        foreach (IEngine engine in Managed)
        {
            Agrees(plan, seed, engine.Float32);
            Agrees(plan, seed, engine.Float64);
        }
    }));

    [Theory]
    [InlineData(1, 8, 40, 12)]
    [InlineData(5, 6, 28, 16)]
    public void Threads_leave_no_trace(int batch, int channels, int side, int outputs)
    {
        ConvolutionPlan plan = new(batch, channels, side, side, outputs, 5, 5, 1, 2);
        float[] x = Numbers<float>(1, batch * channels * side * side);
        float[] kernel = Numbers<float>(2, outputs * channels * 25);
        float[] gradient = Numbers<float>(3, batch * outputs * plan.OutputHeight * plan.OutputWidth);
        float[][] expected = All(plan, x, kernel, gradient, Managed[0].Float32);
        foreach (IEngine engine in Managed)
        {
            float[][] actual = All(plan, x, kernel, gradient, engine.Float32);
            for (int i = 0; i < expected.Length; i++)
            {
                AssertSameBits<float>(expected[i], actual[i], $"result {i} with {engine.Threads} threads,");
            }
        }
    }

    [Fact]
    public void An_image_does_not_depend_on_its_batch()
    {
        ConvolutionPlan plan = new(4, 2, 9, 7, 3, 3, 3, 2, 1);
        ConvolutionPlan single = plan with { Batch = 1 };
        float[] x = Numbers<float>(1, 4 * 2 * 9 * 7);
        float[] kernel = Numbers<float>(2, 3 * 2 * 9);
        int image = 3 * plan.OutputHeight * plan.OutputWidth;
        float[] gradient = Numbers<float>(3, 4 * image);
        foreach (IEngine engine in Managed)
        {
            float[][] all = All(plan, x, kernel, gradient, engine.Float32);
            float[][] one = All(single, x[(2 * 126)..(3 * 126)], kernel, gradient[(2 * image)..(3 * image)], engine.Float32);
            AssertSameBits<float>(all[0].AsSpan(2 * image, image), one[0]);
            AssertSameBits<float>(all[1].AsSpan(2 * 126, 126), one[1]);
        }
    }

    [Fact]
    public void Spoiled_convolutions_are_rejected() => Assert.ThrowsAny<Exception>(() =>
        Agrees(new ConvolutionPlan(1, 1, 4, 4, 1, 2, 2, 1, 0), 5, new Planted<float>(Reference.Float32, Fault.LastElement)));

    private static Gen<ConvolutionPlan> Plans =>
        from batch in Gen.Choose(0, 3)
        from inputs in Gen.Choose(1, 3)
        from outputs in Gen.Choose(1, 4)
        from kernelHeight in Gen.Choose(1, 4)
        from kernelWidth in Gen.Choose(1, 4)
        from stride in Gen.Choose(1, 3)
        from padding in Gen.Choose(0, 3)
        from height in Gen.Choose(Math.Max(1, kernelHeight - (2 * padding)), 11)
        from width in Gen.Choose(Math.Max(1, kernelWidth - (2 * padding)), 13)
        select new ConvolutionPlan(batch, inputs, height, width, outputs, kernelHeight, kernelWidth, stride, padding);

    private static void Agrees<T>(ConvolutionPlan plan, int seed, IPrimitives<T> primitives)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T[] x = Numbers<T>(seed, plan.Batch * plan.InputChannels * plan.InputHeight * plan.InputWidth);
        T[] kernel = Numbers<T>(seed + 1, plan.OutputChannels * plan.InputChannels * plan.KernelHeight * plan.KernelWidth);
        T[] gradient = Numbers<T>(seed + 2, plan.Batch * plan.OutputChannels * plan.OutputHeight * plan.OutputWidth);
        T[][] expected = All(plan, x, kernel, gradient, Of<T>(Reference));
        T[][] actual = All(plan, x, kernel, gradient, primitives);
        AssertSameBits<T>(expected[0], actual[0], $"convolution {plan}");
        AssertClose<T>(expected[1], actual[1], 16, 1, $"input gradient {plan}");
        AssertSameBits<T>(expected[2], actual[2], $"kernel gradient {plan}");
    }

    private static T[][] All<T>(ConvolutionPlan plan, T[] x, T[] kernel, T[] gradient, IPrimitives<T> primitives)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T[] y = new T[gradient.Length];
        T[] inputGradient = new T[x.Length];
        T[] kernelGradient = new T[kernel.Length];
        primitives.Convolve(plan, x, kernel, y);
        primitives.ConvolveInputGradient(plan, gradient, kernel, inputGradient);
        primitives.ConvolveKernelGradient(plan, x, gradient, kernelGradient);
        return [y, inputGradient, kernelGradient];
    }
}
