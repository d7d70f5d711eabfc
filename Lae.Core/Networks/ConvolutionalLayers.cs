using Lae.Numerics;
using Lae.Randomness;

namespace Lae.Networks;

/// <summary>
/// The layers that convolutional encoders and decoders share, by the formulas of <see cref="ConvolutionalArchitecture"/>. Every layer draws its parameters by a key of its own, and finds them
/// by name: <c>name.weight</c>, <c>name.bias</c>, <c>name.scale</c>, <c>name.shift</c>. Images are [n, channels, height, width].
/// </summary>
internal sealed record ConvolutionalLayers(
    int[] Channels, int Width, Activation Activation, ConvolutionalNormalization Normalization, int Groups, int ResidualBlocks)
{
    /// <summary>Side of the kernels that change the size, of stride 2 and padding 1.</summary>
    private const int ResizingSide = 4;

    private const int ResidualSide = 3;
    private const int Stride = 2;
    private const int Padding = 1;

    /// <summary>Kernel weights, of which a transposed convolution of stride 2 puts so many on one pixel for each channel in.</summary>
    private const int WeightsOnPixel = ResizingSide * ResizingSide / (Stride * Stride);

    /// <summary>A side after a strided convolution.</summary>
    public static int Halved(int side) => ((side + (2 * Padding) - ResizingSide) / Stride) + 1;

    /// <summary>Parameters of a strided convolution.</summary>
    public TensorTree Halving(TensorTree tree, string name, RandomKey key, int channelsIn, int channelsOut, DType dtype) =>
        Hidden(tree.With($"{name}.weight", Kernel(key, channelsOut, channelsIn, ResizingSide, dtype)), name, channelsOut, dtype);

    /// <summary>a(norm(conv₄(x))), half as high and wide.</summary>
    public Tensor Halve(TensorTree parameters, string name, Tensor x) =>
        Activation.Apply(Normalize(parameters, name, Biased(parameters, name, x.Convolve(parameters[$"{name}.weight"], Stride, Padding))));

    /// <summary>Parameters of a transposed convolution; a linear one has no scale and shift. Weights have the variance 1 / (weights that meet in a pixel).</summary>
    public TensorTree Doubling(TensorTree tree, string name, RandomKey key, int channelsIn, int channelsOut, bool linear, DType dtype)
    {
        int columns = channelsOut * ResizingSide * ResizingSide;
        double gain = Math.Sqrt(Math.Max(channelsIn, columns) / (double)(channelsIn * WeightsOnPixel));
        Tensor kernel = OrthogonalInitialization.Draw(key, channelsIn, columns, dtype).ScaleShift(gain, 0).Reshape(channelsIn, channelsOut, ResizingSide, ResizingSide);
        tree = tree.With($"{name}.weight", kernel);
        return linear ? tree.With($"{name}.bias", Tensor.Zeros(new Shape(channelsOut), dtype)) : Hidden(tree, name, channelsOut, dtype);
    }

    /// <summary>conv₄ᵀ(x) of the given height and width, which halve to those of x; normalised and activated unless it is linear.</summary>
    public Tensor Double(TensorTree parameters, string name, Tensor x, int height, int width, bool linear)
    {
        Tensor kernel = parameters[$"{name}.weight"];
        (int missingRows, int missingColumns) = (height - (x.Shape[2] * Stride), width - (x.Shape[3] * Stride));
        Tensor y = x.ConvolveTransposed(kernel, Stride, Padding, Math.Max(missingRows, missingColumns));
        y = missingRows == missingColumns ? y : y.Slice(2, 0, height).Slice(3, 0, width);
        y = Biased(parameters, name, y);
        return linear ? y : Activation.Apply(Normalize(parameters, name, y));
    }

    /// <summary>Parameters of the residual blocks of a level.</summary>
    public TensorTree Residuals(TensorTree tree, string name, RandomKey key, int channels, DType dtype)
    {
        for (int block = 0; block < ResidualBlocks; block++)
        {
            for (int half = 0; half < 2; half++)
            {
                string layer = $"{name}.residual{block}.{half}";
                Tensor kernel = Kernel(key.FoldIn((ulong)((2 * block) + half)), channels, channels, ResidualSide, dtype);
                tree = Hidden(tree.With($"{layer}.weight", kernel), layer, channels, dtype);
            }
        }

        return tree;
    }

    /// <summary>The residual blocks of a level: x ← a(x + norm(conv₃(a(norm(conv₃(x)))))).</summary>
    public Tensor Residual(TensorTree parameters, string name, Tensor x)
    {
        for (int block = 0; block < ResidualBlocks; block++)
        {
            Tensor inner = Activation.Apply(Half(x, $"{name}.residual{block}.0"));
            x = Activation.Apply(x + Half(inner, $"{name}.residual{block}.1"));
        }

        return x;

        Tensor Half(Tensor y, string layer) => Normalize(parameters, layer, Biased(parameters, layer, y.Convolve(parameters[$"{layer}.weight"], padding: Padding)));
    }

    /// <summary>Parameters of a dense layer; a linear one has no scale and shift.</summary>
    public TensorTree Dense(TensorTree tree, string name, RandomKey key, int sizeIn, int sizeOut, bool linear, DType dtype)
    {
        tree = tree.With($"{name}.weight", OrthogonalInitialization.Draw(key, sizeOut, sizeIn, dtype));
        return linear ? tree.With($"{name}.bias", Tensor.Zeros(new Shape(sizeOut), dtype)) : Hidden(tree, name, sizeOut, dtype);
    }

    /// <summary>x Wᵀ + b over rows, layer-normalised (where anything is) and activated unless it is linear.</summary>
    public Tensor Dense(TensorTree parameters, string name, Tensor x, bool linear)
    {
        Tensor y = x.MatMul(parameters[$"{name}.weight"], transposeB: true) + parameters[$"{name}.bias"];
        if (linear)
        {
            return y;
        }

        y = Normalization == ConvolutionalNormalization.None ? y : (y.LayerNormalize() * parameters[$"{name}.scale"]) + parameters[$"{name}.shift"];
        return Activation.Apply(y);
    }

    private static Tensor Kernel(RandomKey key, int channelsOut, int channelsIn, int side, DType dtype) =>
        OrthogonalInitialization.Draw(key, channelsOut, channelsIn * side * side, dtype).Reshape(channelsOut, channelsIn, side, side);

    private static Tensor Biased(TensorTree parameters, string name, Tensor x) => x + OfChannels(parameters[$"{name}.bias"]);

    private static Tensor OfChannels(Tensor values) => values.Reshape(values.Count, 1, 1);

    private TensorTree Hidden(TensorTree tree, string name, int count, DType dtype)
    {
        Shape shape = new(count);
        tree = tree.With($"{name}.bias", Tensor.Zeros(shape, dtype));
        return Normalization == ConvolutionalNormalization.None
            ? tree
            : tree.With($"{name}.scale", Tensor.Ones(shape, dtype)).With($"{name}.shift", Tensor.Zeros(shape, dtype));
    }

    private Tensor Normalize(TensorTree parameters, string name, Tensor x)
    {
        if (Normalization == ConvolutionalNormalization.None)
        {
            return x;
        }

        int groups = Normalization == ConvolutionalNormalization.Group ? Groups : 1;
        int perGroup = x.Shape[1] / groups * x.Shape[2] * x.Shape[3];
        Tensor normalized = x.Reshape(x.Shape[0] * groups, perGroup).LayerNormalize().Reshape(x.Shape[0], x.Shape[1], x.Shape[2], x.Shape[3]);
        return (normalized * OfChannels(parameters[$"{name}.scale"])) + OfChannels(parameters[$"{name}.shift"]);
    }
}
