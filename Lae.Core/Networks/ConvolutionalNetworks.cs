using Lae.Datasets;
using Lae.Numerics;
using Lae.Randomness;

namespace Lae.Networks;

/// <summary>From images to features, or to numbers by one more linear layer.</summary>
internal sealed class ConvolutionalEncoder(ConvolutionalLayers layers, ImageShape image, int? outputSize) : INetwork
{
    private readonly ImageShape[] levels = ConvolutionalLevels.Of(layers, image);

    public int InputSize => image.Height * image.Width * image.Channels;

    public int OutputSize => outputSize ?? layers.Width;

    public TensorTree Initialize(RandomKey key, DType dtype)
    {
        TensorTree tree = TensorTree.Empty;
        for (int level = 1; level < levels.Length; level++)
        {
            RandomKey own = key.FoldIn((ulong)level);
            tree = layers.Halving(tree, $"level{level}", own.FoldIn(0), levels[level - 1].Channels, levels[level].Channels, dtype);
            tree = layers.Residuals(tree, $"level{level}", own.FoldIn(1), levels[level].Channels, dtype);
        }

        tree = layers.Dense(tree, "features", key.FoldIn((ulong)levels.Length), ConvolutionalLevels.Size(levels[^1]), layers.Width, linear: false, dtype);
        return outputSize is { } size ? layers.Dense(tree, "output", key.FoldIn((ulong)levels.Length + 1), layers.Width, size, linear: true, dtype) : tree;
    }

    public Tensor Apply(TensorTree parameters, Tensor x)
    {
        Tensor y = x.Reshape(x.Shape[0], image.Channels, image.Height, image.Width);
        for (int level = 1; level < levels.Length; level++)
        {
            y = layers.Residual(parameters, $"level{level}", layers.Halve(parameters, $"level{level}", y));
        }

        Tensor features = layers.Dense(parameters, "features", y.Reshape(x.Shape[0], ConvolutionalLevels.Size(levels[^1])), linear: false);
        return outputSize is null ? features : layers.Dense(parameters, "output", features, linear: true);
    }
}

/// <summary>From numbers to images.</summary>
internal sealed class ConvolutionalDecoder(ConvolutionalLayers layers, int inputSize, ImageShape image) : INetwork
{
    private readonly ImageShape[] levels = ConvolutionalLevels.Of(layers, image);

    public int InputSize => inputSize;

    public int OutputSize => image.Height * image.Width * image.Channels;

    public TensorTree Initialize(RandomKey key, DType dtype)
    {
        TensorTree tree = layers.Dense(TensorTree.Empty, "input", key.FoldIn(0), inputSize, layers.Width, linear: false, dtype);
        tree = layers.Dense(tree, "smallest", key.FoldIn((ulong)levels.Length), layers.Width, ConvolutionalLevels.Size(levels[^1]), linear: false, dtype);
        for (int level = levels.Length - 1; level > 0; level--)
        {
            RandomKey own = key.FoldIn((ulong)level);
            tree = layers.Residuals(tree, $"level{level}", own.FoldIn(1), levels[level].Channels, dtype);
            tree = layers.Doubling(tree, $"level{level}", own.FoldIn(0), levels[level].Channels, levels[level - 1].Channels, linear: level == 1, dtype);
        }

        return tree;
    }

    public Tensor Apply(TensorTree parameters, Tensor x)
    {
        ImageShape smallest = levels[^1];
        Tensor y = layers.Dense(parameters, "smallest", layers.Dense(parameters, "input", x, linear: false), linear: false)
            .Reshape(x.Shape[0], smallest.Channels, smallest.Height, smallest.Width);
        for (int level = levels.Length - 1; level > 0; level--)
        {
            ImageShape larger = levels[level - 1];
            y = layers.Double(parameters, $"level{level}", layers.Residual(parameters, $"level{level}", y), larger.Height, larger.Width, linear: level == 1);
        }

        return y.Reshape(x.Shape[0], OutputSize);
    }
}

/// <summary>The shapes of the images on the way, from the image itself (level 0) to the smallest.</summary>
internal static class ConvolutionalLevels
{
    public static ImageShape[] Of(ConvolutionalLayers layers, ImageShape image)
    {
        ImageShape[] levels = new ImageShape[layers.Channels.Length + 1];
        levels[0] = image;
        for (int level = 1; level < levels.Length; level++)
        {
            levels[level] = new ImageShape(
                ConvolutionalLayers.Halved(levels[level - 1].Height), ConvolutionalLayers.Halved(levels[level - 1].Width), layers.Channels[level - 1]);
        }

        return levels;
    }

    public static int Size(ImageShape image) => image.Height * image.Width * image.Channels;
}
