using FsCheck;
using FsCheck.Fluent;
using Lae.Numerics;

namespace Lae.Tests.Numerics;

public sealed class ElementwiseTests
{
    private static readonly Dictionary<string, (Func<Tensor, Tensor> Function, Func<double, double> Value)> Unaries = new()
    {
        ["Abs"] = (x => x.Abs(), Math.Abs),
        ["Reciprocal"] = (x => x.Reciprocal(), x => 1 / x),
        ["Square"] = (x => x.Square(), x => x * x),
        ["Exp"] = (x => x.Exp(), Math.Exp),
        ["Tanh"] = (x => x.Tanh(), Math.Tanh),
        ["Sigmoid"] = (x => x.Sigmoid(), x => 1 / (1 + Math.Exp(-x))),
        ["Softplus"] = (x => x.Softplus(), x => Math.Log(1 + Math.Exp(x))),
        ["Relu"] = (x => x.Relu(), x => Math.Max(x, 0)),
        ["Silu"] = (x => x.Silu(), x => x / (1 + Math.Exp(-x))),
        ["Sin"] = (x => x.Sin(), Math.Sin),
        ["Cos"] = (x => x.Cos(), Math.Cos),
        ["Sqrt"] = (x => (x * x).Sqrt(), Math.Abs),
        ["Log"] = (x => x.Abs().Log(), x => Math.Log(Math.Abs(x))),
        ["−x"] = (x => -x, x => -x),
        ["x + c"] = (x => x + 2.5, x => x + 2.5),
        ["c + x"] = (x => 2.5 + x, x => x + 2.5),
        ["x − c"] = (x => x - 2.5, x => x - 2.5),
        ["c − x"] = (x => 2.5 - x, x => 2.5 - x),
        ["x · c"] = (x => x * 2.5, x => x * 2.5),
        ["c · x"] = (x => 2.5 * x, x => x * 2.5),
        ["x / c"] = (x => x / 2.5, x => x / 2.5),
        ["c / x"] = (x => 2.5 / x, x => 2.5 / x),
        ["ScaleShift"] = (x => x.ScaleShift(-3, 0.5), x => (-3 * x) + 0.5),
    };

    private static readonly Dictionary<string, (Func<Tensor, Tensor, Tensor> Function, Func<double, double, double> Value)> Binaries = new()
    {
        ["+"] = ((a, b) => a + b, (a, b) => a + b),
        ["−"] = ((a, b) => a - b, (a, b) => a - b),
        ["·"] = ((a, b) => a * b, (a, b) => a * b),
        ["/"] = ((a, b) => a / (b.Square() + 0.5), (a, b) => a / ((b * b) + 0.5)),
        ["Add"] = (Elementwise.Add, (a, b) => a + b),
        ["Subtract"] = (Elementwise.Subtract, (a, b) => a - b),
        ["Multiply"] = (Elementwise.Multiply, (a, b) => a * b),
        ["Divide"] = ((a, b) => Elementwise.Divide(a.Exp(), b.Exp()), (a, b) => Math.Exp(a - b)),
        ["Maximum"] = (Elementwise.Maximum, Math.Max),
        ["Minimum"] = (Elementwise.Minimum, Math.Min),
    };

    public static TheoryData<string> UnaryNames => [.. Unaries.Keys];

    public static TheoryData<string> BinaryNames => [.. Binaries.Keys];

    [Theory]
    [MemberData(nameof(UnaryNames))]
    public void FunctionsOfOneTensorHaveTheirValuesAndGradients(string name) => Given.ForAll(Given.Cases(), given =>
    {
        (Func<Tensor, Tensor> function, Func<double, double> value) = Unaries[name];
        Tensor x = Given.AwayFromZero(given.Shape, given.Seed);
        AssertValues(x.ToArray().Select(value), function(x));
        GradientCheck.Against(function, x);
    });

    [Theory]
    [MemberData(nameof(BinaryNames))]
    public void FunctionsOfTwoTensorsBroadcastBothWays(string name) => Given.ForAll(
        Given.Pairs(),
        given =>
        {
            (Func<Tensor, Tensor, Tensor> function, Func<double, double, double> value) = Binaries[name];
            Tensor a = Given.OnGrid(given.A, given.Seed, 0);
            Tensor b = Given.OnGrid(given.B, given.Seed + 1, 0.1);
            AssertBroadcast(value, a, b, function(a, b));
            AssertBroadcast((x, y) => value(y, x), b, a, function(a, b));
            GradientCheck.Against(function, a, b);
            GradientCheck.Against(function, b, a);
        },
        count: 40);

    [Fact]
    public void ScaleAddHasItsValueAndGradients() => Given.ForAll(Given.Cases(), given =>
    {
        Tensor x = Given.Uniform(given.Shape, given.Seed);
        Tensor z = Given.Uniform(given.Shape, given.Seed + 1);
        AssertValues(x.ToArray().Zip(z.ToArray(), (u, v) => (-1.75 * u) + v), Elementwise.ScaleAdd(-1.75, x, z));
        GradientCheck.Against((u, v) => Elementwise.ScaleAdd(-1.75, u, v), x, z);
    });

    [Fact]
    public void ChooseTakesConditionsOfEveryShapeThatBroadcasts() => Given.ForAll(
        from shape in Given.Shapes()
        from repeat in Gen.Choose(0, 1).ArrayOf(shape.Rank)
        from seed in Given.Seeds
        select (Shape: shape, Repeat: repeat, Seed: seed),
        given =>
        {
            Tensor a = Given.Uniform(given.Shape, given.Seed);
            Tensor b = Given.Uniform(given.Shape, given.Seed + 1);
            Shape mask = new([.. given.Shape.ToArray().Select((size, axis) => given.Repeat[axis] == 1 ? 1 : size)]);
            Tensor condition = Mask(mask, given.Seed + 2);
            AssertChosen(condition.BroadcastTo(given.Shape), a, b, Elementwise.Choose(condition, a, b));
            GradientCheck.Against((u, v) => Elementwise.Choose(condition.Cast(u.DType), u, v), a, b);
        },
        count: 40);

    [Fact]
    public void ChooseTakesOneConditionForEachLeadingIndex() => Given.ForAll(Given.Cases(1), given =>
    {
        Tensor a = Given.Uniform(given.Shape, given.Seed);
        Tensor b = Given.Uniform(given.Shape, given.Seed + 1);
        for (int rank = 1; rank <= given.Shape.Rank; rank++)
        {
            int[] sizes = given.Shape.ToArray();
            Tensor condition = Mask(new Shape(sizes.AsSpan(0, rank)), given.Seed + 2);
            Array.Fill(sizes, 1, rank, sizes.Length - rank);
            AssertChosen(condition.Reshape(sizes).BroadcastTo(given.Shape), a, b, Elementwise.Choose(condition, a, b));
            GradientCheck.Against((u, v) => Elementwise.Choose(condition.Cast(u.DType), u, v), a, b);
        }
    });

    [Fact]
    public void ChooseOnASquareTakesAVectorAsOneValueForEachRow()
    {
        Tensor a = Tensor.Ones(new Shape(2, 2), DType.Float64);
        Assert.Equal([1, 1, 0, 0], Elementwise.Choose(Tensor.FromArray([1.0, 0.0]), a, 0 * a).ToArray());
    }

    [Theory]
    [InlineData(new[] { 5 }, new[] { 4 })]
    [InlineData(new[] { 3 }, new[] { 4 })]
    [InlineData(new[] { 3 }, new[] { 2, 3, 4 })]
    [InlineData(new[] { 2, 3 }, new[] { 3 })]
    [InlineData(new[] { 1, 3 }, new[] { 3 })]
    [InlineData(new[] { 2, 4 }, new[] { 2, 3, 4 })]
    [InlineData(new[] { 0 }, new[] { 2 })]
    [InlineData(new[] { 2 }, new int[0])]
    public void ChooseRefusesConditionsThatDoNotBroadcast(int[] condition, int[] shape)
    {
        Tensor mask = Tensor.Ones(new Shape(condition), DType.Float64);
        Tensor a = Tensor.Ones(new Shape(shape), DType.Float64);
        string message = Assert.Throws<ArgumentException>(() => Elementwise.Choose(mask, a, a)).Message;
        Assert.Contains(mask.Shape.ToString(), message, StringComparison.Ordinal);
        Assert.Contains(a.Shape.ToString(), message, StringComparison.Ordinal);
    }

    [Fact]
    public void ChooseHidesTheInfinitiesItDoesNotTake()
    {
        Tensor x = Tensor.FromArray([-1.0, 4.0]);
        ValueAndGradient root = Differentiation.ValueAndGradient(
            x => Elementwise.Choose(Elementwise.Greater(x, Tensor.Scalar(0, x.DType)), Elementwise.Maximum(x, Tensor.Scalar(1e-3, x.DType)).Sqrt(), x), x);
        Assert.Equal([-1, 2], root.Value.ToArray());
        Assert.Equal([1, 0.25], root.Gradient.ToArray());
    }

    [Fact]
    public void WhereTwoAreEqualTheGradientOfTheGreaterGoesToTheFirst()
    {
        TensorTree x = TensorTree.Of(("a", Tensor.FromArray([1.0, 2.0])), ("b", Tensor.FromArray([1.0, 2.0])));
        foreach (Func<Tensor, Tensor, Tensor> function in new Func<Tensor, Tensor, Tensor>[] { Elementwise.Maximum, Elementwise.Minimum })
        {
            TensorTree gradient = Differentiation.ValueAndGradient(x => function(x["a"], x["b"]), x).Gradient;
            Assert.Equal([1, 1], gradient["a"].ToArray());
            Assert.Equal([0, 0], gradient["b"].ToArray());
        }
    }

    [Fact]
    public void AtTheirKinksAbsAndReluHaveGradientZero()
    {
        Assert.Equal([0], Differentiation.ValueAndGradient(x => x.Abs(), Tensor.FromArray([0.0])).Gradient.ToArray());
        Assert.Equal([0], Differentiation.ValueAndGradient(x => x.Relu(), Tensor.FromArray([0.0])).Gradient.ToArray());
    }

    [Fact]
    public void MasksHaveTheirValuesAndPassNoGradient()
    {
        Tensor x = Tensor.FromArray([-2, 0, 3, double.NaN, double.PositiveInfinity]);
        Assert.Equal([-1, 0, 1, double.NaN, 1], x.Sign().ToArray());
        Assert.Equal([1, 1, 1, 0, 0], x.IsFinite().ToArray());
        Assert.Equal([0, 0, 1, 0, 1], Elementwise.Greater(x, Tensor.Scalar(0, DType.Float64)).ToArray());
        Assert.False(x.AllFinite());
        Assert.True(x.IsFinite().AllFinite());
        Assert.True(Tensor.Zeros(new Shape(0), DType.Float32).AllFinite());
        Differentiation.ValueAndGradient(
            x =>
            {
                Assert.True(x.IsTracked);
                Assert.False(x.Sign().IsTracked || x.IsFinite().IsTracked || Elementwise.Greater(x, x).IsTracked || x.Untracked.IsTracked || x.Detach().IsTracked);
                return x;
            },
            x);
    }

    [Fact]
    public void LangevinProposalIsTheSumOfItsTerms() => Given.ForAll(Given.Cases(), given =>
    {
        Tensor x = Given.Uniform(given.Shape, given.Seed);
        Tensor gradient = Given.Uniform(given.Shape, given.Seed + 1);
        Tensor noise = Given.Uniform(given.Shape, given.Seed + 2);
        Tensor y = Elementwise.LangevinProposal(x, 0.3, gradient, -0.7, noise);
        AssertValues(Enumerable.Range(0, x.Count).Select(i => x.ElementAt(i) + (0.3 * gradient.ElementAt(i)) - (0.7 * noise.ElementAt(i))), y);
        Tensor single = Elementwise.LangevinProposal(x.Cast(DType.Float32), 0.3, gradient.Cast(DType.Float32), -0.7, noise.Cast(DType.Float32));
        Assert.All(single.ToArray().Zip(y.ToArray(), (u, v) => u - v), error => Assert.Equal(0, error, 1e-6));
        Assert.Throws<ArgumentException>(() => Elementwise.LangevinProposal(x, 1, gradient, 1, noise.Reshape([1, .. given.Shape.ToArray()])));
    });

    [Fact]
    public void CastRoundsAndCarriesTheGradientBackInTheTypeOfItsArgument()
    {
        Tensor x = Tensor.FromArray([0.1, -3, 1e300, double.NaN]);
        ValueAndGradient result = Differentiation.ValueAndGradient(x => x.Cast(DType.Float32) * Tensor.FromArray([2f, 0.1f, 1f, 1f]), x);
        Assert.Equal(DType.Float32, result.Value.DType);
        Assert.Equal([0.1f * 2f, -3 * 0.1f, float.PositiveInfinity, float.NaN], result.Value.ToSingleArray());
        Assert.Equal(DType.Float64, result.Gradient.DType);
        Assert.Equal([2, 0.1f, 1, 1], result.Gradient.ToArray());
        Assert.Same(x, x.Cast(DType.Float64));
        Assert.Equal(0.1f, x.ToSingleArray()[0]);
    }

    [Fact]
    public void ShapesThatDoNotBroadcastAreNamed()
    {
        Tensor a = Tensor.Ones(new Shape(2, 3), DType.Float64);
        Tensor b = Tensor.Ones(new Shape(4), DType.Float64);
        foreach (Func<Tensor, Tensor, Tensor> function in new Func<Tensor, Tensor, Tensor>[]
        {
            (a, b) => a + b, (a, b) => a * b, Elementwise.Maximum, Elementwise.Greater, (a, b) => Elementwise.ScaleAdd(1, a, b),
            (a, b) => Elementwise.Choose(a, a, b), (a, b) => b.BroadcastTo(a.Shape),
        })
        {
            string message = Assert.Throws<ArgumentException>(() => function(a, b)).Message;
            Assert.Contains("[2, 3]", message, StringComparison.Ordinal);
            Assert.Contains("[4]", message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void NumberTypesNeverMix()
    {
        Tensor a = Tensor.Ones(new Shape(2, 2), DType.Float64);
        Tensor b = Tensor.Ones(new Shape(2, 2), DType.Float32);
        Tensor images = Tensor.Ones(new Shape(1, 1, 2, 2), DType.Float64);
        foreach (Func<Tensor> operation in new Func<Tensor>[]
        {
            () => a + b, () => b * a, () => Elementwise.ScaleAdd(1, a, b), () => Elementwise.Choose(a, b, b), () => Elementwise.Choose(b, b, a),
            () => Elementwise.LangevinProposal(a, 1, a, 1, b), () => a.MatMul(b), () => Reductions.DotRows(a, b), () => a.TriangularSolve(b),
            () => a.QuadraticForm(b), () => Shaping.Join(0, a, b), () => images.Convolve(images.Cast(DType.Float32)), () => images.ConvolveTransposed(images.Cast(DType.Float32)),
            () => Probabilities.BernoulliLogProbability(a, b),
        })
        {
            string message = Assert.Throws<ArgumentException>(() => operation()).Message;
            Assert.Contains("Float32", message, StringComparison.Ordinal);
            Assert.Contains("Float64", message, StringComparison.Ordinal);
        }

        Assert.Throws<InvalidOperationException>(() => a.AsSpan<float>().Length);
        Assert.Throws<NotSupportedException>(() => a.AsSpan<int>().Length);
    }

    private static Tensor Mask(Shape shape, int seed) => Elementwise.Greater(Given.AwayFromZero(shape, seed), Tensor.Scalar(0, DType.Float64));

    private static void AssertValues(IEnumerable<double> expected, Tensor actual)
    {
        foreach ((double e, double a) in expected.Zip(actual.ToArray(), (e, a) => (e, a)))
        {
            Assert.True(Math.Abs(e - a) <= 1e-14 * Math.Max(1, Math.Abs(e)), $"{a:R} where {e:R} was expected.");
        }
    }

    private static void AssertBroadcast(Func<double, double, double> value, Tensor a, Tensor b, Tensor actual)
    {
        int rank = actual.Rank;
        Assert.Equal(Math.Max(a.Rank, b.Rank), rank);
        int[] index = new int[rank];
        for (int flat = 0; flat < actual.Count; flat++)
        {
            for (int axis = rank - 1, rest = flat; axis >= 0; axis--)
            {
                (rest, index[axis]) = Math.DivRem(rest, actual.Shape[axis]);
            }

            double expected = value(Element(a, index), Element(b, index));
            Assert.True(Math.Abs(expected - actual.ElementAt(flat)) <= 1e-14 * Math.Max(1, Math.Abs(expected)), $"{a.Shape} with {b.Shape} at {flat}.");
        }
    }

    private static double Element(Tensor x, int[] index)
    {
        int flat = 0;
        for (int axis = 0; axis < x.Rank; axis++)
        {
            flat = (flat * x.Shape[axis]) + (x.Shape[axis] == 1 ? 0 : index[axis + index.Length - x.Rank]);
        }

        return x.ElementAt(flat);
    }

    private static void AssertChosen(Tensor condition, Tensor a, Tensor b, Tensor actual)
    {
        Assert.Equal(a.Shape, actual.Shape);
        Assert.Equal(Enumerable.Range(0, a.Count).Select(i => condition.ElementAt(i) != 0 ? a.ElementAt(i) : b.ElementAt(i)), actual.ToArray());
    }
}
