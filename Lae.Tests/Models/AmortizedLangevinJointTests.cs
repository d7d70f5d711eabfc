using Lae.Kernels;
using Lae.Laws;
using Lae.Models;
using Lae.Numerics;
using Lae.Randomness;
using Lae.Targets;
using Lae.Tests.Kernels;
using MathNet.Numerics.LinearAlgebra;
using Xunit.Abstractions;

namespace Lae.Tests.Models;

/// <summary>
/// Geweke's joint test of amortized Langevin dynamics: z ~ N(0, I), x | z ~ N(W z, σ² I), with features G that are fixed and independent of x, as many as datapoints so that Φ and Z are one-to-one. Each
/// replication has a batch of its own. With the accept test every form keeps the joint law; without it none does at the same step.
/// </summary>
public sealed class AmortizedLangevinJointTests(ITestOutputHelper output)
{
    private const int Points = 3;
    private const int Latents = 2;
    private const int Columns = 3;
    private const double Variance = 0.4;
    private static readonly RandomKey Key = RandomKey.FromSeed(20_261_122);
    private static readonly Tensor Loadings = Tensor.FromArray([0.9, -0.4, 0.3, 0.8, -0.6, 0.5], Columns, Latents);
    private static readonly Tensor Features = Tensor.FromArray([1.0, 0.3, -0.2, 0.2, 0.9, 0.4, -0.3, 0.1, 1.1], Points, Points);
    private static readonly Tensor LastLayer = Tensor.FromArray([0.4, -0.2, 0.3, 0.1, 0.5, -0.6], Latents, Points);

    public static TheoryData<string, double> Forms { get; } = new()
    {
        { "plain", 0.138 }, { "regularised", 0.402 }, { "lambda 0", 0.3 }, { "datapoints", 0.3 },
    };

    [Theory]
    [MemberData(nameof(Forms))]
    public void The_joint_law_is_kept_with_the_accept_test(string form, double stepSize)
    {
        GewekeReport report = Run(form, stepSize, MetropolisLangevin.Create);
        output.WriteLine($"{report.Law}\nacceptance {report.MeanAcceptance:F3}");
        report.Law.Require();
        Assert.InRange(report.MeanAcceptance, 0.55, 0.59);
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void Without_the_accept_test_it_is_not(string form, double stepSize)
    {
        LawResult law = Run(form, stepSize, UnadjustedLangevin.Create).Law;
        output.WriteLine(law.ToString());
        Assert.False(law.Holds);
    }

    [Fact]
    public void A_kernel_that_forgets_the_data_is_seen_by_the_products()
    {
        // it samples the prior, so that parameters alone have their law whatever the data
        LawResult law = GewekeTest.Check(
            Joint("datapoints"), _ => MetropolisLangevin.Create(GaussianTarget.Standard(Latents), new LangevinSettings(0.3)), Key);
        output.WriteLine(law.ToString());
        Assert.False(law.Holds);
        Assert.Contains("product", law.Explanation, StringComparison.Ordinal);
    }

    [Fact]
    public void A_likelihood_that_is_not_the_simulators_is_seen()
    {
        LawResult law = GewekeTest.Check(
            Joint("datapoints"),
            y => MetropolisLangevin.Create(Coordinates("datapoints", Density(y, 1, y.Shape[0], 1.3 * Variance)).Target, new LangevinSettings(0.3)),
            Key);
        output.WriteLine(law.ToString());
        Assert.False(law.Holds);
    }

    private static GewekeReport Run(string form, double stepSize, Func<Target, LangevinSettings, Kernel<LangevinState>> create) => GewekeTest.Run(
        Joint(form),
        y => create(Coordinates(form, IsWholeBatch(form) ? Density(y, Points, Points, Variance) : Density(y, 1, y.Shape[0], Variance)).Target, new LangevinSettings(stepSize)),
        Key,
        replications: 10_000);

    private static bool IsWholeBatch(string form) => form is "plain" or "regularised";

    /// <summary>The posteriors of data y [replications, datapoints · columns], every row of them that of its own datapoint.</summary>
    private static LatentDensity Density(Tensor y, int each, int points, double variance)
    {
        Tensor x = y.Reshape(y.Shape[0] * each, Columns);
        return new LatentDensity(points, Latents, DType.Float64, z =>
        {
            Tensor residual = x - z.MatMul(Loadings, transposeB: true);
            Tensor log = (z.Square().Sum(1) + residual.Square().Sum(1) * (1 / variance)) * -0.5;
            return new LogDensityAndGradient(log, residual.MatMul(Loadings) * (1 / variance) - z);
        });
    }

    private static LatentCoordinates Coordinates(string form, LatentDensity density)
    {
        ILatentKernel kernel = form switch
        {
            "plain" => new PlainAmortizedLangevin(),
            "regularised" => new PreconditionedAmortizedLangevin(0.5),
            "lambda 0" => new PreconditionedAmortizedLangevin(0),
            _ => new DatapointLangevin(),
        };
        Tensor features = IsWholeBatch(form) ? Features : GaussianProblem.Noise(6, density.Points, Points);
        return kernel.Coordinates(density, features, LastLayer);
    }

    /// <summary>Positions such that Z ~ N(0, I): the chart from positions to Z is affine, and is inverted.</summary>
    private static JointLaw Joint(string form)
    {
        if (!IsWholeBatch(form))
        {
            return new JointLaw((key, rows) => ExactTarget.Normals(key, rows, Latents, DType.Float64), (key, z) => Simulate(key, z));
        }

        const int Size = Points * Latents;
        LatentCoordinates one = Coordinates(form, Density(Tensor.Zeros(new Shape(1, Points * Columns), DType.Float64), Points, Points, Variance));
        Tensor origin = one.ToLatents(Tensor.Zeros(new Shape(1, Size), DType.Float64)).Reshape(1, Size);
        Tensor chart = one.ToLatents(Tensor.Identity(Size, DType.Float64)).Reshape(Size, Size) - origin;
        Tensor inverse = GaussianProblem.ToTensor(GaussianProblem.ToMatrix(chart).Inverse());
        return new JointLaw(
            (key, rows) => (ExactTarget.Normals(key, rows, Size, DType.Float64) - origin).MatMul(inverse),
            (key, position) => Simulate(key, one.ToLatents(position)).Reshape(position.Shape[0], Points * Columns));
    }

    private static Tensor Simulate(RandomKey key, Tensor z) =>
        z.MatMul(Loadings, transposeB: true) + ExactTarget.Normals(key, z.Shape[0], Columns, DType.Float64) * Math.Sqrt(Variance);
}
