using Lae.Datasets;
using Lae.Numerics;
using Lae.Randomness;

namespace Lae.Networks;

/// <summary>
/// Convolutional networks. Images in: strided convolutions halve the sides; images out: transposed convolutions double them.
/// <code>
///     encoder    x ← a(norm(conv₄(x; stride 2, padding 1)))            for each of the levels c₁ … c_L,
///                x ← a(x + norm(conv₃(a(norm(conv₃(x))))))             residual blocks of a level,
///                g = a(norm(W vec(x) + b))                             features of the given width
///     decoder    the same backwards: width units, the smallest image, then for the levels c_L … c₁ the residual blocks and
///                x ← a(norm(conv₄ᵀ(x; stride 2, padding 1))),  the last one linear and into the channels of the image
/// </code>
/// A side h becomes ⌊h/2⌋ (8: 4, 2; 28: 14, 7; 32: 16, 8, 4; 64: 32, 16, 8, 4), and on the way back an odd side gets its last row by output padding.
/// Group normalisation is over the pixels of c/groups channels (Wu and He, ECCV 2018), layer normalisation over all channels (one group); both with a learned scale and shift
/// of each channel. Residual blocks: He, Zhang, Ren and Sun, CVPR 2016. Kernels [out, in, h, w] (transposed: [in, out, h, w]) start orthogonal, biases at zero.
/// </summary>
public sealed class ConvolutionalArchitecture : INetworkArchitecture
{
    private readonly ConvolutionalLayers layers;

    /// <summary>An architecture with checked ranges.</summary>
    /// <param name="channels">Channels of each level, from the image inwards, each 1 or more; at least one.</param>
    /// <param name="width">Units of the dense layer between the smallest image and the other end, 1 or more.</param>
    /// <param name="activation">The nonlinearity.</param>
    /// <param name="normalization">How hidden layers are normalised.</param>
    /// <param name="groups">Groups of group normalisation, 1 or more; divides every number of channels. Without it, of no account.</param>
    /// <param name="residualBlocks">Residual blocks of each level, 0 or more.</param>
    public ConvolutionalArchitecture(
        IReadOnlyList<int> channels,
        int width = 256,
        Activation activation = Activation.Relu,
        ConvolutionalNormalization normalization = ConvolutionalNormalization.Layer,
        int groups = 8,
        int residualBlocks = 0)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(groups, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(residualBlocks);
        if (channels.Count == 0)
        {
            throw new ArgumentException("at least one level of channels is needed", nameof(channels));
        }

        foreach (int count in channels)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(count, 1, nameof(channels));
            if (normalization == ConvolutionalNormalization.Group && count % groups != 0)
            {
                throw new ArgumentException($"group normalisation needs numbers of channels that {groups} groups divide, not {count}", nameof(groups));
            }
        }

        layers = new ConvolutionalLayers([.. channels], width, activation, normalization, groups, residualBlocks);
    }

    /// <inheritdoc/>
    public INetwork Features(RowForm input) => new ConvolutionalEncoder(layers, Image(input), outputSize: null);

    /// <inheritdoc/>
    /// <remarks>One of the two forms is an image: from an image to numbers (an energy, say), or from numbers to an image.</remarks>
    public INetwork Whole(RowForm input, RowForm output) => input.Image is null
        ? new ConvolutionalDecoder(layers, input.Columns, Image(output))
        : output.Image is null
            ? new ConvolutionalEncoder(layers, Image(input), output.Columns)
            : throw new ArgumentException("a Convolutional network goes from images to numbers or from numbers to images, not from images to images");

    private ImageShape Image(RowForm form)
    {
        ImageShape image = form.Image
            ?? throw new ArgumentException($"a Convolutional network needs images, and these are rows of {form.Columns} numbers; for a table use Dense");
        int most = (int)Math.Log2(Math.Min(image.Height, image.Width));
        return layers.Channels.Length <= most
            ? image
            : throw new ArgumentException($"images of {image.Height} x {image.Width} can be halved {most} times, and Channels has {layers.Channels.Length} levels");
    }
}

/// <summary>How the hidden layers of a convolutional network are normalised.</summary>
public enum ConvolutionalNormalization
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>Over all channels and pixels of an image.</summary>
    Layer,

    /// <summary>Over the pixels of groups of channels.</summary>
    Group,
}
