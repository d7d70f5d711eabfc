using Lae.Numerics;
using Lae.Randomness;

namespace Lae.Models;

/// <summary>p(x | decoder output), with whatever it learns as parameters.</summary>
public interface ILikelihood
{
    /// <summary>Parameters to start from; empty if there are none.</summary>
    /// <param name="dtype">Their number type.</param>
    /// <returns>A named tree.</returns>
    TensorTree Initialize(DType dtype);

    /// <summary>log p of every observation.</summary>
    /// <param name="parameters">A tree with the names of <see cref="Initialize"/>.</param>
    /// <param name="x">[n, columns].</param>
    /// <param name="output">Decoder output, [n, columns].</param>
    /// <returns>[n], in nats.</returns>
    Tensor LogProbability(TensorTree parameters, Tensor x, Tensor output);

    /// <summary>−∂² log p / ∂output² of every element: the likelihood takes every element of the output alone.</summary>
    /// <param name="parameters">A tree with the names of <see cref="Initialize"/>.</param>
    /// <param name="x">[n, columns].</param>
    /// <param name="output">Decoder output, [n, columns].</param>
    /// <returns>[n, columns], not negative: all likelihoods are log-concave in the output.</returns>
    Tensor Curvature(TensorTree parameters, Tensor x, Tensor output);

    /// <summary>Draws an observation of every decoder output: x ~ p(x | output).</summary>
    /// <param name="key">All randomness; a row depends on the key and its number alone.</param>
    /// <param name="parameters">A tree with the names of <see cref="Initialize"/>.</param>
    /// <param name="output">Decoder output, [n, columns].</param>
    /// <returns>[n, columns], in the units of the data.</returns>
    Tensor Sample(RandomKey key, TensorTree parameters, Tensor output);

    /// <summary>The observation to show for a decoder output: the mean, or the location within the range of pixels.</summary>
    /// <param name="output">Decoder output, [n, columns].</param>
    /// <returns>[n, columns], in the units of the data.</returns>
    Tensor Mean(Tensor output);

    /// <summary>What a person wants to see of the parameters, by stable names, such as <c>likelihoodScale</c>.</summary>
    /// <param name="parameters">Parameters.</param>
    /// <returns>Figures, perhaps none.</returns>
    IReadOnlyDictionary<string, double> Figures(TensorTree parameters);
}

/// <summary>Makes a likelihood for given data: what configuration chooses by type.</summary>
public interface ILikelihoodFactory
{
    /// <summary>The likelihood for data of the given form.</summary>
    /// <param name="data">The form of the data.</param>
    /// <returns>A likelihood.</returns>
    /// <exception cref="ArgumentException">The likelihood does not fit the data.</exception>
    ILikelihood Create(DataDescription data);
}
