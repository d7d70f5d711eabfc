using Lae.Numerics;
using Lae.Randomness;

namespace Lae.Networks;

/// <summary>
/// Fully connected networks: each hidden layer is activation(normalise(x Wᵀ + b)), with the layer normalisation (and its learned scale and shift)
/// left out where asked. Weights start orthogonal, biases at zero. Shapes: W [out, in], b [out].
/// </summary>
/// <param name="widths">Units of each hidden layer, each 1 or more; at least one.</param>
/// <param name="activation">The nonlinearity.</param>
/// <param name="layerNormalization">Whether hidden layers are normalised.</param>
public sealed class DenseArchitecture(IReadOnlyList<int> widths, Activation activation = Activation.Relu, bool layerNormalization = true) : INetworkArchitecture
{
    private readonly int[] widths = Checked(widths);

    /// <inheritdoc/>
    public INetwork Features(RowForm input) => new DenseNetwork([input.Columns, .. widths], activation, layerNormalization, linearOutput: false);

    /// <inheritdoc/>
    public INetwork Whole(RowForm input, RowForm output) => new DenseNetwork([input.Columns, .. widths, output.Columns], activation, layerNormalization, linearOutput: true);

    private static int[] Checked(IReadOnlyList<int> widths)
    {
        foreach (int width in widths)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(width, 1, nameof(widths));
        }

        return widths.Count > 0 ? [.. widths] : throw new ArgumentException("At least one hidden layer is needed.", nameof(widths));
    }

    private sealed class DenseNetwork(int[] sizes, Activation activation, bool normalize, bool linearOutput) : INetwork
    {
        public int InputSize => sizes[0];

        public int OutputSize => sizes[^1];

        private int LayerCount => sizes.Length - 1;

        private LayerNames[] Names { get; } = [.. Enumerable.Range(0, sizes.Length - 1).Select(layer => new LayerNames($"{layer}.weight", $"{layer}.bias", $"{layer}.scale", $"{layer}.shift"))];

        public TensorTree Initialize(RandomKey key, DType dtype)
        {
            TensorTree parameters = TensorTree.Empty;
            Workspace scratch = Workspace.Pooled();
            for (int layer = 0; layer < LayerCount; layer++)
            {
                Shape width = new(sizes[layer + 1]);
                parameters = parameters
                    .With($"{layer}.weight", OrthogonalInitialization.Draw(key.FoldIn((ulong)layer), sizes[layer + 1], sizes[layer], dtype, scratch))
                    .With($"{layer}.bias", Tensor.Zeros(width, dtype));
                if (normalize && IsHidden(layer))
                {
                    parameters = parameters
                        .With($"{layer}.scale", Tensor.Ones(width, dtype))
                        .With($"{layer}.shift", Tensor.Zeros(width, dtype));
                }
            }

            return parameters;
        }

        public Tensor Apply(TensorTree parameters, Tensor x)
        {
            for (int layer = 0; layer < LayerCount; layer++)
            {
                LayerNames names = Names[layer];
                x = x.MatMul(parameters[names.Weight], transposeB: true);
                if (IsHidden(layer) && normalize && activation == Activation.Relu)
                {
                    x = x.NormalizeAndRectify(parameters[names.Bias], parameters[names.Scale], parameters[names.Shift]);
                    continue;
                }

                x += parameters[names.Bias];
                if (IsHidden(layer))
                {
                    x = normalize ? (x.LayerNormalize() * parameters[names.Scale]) + parameters[names.Shift] : x;
                    x = activation.Apply(x);
                }
            }

            return x;
        }

        private sealed record LayerNames(string Weight, string Bias, string Scale, string Shift);

        private bool IsHidden(int layer) => !linearOutput || layer < LayerCount - 1;
    }
}
