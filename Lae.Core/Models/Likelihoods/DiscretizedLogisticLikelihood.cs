using Lae.Numerics;
using Lae.Randomness;

namespace Lae.Models;

/// <summary>
/// Pixels on a grid of L levels over [−1, 1] under a logistic distribution with one learned scale, discretised with half bin 1/(L − 1) and open edge
/// bins: 1/s = softplus(τ)^{1/2}, τ₀ = 0 (the authors' form). Parameter: <c>tau</c>, a scalar. Source: Kingma et al. 2016 (arXiv 1606.04934), appendix.
/// </summary>
public sealed class DiscretizedLogisticLikelihood : ILikelihood
{
    private readonly double halfBin;

    /// <summary>The likelihood of pixels.</summary>
    /// <param name="levels">L, 2 or more.</param>
    public DiscretizedLogisticLikelihood(int levels)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(levels, 2);
        halfBin = 1.0 / (levels - 1);
    }

    /// <summary>Between the outermost level and the next, whatever the rounding of a pixel and however few the levels.</summary>
    private double Edge => 1 - (halfBin / 2);

    /// <inheritdoc/>
    public TensorTree Initialize(DType dtype) => TensorTree.Of(("tau", Tensor.Scalar(0, dtype)));

    /// <inheritdoc/>
    public Tensor LogProbability(TensorTree parameters, Tensor x, Tensor output) =>
        Probabilities.DiscretizedLogisticLogProbabilityOfRows(x, output, InverseScale(parameters), halfBin, -Edge, Edge);

    /// <inheritdoc/>
    /// <remarks>r² [σ'((x + w − μ) r) + σ'((x − w − μ) r)], without the term of an open side.</remarks>
    public Tensor Curvature(TensorTree parameters, Tensor x, Tensor output)
    {
        Tensor rate = InverseScale(parameters);
        Tensor distance = x - output;
        Tensor upper = Slope((distance + halfBin) * rate) * Elementwise.Greater(Tensor.Scalar(Edge, x.DType), x);
        Tensor lower = Slope((distance - halfBin) * rate) * Elementwise.Greater(x, Tensor.Scalar(-Edge, x.DType));
        return rate.Square() * (upper + lower);

        static Tensor Slope(Tensor t) => t.Sigmoid() * (-t).Sigmoid();
    }

    /// <inheritdoc/>
    /// <remarks>A logistic draw, output + s log(u/(1 − u)), taken to the nearest level: a level's bin is what is nearest to it, and the edges are open.</remarks>
    public Tensor Sample(RandomKey key, TensorTree parameters, Tensor output)
    {
        double[] values = new double[output.Count];
        RowDraws.Uniform(key, 0, 0, output.Shape[0], output.Shape[1], values);
        double scale = 1 / Math.Sqrt(parameters["tau"].Cast(DType.Float64).Softplus().ToDouble());
        double[] location = output.ToArray();
        double top = 1 / halfBin;
        for (int i = 0; i < values.Length; i++)
        {
            double drawn = location[i] + (scale * Math.Log(values[i] / (1 - values[i])));
            values[i] = Math.Clamp(Math.Round((drawn + 1) / 2 * top), 0, top) / top * 2 - 1;
        }

        return Tensor.FromSpan<double>(output.Workspace, values, output.Shape).Cast(output.DType);
    }

    /// <inheritdoc/>
    public Tensor Mean(Tensor output) => Elementwise.Minimum(
        Elementwise.Maximum(output, Tensor.Scalar(-1, output.DType)), Tensor.Scalar(1, output.DType));

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, double> Figures(TensorTree parameters) =>
        new Dictionary<string, double> { ["likelihoodScale"] = 1 / Math.Sqrt(parameters["tau"].Softplus().ToDouble()) };

    private static Tensor InverseScale(TensorTree parameters) => parameters["tau"].Softplus().Sqrt();
}

/// <summary>Discretised logistic likelihoods whose number of levels comes from the data.</summary>
public sealed class DiscretizedLogisticFactory : ILikelihoodFactory
{
    /// <inheritdoc/>
    public ILikelihood Create(DataDescription data) => data.Levels is { } levels
        ? new DiscretizedLogisticLikelihood(levels)
        : throw new ArgumentException("a discretised logistic likelihood needs pixels; for a table of real numbers use Gaussian");
}
