using Lae.Networks;
using Lae.Numerics;
using Lae.Randomness;

namespace Lae.Models;

/// <summary>
/// A masked network with a context, whose outputs for dimension i depend on the dimensions before i alone:
/// <code>
///     hidden = silu((W ∘ M) z + C h + b),    output = (V ∘ N) hidden + a
///     M_ki = [degree_k ≥ order_i],    N_ok = [order_o &gt; degree_k],    degrees go round 0 … d − 1
/// </code>
/// Units of degree 0 see the context only, and give it to the first dimension. Source: Germain, Gregor, Murray and Larochelle, ICML 2015 (MADE); the context as in Kingma et al., NIPS 2016.
/// Shapes: z [m, d], h [m, context], output [m, outputs · d], where column p d + i is output p of dimension i.
/// Parameters: <c>input.weight</c>, <c>context.weight</c>, <c>hidden.bias</c>, <c>output.weight</c>, <c>output.bias</c>.
/// </summary>
internal sealed class AutoregressiveNetwork
{
    private const double InitialOutputScale = 0.1;

    private readonly int latentSize;
    private readonly int width;
    private readonly int context;
    private readonly int outputs;
    private readonly Tensor inputMask;
    private readonly Tensor outputMask;

    /// <summary>A network of given sizes.</summary>
    /// <param name="latentSize">d, 1 or more.</param>
    /// <param name="width">Hidden units, 1 or more.</param>
    /// <param name="context">Columns of h, 1 or more.</param>
    /// <param name="outputs">Numbers for each dimension, 1 or more.</param>
    /// <param name="reversed">Whether the order of dimensions is from the last to the first.</param>
    public AutoregressiveNetwork(int latentSize, int width, int context, int outputs, bool reversed)
    {
        this.latentSize = latentSize;
        this.width = width;
        this.context = context;
        this.outputs = outputs;
        int[] order = [.. Enumerable.Range(0, latentSize).Select(i => reversed ? latentSize - i : i + 1)];
        int[] degree = [.. Enumerable.Range(0, width).Select(k => k % latentSize)];
        inputMask = Tensor.FromArray([.. degree.SelectMany(k => order.Select(i => k >= i ? 1.0 : 0.0))], width, latentSize);
        outputMask = Tensor.FromArray(
            [.. Enumerable.Range(0, outputs * latentSize).SelectMany(o => degree.Select(k => order[o % latentSize] > k ? 1.0 : 0.0))], outputs * latentSize, width);
    }

    public TensorTree Initialize(RandomKey key, DType dtype) => TensorTree.Of(
        ("input.weight", OrthogonalInitialization.Draw(key.FoldIn(0), width, latentSize, dtype)),
        ("context.weight", OrthogonalInitialization.Draw(key.FoldIn(1), width, context, dtype)),
        ("hidden.bias", Tensor.Zeros(new Shape(width), dtype)),
        ("output.weight", InitialOutputScale * OrthogonalInitialization.Draw(key.FoldIn(2), outputs * latentSize, width, dtype)),
        ("output.bias", Tensor.Zeros(new Shape(outputs * latentSize), dtype)));

    public Tensor Apply(TensorTree parameters, Tensor h, Tensor z)
    {
        Tensor input = parameters["input.weight"] * inputMask.Cast(z.DType);
        Tensor output = parameters["output.weight"] * outputMask.Cast(z.DType);
        Tensor hidden = (z.MatMul(input, transposeB: true) + h.MatMul(parameters["context.weight"], transposeB: true) + parameters["hidden.bias"]).Silu();
        return hidden.MatMul(output, transposeB: true) + parameters["output.bias"];
    }
}
