using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Lae.Models;
using Lae.Networks;
using Lae.Optimizers;

namespace Lae.Composition;

/// <summary>Options of the contrastive Langevin autoencoder.</summary>
[Description("contrastive Langevin autoencoder: a Langevin autoencoder with an energy prior and a sampler network that follows it")]
public sealed record ContrastiveLangevinAutoencoderOptions : AmortizedModelOptions
{
    /// <summary>Units of each hidden layer of the energy, each 1 or more; at least one. No layer is normalised, which would hide the length of z.</summary>
    [Description("units of each hidden layer of the energy, each 1 or more; at least one; none is normalised, which would hide the length of z")]
    [MinLength(1)]
    public int[] EnergyWidths { get; init; } = [128, 128];

    /// <summary>The nonlinearity of the energy.</summary>
    [Description("the nonlinearity of the energy")]
    public Activation EnergyActivation { get; init; } = Activation.Silu;

    /// <summary>α of the penalty α mean E²: at points seen |E| stays near or below 1/(2α); in [0, 1000].</summary>
    [Description("the penalty on the mean of the squared energy; at points seen it holds the energy below 1 / (2 EnergyPenalty)")]
    [Range(0.0, 1e3)]
    public double EnergyPenalty { get; init; } = 0.02;

    /// <summary>The step size of the Adam that learns the energy, of its own; positive. The average of the weights makes up for its noise.</summary>
    [Description("the step size of the Adam that learns the energy, of its own")]
    [Range(1e-12, 10.0)]
    public double EnergyStepSize { get; init; } = 1e-3;

    /// <summary>a, the share of the old average in the next average of the energy's weights, in [0, 0.999999]; 0 takes the last weights alone.</summary>
    [Description("the prior is that of averaged weights of the energy, this the share of the old average in the next: 0.998 remembers some 500 steps; 0 takes the last weights alone")]
    [Range(0.0, 0.999999)]
    public double EnergyAveraging { get; init; } = 0.998;

    /// <summary>Units of each hidden layer of the sampler network, held at their random start; the last is SamplerPoints or more.</summary>
    [Description("units of each hidden layer of the sampler network, held at their random start; the last is SamplerPoints or more, best four times as many")]
    [MinLength(1)]
    public int[] SamplerWidths { get; init; } = [1024];

    /// <summary>k, fixed inputs of the sampler network, in [1, 4096].</summary>
    [Description("k, fixed inputs of the sampler network, which are as many samples of the prior")]
    [Range(1, 4096)]
    public int SamplerPoints { get; init; } = 256;

    /// <summary>Columns of an input of the sampler network, in [1, 4096].</summary>
    [Description("columns of an input of the sampler network; the more, the better conditioned are its moves")]
    [Range(1, 4096)]
    public int SamplerInputSize { get; init; } = 64;

    /// <summary>How the sampler network is moved.</summary>
    [Description("how the sampler network is moved")]
    [DefaultValue("DatapointLangevin")]
    public ILatentKernel SamplerKernel { get; init; } = new DatapointLangevin();

    /// <summary>Transitions of the sampler network on each batch, in [1, 1000].</summary>
    [Description("transitions of the sampler network on each batch")]
    [Range(1, 1000)]
    public int SamplerTransitions { get; init; } = 5;

    /// <summary>The sampler's step size to start from; positive.</summary>
    [Description("the sampler's step size to start from")]
    [Range(1e-12, 1e6)]
    public double SamplerStepSize { get; init; } = 0.3;

    /// <summary>Where generated latent points start.</summary>
    [Description("where generated latent points start")]
    public GenerationStart GenerationStart { get; init; } = GenerationStart.Sampler;

    /// <summary>MALA transitions of generated latent points on the prior, in [0, 100000].</summary>
    [Description("MALA transitions of generated latent points on the prior; 0 leaves them where they start")]
    [Range(0, 100_000)]
    public int GenerationTransitions { get; init; } = 200;
}

/// <summary>Options of the latent energy-based prior model.</summary>
[Description("latent energy-based prior model: posterior and prior samples by short Langevin runs from noise, no encoder")]
public sealed record LatentEnergyPriorOptions : LatentModelOptions
{
    /// <summary>Units of each hidden layer of the energy, each 1 or more; at least one. No layer is normalised, which would hide the length of z.</summary>
    [Description("units of each hidden layer of the energy, each 1 or more; at least one; none is normalised, which would hide the length of z")]
    [MinLength(1)]
    public int[] EnergyWidths { get; init; } = [128, 128];

    /// <summary>The nonlinearity of the energy.</summary>
    [Description("the nonlinearity of the energy")]
    public Activation EnergyActivation { get; init; } = Activation.Silu;

    /// <summary>α of the penalty α mean E²: at points seen |E| stays near or below 1/(2α); in [0, 1000].</summary>
    [Description("the penalty on the mean of the squared energy; at points seen it holds the energy below 1 / (2 EnergyPenalty)")]
    [Range(0.0, 1e3)]
    public double EnergyPenalty { get; init; } = 0.01;

    /// <summary>The step size of the Adam that learns the energy, a small one of its own; positive.</summary>
    [Description("the step size of the Adam that learns the energy, a small one of its own")]
    [Range(1e-12, 10.0)]
    public double EnergyStepSize { get; init; } = 1e-4;

    /// <summary>Whether both chains make an accept test; without it they are those of the paper.</summary>
    [Description("whether both chains make an accept test, and their step sizes follow it; without it they are those of the paper")]
    public bool Metropolis { get; init; } = true;

    /// <summary>Transitions of each datapoint's posterior chain, in [1, 10000].</summary>
    [Description("transitions of each datapoint's posterior chain")]
    [Range(1, 10_000)]
    public int PosteriorTransitions { get; init; } = 20;

    /// <summary>The posterior step size (to start from); positive. Default 0.005, the paper's s = 0.1 as s²/2.</summary>
    [Description("the posterior step size, with a Metropolis test the one to start from")]
    [Range(1e-12, 1e6)]
    public double PosteriorStepSize { get; init; } = 0.005;

    /// <summary>Transitions of the prior's chains, in [1, 10000].</summary>
    [Description("transitions of the prior's chains, in training and generating")]
    [Range(1, 10_000)]
    public int PriorTransitions { get; init; } = 60;

    /// <summary>The prior step size (to start from); positive. Default 0.08, the paper's s = 0.4 as s²/2.</summary>
    [Description("the prior step size, with a Metropolis test the one to start from")]
    [Range(1e-12, 1e6)]
    public double PriorStepSize { get; init; } = 0.08;

    /// <summary>Gradients of the ascent to the posterior mode that stands in for an encoder, in [0, 100000].</summary>
    [Description("gradients of the ascent to the posterior mode that stands in for an encoder")]
    [Range(0, 100_000)]
    public int EncodingIterations { get; init; } = 100;
}
