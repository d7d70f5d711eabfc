using FsCheck;
using FsCheck.Fluent;
using Lae.Numerics;
using Lae.Numerics.Engines;
using Lae.Tests.Numerics.Engines;

namespace Lae.Tests.Numerics;

/// <summary>xᵢᵀ A xᵢ beside what it is made of: the rows' inner products with x A.</summary>
public sealed class QuadraticFormsTests
{
    private delegate Tensor Form(Tensor x, Tensor a);

    /// <summary>Engines, the reference among them, and number types.</summary>
    public static TheoryData<string, DType> Places
    {
        get
        {
            TheoryData<string, DType> places = [];
            foreach (string engine in Engines.Keys)
            {
                places.Add(engine, DType.Float32);
                places.Add(engine, DType.Float64);
            }

            return places;
        }
    }

    private static readonly Dictionary<string, IEngine> Engines = new(StringComparer.Ordinal)
    {
        ["reference"] = EngineSamples.Reference,
        ["managed"] = EngineSamples.Managed[0],
        ["managed, two threads"] = EngineSamples.Managed[^2],
    };

    private static readonly Form Composed = (x, a) => Reductions.DotRows(x.MatMul(a), x);

    private static Gen<Case> Cases =>
        from rows in Given.Extents
        from size in Gen.Frequency((4, Given.Extents), (1, Gen.Choose(4, 40)))
        from isSymmetric in Gen.Elements(true, false)
        from seed in Given.Seeds
        select new Case(rows, size, isSymmetric, seed);

    [Theory]
    [MemberData(nameof(Places))]
    public void It_has_the_bits_of_a_product_and_sums_of_rows(string engine, DType dtype) => Given.ForAll(Cases, given =>
    {
        Workspace workspace = Workspace.Unpooled(Engines[engine]);
        Tensor x = given.X.Cast(dtype).CopyTo(workspace);
        Tensor a = given.A.Cast(dtype).CopyTo(workspace);
        Tensor y = x.QuadraticForm(a);
        Assert.Equal(new Shape(given.Rows), y.Shape);
        Assert.Equal(dtype, y.DType);
        Assert.Equal(Composed(x, a).ToArray(), y.ToArray());
        Assert.Equal(y.ToArray(), Lae.Functional.Tensor.quadraticForm(a, x).ToArray());
    });

    [Theory]
    [MemberData(nameof(Places))]
    public void It_has_their_gradients(string engine, DType dtype) => Given.ForAll(Cases, given =>
    {
        Workspace workspace = Workspace.Unpooled(Engines[engine]);
        Tensor[] at = [.. new[] { given.X, given.A, given.Weights }.Select(tensor => tensor.Cast(dtype).CopyTo(workspace))];
        Assert.True(AgreesWithComposed(QuadraticForms.QuadraticForm, at[0], at[1], at[2], dtype == DType.Float32 ? 1e-4 : 1e-12));
    });

    [Fact]
    public void Its_gradients_are_those_of_differences() => Given.ForAll(
        Cases.Where(given => given.Size < 4), given => GradientCheck.Against(QuadraticForms.QuadraticForm, given.X, given.A));

    [Fact]
    public void A_matrix_may_meet_itself()
    {
        GradientCheck.Against(x => x.QuadraticForm(x), Given.Uniform(new Shape(3, 3), 1));
        GradientCheck.Against(x => x.QuadraticForm(x), Symmetric(Given.Uniform(new Shape(3, 3), 1)));
    }

    [Fact]
    public void A_gradient_that_takes_every_matrix_for_symmetric_is_rejected() => Assert.False(AgreesWithComposed(
        (x, a) => 2 * Reductions.DotRows(x.Untracked.MatMul(a.Untracked), x), Given.Uniform(new Shape(3, 4), 1), Given.Uniform(new Shape(4, 4), 2), Given.AwayFromZero(new Shape(3), 3), 1e-3));

    [Fact]
    public void The_gradient_of_a_symmetric_matrix_is_twice_the_product_in_the_value() => Given.ForAll(Cases, given =>
    {
        Tensor gradient = Differentiation.ValueAndGradient(x => (x.QuadraticForm(given.A) * given.Weights).Sum(), given.X).Gradient;
        Tensor twice = (2 * given.Weights).Reshape(given.Rows, 1) * given.X.MatMul(given.A);
        Assert.Equal(given.IsSymmetric || given.Rows == 0 || given.Size < 2, gradient.ToArray().SequenceEqual(twice.ToArray()));
    });

    [Theory]
    [InlineData(true, 1, 1)]
    [InlineData(false, 2, 2)]
    public void A_symmetric_matrix_costs_one_product_and_one_pass(bool isSymmetric, int products, int passes)
    {
        CountingEngine engine = new();
        Workspace workspace = Workspace.Pooled(engine);
        Case given = new(3, 4, isSymmetric, 1);
        Tensor a = given.A.CopyTo(workspace);
        Differentiation.ValueAndGradient(x => x.QuadraticForm(a), given.X.CopyTo(workspace));
        Assert.Equal(products, engine["MatrixProduct"]);
        Assert.Equal(passes, engine["Multiply"]);
        Assert.Equal(0, engine["Add"]);
    }

    [Fact]
    public void Shapes_and_types_that_do_not_fit_are_refused()
    {
        Tensor x = Tensor.Ones(new Shape(2, 3), DType.Float64);
        Tensor a = Tensor.Identity(3, DType.Float64);
        string message = Assert.Throws<ArgumentException>(() => x.QuadraticForm(Tensor.Identity(2, DType.Float64))).Message;
        Assert.Contains("[2, 3]", message, StringComparison.Ordinal);
        Assert.Contains("[2, 2]", message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => x.QuadraticForm(Tensor.Ones(new Shape(3, 2), DType.Float64)));
        Assert.Throws<ArgumentException>(() => x.QuadraticForm(a.Flatten()));
        Assert.Throws<ArgumentException>(() => x.Flatten().QuadraticForm(a));
        Assert.Throws<ArgumentException>(() => x.Reshape(1, 2, 3).QuadraticForm(a));
        Assert.Throws<ArgumentException>(() => x.QuadraticForm(a.Cast(DType.Float32)));
    }

    /// <summary>Gradients in x, in A and in both, under weights that differ between rows.</summary>
    private static bool AgreesWithComposed(Form form, Tensor x, Tensor a, Tensor weights, double tolerance)
    {
        Tensor InX(Form f) => Differentiation.ValueAndGradient(at => (f(at, a) * weights).Sum(), x).Gradient;
        Tensor InA(Form f) => Differentiation.ValueAndGradient(at => (f(x, at) * weights).Sum(), a).Gradient;
        IReadOnlyList<Tensor> InBoth(Form f) => Differentiation.ValueAndGradient(at => (f(at["x"], at["a"]) * weights).Sum(), TensorTree.Of(("x", x), ("a", a))).Gradient.Leaves;
        return Near(InX(Composed), InX(form)) && Near(InA(Composed), InA(form)) && InBoth(Composed).Zip(InBoth(form)).All(pair => Near(pair.First, pair.Second));

        bool Near(Tensor expected, Tensor found) => expected.Shape == found.Shape && expected.DType == found.DType
            && expected.ToArray().Zip(found.ToArray()).All(pair => Math.Abs(pair.First - pair.Second) <= tolerance * (1 + Math.Abs(pair.First)));
    }

    private static Tensor Symmetric(Tensor a) => a + a.Transpose();

    /// <summary>x [rows, size], A [size, size] and weights [rows].</summary>
    private sealed record Case(int Rows, int Size, bool IsSymmetric, int Seed)
    {
        public Tensor X => Given.Uniform(new Shape(Rows, Size), Seed);

        public Tensor A => Given.Uniform(new Shape(Size, Size), Seed + 1) is var a && IsSymmetric ? Symmetric(a) : a;

        public Tensor Weights => Given.AwayFromZero(new Shape(Rows), Seed + 2);
    }
}
