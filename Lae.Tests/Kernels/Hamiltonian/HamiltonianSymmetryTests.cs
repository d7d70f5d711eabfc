using Lae.Kernels;
using Lae.Numerics;
using Lae.Randomness;
using Lae.Targets;
using Lae.Tests.Laws;
using MathNet.Numerics.LinearAlgebra;
using static Lae.Tests.Kernels.GaussianProblem;

namespace Lae.Tests.Kernels;

/// <summary>
/// I-50 to I-54 of the Hamiltonian kernels: a change of coordinates (with the mass that goes along), of origin, of the energy's zero or of units changes two transitions as it changes the position, and an
/// energy error not at all. Targets are not Gaussian; matching noise is put in by hand.
/// </summary>
public sealed class HamiltonianSymmetryTests
{
    [Fact]
    [Proves("I-50", "HMC", "HMC two-stage", "GHMC", "MALT", "NUTS")]
    public void I50_affine_maps_with_the_mass_that_goes_along() => Generated.ForAll(HamiltonianCase.Cases, c =>
    {
        // y = A x, q = A⁻ᵀ p, so M' = A⁻ᵀ M A⁻¹, and R' ξ' = A⁻ᵀ R ξ
        Matrix<double> a = Rotation(c.Dimension, c.Seed + 5) * Positive(c.Dimension, 0.4, 2.5, c.Seed + 6);
        Matrix<double> inverse = a.Inverse();
        Matrix<double> mass = inverse.Transpose() * c.Mass * inverse;
        mass = 0.5 * (mass + mass.Transpose());
        Matrix<double> noise = mass.Cholesky().Factor.Solve(inverse.Transpose() * c.Root);
        AssertEquivariant(c, new Setting(c.Target, c.StepSize, c.Temperature, c.MassMatrix, c.Friction), new Setting(Mapped(c.Target, a), c.StepSize, c.Temperature, MassMatrix.Dense(ToTensor(mass)), c.Friction), a, noise, 1e-10);
    });

    [Fact]
    [Proves("I-51", "HMC", "HMC two-stage", "GHMC", "MALT", "NUTS")]
    public void I51_rotation() => Generated.ForAll(HamiltonianCase.Cases, c => AssertMapped(c, Rotation(c.Dimension, c.Seed + 5)));

    [Fact]
    [Proves("I-52", "HMC", "HMC two-stage", "GHMC", "MALT", "NUTS")]
    public void I52_permutation_of_coordinates() => Generated.ForAll(
        HamiltonianCase.Cases, c => AssertMapped(c, Matrix<double>.Build.Dense(c.Dimension, c.Dimension, (i, j) => j == (i + 1) % c.Dimension ? 1 : 0)));

    [Fact]
    [Proves("I-52", "HMC", "HMC two-stage", "GHMC", "MALT", "NUTS")]
    public void I52_translation() => Generated.ForAll(HamiltonianCase.Cases, c =>
    {
        Tensor shift = Tensor.FromArray(Normals(c.Seed + 8, 1, c.Dimension).Row(0).ToArray());
        Setting here = Setting.Of(c);
        AssertEquivariant(c, here, here with { Target = Target.FromGradient(c.Dimension, x => c.Target.Evaluate(x - shift), name: "translated") }, One(c), One(c), 1e-10, shift);
    });

    [Fact]
    [Proves("I-53", "HMC", "HMC two-stage", "GHMC", "MALT", "NUTS")]
    public void I53_a_constant_in_the_energy_changes_nothing() => Generated.ForAll(HamiltonianCase.Cases, c =>
    {
        Setting here = Setting.Of(c);
        Target raised = Target.FromGradient(c.Dimension, x => c.Target.Evaluate(x) is var at ? at with { LogDensity = at.LogDensity + 3.25 } : at, name: "raised");
        AssertEquivariant(c, here, here with { Target = raised }, One(c), One(c), 1e-11 * (1 + (1 / c.Temperature)));
    });

    [Fact]
    [Proves("I-54", "HMC", "HMC two-stage", "GHMC", "MALT", "NUTS")]
    [Proves("I-33", "HMC", "HMC two-stage", "GHMC", "MALT", "NUTS")]
    public void I54_only_U_over_T_and_h_times_the_root_of_T_count() => Generated.ForAll(HamiltonianCase.Cases, c =>
    {
        // p = √T q: time runs √T times as fast, and so does friction
        Target tempered = Target.FromGradient(
            c.Dimension, x => c.Target.Evaluate(x) is var at ? new LogDensityAndGradient(at.LogDensity / c.Temperature, at.Gradient / c.Temperature) : at, name: "tempered");
        double root = Math.Sqrt(c.Temperature);
        AssertEquivariant(c, Setting.Of(c), new Setting(tempered, c.StepSize * root, 1, c.MassMatrix, c.Friction / root), One(c), One(c), 1e-10);
    });

    [Fact]
    public void A_mass_left_out_of_the_turning_criterion_or_of_the_energy_breaks_the_affine_symmetry()
    {
        HamiltonianCase c = new(SampleTargets.Quartic(3), 0.15, 3, 2, PreconditionerKind.Identity, false, 1, 5);
        Matrix<double> a = Rotation(3, 1) * Positive(3, 0.4, 2.5, 2);
        Matrix<double> inverse = a.Inverse();
        Matrix<double> mass = inverse.Transpose() * inverse;
        mass = 0.5 * (mass + mass.Transpose());
        Matrix<double> noise = mass.Cholesky().Factor.Solve(inverse.Transpose());
        Setting here = Setting.Of(c);
        Setting there = new(Mapped(c.Target, a), c.StepSize, c.Temperature, MassMatrix.Dense(ToTensor(mass)), c.Friction);
        Assert.True(Gap(c, s => Mutants.HamiltonianMutants.Hamiltonian(s.Target, Settings(c, s), Mutants.HamiltonianMutants.HamiltonianBug.None), here, there, a, noise, null) < 1e-10);
        Assert.True(Gap(c, s => Mutants.HamiltonianMutants.Hamiltonian(s.Target, Settings(c, s), Mutants.HamiltonianMutants.HamiltonianBug.KineticEnergyIgnoresMass), here, there, a, noise, null) > 0.01);
        Assert.Contains(Enumerable.Range(0, 20), seed => Gap(
            c with { Seed = seed },
            s => Mutants.NoUTurnMutants.Create(s.Target, new NoUTurnSettings(s.StepSize, 6, s.Temperature, s.Mass), Mutants.NoUTurnMutants.NoUTurnBug.MassIgnored), here, there, a, noise, null) > 0.01);
    }

    private static Matrix<double> One(HamiltonianCase c) => Matrix<double>.Build.DenseIdentity(c.Dimension);

    /// <summary>U'(y) = U(A⁻¹ y), with gradient A⁻ᵀ ∇U(A⁻¹ y).</summary>
    private static Target Mapped(Target target, Matrix<double> a)
    {
        Tensor inverse = ToTensor(a.Inverse());
        return Target.FromGradient(
            target.Dimension,
            y => target.Evaluate(y.MatMul(inverse, transposeB: true)) is var at ? at with { Gradient = at.Gradient.MatMul(inverse) } : at,
            name: $"{target.Name}, mapped");
    }

    /// <summary>An orthogonal map, which mass 1 does not see.</summary>
    private static void AssertMapped(HamiltonianCase c, Matrix<double> map)
    {
        Setting here = Setting.Of(c) with { Mass = MassMatrix.Identity };
        AssertEquivariant(c, here, here with { Target = Mapped(c.Target, map) }, map, map, 1e-10);
    }

    private static HamiltonianSettings Settings(HamiltonianCase c, Setting s) => new(s.StepSize, c.Steps, s.Temperature, s.Mass, c.Settings.Integrator);

    private static void AssertEquivariant(HamiltonianCase c, Setting here, Setting there, Matrix<double> map, Matrix<double> noise, double tolerance, Tensor? shift = null)
    {
        Check(s => HamiltonianMonteCarlo.Create(s.Target, Settings(c, s)));
        Check(s => GeneralizedHamiltonian.Create(s.Target, new LangevinTrajectorySettings(Settings(c, s), s.Friction)));
        Check(s => MetropolisLangevinTrajectories.Create(s.Target, new LangevinTrajectorySettings(Settings(c, s), s.Friction)));
        Check(s => NoUTurn.Create(s.Target, new NoUTurnSettings(s.StepSize, 5, s.Temperature, s.Mass)));

        void Check<TState>(Func<Setting, Kernel<TState>> create)
            where TState : class, IKernelState<TState>
        {
            double gap = Gap(c, create, here, there, map, noise, shift);
            Assert.True(gap <= tolerance, $"{create(here).Name} is off by {gap:G3}");
        }
    }

    /// <summary>How far two transitions there are from the map of two transitions here; the second starts with whatever momentum the first left.</summary>
    private static double Gap<TState>(
        HamiltonianCase c, Func<Setting, Kernel<TState>> create, Setting here, Setting there, Matrix<double> map, Matrix<double> noise, Tensor? shift)
        where TState : class, IKernelState<TState>
    {
        (Kernel<TState> a, Kernel<TState> b) = (create(here), create(there));
        TState atA = a.Initialize(c.Positions());
        TState atB = b.Initialize(Image(c.Positions()));
        double worst = 0;
        for (int step = 0; step < 2; step++)
        {
            Noise drawn = a.DrawNoise(new NoiseSource(RandomKey.FromSeed((ulong)c.Seed), step, Chains.Range(HamiltonianCase.Points), Workspace.Default));
            Noise mapped = drawn with { Leaves = drawn.Leaves.Aggregate(drawn.Leaves, (tree, leaf) => leaf.Key.StartsWith("xi", StringComparison.Ordinal) ? tree.With(leaf.Key, Blockwise(leaf.Value)) : tree) };
            Transition<TState> nextA = a.Advance(drawn, atA);
            Transition<TState> nextB = b.Advance(mapped, atB);
            worst = Math.Max(worst, Distance(Image(nextA.State.Position), nextB.State.Position));
            worst = Math.Max(worst, Distance(nextA.Info.EnergyError!, nextB.Info.EnergyError!));
            worst = Math.Max(worst, Distance(nextA.Info.AcceptanceProbability!, nextB.Info.AcceptanceProbability!));
            (atA, atB) = (nextA.State, nextB.State);
        }

        return worst;

        Tensor Image(Tensor x) => x.MatMul(ToTensor(map), transposeB: true) is var y && shift is not null ? y + shift : y;

        Tensor Blockwise(Tensor xi) => xi.Reshape(xi.Count / c.Dimension, c.Dimension).MatMul(ToTensor(noise), transposeB: true).Reshape(xi.Shape);

        static double Distance(Tensor x, Tensor y) => (x - y).Abs().Flatten().Max(0).ToDouble() / (1 + x.Abs().Flatten().Max(0).ToDouble());
    }

    private sealed record Setting(Target Target, double StepSize, double Temperature, MassMatrix Mass, double Friction)
    {
        public static Setting Of(HamiltonianCase c) => new(c.Target, c.StepSize, c.Temperature, c.MassMatrix, c.Friction);
    }
}
