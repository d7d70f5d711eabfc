using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Lae.Models;
using Lae.Networks;

namespace Lae.Composition;

/// <summary>Options that variational models share.</summary>
public abstract record VariationalModelOptions : DecoderModelOptions
{
    /// <summary>Features of the encoder.</summary>
    [Description("features of the encoder")]
    [DefaultValue("Dense")]
    public INetworkArchitecture Encoder { get; init; } = new DenseArchitecture([256, 256]);

    /// <summary>The family of q(z | x).</summary>
    [Description("the family of q(z | x)")]
    [DefaultValue("DiagonalGaussian")]
    public IPosteriorFamily Posterior { get; init; } = new DiagonalGaussian();
}

/// <summary>Options of the variational autoencoder.</summary>
[Description("variational autoencoder: an encoder gives an approximate posterior of a chosen family, and all descend the negative evidence bound")]
public sealed record VariationalAutoencoderOptions : VariationalModelOptions
{
    /// <summary>Draws of z for each observation, in [1, 1000].</summary>
    [Description("draws of z for each observation")]
    [Range(1, 1000)]
    public int Draws { get; init; } = 1;
}

/// <summary>Options of the importance-weighted autoencoder.</summary>
[Description("importance-weighted autoencoder: as the variational one, by the tighter bound of several draws")]
public sealed record ImportanceWeightedAutoencoderOptions : VariationalModelOptions
{
    /// <summary>K, draws of z in the bound of each observation, in [1, 1000].</summary>
    [Description("K, draws of z in the bound of each observation; 1 is the evidence bound")]
    [Range(1, 1000)]
    public int Draws { get; init; } = 5;
}

/// <summary>Options of planar flows.</summary>
public sealed record PlanarFlowOptions
{
    /// <summary>K, layers, in [1, 64].</summary>
    [Description("K, layers")]
    [Range(1, 64)]
    public int Layers { get; init; } = 3;

    /// <summary>Whether the layers depend on the observation.</summary>
    [Description("whether the layers depend on the observation")]
    public bool Amortized { get; init; } = true;
}

/// <summary>Options of Sylvester flows.</summary>
public sealed record SylvesterFlowOptions
{
    /// <summary>K, layers, in [1, 64].</summary>
    [Description("K, layers")]
    [Range(1, 64)]
    public int Layers { get; init; } = 3;

    /// <summary>Householder reflections of each layer, in [1, 64].</summary>
    [Description("Householder reflections of each layer")]
    [Range(1, 64)]
    public int Reflections { get; init; } = 4;

    /// <summary>Whether the layers depend on the observation.</summary>
    [Description("whether the layers depend on the observation")]
    public bool Amortized { get; init; } = true;
}

/// <summary>Options of inverse autoregressive flows.</summary>
public sealed record InverseAutoregressiveFlowOptions
{
    /// <summary>K, layers, in [1, 64].</summary>
    [Description("K, layers; the order of dimensions is reversed from one to the next")]
    [Range(1, 64)]
    public int Layers { get; init; } = 3;

    /// <summary>Hidden units of each layer's masked network, in [1, 16384].</summary>
    [Description("hidden units of each layer's masked network; fewer than LatentSize leave dimensions unseen")]
    [Range(1, 16384)]
    public int Width { get; init; } = 64;

    /// <summary>Columns of the context that the encoder gives each layer, in [1, 16384].</summary>
    [Description("columns of the context that the encoder gives each layer")]
    [Range(1, 16384)]
    public int Context { get; init; } = 32;
}

/// <summary>Options of neural autoregressive flows.</summary>
public sealed record NeuralAutoregressiveFlowOptions
{
    /// <summary>K, layers, in [1, 64].</summary>
    [Description("K, layers; the order of dimensions is reversed from one to the next")]
    [Range(1, 64)]
    public int Layers { get; init; } = 2;

    /// <summary>Sigmoids of each dimension, in [1, 1024].</summary>
    [Description("sigmoids of each dimension")]
    [Range(1, 1024)]
    public int Units { get; init; } = 8;

    /// <summary>Hidden units of each layer's masked network, in [1, 16384].</summary>
    [Description("hidden units of each layer's masked network; fewer than LatentSize leave dimensions unseen")]
    [Range(1, 16384)]
    public int Width { get; init; } = 64;

    /// <summary>Columns of the context that the encoder gives each layer, in [1, 16384].</summary>
    [Description("columns of the context that the encoder gives each layer")]
    [Range(1, 16384)]
    public int Context { get; init; } = 32;
}
