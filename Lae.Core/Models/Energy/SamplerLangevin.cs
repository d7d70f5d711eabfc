using Lae.Networks;
using Lae.Numerics;
using Lae.Randomness;

namespace Lae.Models;

/// <summary>What a sampler network did in T transitions.</summary>
/// <param name="Parameters">Its parameters, with the moved last layer.</param>
/// <param name="Adaptation">Its step size, adapted.</param>
/// <param name="Run">The states visited; the last latents are the samples.</param>
/// <param name="StepSize">η with which it moved.</param>
public sealed record SamplerMove(TensorTree Parameters, TensorTree Adaptation, LatentRun Run, double StepSize);

/// <summary>
/// Sampler-ALD: a network over k fixed inputs whose outputs are samples of a density p, moved by amortized Langevin dynamics on its last layer,
/// <code>
///     z̃_j = s(u_j) = Ψ g(u_j),    u_j ~ N(0, I) drawn once,    G = g(u), K = G Gᵀ
///     plain:           Ψ' = Ψ + η Σ_j ∇_Ψ log p(s(u_j)) + √(2η) ξ      (whole-batch accept test, or none)
///     regularised:     the same in the whitened coordinates, with effective (K R)², R = (K + λI)⁻¹
///     per point:       Z' = MALA step of each z̃_j,  Ψ' = Ψ + (Z' − Z)ᵀ K⁻¹ G
/// </code>
/// Law: with rank(G) = k the stationary law of Z̃ is Π_j p(z̃_j) with an accept test; without one and for p = N(0, A⁻¹), Z̃ has covariance (A − (η/2) A K A)⁻¹ with K the effective one, I per point (laws I-45, I-46).
/// K decides the pace: plain moves need about λ_max(K)/λ_min(K) times as many steps as per-point ones, so the features are fixed random ones, as independent as can be: inputs of 16 columns or more and a
/// network at least four times as wide as k. Features that descended E too would move samples without the noise that belongs to the drift. The inputs and features are a part of the parameters, so of checkpoint and weights.
/// Source: the ICLR 2022 submission, section 4 (there the whole sampler is trained). Parameters: <c>inputs</c> [k, d_u], <c>features.*</c>, <c>lastLayer</c> Ψ [d_z, d]. Shapes: Z̃ [k, d_z].
/// </summary>
public sealed class SamplerLangevin
{
    private const string Inputs = "inputs";

    private readonly AmortizedInference inference;
    private readonly int inputSize;
    private readonly DType dtype;

    /// <summary>A sampler network.</summary>
    /// <param name="latentSize">d_z, 1 or more.</param>
    /// <param name="points">k, 1 or more.</param>
    /// <param name="inputSize">d_u, columns of an input, 1 or more.</param>
    /// <param name="architecture">The architecture of g.</param>
    /// <param name="kernel">How the samples are moved.</param>
    /// <param name="transitions">T, transitions of a move, 1 or more.</param>
    /// <param name="stepSize">The step size and its adaptation, once for each move.</param>
    /// <param name="dtype">The number type of parameters.</param>
    /// <exception cref="ArgumentException">The kernel needs a curvature, which a prior has not.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of range, or the network has fewer features than points.</exception>
    public SamplerLangevin(
        int latentSize, int points, int inputSize, INetworkArchitecture architecture, ILatentKernel kernel, int transitions, StepSizeAdaptation stepSize, DType dtype)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(latentSize, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(points, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(inputSize, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(transitions, 1);
        if (kernel.NeedsCurvature)
        {
            throw new ArgumentException($"{kernel.Name} needs the curvature of a decoder, and a sampler network moves on a prior: use DatapointLangevin.", nameof(kernel));
        }

        INetwork features = architecture.Features(new RowForm(inputSize));
        if (features.OutputSize < points)
        {
            throw new ArgumentOutOfRangeException(
                nameof(points), points, $"A sampler network of {features.OutputSize} features moves that many points at most: its last layer cannot reproduce every set of more.");
        }

        IEncoderUpdate update = kernel.MovesLastLayer ? new LastLayerUpdate() : new LeastNormUpdate();
        inference = new AmortizedInference(latentSize, features, kernel, update, transitions, stepSize, dtype);
        LatentSize = latentSize;
        Points = points;
        this.inputSize = inputSize;
        this.dtype = dtype;
    }

    /// <summary>d_z.</summary>
    public int LatentSize { get; }

    /// <summary>k.</summary>
    public int Points { get; }

    /// <summary>Whether a Metropolis test is made.</summary>
    public bool IsAdjusted => inference.IsAdjusted;

    /// <summary>Parameters to start from.</summary>
    /// <param name="key">Decides them: sub-keys 0 and 1 the network, sub-key 2 the fixed inputs.</param>
    /// <returns>A tree.</returns>
    public TensorTree Initialize(RandomKey key)
    {
        double[] normals = new double[Points * inputSize];
        RowDraws.Normal(key.FoldIn(2), 0, 0, Points, inputSize, normals);
        return TensorTree.Of((Inputs, Tensor.FromArray(normals, Points, inputSize).Cast(dtype))).Join(inference.Initialize(key));
    }

    /// <summary>The step size before the first move.</summary>
    /// <returns>A tree.</returns>
    public TensorTree InitializeAdaptation() => inference.InitializeAdaptation();

    /// <summary>Z̃.</summary>
    /// <param name="parameters">Those of <see cref="Initialize"/>.</param>
    /// <returns>[k, d_z].</returns>
    public Tensor Samples(TensorTree parameters) => inference.Apply(parameters, parameters[Inputs]);

    /// <summary>G.</summary>
    /// <param name="parameters">Those of <see cref="Initialize"/>.</param>
    /// <returns>[k, d].</returns>
    public Tensor Features(TensorTree parameters) => inference.Features(parameters, parameters[Inputs]);

    /// <summary>T transitions of the last layer on a density.</summary>
    /// <param name="key">All randomness.</param>
    /// <param name="density">p, for k points side by side.</param>
    /// <param name="parameters">Those of <see cref="Initialize"/>.</param>
    /// <param name="adaptation">That of <see cref="InitializeAdaptation"/>.</param>
    /// <param name="step">The number of the training step, for messages.</param>
    /// <returns>The sampler after it.</returns>
    /// <exception cref="ArithmeticException">K is singular, or something is not finite.</exception>
    public SamplerMove Move(RandomKey key, LatentDensity density, TensorTree parameters, TensorTree adaptation, long step = 1)
    {
        AmortizedStep moved = inference.Infer(key, density, Features(parameters), parameters[AmortizedInference.LastLayer], adaptation, step);
        return new SamplerMove(AmortizedInference.Follow(parameters, moved), moved.Adaptation, moved.Run, moved.StepSize);
    }

    /// <summary>What decides the pace of the sampler.</summary>
    /// <param name="parameters">Those of <see cref="Initialize"/>.</param>
    /// <param name="step">The number of the training step, for messages.</param>
    /// <returns><c>samplerConditionNumber</c> of K (of its first 256 points) and <c>samplerLastLayerNorm</c>.</returns>
    public IReadOnlyDictionary<string, double> Diagnose(TensorTree parameters, long step)
    {
        IReadOnlyDictionary<string, double> figures = inference.Diagnose(parameters, parameters[Inputs], step);
        return new Dictionary<string, double>
        {
            ["samplerConditionNumber"] = figures["conditionNumber"],
            ["samplerLastLayerNorm"] = figures["lastLayerNorm"],
        };
    }
}
