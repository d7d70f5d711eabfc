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
    /// <param name="inputSize">Columns in, 1 or more.</param>
    /// <returns>A network from [n, inputSize] to [n, features].</returns>
    INetwork Features(int inputSize);

    /// <summary>A whole network: hidden layers and a linear output layer.</summary>
    /// <param name="inputSize">Columns in, 1 or more.</param>
    /// <param name="outputSize">Columns out, 1 or more.</param>
    /// <returns>A network from [n, inputSize] to [n, outputSize].</returns>
    INetwork Whole(int inputSize, int outputSize);
}
