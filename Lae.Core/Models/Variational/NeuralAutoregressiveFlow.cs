using Lae.Numerics;
using Lae.Randomness;

namespace Lae.Models;

/// <summary>
/// A neural autoregressive flow layer, with a deep sigmoidal flow as the transformer of each dimension:
/// <code>
///     f(z)_i = logit(S_i),    S_i = Σ_j w_ij σ(a_ij z_i + b_ij),    a = softplus(·) &gt; 0,    w_i = softmax(·),    from network(z_&lt;i, h)
///     log |det| = Σ_i log Σ_j w_ij σ'(a_ij z_i + b_ij) a_ij − log S_i − log(1 − S_i)
/// </code>
/// Everything is computed by logarithms, so nothing saturates; f is increasing in z_i and onto the line. The order of dimensions is reversed from layer to layer.
/// Source: Huang, Krueger, Lacoste and Courville, ICML 2018. Shapes: z [m, d], h [m, context], a, b and w [m, J, d].
/// </summary>
public sealed class NeuralAutoregressiveFlow : IFlow
{
    /// <summary>softplus of it is 1, so that the flow starts near the identity.</summary>
    private static readonly double SlopeShift = Math.Log(Math.E - 1);

    private readonly int latentSize;
    private readonly int units;
    private readonly AutoregressiveNetwork network;

    /// <summary>A layer.</summary>
    /// <param name="latentSize">d, 1 or more.</param>
    /// <param name="units">J, sigmoids of each dimension, 1 or more.</param>
    /// <param name="width">Hidden units, 1 or more.</param>
    /// <param name="context">Columns of h, 1 or more.</param>
    /// <param name="reversed">Whether the order of dimensions is from the last to the first.</param>
    public NeuralAutoregressiveFlow(int latentSize, int units, int width, int context, bool reversed)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(latentSize, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(units, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(context, 1);
        this.latentSize = latentSize;
        this.units = units;
        ConditionSize = context;
        network = new AutoregressiveNetwork(latentSize, width, context, 3 * units, reversed);
    }

    /// <inheritdoc/>
    public int ConditionSize { get; }

    /// <summary>The family of posteriors with K such layers.</summary>
    /// <param name="layers">K, in [1, 64].</param>
    /// <param name="units">J, sigmoids of each dimension, 1 or more.</param>
    /// <param name="width">Hidden units, 1 or more; as many as d_z or more let every dimension be seen.</param>
    /// <param name="context">Columns of h, 1 or more.</param>
    /// <returns>A family.</returns>
    public static IPosteriorFamily Family(int layers = 2, int units = 8, int width = 64, int context = 32)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(units, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(context, 1);
        return new FlowPosterior(
            "neural autoregressive flow layer", layers, amortized: true, (latentSize, index) => new NeuralAutoregressiveFlow(latentSize, units, width, context, index % 2 == 1));
    }

    /// <inheritdoc/>
    public Tensor InitialCondition(RandomKey key, DType dtype) => Tensor.Zeros(new Shape(ConditionSize), dtype);

    /// <summary>Shared parameters to start from; the b_ij start as normals, without which all sigmoids of a dimension would learn the same.</summary>
    /// <param name="key">Decides them.</param>
    /// <param name="dtype">Their number type.</param>
    /// <returns>A named tree.</returns>
    public TensorTree Initialize(RandomKey key, DType dtype)
    {
        int block = units * latentSize;
        double[] bias = new double[3 * block];
        RowDraws.Normal(key.FoldIn(3), 0, 0, 1, block, bias.AsSpan(block, block));
        return network.Initialize(key, dtype).With("output.bias", Tensor.FromArray(bias, bias.Length).Cast(dtype));
    }

    /// <inheritdoc/>
    public FlowResult Apply(TensorTree parameters, Tensor condition, Tensor z)
    {
        int m = z.Shape[0];
        Tensor output = network.Apply(parameters, condition, z).Reshape(m, 3 * units, latentSize);
        Tensor a = (output.Slice(1, 0, units) + SlopeShift).Softplus();
        Tensor b = output.Slice(1, units, units);
        Tensor raw = output.Slice(1, 2 * units, units);
        Tensor logW = raw - raw.LogSumExp(1, keepAxis: true);
        Tensor inner = (a * z.Reshape(m, 1, latentSize)) + b;
        Tensor logSigmoid = -(-inner).Softplus();
        Tensor logComplement = -inner.Softplus();
        Tensor logS = (logW + logSigmoid).LogSumExp(1);
        Tensor logOneMinusS = (logW + logComplement).LogSumExp(1);
        Tensor logSlope = (logW + logSigmoid + logComplement + a.Log()).LogSumExp(1);
        return new FlowResult(logS - logOneMinusS, (logSlope - logS - logOneMinusS).Sum(1));
    }
}
