using Lae.Numerics;

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
    public Tensor Mean(Tensor output) => output.Sigmoid().ScaleShift(2, -1);

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, double> Figures(TensorTree parameters) => new Dictionary<string, double>();
}
