using FsCheck;
using FsCheck.Fluent;
using Lae.Models;
using Lae.Numerics;
using Lae.Randomness;
using Lae.Tests.Kernels;
using MathNet.Numerics.LinearAlgebra;

namespace Lae.Tests.Models;

/// <summary>Flows against the change of variables: determinants of numeric Jacobians, mass by quadrature, invertibility for any raw parameters.</summary>
public sealed class FlowTests
{
    /// <summary>Half the side of the square of quadrature.</summary>
    private const double Reach = 24;

    public static TheoryData<string> Names => [.. FlowCase.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public void The_log_determinant_is_that_of_the_numeric_jacobian(string name) => Generated.ForAll(Cases([1, 2, 5]), given =>
    {
        FlowCase flow = FlowCase.Of(name, given.LatentSize, (ulong)given.Seed);
        Assert.Equal(0, DeterminantError(flow, given.Seed, flow.Apply), 1e-6);
    });

    [Fact]
    public void A_determinant_that_forgets_the_slope_of_the_activation_is_found_out()
    {
        // log(1 + wᵀû) instead of log(1 + (1 − t²) wᵀû)
        FlowCase flow = FlowCase.Of("planar", 3, 5);
        PlanarFlow planar = (PlanarFlow)flow.Flow;
        double error = DeterminantError(flow, 5, z => flow.Apply(z) with { LogDeterminant = (planar.Product(flow.Condition.Reshape(1, 7)) + 1).Log() });
        Assert.True(Math.Abs(error) > 1e-3, $"{error}");
    }

    /// <summary>
    /// ∫ p(f(z)) |det ∂f/∂z| dz = ∫ p = 1 for a density p, here N(0, I), where and only where f is a bijection with that determinant: then q, which f makes of the base, integrates to 1 too.
    /// </summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void The_mass_is_one_in_one_and_two_dimensions(string name)
    {
        for (ulong seed = 1; seed <= 3; seed++)
        {
            Assert.Equal(1, Mass(FlowCase.Of(name, 1, seed, 0.7), 0.01), 1e-6);
            Assert.Equal(1, Mass(FlowCase.Of(name, 2, seed, 0.7), 0.06), 1e-6);
        }
    }

    [Theory]
    [InlineData("inverse autoregressive", false)]
    [InlineData("neural autoregressive", true)]
    public void Autoregressive_layers_have_triangular_jacobians(string name, bool reversed) => Generated.ForAll(Cases([2, 5]), given =>
    {
        FlowCase flow = FlowCase.Of(name, given.LatentSize, (ulong)given.Seed);
        double[,] jacobian = flow.Jacobian(Point(given));
        for (int i = 0; i < given.LatentSize; i++)
        {
            for (int j = 0; j < given.LatentSize; j++)
            {
                bool sees = reversed ? j > i : j < i;
                Assert.True(i == j ? jacobian[i, j] > 0 : sees ? jacobian[i, j] != 0 : jacobian[i, j] == 0, $"∂f_{i}/∂z_{j} = {jacobian[i, j]}");
            }
        }
    });

    [Fact]
    public void Every_dimension_hears_the_context()
    {
        FlowCase flow = FlowCase.Of("inverse autoregressive", 4, 3);
        Tensor z = Tensor.FromArray([0.1, -0.4, 0.7, 1.2], 1, 4);
        double[] other = (flow with { Condition = flow.Condition + 1 }).Apply(z).Latents.ToArray();
        Assert.All(flow.Apply(z).Latents.ToArray().Zip(other), pair => Assert.NotEqual(pair.First, pair.Second));
    }

    [Fact]
    public void Planar_layers_are_invertible_for_any_raw_parameters() => Generated.ForAll(Raw(), given =>
    {
        PlanarFlow flow = new(given.LatentSize);
        Tensor condition = FlowCase.Normals(RandomKey.FromSeed((ulong)given.Seed), flow.ConditionSize, given.Scale).Reshape(1, flow.ConditionSize);
        // wᵀû is a sum whose terms cancel: it is known to a rounding of them
        double size = condition.Square().Sum().ToDouble();
        Assert.True(flow.Product(condition).ToDouble() >= -1 - (1e-13 * size), $"{flow.Product(condition).ToDouble()}");
        FlowResult result = flow.Apply(TensorTree.Empty, condition, Tensor.FromArray(Point(given), 1, given.LatentSize));
        Assert.True(result.Latents.AllFinite() && result.LogDeterminant.AllFinite());
    });

    [Fact]
    public void A_planar_layer_without_a_direction_is_finite_and_the_identity()
    {
        PlanarFlow flow = new(2);
        FlowResult result = flow.Apply(TensorTree.Empty, Tensor.FromArray([0.5, -1.0, 0, 0, 0], 1, 5), Tensor.FromArray([1.0, 2], 1, 2));
        Assert.Equal([1.0, 2], result.Latents.ToArray());
        Assert.Equal(0, result.LogDeterminant.ToDouble(), 1e-15);
    }

    [Fact]
    public void Sylvester_layers_are_invertible_and_their_rotations_orthogonal_for_any_raw_parameters() => Generated.ForAll(Raw(), given =>
    {
        SylvesterFlow flow = new(given.LatentSize, 3);
        Tensor condition = FlowCase.Normals(RandomKey.FromSeed((ulong)given.Seed), flow.ConditionSize, given.Scale).Reshape(1, flow.ConditionSize);
        Assert.All(flow.Products(condition).ToArray(), product => Assert.True(product > -1));
        int d = given.LatentSize;
        Tensor q = flow.Rotate(condition.BroadcastTo(new Shape(d, flow.ConditionSize)), Tensor.Identity(d, DType.Float64));
        Assert.All((q.MatMul(q, transposeB: true) - Tensor.Identity(d, DType.Float64)).ToArray(), error => Assert.Equal(0, error, 1e-12));
    });

    [Fact]
    public void Layers_start_near_the_identity()
    {
        foreach (IPosteriorFamily family in (IPosteriorFamily[])[PlanarFlow.Family(), SylvesterFlow.Family(), NeuralAutoregressiveFlow.Family()])
        {
            IPosteriorHead head = family.Create(6, 4);
            TensorTree parameters = head.Initialize(RandomKey.FromSeed(3), DType.Float64);
            Tensor location = head.Posterior(parameters, Tensor.Zeros(new Shape(1, 6), DType.Float64)).Location;
            Assert.All(location.ToArray(), value => Assert.InRange(value, -1.5, 1.5));
        }
    }

    private static Gen<FlowGiven> Cases(int[] sizes) =>
        from size in Gen.Elements(sizes)
        from seed in Gen.Choose(1, 1_000_000)
        select new FlowGiven(size, seed, 1);

    private static Gen<FlowGiven> Raw() =>
        from size in Gen.Choose(1, 6)
        from seed in Gen.Choose(1, 1_000_000)
        from logScale in Gen.Choose(-30, 20)
        select new FlowGiven(size, seed, Math.Pow(10, logScale / 10.0));

    private static double[] Point(FlowGiven given) => FlowCase.Normals(RandomKey.FromSeed((ulong)given.Seed).FoldIn(9), given.LatentSize).ToArray();

    private static double DeterminantError(FlowCase flow, int seed, Func<Tensor, FlowResult> apply)
    {
        double[] point = Point(new FlowGiven(flow.LatentSize, seed, 1));
        double numeric = Math.Log(Math.Abs(Matrix<double>.Build.DenseOfArray(flow.Jacobian(point)).Determinant()));
        return apply(Tensor.FromArray(point, 1, flow.LatentSize)).LogDeterminant.ToDouble() - numeric;
    }

    /// <summary>The trapezoidal rule over [−Reach, Reach]^d, in slices.</summary>
    private static double Mass(FlowCase flow, double step)
    {
        double[] grid = [.. Enumerable.Range(0, (int)Math.Round(2 * Reach / step) + 1).Select(i => (i * step) - Reach)];
        double[][] slices = flow.LatentSize == 1 ? [grid] : [.. grid.Chunk(40).Select(part => part.SelectMany(x => grid.SelectMany(y => (double[])[x, y])).ToArray())];
        StandardNormalPrior density = new();
        double total = 0;
        foreach (double[] slice in slices)
        {
            FlowResult result = flow.Apply(Tensor.FromArray(slice, slice.Length / flow.LatentSize, flow.LatentSize));
            total += (density.LogDensity(result.Latents) + result.LogDeterminant).Exp().Sum().ToDouble();
        }

        return total * Math.Pow(step, flow.LatentSize);
    }

    private sealed record FlowGiven(int LatentSize, int Seed, double Scale);
}
