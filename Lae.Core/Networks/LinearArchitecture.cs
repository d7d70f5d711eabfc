using Lae.Numerics;
using Lae.Randomness;

namespace Lae.Networks;

/// <summary>
/// Linear networks: features are the input itself, and a whole network is x Wᵀ + b. With a Gaussian likelihood this is probabilistic
/// principal component analysis, whose answers are known exactly.
/// </summary>
public sealed class LinearArchitecture : INetworkArchitecture
{
    /// <inheritdoc/>
    public INetwork Features(RowForm input) => new InputNetwork(input.Columns);

    /// <inheritdoc/>
    public INetwork Whole(RowForm input, RowForm output) => new LinearNetwork(input.Columns, output.Columns);

    private sealed class InputNetwork(int size) : INetwork
    {
        public int InputSize => size;

        public int OutputSize => size;

        public TensorTree Initialize(RandomKey key, DType dtype) => TensorTree.Empty;

        public Tensor Apply(TensorTree parameters, Tensor x) => x;
    }

    private sealed class LinearNetwork(int inputSize, int outputSize) : INetwork
    {
        public int InputSize => inputSize;

        public int OutputSize => outputSize;

        public TensorTree Initialize(RandomKey key, DType dtype) => TensorTree.Of(
            ("0.weight", OrthogonalInitialization.Draw(key, outputSize, inputSize, dtype)),
            ("0.bias", Tensor.Zeros(new Shape(outputSize), dtype)));

        public Tensor Apply(TensorTree parameters, Tensor x) => x.MatMul(parameters["0.weight"], transposeB: true) + parameters["0.bias"];
    }
}
