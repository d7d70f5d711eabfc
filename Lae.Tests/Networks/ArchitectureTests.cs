using Lae.Networks;
using Lae.Numerics;
using Lae.Randomness;

namespace Lae.Tests.Networks;

/// <summary>Names and shapes of parameters, and each network against its formula written out in scalars.</summary>
public sealed class ArchitectureTests
{
    private static readonly RandomKey Key = RandomKey.FromSeed(20_261_122);
    private static readonly Tensor X = Normals(90, 5, 3);

    [Theory]
    [InlineData(Activation.Relu)]
    [InlineData(Activation.Silu)]
    [InlineData(Activation.Tanh)]
    [InlineData(Activation.Softplus)]
    [InlineData(Activation.Identity)]
    public void An_activation_has_its_value(Activation activation)
    {
        double[] x = [-3, -0.5, 0, 0.25, 2];
        Close(x.Select(value => Value(activation, value)), activation.Apply(Tensor.FromArray(x)));
    }

    [Fact]
    public void What_is_no_activation_is_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => ((Activation)99).Apply(X));

    [Fact]
    public void Parameters_of_a_normalised_network()
    {
        DenseArchitecture dense = new([4, 6]);
        Shapes(
            dense.Whole(new RowForm(3), new RowForm(2)),
            ("0.weight", new Shape(4, 3)), ("0.bias", new Shape(4)), ("0.scale", new Shape(4)), ("0.shift", new Shape(4)),
            ("1.weight", new Shape(6, 4)), ("1.bias", new Shape(6)), ("1.scale", new Shape(6)), ("1.shift", new Shape(6)),
            ("2.weight", new Shape(2, 6)), ("2.bias", new Shape(2)));
        Shapes(
            dense.Features(new RowForm(3)),
            ("0.weight", new Shape(4, 3)), ("0.bias", new Shape(4)), ("0.scale", new Shape(4)), ("0.shift", new Shape(4)),
            ("1.weight", new Shape(6, 4)), ("1.bias", new Shape(6)), ("1.scale", new Shape(6)), ("1.shift", new Shape(6)));
        Assert.Equal((3, 2), (dense.Whole(new RowForm(3), new RowForm(2)).InputSize, dense.Whole(new RowForm(3), new RowForm(2)).OutputSize));
        Assert.Equal((3, 6), (dense.Features(new RowForm(3)).InputSize, dense.Features(new RowForm(3)).OutputSize));
    }

    [Fact]
    public void Parameters_of_a_network_without_normalisation() => Shapes(
        new DenseArchitecture([4], layerNormalization: false).Whole(new RowForm(3), new RowForm(2)),
        ("0.weight", new Shape(4, 3)), ("0.bias", new Shape(4)), ("1.weight", new Shape(2, 4)), ("1.bias", new Shape(2)));

    [Fact]
    public void Weights_start_orthogonal_and_differ_biases_and_shifts_at_zero_scales_at_one()
    {
        TensorTree start = new DenseArchitecture([4, 4, 4]).Features(new RowForm(4)).Initialize(Key, DType.Float64);
        Assert.NotEqual(start["1.weight"].ToArray(), start["2.weight"].ToArray());
        Close(Tensor.Identity(4, DType.Float64).ToArray(), start["1.weight"].MatMul(start["1.weight"], transposeB: true));
        Assert.All(start["1.bias"].ToArray(), value => Assert.Equal(0, value));
        Assert.All(start["1.shift"].ToArray(), value => Assert.Equal(0, value));
        Assert.All(start["1.scale"].ToArray(), value => Assert.Equal(1, value));
    }

    [Theory]
    [InlineData(true, Activation.Relu)]
    [InlineData(false, Activation.Relu)]
    [InlineData(true, Activation.Tanh)]
    [InlineData(false, Activation.Silu)]
    public void A_dense_network_is_its_formula(bool normalized, Activation activation)
    {
        DenseArchitecture dense = new([4], activation, normalized);
        TensorTree parameters = Generic(dense.Whole(new RowForm(3), new RowForm(2)));
        double[][] hidden = [.. Rows(Affine(X, parameters["0.weight"], parameters["0.bias"]), 4).Select(row => Hidden(row, parameters, normalized, activation))];
        Close(hidden.SelectMany(row => row), dense.Features(new RowForm(3)).Apply(parameters, X));
        Tensor expected = Affine(Tensor.FromArray([.. hidden.SelectMany(row => row)], 5, 4), parameters["1.weight"], parameters["1.bias"]);
        Close(expected.ToArray(), dense.Whole(new RowForm(3), new RowForm(2)).Apply(parameters, X));
    }

    [Fact]
    public void A_dense_architecture_needs_a_hidden_layer_with_units()
    {
        Assert.Throws<ArgumentException>(() => new DenseArchitecture([]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new DenseArchitecture([4, 0]));
    }

    [Fact]
    public void A_linear_network_is_its_formula_and_its_features_are_the_input()
    {
        LinearArchitecture linear = new();
        INetwork whole = linear.Whole(new RowForm(3), new RowForm(2));
        Shapes(whole, ("0.weight", new Shape(2, 3)), ("0.bias", new Shape(2)));
        TensorTree parameters = Generic(whole);
        Close(Affine(X, parameters["0.weight"], parameters["0.bias"]).ToArray(), whole.Apply(parameters, X));
        INetwork features = linear.Features(new RowForm(3));
        Assert.Equal((3, 3), (features.InputSize, features.OutputSize));
        Assert.Equal((3, 2), (whole.InputSize, whole.OutputSize));
        Assert.Empty(features.Initialize(Key, DType.Float64));
        Assert.Equal(X.ToArray(), features.Apply(TensorTree.Empty, X).ToArray());
        Close(Tensor.Identity(2, DType.Float64).ToArray(), whole.Initialize(Key, DType.Float64)["0.weight"] is var w ? w.MatMul(w, transposeB: true) : X);
    }

    private static double Value(Activation activation, double x) => activation switch
    {
        Activation.Relu => x > 0 ? x : 0,
        Activation.Silu => x / (1 + Math.Exp(-x)),
        Activation.Tanh => Math.Tanh(x),
        Activation.Softplus => Math.Log(1 + Math.Exp(x)),
        _ => x,
    };

    private static double[] Hidden(double[] row, TensorTree parameters, bool normalized, Activation activation)
    {
        double mean = row.Average();
        double variance = row.Average(value => (value - mean) * (value - mean));
        return [.. row.Select((value, j) => Value(activation, normalized
            ? ((value - mean) / Math.Sqrt(variance + 1e-5) * parameters["0.scale"].ElementAt(j)) + parameters["0.shift"].ElementAt(j)
            : value))];
    }

    /// <summary>x Wᵀ + b by its sums.</summary>
    private static Tensor Affine(Tensor x, Tensor weight, Tensor bias)
    {
        (int n, int inputs, int outputs) = (x.Shape[0], x.Shape[1], weight.Shape[0]);
        double[] result = new double[n * outputs];
        for (int i = 0; i < result.Length; i++)
        {
            (int row, int column) = (i / outputs, i % outputs);
            result[i] = bias.ElementAt(column)
                + Enumerable.Range(0, inputs).Sum(k => x.ElementAt((row * inputs) + k) * weight.ElementAt((column * inputs) + k));
        }

        return Tensor.FromArray(result, n, outputs);
    }

    private static IEnumerable<double[]> Rows(Tensor x, int columns) => x.ToArray().Chunk(columns);

    /// <summary>Parameters none of which is zero or one, as they are after training.</summary>
    private static TensorTree Generic(INetwork network)
    {
        int stream = 0;
        return network.Initialize(Key, DType.Float64).Map(leaf => Normals((uint)stream++, 1, leaf.Count).Reshape(leaf.Shape));
    }

    private static Tensor Normals(uint stream, int rows, int columns)
    {
        double[] values = new double[rows * columns];
        RowDraws.Normal(Key, stream, 0, rows, columns, values);
        return Tensor.FromArray(values, rows, columns);
    }

    private static void Shapes(INetwork network, params (string Name, Shape Shape)[] expected) => Assert.Equal(
        expected.OrderBy(leaf => leaf.Name, StringComparer.Ordinal),
        network.Initialize(Key, DType.Float64).Select(leaf => (leaf.Key, leaf.Value.Shape)).OrderBy(leaf => leaf.Key, StringComparer.Ordinal));

    private static void Close(IEnumerable<double> expected, Tensor actual)
    {
        double[] values = [.. expected];
        Assert.Equal(values.Length, actual.Count);
        Assert.All(values.Zip(actual.ToArray()), pair => Assert.Equal(pair.First, pair.Second, 1e-12));
    }
}
