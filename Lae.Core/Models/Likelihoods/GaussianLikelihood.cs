using Lae.Numerics;
using Lae.Randomness;

namespace Lae.Models;

/// <summary>
/// x ~ N(output, σ² I) with one learned scale: precision 1/σ² = softplus(τ), τ₀ = 0. log p = Σ [log(precision/2π)/2 − precision (x − output)²/2].
/// Parameter: <c>tau</c>, a scalar.
/// </summary>
public sealed class GaussianLikelihood : ILikelihood, ILikelihoodFactory
{
    /// <inheritdoc/>
    public ILikelihood Create(DataDescription data) => this;

    /// <inheritdoc/>
    public TensorTree Initialize(DType dtype) => TensorTree.Of(("tau", Tensor.Scalar(0, dtype)));

    /// <inheritdoc/>
    public Tensor LogProbability(TensorTree parameters, Tensor x, Tensor output)
    {
        int columns = x.Shape[1];
        Tensor precision = parameters["tau"].Softplus();
        Tensor residual = x - output;
        Tensor squares = Reductions.DotRows(residual, residual);
        return (precision.Log().ScaleShift(0.5 * columns, -0.5 * columns * Math.Log(2 * Math.PI))) - (0.5 * precision * squares);
    }

    /// <inheritdoc/>
    public Tensor Curvature(TensorTree parameters, Tensor x, Tensor output) => parameters["tau"].Softplus().BroadcastTo(output.Shape);

    /// <inheritdoc/>
    public Tensor Sample(RandomKey key, TensorTree parameters, Tensor output)
    {
        double[] normals = new double[output.Count];
        RowDraws.Normal(key, 0, 0, output.Shape[0], output.Shape[1], normals);
        double deviation = 1 / Math.Sqrt(parameters["tau"].Cast(DType.Float64).Softplus().ToDouble());
        return Elementwise.ScaleAdd(deviation, Tensor.FromSpan<double>(output.Workspace, normals, output.Shape).Cast(output.DType), output);
    }

    /// <inheritdoc/>
    public Tensor Mean(Tensor output) => output;

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, double> Figures(TensorTree parameters) =>
        new Dictionary<string, double> { ["likelihoodScale"] = 1 / Math.Sqrt(parameters["tau"].Softplus().ToDouble()) };
}
