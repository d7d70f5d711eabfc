using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Lae.Networks;
using Microsoft.Extensions.DependencyInjection;

namespace Lae.Composition;

/// <summary>Convolutional networks, by the names that configuration uses.</summary>
public static class ConvolutionalComponents
{
    /// <summary>Registers convolutional networks.</summary>
    /// <param name="services">Where components are registered.</param>
    /// <returns>The same services.</returns>
    public static IServiceCollection AddConvolutionalNetworks(this IServiceCollection services) => services
        .AddComponent<INetworkArchitecture, ConvolutionalOptions>("Convolutional", options => new ConvolutionalArchitecture(
            options.Channels, options.Width, options.Activation, options.Normalization, options.Groups, options.ResidualBlocks));
}

/// <summary>Options of convolutional networks.</summary>
[Description("strided convolutions (encoder) and transposed ones (decoder); for images only")]
public sealed record ConvolutionalOptions
{
    /// <summary>Channels of each level, from the image inwards; every level halves the sides. Each 1 or more; at least one.</summary>
    [Description("channels of each level, from the image inwards, each 1 or more; every level halves the sides; 2 or 3 levels suit 28 x 28 and 32 x 32, 4 suit 64 x 64")]
    [MinLength(1)]
    public int[] Channels { get; init; } = [32, 64];

    /// <summary>Units of the dense layer behind the smallest image, in [1, 65536].</summary>
    [Description("units of the dense layer behind the smallest image: the features of an encoder")]
    [Range(1, 65536)]
    public int Width { get; init; } = 256;

    /// <summary>The nonlinearity.</summary>
    [Description("the nonlinearity")]
    public Activation Activation { get; init; } = Activation.Relu;

    /// <summary>How hidden layers are normalised.</summary>
    [Description("how hidden layers are normalised: over all channels of an image, over groups of them, or not")]
    public ConvolutionalNormalization Normalization { get; init; } = ConvolutionalNormalization.Layer;

    /// <summary>Groups of group normalisation, in [1, 1024].</summary>
    [Description("groups of group normalisation, which divide every number of channels")]
    [Range(1, 1024)]
    public int Groups { get; init; } = 8;

    /// <summary>Residual blocks of each level, in [0, 16].</summary>
    [Description("residual blocks of each level")]
    [Range(0, 16)]
    public int ResidualBlocks { get; init; }
}
