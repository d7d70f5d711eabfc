using Lae.Kernels;
using Lae.Laws;
using Lae.Numerics;
using Lae.Numerics.Engines;
using Lae.Numerics.Engines.Managed;
using Lae.Randomness;
using Lae.Running;
using Lae.Targets;
using Lae.Tests.Laws;
using MathNet.Numerics;
using MathNet.Numerics.LinearAlgebra;
using static Lae.Tests.Kernels.GaussianProblem;
using static Lae.Tests.Kernels.Microcanonical.MicrocanonicalProblem;
using static Lae.Tests.Kernels.Mutants.MicrocanonicalMutants;

namespace Lae.Tests.Kernels.Microcanonical;

/// <summary>
/// MCLMC: its motion keeps the sphere, is reversible, turns the volume of phase space by e^(−ΔK), and has the symmetries; the refresh keeps the uniform law. So the density
/// π^{1/T} × uniform is kept up to the energy error, which is of the second order.
/// </summary>
public sealed class MicrocanonicalLangevinTests
{
    private static readonly RandomKey Key = RandomKey.FromSeed(20_261_122);

    [Fact]
    public void One_step_is_the_printed_formula() => Generated.ForAll(Problems, p =>
    {
        MicrocanonicalSettings settings = p.Settings(2.5);
        Assert.InRange(Difference(p, MicrocanonicalLangevin.Create(p.Target, settings), Unadjusted(p.Target, settings, UnadjustedBug.None)), 0, 1e-11);
    });

    [Theory]
    [InlineData(UnadjustedBug.DimensionInDelta)]
    [InlineData(UnadjustedBug.KineticWithoutLog)]
    [InlineData(UnadjustedBug.RefreshNotNormalised)]
    [InlineData(UnadjustedBug.RefreshTwice)]
    [InlineData(UnadjustedBug.StaleGradient)]
    public void The_formula_sees_each_bug(UnadjustedBug bug)
    {
        MicrocanonicalProblem p = new(0, 0.3, 1.7, true, IsokineticIntegrator.Leapfrog, 5);
        Assert.True(Difference(p, MicrocanonicalLangevin.Create(p.Target, p.Settings(2.5)), Unadjusted(p.Target, p.Settings(2.5), bug)) > 1e-3);
    }

    [Fact]
    public void The_direction_stays_on_the_sphere() => Generated.ForAll(Problems, p =>
    {
        Kernel<MicrocanonicalState> kernel = MicrocanonicalLangevin.Create(p.Target, p.Settings(1.5));
        MicrocanonicalState state = Step(kernel, p.Position, p.Direction, p.Xi).State;
        for (int step = 0; step < 5; step++)
        {
            Assert.InRange(OffTheSphere(state), 0, 1e-12);
            state = kernel.Advance(new Noise(TensorTree.Of(("xi", Noise(p.Seed + 3 + step, Points, p.Dimension)))), state).State;
        }

        Assert.True(OffTheSphere(Step(Unadjusted(p.Target, p.Settings(1.5), UnadjustedBug.RefreshNotNormalised), p.Position, p.Direction, p.Xi).State) > 1e-6);
    });

    [Theory]
    [InlineData(0.0)]
    [InlineData(1e-200)]
    [InlineData(1e-20)]
    [InlineData(1e3)]
    [InlineData(1e8)]
    [InlineData(1e100)]
    public void A_kick_of_any_strength_stays_on_the_sphere_with_a_finite_energy(double strength)
    {
        Tensor u = Tensor.FromArray([1, 0, 0, -0.6, 0.8, 0, -1, 1e-9, 0, 0, 0, 1], 4, 3);
        Tensor g = Tensor.FromArray([1, 0, 0, 1, 0, 0, 1, 0, 0, 0.6, 0, -0.8], 4, 3) * strength;
        (Tensor direction, Tensor kinetic) = IsokineticMotion.Kick(u / u.Square().Sum(1, keepAxis: true).Sqrt(), g, 0.5);
        Assert.InRange(Largest(direction.Square().Sum(1) - 1), 0, 1e-12);
        Assert.All(kinetic.ToArray(), value => Assert.True(double.IsFinite(value)));
        if (strength < 1e-15)
        {
            Assert.Equal(0, Largest(kinetic), 1e-14);
        }
    }

    [Fact]
    public void Near_the_opposite_of_the_force_no_digit_of_the_energy_is_lost()
    {
        // u at an angle η to −e: 1 + c = η²/2 to leading order, far below the rounding of c itself
        const double Eta = 1e-10;
        Tensor u = Tensor.FromArray([-1, Eta], 1, 2);
        (_, Tensor kinetic) = IsokineticMotion.Kick(u, Tensor.FromArray([30.0, 0], 1, 2), 1);
        double expected = 30 - Math.Log(2) + Math.Log((Eta * Eta / 2) + (2 * Math.Exp(-60)));
        Assert.Equal(expected, kinetic.ToDouble(), 1e-9);
    }

    [Fact]
    [Proves("I-22", "MCLMC", "adjusted MCLMC")]
    public void I22_the_motion_is_reversible_under_a_turn_of_the_direction() => Generated.ForAll(Problems, p =>
    {
        Kernel<MicrocanonicalState> kernel = MicrocanonicalLangevin.Create(p.Target, p.Settings());
        Transition<MicrocanonicalState> there = Step(kernel, p.Position, p.Direction, p.Xi);
        Transition<MicrocanonicalState> back = Step(kernel, there.State.Position, -there.State.Direction, p.Xi);
        AssertSame(p.Position, back.State.Position, 1e-10);
        AssertSame(p.Direction, -back.State.Direction, 1e-10);
        AssertSame(Energy(there), -Energy(back), 1e-10);
    });

    [Fact]
    [Proves("I-22", "MCLMC", "adjusted MCLMC")]
    [Proves("I-16", "adjusted MCLMC")]
    public void I22_the_kinetic_change_is_minus_the_log_Jacobian_of_the_motion_on_phase_space() => Generated.ForAll(
        Problems,
        p =>
        {
            Assert.InRange(PhaseVolume.Gap(p, MicrocanonicalLangevin.Create(p.Target, p.Settings())), 0, 1e-6);
            if (p.StepSize > 0.1)
            {
                // a δ of the wrong dimension is not seen here: its map has the Jacobian of its own δ; the order of the energy error sees it
                Assert.True(PhaseVolume.Gap(p, Unadjusted(p.Target, p.Settings(), UnadjustedBug.KineticWithoutLog)) > 1e-4);
            }
        },
        60);

    [Theory]
    [InlineData(IsokineticIntegrator.Leapfrog, 0.01)]
    [InlineData(IsokineticIntegrator.MinimalNorm, 0.005)]
    public void The_energy_error_of_a_step_is_of_the_third_order(IsokineticIntegrator integrator, double stepSize)
    {
        foreach (Target target in SampleTargets.All)
        {
            Assert.InRange(Ratio(s => MicrocanonicalLangevin.Create(target, s)), 7.3, 8.7);
            Assert.False(Ratio(s => Unadjusted(target, s, UnadjustedBug.StaleGradient)) > 7.3);
            Assert.False(Ratio(s => Unadjusted(target, s, UnadjustedBug.DimensionInDelta)) > 7.3);

            double Ratio(Func<MicrocanonicalSettings, Kernel<MicrocanonicalState>> create)
            {
                Tensor x = Noise(31, 50, target.Dimension);
                Tensor u = Noise(32, 50, target.Dimension);
                u /= u.Square().Sum(1, keepAxis: true).Sqrt();
                return Math.Sqrt(Size(stepSize) / Size(stepSize / 2));
                double Size(double step) => Energy(Step(create(new MicrocanonicalSettings(step, 1, 1.7, null, integrator)), x, u, x)).Square().Sum().ToDouble();
            }
        }
    }

    [Fact]
    [Proves("I-50", "MCLMC")]
    public void I50_affine_maps_with_the_preconditioner_that_goes_along() => Generated.ForAll(Problems, p =>
    {
        Matrix<double> m = Rotation(p.Dimension, p.Seed + 5) * Positive(p.Dimension, 0.4, 2.5, p.Seed + 6);
        Matrix<double> image = m * p.Matrix * m.Transpose();
        image = 0.5 * (image + image.Transpose());
        // S' Q = M S with Q a rotation: the same displacement for the direction Q u
        Matrix<double> turn = image.Cholesky().Factor.Solve(m * p.Matrix.Cholesky().Factor);
        AssertEquivariant(p, m, turn, Preconditioner.Dense(ToTensor(image)), 1e-9);
    });

    [Fact]
    [Proves("I-51", "MCLMC")]
    public void I51_rotation() => Generated.ForAll(Problems, p =>
    {
        MicrocanonicalProblem plain = p with { Preconditioned = false };
        Matrix<double> rotation = Rotation(p.Dimension, p.Seed + 5);
        AssertEquivariant(plain, rotation, rotation, Preconditioner.Identity, 1e-11);
    });

    [Fact]
    [Proves("I-52", "MCLMC")]
    public void I52_permutation_and_translation() => Generated.ForAll(Problems, p =>
    {
        MicrocanonicalProblem plain = p with { Preconditioned = false };
        Matrix<double> permutation = Matrix<double>.Build.Dense(p.Dimension, p.Dimension, (i, j) => j == (i + 1) % p.Dimension ? 1 : 0);
        AssertEquivariant(plain, permutation, permutation, Preconditioner.Identity, 1e-11);
        Tensor shift = Noise(p.Seed + 8, 1, p.Dimension).Reshape(p.Dimension);
        Target moved = Target.FromGradient(p.Dimension, x => p.Target.Evaluate(x - shift), name: "translated");
        AssertAlike(p, MicrocanonicalLangevin.Create(p.Target, p.Settings(2)), MicrocanonicalLangevin.Create(moved, p.Settings(2)), 1e-10, shift);
    });

    [Fact]
    [Proves("I-53", "MCLMC")]
    public void I53_a_constant_in_the_energy_changes_nothing() => Generated.ForAll(Problems, p =>
    {
        Target raised = Target.FromGradient(p.Dimension, x => p.Target.Evaluate(x) is var at ? at with { LogDensity = at.LogDensity + 3.25 } : at, name: "raised");
        AssertAlike(p, MicrocanonicalLangevin.Create(p.Target, p.Settings(2)), MicrocanonicalLangevin.Create(raised, p.Settings(2)), 1e-12);
    });

    [Fact]
    [Proves("I-54", "MCLMC")]
    [Proves("I-4", "MCLMC")]
    public void I54_only_U_over_T_counts() => Generated.ForAll(Problems, p =>
    {
        MicrocanonicalSettings plain = new(p.StepSize, 2, 1, p.Preconditioner, p.Integrator);
        AssertAlike(p, MicrocanonicalLangevin.Create(p.Target, p.Settings(2)), MicrocanonicalLangevin.Create(Tempered(p.Target, p.Temperature), plain), 1e-11);
    });

    [Fact]
    public void The_refresh_commutes_with_rotations_and_so_keeps_the_uniform_law() => Generated.ForAll(Problems, p =>
    {
        Tensor rotation = ToTensor(Rotation(p.Dimension, p.Seed + 5));
        Tensor here = IsokineticMotion.Refresh(p.Direction, p.StepSize, p.Xi).MatMul(rotation, transposeB: true);
        AssertSame(here, IsokineticMotion.Refresh(p.Direction.MatMul(rotation, transposeB: true), p.StepSize, p.Xi.MatMul(rotation, transposeB: true)), 1e-13);
    });

    [Fact]
    [Proves("I-26", "MCLMC")]
    public void I26_on_a_flat_target_the_chain_goes_straight_and_only_the_refresh_turns_it() => Generated.ForAll(Problems, p =>
    {
        const double Length = 1.3;
        Target flat = Target.FromGradient(p.Dimension, x => new LogDensityAndGradient(x.Sum(1) * 0, x * 0), name: "flat");
        Transition<MicrocanonicalState> next = Step(MicrocanonicalLangevin.Create(flat, p.Settings(Length)), p.Position, p.Direction, p.Xi);
        AssertSame(p.Position + (p.StepSize * p.Preconditioner.ApplyRoot(p.Direction)), next.State.Position, 1e-14);
        Assert.InRange(Largest(Energy(next)), 0, 1e-14);
        double nu = Math.Sqrt((Math.Exp(2 * p.StepSize / Length) - 1) / p.Dimension);
        Tensor turned = p.Direction + (nu * p.Xi);
        AssertSame(turned / turned.Square().Sum(1, keepAxis: true).Sqrt(), next.State.Direction, 1e-14);
    });

    [Fact]
    public void A_run_starts_with_directions_of_the_uniform_law()
    {
        RunState<MicrocanonicalState> start = RunState.Start(MicrocanonicalLangevin.Create(GaussianTarget.Standard(3), new(0.1, 1)), Tensor.Zeros(new Shape(20_000, 3), DType.Float64), Key);
        Assert.InRange(OffTheSphere(start.State), 0, 1e-12);
        // a coordinate of a uniform direction in three dimensions is uniform on (−1, 1)
        Assert.InRange(Gap(start.State.Direction.Slice(1, 1, 1).ToArray(), z => (z + 1) / 2), 0, Band);
    }

    [Fact]
    public void From_the_exact_law_a_small_step_keeps_it_and_the_wrong_power_of_the_density_does_not()
    {
        // d = 2, where d for d − 1 doubles the temperature
        Tensor precision = Tensor.FromArray([1.0, 4]);
        const double Temperature = 1.8;
        Target target = GaussianTarget.Diagonal(Tensor.FromArray([1.0, -1]), precision);
        MicrocanonicalSettings settings = new(0.1, 1.5, Temperature, Preconditioner.Diagonal(Tensor.FromArray([1, 0.5])));
        Assert.InRange(Worst(MicrocanonicalLangevin.Create(target, settings)), 0, Band);
        Assert.True(Worst(Unadjusted(target, settings, UnadjustedBug.DimensionInDelta)) > Band);

        double Worst(Kernel<MicrocanonicalState> kernel)
        {
            Tensor start = Tensor.FromArray([1.0, -1]) + (Noise(77, 20_000, 2) * (Temperature / precision).Sqrt());
            Tensor end = ChainRunner.Run(kernel, RunState.Start(kernel, start, Key), new RunOptions(60, 60)).Final.State.Position;
            Tensor standard = (end - Tensor.FromArray([1.0, -1])) / (Temperature / precision).Sqrt();
            double coordinates = Enumerable.Range(0, 2).Max(i => Gap(standard.Slice(1, i, 1).ToArray(), z => 0.5 * SpecialFunctions.Erfc(-z / Math.Sqrt(2))));
            return Math.Max(coordinates, Gap(standard.Square().Sum(1).ToArray(), q => 1 - Math.Exp(-q / 2)));
        }
    }

    [Theory]
    [InlineData(IsokineticIntegrator.Leapfrog, 1)]
    [InlineData(IsokineticIntegrator.MinimalNorm, 2)]
    [Proves("R-1", "MCLMC")]
    [Proves("R-2", "MCLMC")]
    [Proves("R-3", "MCLMC")]
    [Proves("R-4", "MCLMC")]
    [Proves("R-5", "MCLMC")]
    [Proves("R-6", "MCLMC")]
    [Proves("R-7", "MCLMC")]
    [Proves("R-8", "MCLMC")]
    [Proves("R-9", "MCLMC")]
    [Proves("R-10", "MCLMC")]
    [Proves("R-11", "MCLMC")]
    public void Every_runner_law_holds(IsokineticIntegrator integrator, int gradients)
    {
        Preconditioner diagonal = Preconditioner.Diagonal(Tensor.FromArray([0.7, 1.3, 2]));
        Tensor position = Noise(3, 5, 3);
        Hold(target => MicrocanonicalLangevin.Create(target, new(0.2, 2, 1.6, diagonal, integrator)), SampleTargets.Quartic(3), position);
        Hold(target => MicrocanonicalLangevin.Create(target, new(0.05, 2, 1.6, null, integrator)), SampleTargets.Funnel(3), position);
        Hold(
            target => MicrocanonicalLangevin.Create(target, new(0.2, 2, 1.6, null, integrator)),
            GaussianTarget.Diagonal(Tensor.FromArray([0.5f, 1, -1]), Tensor.FromArray([1f, 2, 5])), position.Cast(DType.Float32));

        void Hold(Func<Target, Kernel<MicrocanonicalState>> create, Target target, Tensor at) =>
            Assert.All(RunnerLaws.All(create, target, at, Key, gradients, Engines), law => law.Require());
    }

    [Fact]
    public void What_makes_no_sense_is_refused()
    {
        Target target = GaussianTarget.Standard(3);
        Assert.Throws<ArgumentOutOfRangeException>(() => MicrocanonicalLangevin.Create(GaussianTarget.Standard(1), new(0.1, 1)));
        Assert.Throws<ArgumentOutOfRangeException>(() => new MicrocanonicalSettings(0, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new MicrocanonicalSettings(0.1, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new MicrocanonicalSettings(0.1, double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>(() => new MicrocanonicalSettings(0.1, 1, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => MicrocanonicalLangevin.Create(target, new(0.1, 1, integrator: (IsokineticIntegrator)7)));
        Assert.Throws<ArgumentException>(() => MicrocanonicalLangevin.Create(target, new(0.1, 1, 1, Preconditioner.Diagonal(Tensor.FromArray([1.0, 2])))));
    }

    internal static IReadOnlyList<IEngine> Engines { get; } = [.. new[] { 1, 2, 8 }.Select(threads => new ManagedEngine(threads, ManagedEngine.WidestRegister, isEager: true))];

    /// <summary>Half the width of the Dvoretzky, Kiefer and Wolfowitz band of 20,000 draws, for ten comparisons that fail by chance together once in a million.</summary>
    private static double Band { get; } = Math.Sqrt(Math.Log(2 * 10 / 1e-6) / (2 * 20_000));

    internal static Target Tempered(Target target, double temperature) => Target.FromGradient(
        target.Dimension, x => target.Evaluate(x) is var at ? new LogDensityAndGradient(at.LogDensity / temperature, at.Gradient / temperature) : at, name: "tempered");

    private static Tensor Energy(Transition<MicrocanonicalState> transition) => transition.Info.Extras!["energyChange"];

    private static double OffTheSphere(MicrocanonicalState state) => Largest(state.Direction.Square().Sum(1).Sqrt() - 1);

    private static double Difference(MicrocanonicalProblem p, Kernel<MicrocanonicalState> a, Kernel<MicrocanonicalState> b)
    {
        Transition<MicrocanonicalState> here = Step(a, p.Position, p.Direction, p.Xi);
        Transition<MicrocanonicalState> there = Step(b, p.Position, p.Direction, p.Xi);
        return new[]
        {
            Largest(here.State.Position - there.State.Position) / (1 + Largest(here.State.Position)), Largest(here.State.Direction - there.State.Direction),
            Largest(Energy(here) - Energy(there)) / (1 + Largest(Energy(here)) + Largest(here.State.LogDensity)),
        }.Aggregate(0.0, double.MaxMagnitude);
    }

    private static void AssertEquivariant(MicrocanonicalProblem p, Matrix<double> map, Matrix<double> turn, Preconditioner image, double tolerance)
    {
        MicrocanonicalSettings there = new(p.StepSize, 2, p.Temperature, image, p.Integrator);
        Transition<MicrocanonicalState> a = Step(MicrocanonicalLangevin.Create(p.Target, p.Settings(2)), p.Position, p.Direction, p.Xi);
        Transition<MicrocanonicalState> b = Step(
            MicrocanonicalLangevin.Create(Mapped(p.Target, map), there), By(p.Position, map), By(p.Direction, turn), By(p.Xi, turn));
        AssertSame(By(a.State.Position, map), b.State.Position, tolerance);
        AssertSame(By(a.State.Direction, turn), b.State.Direction, tolerance);
        AssertSame(Energy(a), Energy(b), tolerance * (1 + Largest(a.State.LogDensity)));

        static Tensor By(Tensor x, Matrix<double> m) => x.MatMul(ToTensor(m), transposeB: true);
    }

    private static void AssertAlike(MicrocanonicalProblem p, Kernel<MicrocanonicalState> a, Kernel<MicrocanonicalState> b, double tolerance, Tensor? shift = null)
    {
        Tensor origin = shift ?? Tensor.Zeros(new Shape(p.Dimension), DType.Float64);
        Transition<MicrocanonicalState> here = Step(a, p.Position, p.Direction, p.Xi);
        Transition<MicrocanonicalState> there = Step(b, p.Position + origin, p.Direction, p.Xi);
        AssertSame(here.State.Position + origin, there.State.Position, tolerance);
        AssertSame(here.State.Direction, there.State.Direction, tolerance);
        AssertSame(Energy(here), Energy(there), tolerance * (1 + Largest(here.State.LogDensity)));
    }

    private static double Gap(IEnumerable<double> draws, Func<double, double> distribution)
    {
        double[] sorted = [.. draws.Order()];
        return sorted.Select((z, i) => Math.Max(Math.Abs(distribution(z) - ((double)i / sorted.Length)), Math.Abs(distribution(z) - ((i + 1.0) / sorted.Length)))).Max();
    }
}
