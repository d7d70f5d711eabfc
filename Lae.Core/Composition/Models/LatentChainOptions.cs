using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Lae.Models;
using Lae.Networks;
using Lae.Optimizers;

namespace Lae.Composition;

/// <summary>Options that models with a Langevin chain for each datapoint share; their own defaults are in the records made from this one.</summary>
public abstract record LatentChainOptions
{
    /// <summary>Dimension of the latent variable, in [1, 4096].</summary>
    [Description("dimension of the latent variable")]
    [Range(1, 4096)]
    public int LatentSize { get; init; } = 8;

    /// <summary>The decoder.</summary>
    [Description("the decoder")]
    [DefaultValue("Dense")]
    public INetworkArchitecture Decoder { get; init; } = new DenseArchitecture([256, 256]);

    /// <summary>p(x | decoder output).</summary>
    [Description("p(x | decoder output)")]
    [DefaultValue("DiscretizedLogistic")]
    public ILikelihoodFactory Likelihood { get; init; } = new DiscretizedLogisticFactory();

    /// <summary>Whether each datapoint makes an accept test.</summary>
    [Description("whether each datapoint makes an accept test, to whose acceptance the step size adapts; else it stays")]
    public bool Metropolis { get; init; } = true;

    /// <summary>T, transitions on each batch, in [1, 1000].</summary>
    [Description("T, transitions on each batch")]
    [Range(1, 1000)]
    public int Transitions { get; init; } = 5;

    /// <summary>The step size of each datapoint's chain to start from; positive.</summary>
    [Description("the step size of each datapoint's chain to start from")]
    [Range(1e-12, 1e6)]
    public double StepSize { get; init; } = 0.1;

    /// <summary>The acceptance to which the step size adapts, in (0, 1).</summary>
    [Description("the acceptance to which the step size adapts, where an accept test is made")]
    [Range(0.01, 0.99)]
    public double TargetAcceptance { get; init; } = 0.574;

    /// <summary>How fast the step size adapts, in [0, 1]; 0 keeps it.</summary>
    [Description("how fast the step size adapts, where an accept test is made; 0 keeps it")]
    [Range(0.0, 1.0)]
    public double AdaptationGain { get; init; } = 0.05;

    /// <summary>The optimiser of networks.</summary>
    [Description("the optimiser of networks")]
    [DefaultValue("Adam")]
    public IOptimizer Optimizer { get; init; } = new Adam(1e-3);

    /// <summary>The step size of the Adam that learns the likelihood's scale; positive.</summary>
    [Description("the step size of the Adam that learns the likelihood's scale, which is the slow variable and has its own; Bernoulli learns none")]
    [Range(1e-12, 10.0)]
    public double ScaleStepSize { get; init; } = 3e-2;

    internal LatentChainParts Parts(DataDescription data) => new(
        LatentSize,
        Decoder,
        Likelihood.Create(data),
        Metropolis,
        Transitions,
        new StepSizeAdaptation(StepSize, TargetAcceptance, AdaptationGain),
        Optimizer,
        new Adam(ScaleStepSize));
}

/// <summary>Options of Hoffman's autoencoder; the defaults of the chain are the baseline of the NeurIPS 2022 paper, two unadjusted steps of 0.005.</summary>
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

    /// <inheritdoc/>
    public ILatentVariableModel Create(DataDescription data) => new HoffmanAutoencoder(Encoder, Parts(data), data);
}

/// <summary>Options of alternating back-propagation.</summary>
public sealed record AlternatingBackPropagationOptions : LatentChainOptions, IModelFactory
{
    /// <summary>Transitions that encode a new observation, after the 100 of the warm-up, in [1, 10,000].</summary>
    [Description("transitions that encode a new observation, after a warm-up of 100")]
    [Range(1, 10_000)]
    public int EncodingTransitions { get; init; } = 20;

    /// <inheritdoc/>
    public ILatentVariableModel Create(DataDescription data) => new AlternatingBackPropagation(Parts(data), EncodingTransitions, data);
}

/// <summary>Options of the short-run autoencoder.</summary>
public sealed record ShortRunOptions : LatentChainOptions, IModelFactory
{
    /// <summary>A longer chain than those that start near their posterior.</summary>
    public ShortRunOptions() => Transitions = 20;

    /// <inheritdoc/>
    public ILatentVariableModel Create(DataDescription data) => new ShortRunAutoencoder(Parts(data), data);
}

/// <summary>Options of linear models with exact answers.</summary>
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
