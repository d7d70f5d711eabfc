using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Lae.Models;
using Lae.Networks;
using Lae.Optimizers;

namespace Lae.Composition;

/// <summary>Options that every model with a decoder network has.</summary>
public abstract record DecoderModelOptions
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

    /// <summary>The optimiser of the decoder, and of the encoder where there is one.</summary>
    [Description("the optimiser of the decoder, and of the encoder where there is one")]
    [DefaultValue("Adam")]
    public IOptimizer Optimizer { get; init; } = new Adam(1e-3);

    /// <summary>The step size of the Adam that learns the likelihood's scale, which is the slow variable and has its own, 0 to 10; 0 leaves the scale to the optimiser of the rest, as the authors' code does.</summary>
    [Description("the step size of the Adam that learns the likelihood's scale, which is the slow variable and has its own; 0 leaves it to Optimizer; Bernoulli learns none")]
    [Range(0.0, 10.0)]
    public double ScaleStepSize { get; init; } = 3e-2;

    /// <summary>What learns the likelihood's own parameters.</summary>
    internal IOptimizer ScaleOptimizer => ScaleStepSize == 0 ? Optimizer : new Adam(ScaleStepSize);
}

/// <summary>Options that every model with a decoder and Langevin chains of latent points has.</summary>
public abstract record LatentModelOptions : DecoderModelOptions
{
    /// <summary>The acceptance to which step sizes adapt, in (0, 1).</summary>
    [Description("the acceptance to which step sizes adapt, where a Metropolis test is made")]
    [Range(0.01, 0.99)]
    public double TargetAcceptance { get; init; } = 0.574;

    /// <summary>How fast step sizes adapt, in [0, 1]; 0 keeps them.</summary>
    [Description("how fast step sizes adapt, where a Metropolis test is made; 0 keeps them")]
    [Range(0.0, 1.0)]
    public double AdaptationGain { get; init; } = 0.05;
}

/// <summary>Options of models whose latent points are moved by an encoder that follows them.</summary>
public abstract record AmortizedModelOptions : LatentModelOptions
{
    /// <summary>Features of the encoder.</summary>
    [Description("features of the encoder")]
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

    /// <summary>T, transitions on each batch, in [1, 1000].</summary>
    [Description("T, transitions on each batch")]
    [Range(1, 1000)]
    public int Transitions { get; init; } = 5;

    /// <summary>The latent step size to start from, on the sum over the batch of the energies; positive.</summary>
    [Description("the latent step size to start from, on the sum over the batch of the energies")]
    [Range(1e-12, 1e6)]
    public double StepSize { get; init; } = 0.1;

    /// <summary>What a Langevin autoencoder is made of.</summary>
    internal LangevinAutoencoderParts Parts(DataDescription data) => new(
        LatentSize,
        Encoder,
        Decoder,
        Likelihood.Create(data),
        LatentKernel,
        EncoderUpdate,
        Transitions,
        new StepSizeAdaptation(StepSize, TargetAcceptance, AdaptationGain),
        Optimizer,
        ScaleOptimizer);
}

/// <summary>Options of the Langevin autoencoder.</summary>
public sealed record LangevinAutoencoderOptions : AmortizedModelOptions;

/// <summary>Options of fully connected networks.</summary>
public sealed record DenseOptions
{
    /// <summary>Units of each hidden layer, each 1 or more; at least one.</summary>
    [Description("units of each hidden layer, each 1 or more; at least one")]
    [MinLength(1)]
    public int[] Widths { get; init; } = [256, 256];

    /// <summary>The nonlinearity.</summary>
    [Description("the nonlinearity")]
    public Activation Activation { get; init; } = Activation.Relu;

    /// <summary>Whether hidden layers are normalised.</summary>
    [Description("whether hidden layers are normalised")]
    public bool LayerNormalization { get; init; } = true;
}

/// <summary>Options of Adam.</summary>
public sealed record AdamOptions
{
    /// <summary>η, positive.</summary>
    [Description("η")]
    [Range(1e-12, 10.0)]
    public double StepSize { get; init; } = 1e-3;

    /// <summary>β₁, in [0, 1).</summary>
    [Description("β₁")]
    [Range(0.0, 0.9999999)]
    public double FirstDecay { get; init; } = 0.9;

    /// <summary>β₂, in [0, 1).</summary>
    [Description("β₂")]
    [Range(0.0, 0.9999999)]
    public double SecondDecay { get; init; } = 0.999;

    /// <summary>ε, positive.</summary>
    [Description("ε")]
    [Range(1e-30, 1.0)]
    public double Epsilon { get; init; } = 1e-8;

    /// <summary>N, steps over which the step size falls linearly to 0, 0 or more; 0 keeps it. After them what is optimised stays where it is, so give those of the whole training: epochs × ⌊rows / batch⌋.</summary>
    [Description("steps over which the step size falls linearly to 0, those of the whole training; 0 keeps it")]
    [Range(0, int.MaxValue)]
    public int DecaySteps { get; init; }

    /// <summary>λ, in [0, 100], with η λ below 1: by η λ matrices and kernels shrink with every step; 0 leaves them.</summary>
    [Description("λ: by η λ matrices and kernels shrink with every step, biases and scales do not; η λ below 1; 0 leaves them")]
    [Range(0.0, 100.0)]
    public double WeightDecay { get; init; }
}

/// <summary>Options of gradient descent.</summary>
public sealed record GradientDescentOptions
{
    /// <summary>η, positive.</summary>
    [Description("η")]
    [Range(1e-12, 1e3)]
    public double StepSize { get; init; } = 1e-4;

    /// <summary>μ, in [0, 1).</summary>
    [Description("μ")]
    [Range(0.0, 0.9999999)]
    public double Momentum { get; init; }
}

/// <summary>Options of plain amortized Langevin dynamics.</summary>
[Description("plain amortized Langevin dynamics: the last encoder layer is the state, one accept test for the batch")]
public sealed record PlainLangevinOptions
{
    /// <summary>Whether the whole-batch accept test is made.</summary>
    [Description("whether the whole-batch accept test is made")]
    public bool Metropolis { get; init; } = true;
}

/// <summary>Options of preconditioned amortized Langevin dynamics.</summary>
[Description("preconditioned amortized Langevin dynamics, as if the features of a batch were orthonormal")]
public sealed record PreconditionedLangevinOptions
{
    /// <summary>λ relative to the mean eigenvalue of K, 0 or more.</summary>
    [Description("λ relative to the mean eigenvalue of K")]
    [Range(0.0, 1e6)]
    public double Regularization { get; init; }

    /// <summary>Whether the accept test is made.</summary>
    [Description("whether the accept test is made")]
    public bool Metropolis { get; init; } = true;
}

/// <summary>Options of MALA per datapoint: none.</summary>
[Description("MALA on the latent point of each datapoint")]
public sealed record DatapointLangevinOptions;

/// <summary>Options of Gauss–Newton MALA per datapoint: none.</summary>
[Description("the same, preconditioned by the curvature of each posterior at the encoding: LatentSize decodings more for each batch, and samples that fill the prior with Transitions of 30 or so")]
public sealed record GaussNewtonLangevinOptions;

/// <summary>Options of the encoder update that leaves Φ where the kernel moved it.</summary>
[Description("the last layer stays where a kernel that moves it left it; the features follow the energy")]
public sealed record LastLayerUpdateOptions
{
    /// <summary>Transitions at the end whose states teach nothing, in [0, 1000] and below Transitions.</summary>
    [Description("transitions at the end whose states teach neither features nor decoder, fewer than Transitions; the published code has 1 beside its 2")]
    [Range(0, 1000)]
    public int Uncounted { get; init; }
}

/// <summary>Options of the least-norm update: none.</summary>
[Description("the smallest change of the last layer that reproduces the moved points; the features follow the energy. Scrambles other batches")]
public sealed record LeastNormUpdateOptions;

/// <summary>Options of the update by drift: none.</summary>
[Description("the encoder climbs the mean gradient of the states that the chain left; quieter than Regression for a few transitions")]
public sealed record DriftUpdateOptions;

/// <summary>Options of the update by regression: none.</summary>
[Description("the encoder is regressed on the end of the chain")]
public sealed record RegressionUpdateOptions;

/// <summary>Options of a component that has none.</summary>
public sealed record NoOptions;
