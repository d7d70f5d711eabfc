using Lae.Numerics;
using Lae.Randomness;

namespace Lae.Models;

/// <summary>
/// Pixels as probabilities of a Bernoulli variable whose logit is the decoder's output: log p = Σ [p·output − ln(1 + e^output)] with p = (x + 1)/2 in
/// [0, 1]. For pixels only; nothing is learned beside the decoder.
/// </summary>
public sealed class BernoulliLikelihood : ILikelihood, ILikelihoodFactory
{
    /// <inheritdoc/>
    public ILikelihood Create(DataDescription data) => data.Levels is null
        ? throw new ArgumentException("a Bernoulli likelihood needs pixels; for a table of real numbers use Gaussian")
        : this;

    /// <inheritdoc/>
    public TensorTree Initialize(DType dtype) => TensorTree.Empty;

    /// <inheritdoc/>
    public Tensor LogProbability(TensorTree parameters, Tensor x, Tensor output) =>
        Probabilities.BernoulliLogProbability(x.ScaleShift(0.5, 0.5), output).Sum(1);

    /// <inheritdoc/>
    public Tensor Curvature(TensorTree parameters, Tensor x, Tensor output) => output.Sigmoid() * (-output).Sigmoid();

    /// <inheritdoc/>
    /// <remarks>Pixels are drawn black or white, −1 or 1: the likelihood is a distribution on these alone.</remarks>
    public Tensor Sample(RandomKey key, TensorTree parameters, Tensor output)
    {
        double[] uniforms = new double[output.Count];
        RowDraws.Uniform(key, 0, 0, output.Shape[0], output.Shape[1], uniforms);
        double[] probabilities = output.Cast(DType.Float64).Sigmoid().ToArray();
        double[] pixels = [.. probabilities.Zip(uniforms, (probability, uniform) => uniform < probability ? 1.0 : -1.0)];
        return Tensor.FromSpan<double>(output.Workspace, pixels, output.Shape).Cast(output.DType);
    }

    /// <inheritdoc/>
    public Tensor Mean(Tensor output) => output.Sigmoid().ScaleShift(2, -1);

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, double> Figures(TensorTree parameters) => new Dictionary<string, double>();
}
