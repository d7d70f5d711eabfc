using FsCheck;
using FsCheck.Fluent;
using Lae.Kernels;
using Lae.Numerics;
using Lae.Targets;
using MathNet.Numerics.LinearAlgebra;
using static Lae.Tests.Kernels.GaussianProblem;

namespace Lae.Tests.Kernels.Microcanonical;

/// <summary>A generated target, not Gaussian but for one, with the constants of a microcanonical step, and points of its phase space. T is never 1.</summary>
public sealed record MicrocanonicalProblem(int Index, double StepSize, double Temperature, bool Preconditioned, IsokineticIntegrator Integrator, int Seed)
{
    public const int Points = 5;

    private static readonly Target[] Targets =
    [
        .. SampleTargets.All, SampleTargets.Quartic(2), SampleTargets.Quartic(8),
        GaussianTarget.Dense(Tensor.FromArray([1.0, -2, 0.5, 0]), ToTensor(Positive(4, 0.3, 6, 9))),
    ];

    public static Gen<MicrocanonicalProblem> Problems { get; } =
        from index in Gen.Choose(0, Targets.Length - 1)
        from step in Gen.Choose(-2000, -100)
        from hot in Gen.Elements(-1, 1)
        from temperature in Gen.Choose(100, 600)
        from preconditioned in Gen.Elements(false, true)
        from integrator in Gen.Elements(IsokineticIntegrator.Leapfrog, IsokineticIntegrator.MinimalNorm)
        from seed in Gen.Choose(0, 1_000_000)
        select new MicrocanonicalProblem(index, Math.Pow(10, step / 1000.0), Math.Pow(10, hot * temperature / 1000.0), preconditioned, integrator, seed);

    public Target Target => Targets[Index];

    public int Dimension => Target.Dimension;

    /// <summary>P.</summary>
    public Matrix<double> Matrix => Preconditioned ? Positive(Dimension, 0.5, 2, Seed + 7) : Matrix<double>.Build.DenseIdentity(Dimension);

    public Preconditioner Preconditioner => Preconditioned ? Preconditioner.Dense(ToTensor(Matrix)) : Preconditioner.Identity;

    public Tensor Position => Noise(Seed, Points, Dimension);

    public Tensor Direction => Units(Seed + 1);

    public Tensor Xi => Noise(Seed + 2, Points, Dimension);

    public Tensor Units(int seed)
    {
        Tensor x = Noise(seed, Points, Dimension);
        return x / x.Square().Sum(1, keepAxis: true).Sqrt();
    }

    /// <summary>Settings; without a length the direction is never refreshed, so that the step is deterministic.</summary>
    public MicrocanonicalSettings Settings(double decoherenceLength = double.PositiveInfinity) => new(StepSize, decoherenceLength, Temperature, Preconditioner, Integrator);

    public AdjustedMicrocanonicalSettings Adjusted(int steps, bool randomLength) => new(StepSize, steps, randomLength, Temperature, Preconditioner, Integrator);

    public override string ToString() => $"{Target.Name}[{Dimension}], ε = {StepSize:R}, T = {Temperature:R}, {(Preconditioned ? "P" : "I")}, {Integrator}, seed {Seed}";

    public static Transition<MicrocanonicalState> Step(Kernel<MicrocanonicalState> kernel, Tensor position, Tensor direction, Tensor xi) =>
        kernel.Advance(new Noise(TensorTree.Of(("xi", xi))), kernel.Refresh(kernel.Initialize(position) with { Direction = direction }));

    public static Transition<LangevinState> Adjusted(Kernel<LangevinState> kernel, Tensor position, Tensor xi, double[] uniform, double[]? length = null)
    {
        TensorTree leaves = TensorTree.Of(("xi", xi), ("uniform", Tensor.FromArray(uniform)));
        return kernel.Advance(new Noise(length is null ? leaves : TensorTree.Of(("xi", xi), ("uniform", Tensor.FromArray(uniform)), ("length", Tensor.FromArray(length)))), kernel.Initialize(position));
    }

    /// <summary>U'(y) = U(M⁻¹ y).</summary>
    public static Target Mapped(Target target, Matrix<double> m)
    {
        Tensor inverse = ToTensor(m.Inverse());
        return Target.FromGradient(
            target.Dimension,
            y => target.Evaluate(y.MatMul(inverse, transposeB: true)) is var at ? at with { Gradient = at.Gradient.MatMul(inverse) } : at,
            name: $"{target.Name}, mapped");
    }

    public static void AssertSame(Tensor expected, Tensor actual, double tolerance)
    {
        double scale = 1 + Largest(expected);
        double gap = Largest(expected - actual);
        Assert.True(gap <= tolerance * scale, $"off by {gap:G3} at scale {scale:G3}");
    }

    public static double Largest(Tensor x) => x.ToArray().Aggregate(0.0, (largest, value) => double.MaxMagnitude(largest, Math.Abs(value)));
}
