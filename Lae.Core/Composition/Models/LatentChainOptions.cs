using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Lae.Models;
using Lae.Networks;
using Lae.Optimizers;

namespace Lae.Composition;

/// <summary>Options that models with a Langevin chain for each datapoint share; their own defaults are in the records made from this one.</summary>
public abstract record LatentChainOptions : LatentModelOptions
{
    /// <summary>Whether each datapoint makes an accept test.</summary>
    [Description("whether each datapoint makes an accept test, to whose acceptance the step size adapts; else it stays")]
    public bool Metropolis { get; init; } = true;

    /// <summary>T, transitions on each batch, in [1, 10000].</summary>
    [Description("T, transitions on each batch")]
    [Range(1, 10_000)]
    public int Transitions { get; init; } = 5;

    /// <summary>The step size of each datapoint's chain to start from; positive.</summary>
    [Description("the step size of each datapoint's chain to start from")]
    [Range(1e-12, 1e6)]
    public double StepSize { get; init; } = 0.1;

    internal LatentChainParts Parts(DataDescription data) => new(
        LatentSize,
        Decoder,
        Likelihood.Create(data),
        Metropolis,
        Transitions,
        new StepSizeAdaptation(StepSize, TargetAcceptance, AdaptationGain),
        Optimizer,
        ScaleOptimizer);
}

/// <summary>Options of Hoffman's autoencoder; the defaults of the chain are the baseline of the NeurIPS 2022 paper, two unadjusted steps of 0.005.</summary>
[Description("Hoffman's autoencoder: a variational encoder gives the start of a Langevin chain, whose end teaches the decoder")]
public sealed record HoffmanOptions : LatentChainOptions, IModelFactory
{
    /// <summary>The published baseline.</summary>
    public HoffmanOptions()
    {
        Metropolis = false;
        Transitions = 2;
        StepSize = 0.005;
    }

    /// <summary>Features of the encoder.</summary>
    [Description("features of the encoder")]
    [DefaultValue("Dense")]
    public INetworkArchitecture Encoder { get; init; } = new DenseArchitecture([256, 256]);

    /// <summary>The family of q(z | x), where the chain begins.</summary>
    [Description("the family of q(z | x), where the chain begins")]
    [DefaultValue("DiagonalGaussian")]
    public IPosteriorFamily Posterior { get; init; } = new DiagonalGaussian();

    /// <inheritdoc/>
    public ILatentVariableModel Create(DataDescription data) => new HoffmanAutoencoder(Encoder, Posterior, Parts(data), data);
}

/// <summary>Options of alternating back-propagation.</summary>
[Description("alternating back-propagation: no encoder; each datapoint's Langevin chain goes on where it was at its last visit")]
public sealed record AlternatingBackPropagationOptions : LatentChainOptions, IModelFactory
{
    /// <summary>Gradients of the ascent to the posterior mode that stands in for an encoder, in [0, 100000].</summary>
    [Description("gradients of the ascent to the posterior mode that stands in for an encoder")]
    [Range(0, 100_000)]
    public int EncodingIterations { get; init; } = 100;

    /// <inheritdoc/>
    public ILatentVariableModel Create(DataDescription data) => new AlternatingBackPropagation(Parts(data), EncodingIterations, data);
}

/// <summary>Options of the short-run autoencoder.</summary>
[Description("short-run autoencoder: no encoder; a Langevin chain of fixed length from the prior is the inference")]
public sealed record ShortRunOptions : LatentChainOptions, IModelFactory
{
    /// <summary>A longer chain than those that start near their posterior.</summary>
    public ShortRunOptions() => Transitions = 20;

    /// <inheritdoc/>
    public ILatentVariableModel Create(DataDescription data) => new ShortRunAutoencoder(Parts(data), data);
}

/// <summary>Options of linear models with exact answers.</summary>
[Description("linear decoder with Gaussian noise, learned by expectation maximisation, with exact posterior and likelihood")]
public sealed record LinearGaussianOptions
{
    /// <summary>Dimension of the latent variable, in [1, 4096], less than the number of columns.</summary>
    [Description("dimension of the latent variable, less than the number of columns")]
    [Range(1, 4096)]
    public int LatentSize { get; init; } = 8;

    internal IModelFactory Factory(bool isIsotropic) => new LinearGaussianFactory(LatentSize, isIsotropic);

    private sealed class LinearGaussianFactory(int latentSize, bool isIsotropic) : IModelFactory
    {
        public ILatentVariableModel Create(DataDescription data) => new LinearGaussianModel(latentSize, isIsotropic, data);
    }
}
