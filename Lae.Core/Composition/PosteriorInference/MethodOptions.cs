using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Lae.Models;
using Lae.Networks;
using Lae.Numerics;
using Lae.Optimizers;
using Lae.PosteriorInference;

namespace Lae.Composition;

/// <summary>Options that every method of inference has.</summary>
public abstract record InferenceMethodOptions
{
    /// <summary>What the method is called in tables and pictures; null for a name that says what it does.</summary>
    [Description("what the method is called in tables and pictures")]
    public string? Label { get; init; }
}

/// <summary>Options of Langevin dynamics.</summary>
[Description("Langevin dynamics on each point by itself, many chains for each from z ~ N(0, I)")]
public sealed record LangevinDynamicsOptions : InferenceMethodOptions
{
    /// <summary>Chains of each point, in [1, 100000].</summary>
    [Description("chains of each point")]
    [Range(1, 100_000)]
    public int Chains { get; init; } = 100;

    /// <summary>Transitions before the first draw, in [0, 10000000].</summary>
    [Description("transitions before the first draw, in which the step size adapts where a Metropolis test is made")]
    [Range(0, 10_000_000)]
    public int BurnIn { get; init; } = 500;

    /// <summary>Transitions from one draw of a chain to its next, in [1, 1000000].</summary>
    [Description("transitions from one draw of a chain to its next")]
    [Range(1, 1_000_000)]
    public int Transitions { get; init; } = 20;

    /// <summary>The step size, or what it starts from; positive.</summary>
    [Description("the step size; with a Metropolis test what it starts from")]
    [Range(1e-12, 1e6)]
    public double StepSize { get; init; } = 0.1;

    /// <summary>Whether the accept test is made.</summary>
    [Description("whether each chain makes its accept test")]
    public bool Metropolis { get; init; } = true;

    internal IInferenceMethod ToMethod() => new LangevinDynamicsMethod(new LangevinChainPlan(Chains, BurnIn, Transitions, StepSize, Metropolis), Label);
}

/// <summary>Options of amortized Langevin dynamics on fixed points.</summary>
[Description("amortized Langevin dynamics: an encoder whose outputs a latent kernel moves, and which follows them; as the Langevin autoencoder infers, with the decoder known")]
public sealed record AmortizedLangevinOptions : InferenceMethodOptions
{
    /// <summary>Features of the encoder; held, unless the encoder is trained (Regression, Drift).</summary>
    [Description("features of the encoder; held at their random start, unless EncoderUpdate is Regression or Drift")]
    [DefaultValue("Dense")]
    public INetworkArchitecture Encoder { get; init; } = new DenseArchitecture([256, 256]);

    /// <summary>How latent points are moved.</summary>
    [Description("how latent points are moved")]
    [DefaultValue("DatapointLangevin")]
    public ILatentKernel LatentKernel { get; init; } = new DatapointLangevin();

    /// <summary>How the encoder follows them.</summary>
    [Description("how the encoder follows them")]
    [DefaultValue("Regression")]
    public IEncoderUpdate EncoderUpdate { get; init; } = new RegressionUpdate();

    /// <summary>The step size to start from, positive.</summary>
    [Description("the step size to start from, on the sum over the points of the energies")]
    [Range(1e-12, 1e6)]
    public double StepSize { get; init; } = 0.1;

    /// <summary>T, in [1, 100000].</summary>
    [Description("T, transitions of a move, which ends in a draw")]
    [Range(1, 100_000)]
    public int Transitions { get; init; } = 20;

    /// <summary>Moves before the first draw, in [0, 10000000].</summary>
    [Description("moves before the first draw, in which the step size adapts where a Metropolis test is made")]
    [Range(0, 10_000_000)]
    public int BurnIn { get; init; } = 500;

    /// <summary>The acceptance to which the step size adapts, in [0.01, 0.99].</summary>
    [Description("the acceptance to which the step size adapts")]
    [Range(0.01, 0.99)]
    public double TargetAcceptance { get; init; } = 0.574;

    /// <summary>How fast it adapts, in [0, 1].</summary>
    [Description("how fast the step size adapts; 0 keeps it")]
    [Range(0.0, 1.0)]
    public double AdaptationGain { get; init; } = 0.1;

    /// <summary>b: biases of the features start at N(0, b²/units); 0 or more.</summary>
    [Description("b: biases of the features start at N(0, b^2 / units) in place of 0, so that they tell points on one ray from the origin apart")]
    [Range(0.0, 1e3)]
    public double BiasDeviation { get; init; } = 1;

    /// <summary>What trains the encoder.</summary>
    [Description("what trains the encoder, where EncoderUpdate is Regression or Drift")]
    [DefaultValue("Adam")]
    public IOptimizer Optimizer { get; init; } = new Adam(1e-3);

    internal IInferenceMethod ToMethod() => new AmortizedLangevinMethod(
        new AmortizedLangevinParts(
            Encoder, LatentKernel, EncoderUpdate, new StepSizeAdaptation(StepSize, TargetAcceptance, AdaptationGain), Transitions, BurnIn, BiasDeviation, Optimizer),
        Label);
}

/// <summary>Options of amortized variational inference on fixed points.</summary>
[Description("amortized variational inference: an encoder gives an approximate posterior of a chosen family, which ascends the evidence bound; the decoder is known")]
public sealed record VariationalInferenceOptions : InferenceMethodOptions
{
    /// <summary>Features of the encoder.</summary>
    [Description("features of the encoder")]
    [DefaultValue("Dense")]
    public INetworkArchitecture Encoder { get; init; } = new DenseArchitecture([256, 256]);

    /// <summary>The family of q(z | x).</summary>
    [Description("the family of q(z | x)")]
    [DefaultValue("DiagonalGaussian")]
    public IPosteriorFamily Posterior { get; init; } = new DiagonalGaussian();

    /// <summary>What ascends the bound.</summary>
    [Description("what ascends the bound")]
    [DefaultValue("Adam")]
    public IOptimizer Optimizer { get; init; } = new Adam(1e-3);

    /// <summary>Steps of it, in [0, 10000000].</summary>
    [Description("steps of the optimiser")]
    [Range(0, 10_000_000)]
    public int Steps { get; init; } = 3000;

    /// <summary>Draws of z for each point and step, in [1, 1000].</summary>
    [Description("draws of z for each point and step")]
    [Range(1, 1000)]
    public int Samples { get; init; } = 16;

    internal IInferenceMethod ToMethod() => new VariationalMethod(new VariationalParts(Encoder, Posterior, Optimizer, Steps, Samples), Label);
}

/// <summary>Options of the annealed sampler network.</summary>
[Description("sampler-ALD of one law: a network over fixed inputs that Langevin dynamics moves, annealed from a broad Gaussian; each cycle ends in Points draws")]
public sealed record SamplerNetworkOptions : InferenceMethodOptions
{
    /// <summary>Units of each hidden layer; the last is Points or more.</summary>
    [Description("units of each hidden layer, held at their random start; the last is Points or more, best four times as many")]
    [MinLength(1)]
    public int[] Widths { get; init; } = [1024];

    /// <summary>k, fixed inputs, in [1, 4096].</summary>
    [Description("k, fixed inputs of the network, which are as many draws in a cycle")]
    [Range(1, 4096)]
    public int Points { get; init; } = 256;

    /// <summary>Columns of an input, in [1, 4096].</summary>
    [Description("columns of an input")]
    [Range(1, 4096)]
    public int InputSize { get; init; } = 32;

    /// <summary>How the samples are moved.</summary>
    [Description("how the samples are moved")]
    [DefaultValue("DatapointLangevin")]
    public ILatentKernel LatentKernel { get; init; } = new DatapointLangevin();

    /// <summary>Transitions of a move, in [1, 100000].</summary>
    [Description("transitions of a move")]
    [Range(1, 100_000)]
    public int Transitions { get; init; } = 25;

    /// <summary>The step size at the beginning of each cycle, positive.</summary>
    [Description("the step size at the beginning of each cycle; it adapts to an acceptance of 0.574 after each move")]
    [Range(1e-12, 1e6)]
    public double StepSize { get; init; } = 1;

    /// <summary>Inverse temperatures of a cycle, in [3, 10000].</summary>
    [Description("inverse temperatures of a cycle, from 0 to 1")]
    [Range(3, 10_000)]
    public int Stages { get; init; } = 12;

    /// <summary>The lowest of them but 0, in (0, 1).</summary>
    [Description("the lowest inverse temperature but 0")]
    [Range(1e-9, 0.999)]
    public double LowestInverseTemperature { get; init; } = 0.01;

    /// <summary>Moves at each, in [1, 10000].</summary>
    [Description("moves at each inverse temperature")]
    [Range(1, 10_000)]
    public int MovesPerStage { get; init; } = 2;

    /// <summary>The deviation of the broad Gaussian, positive.</summary>
    [Description("deviation of the broad Gaussian at which a cycle begins, about the spread of the law")]
    [Range(1e-6, 1e6)]
    public double BaseDeviation { get; init; } = 1.5;

    internal IInferenceMethod ToMethod()
    {
        if (Widths[^1] < Points)
        {
            throw new ArgumentException($"a sampler network of {Widths[^1]} features moves that many points at most, not {Points}");
        }

        return new SamplerNetworkMethod(
            latentSize => new SamplerLangevin(
                latentSize, Points, InputSize, new DenseArchitecture(Widths), LatentKernel, Transitions, new StepSizeAdaptation(StepSize, gain: 1), DType.Float64),
            new SamplerAnnealing(LowestInverseTemperature, Stages, MovesPerStage, BaseDeviation),
            Label);
    }
}
