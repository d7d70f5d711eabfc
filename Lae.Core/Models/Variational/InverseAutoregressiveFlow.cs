using Lae.Numerics;
using Lae.Randomness;

namespace Lae.Models;

/// <summary>
/// An inverse autoregressive flow layer:
/// <code>
///     f(z) = σ ∘ z + (1 − σ) ∘ m,    σ = sigmoid(s + 2),    (m, s)_i = network(z_&lt;i, h)
///     log |det| = Σ_i log σ_i
/// </code>
/// The order of dimensions is reversed from layer to layer. The context h is a linear function of the encoder's features. Source: Kingma et al., NIPS 2016, algorithm 1 with the gates of its
/// equation 14. Shapes: z [m, d], h [m, context].
/// </summary>
public sealed class InverseAutoregressiveFlow : IFlow
{
    /// <summary>The gates start nearly open, so that the flow starts near the identity.</summary>
    private const double GateShift = 2;

    private readonly int latentSize;
    private readonly AutoregressiveNetwork network;

    /// <summary>A layer.</summary>
    /// <param name="latentSize">d, 1 or more.</param>
    /// <param name="width">Hidden units, 1 or more.</param>
    /// <param name="context">Columns of h, 1 or more.</param>
    /// <param name="reversed">Whether the order of dimensions is from the last to the first.</param>
    public InverseAutoregressiveFlow(int latentSize, int width, int context, bool reversed)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(latentSize, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(context, 1);
        this.latentSize = latentSize;
        ConditionSize = context;
        network = new AutoregressiveNetwork(latentSize, width, context, 2, reversed);
    }

    /// <inheritdoc/>
    public int ConditionSize { get; }

    /// <summary>The family of posteriors with K such layers.</summary>
    /// <param name="layers">K, in [1, 64].</param>
    /// <param name="width">Hidden units, 1 or more; as many as d_z or more let every dimension be seen.</param>
    /// <param name="context">Columns of h, 1 or more.</param>
    /// <returns>A family.</returns>
    public static IPosteriorFamily Family(int layers = 3, int width = 64, int context = 32)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(context, 1);
        return new FlowPosterior(
            "inverse autoregressive flow layer", layers, amortized: true, (latentSize, index) => new InverseAutoregressiveFlow(latentSize, width, context, index % 2 == 1));
    }

    /// <inheritdoc/>
    public Tensor InitialCondition(RandomKey key, DType dtype) => Tensor.Zeros(new Shape(ConditionSize), dtype);

    /// <inheritdoc/>
    public TensorTree Initialize(RandomKey key, DType dtype) => network.Initialize(key, dtype);

    /// <inheritdoc/>
    public FlowResult Apply(TensorTree parameters, Tensor condition, Tensor z)
    {
        Tensor output = network.Apply(parameters, condition, z);
        Tensor m = output.Slice(1, 0, latentSize);
        Tensor s = output.Slice(1, latentSize, latentSize) + GateShift;
        // log σ(s) = −softplus(−s)
        return new FlowResult(m + (s.Sigmoid() * (z - m)), -(-s).Softplus().Sum(1));
    }
}
