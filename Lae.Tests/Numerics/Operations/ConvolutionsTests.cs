using FsCheck;
using FsCheck.Fluent;
using Lae.Numerics;

namespace Lae.Tests.Numerics;

public sealed class ConvolutionsTests
{
    private static readonly Tensor Image = Tensor.FromArray([1.0, 2, 3, 4, 5, 6, 7, 8, 9], 1, 1, 3, 3);
    private static readonly Tensor Kernel = Tensor.FromArray([1.0, 10, 100, 1000], 1, 1, 2, 2);

    [Fact]
    public void ConvolveHasItsGradients() => Given.ForAll(
        from batch in Gen.Choose(0, 2)
        from channels in Gen.Choose(1, 2)
        from outputs in Gen.Choose(1, 2)
        from kernelHeight in Gen.Choose(1, 3)
        from kernelWidth in Gen.Choose(1, 3)
        from stride in Gen.Choose(1, 3)
        from padding in Gen.Choose(0, 2)
        from moreHeight in Gen.Choose(0, 2)
        from moreWidth in Gen.Choose(0, 2)
        from seed in Given.Seeds
        select (
            X: new Shape(batch, channels, Math.Max(0, kernelHeight + moreHeight - (2 * padding)), Math.Max(0, kernelWidth + moreWidth - (2 * padding))),
            Kernel: new Shape(outputs, channels, kernelHeight, kernelWidth),
            Stride: stride,
            Padding: padding,
            Seed: seed),
        given =>
        {
            Tensor x = Given.Uniform(given.X, given.Seed);
            Tensor kernel = Given.Uniform(given.Kernel, given.Seed + 1);
            GradientCheck.Against((u, w) => u.Convolve(w, given.Stride, given.Padding), x, kernel);
        });

    [Fact]
    public void ConvolveTransposedIsTheAdjointAndHasItsGradients() => Given.ForAll(
        from batch in Gen.Choose(0, 2)
        from channels in Gen.Choose(1, 2)
        from outputs in Gen.Choose(1, 2)
        from height in Gen.Choose(1, 3)
        from width in Gen.Choose(1, 3)
        from kernelHeight in Gen.Choose(1, 3)
        from kernelWidth in Gen.Choose(1, 3)
        from stride in Gen.Choose(1, 3)
        from padding in Gen.Choose(0, 2)
        from outputPadding in Gen.Choose(0, stride - 1)
        let least = ((Math.Min(height, width) - 1) * stride) + Math.Min(kernelHeight, kernelWidth) + outputPadding - 1
        from seed in Given.Seeds
        select (
            X: new Shape(batch, channels, height, width),
            Kernel: new Shape(channels, outputs, kernelHeight, kernelWidth),
            Stride: stride,
            Padding: Math.Min(padding, least / 2),
            OutputPadding: outputPadding,
            Seed: seed),
        given =>
        {
            Tensor x = Given.Uniform(given.X, given.Seed);
            Tensor kernel = Given.Uniform(given.Kernel, given.Seed + 1);
            Tensor y = x.ConvolveTransposed(kernel, given.Stride, given.Padding, given.OutputPadding);
            Assert.Equal(((given.X[3] - 1) * given.Stride) - (2 * given.Padding) + given.Kernel[3] + given.OutputPadding, y.Shape[3]);

            // ⟨y, g⟩ = ⟨x, g ⋆ kernel⟩ for every g
            Tensor g = Given.Uniform(y.Shape, given.Seed + 2);
            Assert.Equal((x * g.Convolve(kernel, given.Stride, given.Padding)).Sum().ToDouble(), (y * g).Sum().ToDouble(), 1e-12);
            GradientCheck.Against((u, w) => u.ConvolveTransposed(w, given.Stride, given.Padding, given.OutputPadding), x, kernel);
        });

    [Fact]
    public void ConvolveOnASmallExample()
    {
        Assert.Equal([5421, 6532, 8754, 9865], Image.Convolve(Kernel).ToArray());
        Assert.Equal(new Shape(1, 1, 2, 2), Image.Convolve(Kernel).Shape);
        Assert.Equal([1000, 3200, 7040, 9865], Image.Convolve(Kernel, stride: 2, padding: 1).ToArray());
    }

    [Fact]
    public void ConvolveAddsChannelsAndKeepsImagesApart()
    {
        Tensor x = Tensor.FromArray([1.0, 2, 3, 4], 2, 2, 1, 1);
        Tensor kernel = Tensor.FromArray([1.0, 10, 100, 1000, 5, 7], 3, 2, 1, 1);
        Assert.Equal([21, 2100, 19, 43, 4300, 43], x.Convolve(kernel).ToArray());
    }

    [Fact]
    public void ConvolveTransposedOnASmallExample()
    {
        Tensor x = Tensor.FromArray([1.0, 2], 1, 1, 1, 2);
        Assert.Equal([1, 12, 20, 100, 1200, 2000], x.ConvolveTransposed(Kernel).ToArray());
        Tensor y = x.ConvolveTransposed(Kernel, stride: 2, outputPadding: 1);
        Assert.Equal(new Shape(1, 1, 3, 5), y.Shape);
        Assert.Equal([1, 10, 2, 20, 0, 100, 1000, 200, 2000, 0, 0, 0, 0, 0, 0], y.ToArray());
    }

    [Fact]
    public void WhatDoesNotFitIsRefused()
    {
        Assert.Throws<ArgumentException>(() => Image.Flatten().Convolve(Kernel));
        Assert.Throws<ArgumentException>(() => Image.Convolve(Tensor.Ones(new Shape(1, 2, 2, 2), DType.Float64)));
        Assert.Throws<ArgumentException>(() => Image.Convolve(Tensor.Ones(new Shape(1, 1, 4, 1), DType.Float64)));
        Assert.Throws<ArgumentException>(() => Image.Convolve(Tensor.Ones(new Shape(1, 1, 1, 6), DType.Float64), padding: 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Image.Convolve(Kernel, stride: 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => Image.Convolve(Kernel, padding: -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Image.ConvolveTransposed(Kernel, outputPadding: 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Image.ConvolveTransposed(Kernel, stride: 2, outputPadding: -1));
        Assert.Throws<ArgumentException>(() => Image.ConvolveTransposed(Kernel, padding: 2));
        Assert.Throws<ArgumentException>(() => Image.ConvolveTransposed(Tensor.Ones(new Shape(2, 1, 2, 2), DType.Float64)));
    }

    [Fact]
    public void EmptyKernelsAndEmptyImagesToEnlargeAreRefused()
    {
        Assert.Throws<ArgumentException>(() => Image.Convolve(Tensor.Ones(new Shape(1, 1, 0, 2), DType.Float64)));
        Assert.Throws<ArgumentException>(() => Image.ConvolveTransposed(Tensor.Ones(new Shape(1, 1, 2, 0), DType.Float64)));
        Tensor nothing = Tensor.Ones(new Shape(1, 1, 0, 1), DType.Float64);
        Assert.Throws<ArgumentException>(() => nothing.ConvolveTransposed(Tensor.Ones(new Shape(1, 1, 4, 4), DType.Float64), stride: 2, outputPadding: 1));
    }
}
