using Lae.Networks;
using Lae.Numerics;
using Lae.Optimizers;
using Lae.Randomness;

namespace Lae.Models;

/// <summary>What an energy learned from one set of latent points.</summary>
/// <param name="Parameters">Its parameters after the step.</param>
/// <param name="Optimizer">The state of its optimiser after the step.</param>
/// <param name="EnergyOfData">The mean of E over posterior samples, before the step.</param>
/// <param name="EnergyOfSamples">The mean of E over prior samples, before the step.</param>
public sealed record EnergyStep(TensorTree Parameters, TensorTree Optimizer, double EnergyOfData, double EnergyOfSamples);

/// <summary>
/// The energy of an unnormalised prior, E(z) = w · h(z) + b with features h, and how it learns: by the contrastive gradient, the mean over posterior samples z⁺ minus the mean over prior samples z⁻,
/// <code>
///     L(θ) = (1/n) Σ_i E(z⁺_i) − (1/k) Σ_j E(z⁻_j) + α [ (1/n) Σ_i E(z⁺_i)² + (1/k) Σ_j E(z⁻_j)² ]
/// </code>
/// At α = 0 its gradient is that of −log p(z⁺) when z⁻ ~ p(z) ∝ exp(−E(z) − |z|²/2), and vanishes where the two sets agree. The penalty holds the level of E (which the prior does not know) at 0 and bounds its
/// size: where z⁺ and z⁻ have densities p⁺ and p⁻, the least L has E = (p⁻ − p⁺)/(2α (p⁻ + p⁺)), so |E| ≤ 1/(2α) at every point seen. w and b start at 0, so learning starts from the base measure.
/// Source: Pang, Han, Nijkamp, Zhu and Wu, NeurIPS 2020, equation 8; the penalty from Du and Mordatch, NeurIPS 2019. Parameters: <c>features.*</c>, <c>weight</c> [1, d], <c>bias</c> [1]. Shapes: z [n, d_z], E [n].
/// </summary>
public sealed class LatentEnergy
{
    private readonly INetwork features;
    private readonly double penalty;
    private readonly DType dtype;

    /// <summary>An energy.</summary>
    /// <param name="latentSize">d_z, 1 or more.</param>
    /// <param name="architecture">The architecture of h. Layer normalisation right after the input would hide |z| from it.</param>
    /// <param name="penalty">α, 0 or more and finite.</param>
    /// <param name="dtype">The number type of parameters.</param>
    public LatentEnergy(int latentSize, INetworkArchitecture architecture, double penalty, DType dtype)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(latentSize, 1);
        if (!(penalty >= 0) || !double.IsFinite(penalty))
        {
            throw new ArgumentOutOfRangeException(nameof(penalty), penalty, "Must be 0 or more and finite.");
        }

        features = architecture.Features(new RowForm(latentSize));
        this.penalty = penalty;
        this.dtype = dtype;
    }

    /// <summary>Parameters to start from, with E = 0.</summary>
    /// <param name="key">Decides them.</param>
    /// <returns>A tree.</returns>
    public TensorTree Initialize(RandomKey key) => features.Initialize(key, dtype).Prefixed("features")
        .With("weight", Tensor.Zeros(new Shape(1, features.OutputSize), dtype))
        .With("bias", Tensor.Zeros(new Shape(1), dtype));

    /// <summary>E of every row.</summary>
    /// <param name="parameters">Those of <see cref="Initialize"/>.</param>
    /// <param name="z">[n, d_z].</param>
    /// <returns>[n].</returns>
    public Tensor Energy(TensorTree parameters, Tensor z) =>
        (features.Apply(parameters.Under("features"), z).MatMul(parameters["weight"], transposeB: true) + parameters["bias"]).Reshape(z.Shape[0]);

    /// <summary>p(z) ∝ exp(−E(z) − |z|²/2).</summary>
    /// <param name="parameters">Those of <see cref="Initialize"/>; constants of the prior.</param>
    /// <param name="transitions">Transitions of a draw, 0 or more.</param>
    /// <returns>The prior.</returns>
    public EnergyPrior Prior(TensorTree parameters, int transitions = EnergyPrior.DefaultTransitions) => new(z => Energy(parameters, z), transitions);

    /// <summary>L. The two sets go through the network one after the other, so that equal sets cancel exactly.</summary>
    /// <param name="parameters">Those of <see cref="Initialize"/>, perhaps being differentiated.</param>
    /// <param name="data">z⁺, [n, d_z].</param>
    /// <param name="samples">z⁻, [k, d_z].</param>
    /// <returns>A scalar.</returns>
    public Tensor Loss(TensorTree parameters, Tensor data, Tensor samples)
    {
        Tensor ofData = Energy(parameters, data);
        Tensor ofSamples = Energy(parameters, samples);
        Tensor contrast = ofData.Mean() - ofSamples.Mean();
        return penalty == 0 ? contrast : contrast + (penalty * (ofData.Square().Mean() + ofSamples.Square().Mean()));
    }

    /// <summary>One step down L.</summary>
    /// <param name="optimizer">The optimiser of the energy.</param>
    /// <param name="parameters">Those of <see cref="Initialize"/>.</param>
    /// <param name="state">The optimiser's state.</param>
    /// <param name="data">z⁺, [n, d_z].</param>
    /// <param name="samples">z⁻, [k, d_z].</param>
    /// <returns>Parameters and state after, and the energies before.</returns>
    public EnergyStep Learn(IOptimizer optimizer, TensorTree parameters, TensorTree state, Tensor data, Tensor samples)
    {
        ValueAndTreeGradient loss = Differentiation.ValueAndGradient(tree => Loss(tree, data, samples), parameters);
        OptimizerStep next = optimizer.Descend(loss.Gradient, parameters, state);
        return new EnergyStep(next.Parameters, next.State, Energy(parameters, data).Mean().ToDouble(), Energy(parameters, samples).Mean().ToDouble());
    }
}
