using FsCheck;
using FsCheck.Fluent;
using Lae.Kernels;
using Lae.Numerics;
using Lae.Randomness;
using Lae.Targets;
using MathNet.Numerics.LinearAlgebra;
using static Lae.Tests.Kernels.GaussianProblem;

namespace Lae.Tests.Kernels;

/// <summary>
/// A generated problem of a Hamiltonian kernel on a target that is not Gaussian, and its dynamics in plain numbers, one chain at a time: an oracle that shares only the target's gradient with Lae. T is never 1.
/// </summary>
public sealed record HamiltonianCase(Target Target, double StepSize, int Steps, double Temperature, PreconditionerKind Kind, bool IsTwoStage, double Friction, int Seed)
{
    public const int Points = 5;
    private const double Lambda = 0.1931833275037836;

    private Matrix<double>? mass;

    public static Gen<HamiltonianCase> Cases { get; } =
        from target in Gen.Elements(SampleTargets.All)
        from logStep in Gen.Choose(-2000, -800)
        from steps in Gen.Choose(1, 5)
        from hot in Gen.Elements(-1, 1)
        from logTemperature in Gen.Choose(100, 600)
        from kind in Gen.Elements(PreconditionerKind.Identity, PreconditionerKind.Diagonal, PreconditionerKind.Dense)
        from twoStage in Gen.Elements(false, true)
        from logFriction in Gen.Choose(-1000, 1500)
        from seed in Gen.Choose(0, 1_000_000)
        select new HamiltonianCase(
            target, Math.Pow(10, logStep / 1000.0), steps, Math.Pow(10, hot * logTemperature / 1000.0), kind, twoStage, Math.Pow(10, logFriction / 1000.0), seed);

    public int Dimension => Target.Dimension;

    /// <summary>M.</summary>
    public Matrix<double> Mass => mass ??= Kind switch
    {
        PreconditionerKind.Identity => Matrix<double>.Build.DenseIdentity(Dimension),
        PreconditionerKind.Diagonal => Matrix<double>.Build.DiagonalOfDiagonalVector((0.5 * Normals(Seed + 1, 1, Dimension).Row(0)).PointwiseExp()),
        _ => Positive(Dimension, 0.5, 2.5, Seed + 2),
    };

    /// <summary>R, with M = R Rᵀ.</summary>
    public Matrix<double> Root => Mass.Cholesky().Factor;

    public MassMatrix MassMatrix => Kind switch
    {
        PreconditionerKind.Identity => MassMatrix.Identity,
        PreconditionerKind.Diagonal => MassMatrix.Diagonal(Tensor.FromArray(Mass.Diagonal().ToArray())),
        _ => MassMatrix.Dense(ToTensor(Mass)),
    };

    public HamiltonianSettings Settings => new(StepSize, Steps, Temperature, MassMatrix, IsTwoStage ? TwoStage.Integrator : Leapfrog.Integrator);

    public LangevinTrajectorySettings Trajectory => new(Settings, Friction);

    public Tensor Positions() => GaussianProblem.Noise(Seed + 4, Points, Dimension);

    public Tensor Xi(int which = 0, int columns = 1) => GaussianProblem.Noise(Seed + 5 + which, Points, columns * Dimension);

    /// <summary>The noise of a kernel with the given leaves, the others as drawn.</summary>
    public static Noise Noise<TState>(Kernel<TState> kernel, int chains, params (string Name, Tensor Value)[] leaves)
        where TState : class, IKernelState<TState>
    {
        Noise drawn = kernel.DrawNoise(new NoiseSource(RandomKey.FromSeed(1), 0, Chains.Range(chains), Workspace.Default));
        return drawn with { Leaves = leaves.Aggregate(drawn.Leaves, (tree, leaf) => tree.With(leaf.Name, leaf.Value)) };
    }

    public static Tensor Uniform(double value, int chains = Points) => Tensor.Full(value, new Shape(chains), DType.Float64);

    public (double LogDensity, Vector<double> Gradient) Evaluate(Vector<double> x)
    {
        LogDensityAndGradient at = Target.Evaluate(Tensor.FromArray(x.ToArray(), 1, Dimension));
        return (at.LogDensity.ToDouble(), Vector<double>.Build.Dense(at.Gradient.ToArray()));
    }

    /// <summary>√T R ξ.</summary>
    public Vector<double> Momentum(Vector<double> xi) => Math.Sqrt(Temperature) * (Root * xi);

    /// <summary>R⁻¹ p/√T: the noise that draws a momentum.</summary>
    public Vector<double> NoiseOf(Vector<double> momentum) => Root.LowerTriangle().Solve(momentum) / Math.Sqrt(Temperature);

    /// <summary>c p + √((1 − c²) T) R ξ.</summary>
    public Vector<double> Refreshed(double c, Vector<double> momentum, Vector<double> xi) => (c * momentum) + (Math.Sqrt(1 - (c * c)) * Momentum(xi));

    /// <summary>One step of the integrator, kicks and drifts written out.</summary>
    public (Vector<double> X, Vector<double> P) Step(Vector<double> x, Vector<double> p)
    {
        foreach ((double kick, double drift) in IsTwoStage ? new[] { (Lambda, 0.5), (1 - (2 * Lambda), 0.5), (Lambda, 0.0) } : [(0.5, 1.0), (0.5, 0.0)])
        {
            p += kick * StepSize * Evaluate(x).Gradient;
            x += drift * StepSize * Mass.Solve(p);
        }

        return (x, p);
    }

    public (Vector<double> X, Vector<double> P) Walk(Vector<double> x, Vector<double> p)
    {
        for (int i = 0; i < Steps; i++)
        {
            (x, p) = Step(x, p);
        }

        return (x, p);
    }

    public double Energy(Vector<double> x, Vector<double> p) => (0.5 * (p * Mass.Solve(p))) - Evaluate(x).LogDensity;

    public static void AssertClose(double expected, double actual, double scale, double tolerance = 1e-12) =>
        Assert.True(Math.Abs(expected - actual) <= tolerance * scale, $"{actual:R} for {expected:R}: off by {Math.Abs(expected - actual) / scale:G3} of the scale");

    public static void AssertClose(Tensor expected, Tensor actual, double tolerance = 1e-12)
    {
        double scale = 1 + expected.Abs().Flatten().Max(0).ToDouble();
        AssertClose(0, (expected - actual).Abs().Flatten().Max(0).ToDouble(), scale, tolerance);
    }

    public static void AssertClose(Vector<double> expected, Tensor actual, double tolerance = 1e-12) => AssertClose(Tensor.FromArray(expected.ToArray()), actual.Flatten(), tolerance);

    public override string ToString() =>
        $"{Target.Name}, h = {StepSize:R}, L = {Steps}, T = {Temperature:R}, {Kind}, {(IsTwoStage ? "two-stage" : "leapfrog")}, γ = {Friction:R}, seed {Seed}";
}
