using Lae.Datasets;
using Lae.Networks;
using Lae.Numerics;
using Lae.Numerics.Engines.Managed;
using Lae.Randomness;

namespace Lae.Tests.Networks;

/// <summary>Sizes of convolutional networks, their gradients against central differences, a layer against its formula, and what is refused.</summary>
public sealed class ConvolutionalArchitectureTests
{
    private static readonly RandomKey Key = RandomKey.FromSeed(20_261_127);

    [Theory]
    [InlineData(8, 8, 1, 2)]
    [InlineData(28, 28, 1, 2)]
    [InlineData(28, 28, 1, 3)]
    [InlineData(32, 32, 3, 3)]
    [InlineData(64, 64, 3, 4)]
    [InlineData(9, 6, 3, 2)]
    [InlineData(7, 5, 1, 1)]
    public void Images_go_in_and_come_out_in_their_own_size(int height, int width, int channels, int levels)
    {
        RowForm image = Image(height, width, channels);
        ConvolutionalArchitecture architecture = new([.. Enumerable.Repeat(2, levels)], width: 5, normalization: ConvolutionalNormalization.Group, groups: 2, residualBlocks: 1);
        INetwork features = architecture.Features(image);
        INetwork decoder = architecture.Whole(new RowForm(3), image);
        Assert.Equal((image.Columns, 5), (features.InputSize, features.OutputSize));
        Assert.Equal((3, image.Columns), (decoder.InputSize, decoder.OutputSize));
        Tensor encoded = features.Apply(features.Initialize(Key, DType.Float64), Normals(0, 2, image.Columns));
        Tensor decoded = decoder.Apply(decoder.Initialize(Key, DType.Float64), Normals(1, 2, 3));
        Assert.Equal((new Shape(2, 5), new Shape(2, image.Columns)), (encoded.Shape, decoded.Shape));
        Assert.True(encoded.AllFinite() && decoded.AllFinite());
    }

    [Theory]
    [InlineData(ConvolutionalNormalization.None, 0)]
    [InlineData(ConvolutionalNormalization.Layer, 1)]
    [InlineData(ConvolutionalNormalization.Group, 1)]
    public void Gradients_are_central_differences(ConvolutionalNormalization normalization, int residualBlocks)
    {
        ConvolutionalArchitecture architecture = new([4, 2], width: 3, Activation.Tanh, normalization, groups: 2, residualBlocks);
        RowForm image = Image(5, 4, 2);
        foreach (INetwork network in new[] { architecture.Features(image), architecture.Whole(image, new RowForm(1)), architecture.Whole(new RowForm(2), image) })
        {
            Tensor x = Normals(2, 2, network.InputSize);
            Tensor weights = Normals(3, 2, network.OutputSize);
            TensorTree parameters = Generic(network);
            Func<TensorTree, Tensor> loss = tree => (network.Apply(tree, x) * weights).Sum();
            TensorTree gradient = Differentiation.ValueAndGradient(loss, parameters).Gradient;
            foreach ((string name, Tensor leaf) in parameters)
            {
                // Three places of every parameter: each layer, each kind of parameter.
                foreach (int place in new[] { 0, leaf.Count / 2, leaf.Count - 1 }.Distinct())
                {
                    const double Step = 1e-5;
                    double slope = (loss(Moved(parameters, name, place, Step)).ToDouble() - loss(Moved(parameters, name, place, -Step)).ToDouble()) / (2 * Step);
                    Assert.True(Math.Abs(slope - gradient[name].ElementAt(place)) < 1e-7 * (1 + Math.Abs(slope)), $"{name}[{place}]: {gradient[name].ElementAt(place)} is not {slope}");
                }
            }
        }
    }

    [Theory]
    [InlineData(ConvolutionalNormalization.Layer, 1)]
    [InlineData(ConvolutionalNormalization.Group, 2)]
    public void A_level_is_its_formula(ConvolutionalNormalization normalization, int groups)
    {
        // One level on images of 4 x 4 with two channels, written out in sums; then the dense layer.
        RowForm image = Image(4, 4, 2);
        INetwork network = new ConvolutionalArchitecture([4], width: 3, Activation.Softplus, normalization, groups: 2).Features(image);
        TensorTree p = Generic(network);
        Tensor x = Normals(4, 1, 32);
        double[] y = new double[16];
        for (int index = 0; index < 16; index++)
        {
            (int channel, int row, int column) = (index / 4, index / 2 % 2, index % 2);
            y[index] = p["level1.bias"].ElementAt(channel);
            for (int k = 0; k < 32; k++)
            {
                (int from, int down, int across) = (k / 16, (2 * row) - 1 + (k / 4 % 4), (2 * column) - 1 + (k % 4));
                bool inside = down is >= 0 and < 4 && across is >= 0 and < 4;
                y[index] += inside ? p["level1.weight"].ElementAt((channel * 32) + k) * x.ElementAt((from * 16) + (down * 4) + across) : 0;
            }
        }

        double[] hidden = [.. y.Chunk(16 / groups).SelectMany(Standardized).Select((value, i) => Softplus((value * p["level1.scale"].ElementAt(i / 4)) + p["level1.shift"].ElementAt(i / 4)))];
        double[] dense = [.. Enumerable.Range(0, 3).Select(j => p["features.bias"].ElementAt(j) + hidden.Select((value, k) => value * p["features.weight"].ElementAt((j * 16) + k)).Sum())];
        double[] expected = [.. Standardized(dense).Select((value, j) => Softplus((value * p["features.scale"].ElementAt(j)) + p["features.shift"].ElementAt(j)))];
        Assert.All(expected.Zip(network.Apply(p, x).ToArray()), pair => Assert.Equal(pair.First, pair.Second, 1e-11));
    }

    [Fact]
    public void Same_bits_with_one_and_two_threads()
    {
        RowForm image = Image(12, 12, 3);
        ConvolutionalArchitecture architecture = new([8, 16], width: 32, residualBlocks: 1);
        Assert.Equal(Gradient(1), Gradient(2));

        double[] Gradient(int threads)
        {
            Workspace workspace = Workspace.Unpooled(new ManagedEngine(threads));
            INetwork encoder = architecture.Features(image);
            INetwork decoder = architecture.Whole(new RowForm(32), image);
            TensorTree parameters = encoder.Initialize(Key, DType.Float32).Prefixed("e").Join(decoder.Initialize(Key, DType.Float32).Prefixed("d")).Map(leaf => leaf.CopyTo(workspace));
            Tensor x = Normals(5, 17, image.Columns).Cast(DType.Float32).CopyTo(workspace);
            TensorTree gradient = Differentiation.ValueAndGradient(
                tree => (decoder.Apply(tree.Under("d"), encoder.Apply(tree.Under("e"), x)) - x).Square().Sum(), parameters).Gradient;
            return [.. gradient.Leaves.SelectMany(leaf => leaf.ToArray())];
        }
    }

    [Fact]
    public void An_energy_is_a_network_with_one_output()
    {
        Assert.Equal(1, new DenseArchitecture([4]).Whole(new RowForm(3), new RowForm(1)).OutputSize);
        Assert.Equal(1, new ConvolutionalArchitecture([2]).Whole(Image(4, 4, 1), new RowForm(1)).OutputSize);
    }

    [Fact]
    public void What_does_not_fit_is_refused_in_one_line()
    {
        ConvolutionalArchitecture architecture = new([2, 2]);
        Assert.Equal("a Convolutional network needs images, and these are rows of 9 numbers; for a table use Dense", Assert.Throws<ArgumentException>(() => architecture.Features(new RowForm(9))).Message);
        Assert.Throws<ArgumentException>(() => architecture.Whole(new RowForm(2), new RowForm(9)));
        Assert.Throws<ArgumentException>(() => architecture.Whole(Image(8, 8, 1), Image(8, 8, 1)));
        Assert.Equal("images of 3 x 9 can be halved 1 times, and Channels has 2 levels", Assert.Throws<ArgumentException>(() => architecture.Features(Image(3, 9, 1))).Message);
        Assert.Throws<ArgumentException>(() => new ConvolutionalArchitecture([]));
        Assert.Throws<ArgumentException>(() => new ConvolutionalArchitecture([12], normalization: ConvolutionalNormalization.Group, groups: 8));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ConvolutionalArchitecture([0]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ConvolutionalArchitecture([4], width: 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ConvolutionalArchitecture([4], residualBlocks: -1));
        Assert.Throws<ArgumentException>(() => new RowForm(9, new ImageShape(2, 4, 1)));
    }

    private static RowForm Image(int height, int width, int channels) => new(height * width * channels, new ImageShape(height, width, channels));

    private static double[] Standardized(double[] values)
    {
        double mean = values.Average();
        double deviation = Math.Sqrt(values.Average(value => (value - mean) * (value - mean)) + 1e-5);
        return [.. values.Select(value => (value - mean) / deviation)];
    }

    private static double Softplus(double x) => Math.Log(1 + Math.Exp(x));

    private static TensorTree Moved(TensorTree parameters, string name, int place, double step)
    {
        double[] values = parameters[name].ToArray();
        values[place] += step;
        return parameters.With(name, Tensor.FromArray(values).Reshape(parameters[name].Shape));
    }

    private static TensorTree Generic(INetwork network)
    {
        uint stream = 10;
        return network.Initialize(Key, DType.Float64).Map(leaf => Normals(stream++, 1, leaf.Count).Reshape(leaf.Shape).ScaleShift(0.5, 0));
    }

    private static Tensor Normals(uint stream, int rows, int columns)
    {
        double[] values = new double[rows * columns];
        RowDraws.Normal(Key, stream, 0, rows, columns, values);
        return Tensor.FromArray(values, rows, columns);
    }
}
