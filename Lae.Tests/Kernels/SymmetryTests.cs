using FsCheck;
using FsCheck.Fluent;
using Lae.Kernels;
using Lae.Numerics;
using Lae.Targets;
using MathNet.Numerics.LinearAlgebra;
using static Lae.Tests.Kernels.GaussianProblem;

namespace Lae.Tests.Kernels;

/// <summary>
/// I-50 to I-54: a change of coordinates, of origin, of the energy's zero or of units changes a step as it changes the position, and an acceptance not at all. Targets are not
/// Gaussian, matching noise is put in by hand.
/// </summary>
public sealed class SymmetryTests
{
    private const int Points = 5;

    private static readonly Gen<Case> Cases =
        from target in Gen.Elements(SampleTargets.All)
        from logStep in Gen.Choose(-2500, -500)
        from hot in Gen.Elements(-1, 1)
        from logTemperature in Gen.Choose(100, 600)
        from seed in Gen.Choose(0, 1_000_000)
        select new Case(target, Math.Pow(10, logStep / 1000.0), Math.Pow(10, hot * logTemperature / 1000.0), seed);

    [Fact]
    public void I50_affine_maps_with_the_preconditioner_that_goes_along() => Generated.ForAll(Cases, c =>
    {
        Matrix<double> m = Rotation(c.Dimension, c.Seed + 5) * Positive(c.Dimension, 0.4, 2.5, c.Seed + 6);
        Matrix<double> p = Positive(c.Dimension, 0.5, 2, c.Seed + 7);
        Matrix<double> image = m * p * m.Transpose();
        image = 0.5 * (image + image.Transpose());
        // the noise for which both kernels make the same displacement: S' ξ' = M S ξ
        Matrix<double> noise = image.Cholesky().Factor.Solve(m * p.Cholesky().Factor);
        AssertEquivariant(c, m, Mapped(c.Target, m), Settings(c, Preconditioner.Dense(ToTensor(p))), Settings(c, Preconditioner.Dense(ToTensor(image))), noise, 1e-11);
    });

    [Fact]
    public void I51_rotation() => Generated.ForAll(Cases, c =>
    {
        Matrix<double> rotation = Rotation(c.Dimension, c.Seed + 5);
        AssertEquivariant(c, rotation, Mapped(c.Target, rotation), Settings(c), Settings(c), rotation, 1e-12);
    });

    [Fact]
    public void I52_permutation_of_coordinates() => Generated.ForAll(Cases, c =>
    {
        Matrix<double> permutation = Matrix<double>.Build.Dense(c.Dimension, c.Dimension, (i, j) => j == (i + 1) % c.Dimension ? 1 : 0);
        AssertEquivariant(c, permutation, Mapped(c.Target, permutation), Settings(c), Settings(c), permutation, 1e-13);
    });

    [Fact]
    public void I52_translation() => Generated.ForAll(Cases, c =>
    {
        Tensor shift = Tensor.FromArray(Normals(c.Seed + 8, 1, c.Dimension).Row(0).ToArray());
        Target moved = Target.FromGradient(c.Dimension, x => c.Target.Evaluate(x - shift), name: "translated");
        (Transition<LangevinState> here, Transition<LangevinState> there) = Both(
            MetropolisLangevin.Create(c.Target, Settings(c)), MetropolisLangevin.Create(moved, Settings(c)), c.Position(), c.Position() + shift, c.Noise(), c.Noise(), c.Uniform());
        AssertSame(here.State.Position + shift, there.State.Position, 1e-11);
        AssertSame(here.Info.EnergyError!, there.Info.EnergyError!, 1e-11);
    });

    [Fact]
    public void I53_a_constant_in_the_energy_changes_nothing() => Generated.ForAll(Cases, c =>
    {
        Target raised = Target.FromGradient(c.Dimension, x => c.Target.Evaluate(x) is var at ? at with { LogDensity = at.LogDensity + 3.25 } : at, name: "raised");
        (Transition<LangevinState> here, Transition<LangevinState> there) = Both(
            MetropolisLangevin.Create(c.Target, Settings(c)), MetropolisLangevin.Create(raised, Settings(c)), c.Position(), c.Position(), c.Noise(), c.Noise(), c.Uniform());
        Assert.Equal(here.State.Position.ToArray(), there.State.Position.ToArray());
        AssertSame(here.Info.EnergyError!, there.Info.EnergyError!, 1e-12 * (1 + (1 / c.Temperature)));
    });

    [Fact]
    public void I54_only_U_over_T_and_h_times_T_count() => Generated.ForAll(Cases, c =>
    {
        Target tempered = Target.FromGradient(
            c.Dimension, x => c.Target.Evaluate(x) is var at ? new LogDensityAndGradient(at.LogDensity / c.Temperature, at.Gradient / c.Temperature) : at, name: "tempered");
        LangevinSettings plain = new(c.StepSize * c.Temperature);
        (Transition<LangevinState> here, Transition<LangevinState> there) = Both(
            MetropolisLangevin.Create(c.Target, Settings(c)), MetropolisLangevin.Create(tempered, plain), c.Position(), c.Position(), c.Noise(), c.Noise(), c.Uniform());
        AssertSame(here.State.Position, there.State.Position, 1e-12);
        AssertSame(here.Info.EnergyError!, there.Info.EnergyError!, 1e-12);
        UnadjustedLangevinTests.AssertSameSteps(UnadjustedLangevin.Create(c.Target, Settings(c)), UnadjustedLangevin.Create(tempered, plain), c.Position(), c.Seed);
    });

    [Fact]
    public void A_preconditioner_applied_in_place_of_its_root_breaks_the_affine_symmetry()
    {
        // the planted bug: noise shaped by P for P^(1/2), which only the identity forgives
        Case c = new(SampleTargets.Quartic(3), 0.1, 2, 5);
        Matrix<double> m = Rotation(3, 1) * Positive(3, 0.4, 2.5, 2);
        Matrix<double> image = m * m.Transpose();
        Matrix<double> noise = image.Cholesky().Factor.Solve(m);
        LangevinSettings settings = new(0.1, 2, Preconditioner.Dense(ToTensor(0.5 * (image + image.Transpose()))));
        Kernel<LangevinState> wrong = Mutants.LangevinMutants.Unadjusted(Mapped(c.Target, m), settings, Mutants.LangevinMutants.UnadjustedBug.RootForgotten);
        Tensor here = UnadjustedLangevinTests.StepWith(UnadjustedLangevin.Create(c.Target, Settings(c)), c.Position(), c.Noise());
        Tensor there = UnadjustedLangevinTests.StepWith(wrong, c.Position().MatMul(ToTensor(m), transposeB: true), c.Noise().MatMul(ToTensor(noise), transposeB: true));
        Assert.True((here.MatMul(ToTensor(m), transposeB: true) - there).Abs().Flatten().Max(0).ToDouble() > 0.01);
    }

    private static LangevinSettings Settings(Case c, Preconditioner? preconditioner = null) => new(c.StepSize, c.Temperature, preconditioner);

    /// <summary>U'(y) = U(M⁻¹ y), with gradient M⁻ᵀ ∇U(M⁻¹ y).</summary>
    private static Target Mapped(Target target, Matrix<double> m)
    {
        Tensor inverse = ToTensor(m.Inverse());
        return Target.FromGradient(
            target.Dimension,
            y => target.Evaluate(y.MatMul(inverse, transposeB: true)) is var at ? at with { Gradient = at.Gradient.MatMul(inverse) } : at,
            name: $"{target.Name}, mapped");
    }

    private static void AssertEquivariant(Case c, Matrix<double> m, Target mapped, LangevinSettings here, LangevinSettings there, Matrix<double> noise, double tolerance)
    {
        Tensor map = ToTensor(m);
        Tensor position = c.Position().MatMul(map, transposeB: true);
        Tensor xi = c.Noise().MatMul(ToTensor(noise), transposeB: true);
        (Transition<LangevinState> a, Transition<LangevinState> b) = Both(
            MetropolisLangevin.Create(c.Target, here), MetropolisLangevin.Create(mapped, there), c.Position(), position, c.Noise(), xi, c.Uniform());
        AssertSame(a.State.Position.MatMul(map, transposeB: true), b.State.Position, tolerance);
        AssertSame(a.Info.EnergyError!, b.Info.EnergyError!, tolerance);
        AssertSame(
            UnadjustedLangevinTests.StepWith(UnadjustedLangevin.Create(c.Target, here), c.Position(), c.Noise()).MatMul(map, transposeB: true),
            UnadjustedLangevinTests.StepWith(UnadjustedLangevin.Create(mapped, there), position, xi),
            tolerance);
    }

    private static (Transition<LangevinState> A, Transition<LangevinState> B) Both(
        Kernel<LangevinState> a, Kernel<LangevinState> b, Tensor atA, Tensor atB, Tensor xiA, Tensor xiB, Tensor uniform) =>
        (a.Advance(new Noise(TensorTree.Of(("xi", xiA), ("uniform", uniform))), a.Initialize(atA)),
            b.Advance(new Noise(TensorTree.Of(("xi", xiB), ("uniform", uniform))), b.Initialize(atB)));

    private static void AssertSame(Tensor a, Tensor b, double tolerance)
    {
        double scale = 1 + a.Abs().Flatten().Max(0).ToDouble();
        double gap = (a - b).Abs().Flatten().Max(0).ToDouble();
        Assert.True(gap <= tolerance * scale, $"off by {gap:G3} at scale {scale:G3}");
    }

    private sealed record Case(Target Target, double StepSize, double Temperature, int Seed)
    {
        public int Dimension => Target.Dimension;

        public Tensor Position() => GaussianProblem.Noise(Seed, Points, Dimension);

        public Tensor Noise() => GaussianProblem.Noise(Seed + 1, Points, Dimension);

        /// <summary>Half of the chains accept whatever comes, the others by an ordinary number.</summary>
        public Tensor Uniform() => Tensor.FromArray([.. Enumerable.Range(0, Points).Select(i => i % 2 == 0 ? 0 : 0.4321)]);

        public override string ToString() => $"{Target.Name}, h = {StepSize:R}, T = {Temperature:R}, seed {Seed}";
    }
}
