using Lae.Numerics;
using Lae.Randomness;

namespace Lae.Networks;

/// <summary>An architecture as a value: a pure function of parameters, which are kept apart, and of rows.</summary>
public interface INetwork
{
    /// <summary>Columns in.</summary>
    int InputSize { get; }

    /// <summary>Columns out.</summary>
    int OutputSize { get; }

    /// <summary>Parameters to start from.</summary>
    /// <param name="key">Decides them.</param>
    /// <param name="dtype">Their number type.</param>
    /// <returns>A named tree.</returns>
    TensorTree Initialize(RandomKey key, DType dtype);

    /// <summary>The function.</summary>
    /// <param name="parameters">A tree with the names of <see cref="Initialize"/>.</param>
    /// <param name="x">[n, inputSize].</param>
    /// <returns>[n, outputSize].</returns>
    Tensor Apply(TensorTree parameters, Tensor x);
}

/// <summary>A family of architectures: what configuration chooses by type.</summary>
public interface INetworkArchitecture
{
    /// <summary>The features of an encoder: hidden layers alone, whose last one is the output.</summary>
    /// <param name="input">The form of a row in; a number stands for so many columns.</param>
    /// <returns>A network from [n, input.Columns] to [n, features].</returns>
    /// <exception cref="ArgumentException">The architecture cannot take such rows.</exception>
    INetwork Features(RowForm input);

    /// <summary>A whole network: hidden layers and a linear output layer.</summary>
    /// <param name="input">The form of a row in; a number stands for so many columns.</param>
    /// <param name="output">The form of a row out; 1 makes an energy.</param>
    /// <returns>A network from [n, input.Columns] to [n, output.Columns].</returns>
    /// <exception cref="ArgumentException">The architecture cannot take or make such rows.</exception>
    INetwork Whole(RowForm input, RowForm output);
}
