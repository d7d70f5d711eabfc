using FsCheck;
using FsCheck.Fluent;
using Lae.Kernels;
using Lae.Numerics;
using Lae.Targets;
using Lae.Tests.Laws;
using MathNet.Numerics.LinearAlgebra;
using static Lae.Tests.Kernels.GaussianProblem;

namespace Lae.Tests.Kernels;

/// <summary>
/// I-50 to I-55 for stochastic-gradient dynamics, on targets that are not Gaussian, over three transitions with matching noise: position, momentum and whatever else is kept must change as the change of coordinates or units says.
/// </summary>
public sealed class StochasticSymmetryTests
{
    private const int Points = 4;

    private static readonly Gen<Case> Cases =
        from target in Gen.Elements(SampleTargets.All)
        from logStep in Gen.Choose(-2500, -1000)
        from hot in Gen.Elements(-1, 1)
        from logTemperature in Gen.Choose(100, 600)
        from logFriction in Gen.Choose(-1000, 500)
        from seed in Gen.Choose(0, 1_000_000)
        select new Case(target, Math.Pow(10, logStep / 1000.0), Math.Pow(10, hot * logTemperature / 1000.0), Math.Pow(10, logFriction / 1000.0), seed);

    [Fact]
    [Proves("I-50", "SGLD", "SGHMC", "SGNHT", "BADODAB")]
    public void I50_affine_maps_with_the_mass_that_goes_along() => Generated.ForAll(
        Cases,
        c =>
        {
            Matrix<double> map = Rotation(c.Dimension, c.Seed + 5) * Positive(c.Dimension, 0.4, 2.5, c.Seed + 6);
            Matrix<double> contragredient = map.Inverse().Transpose();
            Matrix<double> mass = Positive(c.Dimension, 0.5, 2, c.Seed + 7);
            Matrix<double> image = contragredient * mass * contragredient.Transpose();
            image = 0.5 * (image + image.Transpose());
            // R' ξ' = M⁻ᵀ R ξ
            Matrix<double> noise = image.Cholesky().Factor.Solve(contragredient * mass.Cholesky().Factor);
            MassMatrix here = MassMatrix.Dense(ToTensor(mass));
            MassMatrix there = MassMatrix.Dense(ToTensor(image));
            foreach (Func<MassMatrix, StochasticDynamics> dynamics in WithMomentum(c))
            {
                AssertEquivariant(c, dynamics(here), dynamics(there), map, contragredient, noise, 1e-10);
            }

            // a preconditioner goes along as the inverse of a mass
            Matrix<double> preconditioner = map * mass * map.Transpose();
            preconditioner = 0.5 * (preconditioner + preconditioner.Transpose());
            AssertEquivariant(
                c,
                new StochasticGradientLangevin(c.Temperature, Preconditioner.Dense(ToTensor(mass))),
                new StochasticGradientLangevin(c.Temperature, Preconditioner.Dense(ToTensor(preconditioner))),
                map,
                contragredient,
                preconditioner.Cholesky().Factor.Solve(map * mass.Cholesky().Factor),
                1e-10);
        },
        40);

    [Fact]
    [Proves("I-51", "SGLD", "SGHMC", "SGNHT", "BADODAB")]
    public void I51_rotation() => Generated.ForAll(
        Cases,
        c =>
        {
            Matrix<double> rotation = Rotation(c.Dimension, c.Seed + 5);
            foreach (StochasticDynamics dynamics in WithMomentum(c).Select(make => make(MassMatrix.Identity)).Append(new StochasticGradientLangevin(c.Temperature)))
            {
                AssertEquivariant(c, dynamics, dynamics, rotation, rotation, rotation, 1e-11);
            }
        },
        40);

    [Fact]
    [Proves("I-52", "SGLD", "pSGLD", "SGHMC", "SGNHT", "BADODAB")]
    public void I52_permutation_reflection_and_translation() => Generated.ForAll(
        Cases,
        c =>
        {
            Matrix<double> permutation = Matrix<double>.Build.Dense(c.Dimension, c.Dimension, (i, j) => j == (i + 1) % c.Dimension ? (i == 0 ? -1 : 1) : 0);
            Vector<double> shift = Normals(c.Seed + 8, 1, c.Dimension).Row(0);
            foreach (StochasticDynamics dynamics in All(c))
            {
                AssertEquivariant(c, dynamics, dynamics, permutation, permutation, permutation, 1e-10);
                Matrix<double> identity = Matrix<double>.Build.DenseIdentity(c.Dimension);
                AssertEquivariant(c, dynamics, dynamics, identity, identity, identity, 1e-9, shift);
            }
        },
        40);

    [Fact]
    [Proves("I-53", "SGLD", "pSGLD", "SGHMC", "SGNHT", "BADODAB")]
    public void I53_a_constant_in_the_energy_changes_no_bit() => Generated.ForAll(
        Cases,
        c =>
        {
            Target raised = Target.FromGradient(c.Dimension, x => c.Target.Evaluate(x) is var at ? at with { LogDensity = at.LogDensity + 3.25 } : at, name: "raised");
            foreach (StochasticDynamics dynamics in All(c))
            {
                StochasticState here = Run(Kernel(c.Target, dynamics, c.StepSize), c.Position(), null, c.Noise);
                StochasticState there = Run(Kernel(raised, dynamics, c.StepSize), c.Position(), null, c.Noise);
                Assert.Equal(here.Position.ToArray(), there.Position.ToArray());
            }
        },
        20);

    [Fact]
    [Proves("I-4", "SGLD", "pSGLD", "SGHMC", "SGNHT", "BADODAB")]
    [Proves("I-54", "SGLD", "pSGLD", "SGHMC", "SGNHT", "BADODAB")]
    public void I4_I54_a_temperature_is_another_energy_in_other_units() => Generated.ForAll(
        Cases,
        c =>
        {
            double t = c.Temperature;
            double root = Math.Sqrt(t);
            Target tempered = Target.FromGradient(
                c.Dimension, x => c.Target.Evaluate(x) is var at ? new LogDensityAndGradient(at.LogDensity / t, at.Gradient / t) : at, name: "tempered");

            // overdamped: time in units of 1/T; with a preconditioner made of gradients it goes along. With momentum: p/√T, time √T t, frictions over √T
            AssertSame(new StochasticGradientLangevin(t), new StochasticGradientLangevin(), c.StepSize * t);
            foreach (bool gamma in (bool[])[false, true])
            {
                AssertSame(
                    new PreconditionedStochasticGradientLangevin(t, 0.9, 0.3, gamma), new PreconditionedStochasticGradientLangevin(1, 0.9, 0.3 / t, gamma), c.StepSize, gamma ? 1e-7 : 1e-10);
            }

            AssertSame(new StochasticGradientHamiltonian(c.Friction, t), new StochasticGradientHamiltonian(c.Friction / root), c.StepSize * root);
            AssertSame(new StochasticGradientNoseHoover(new ThermostatSettings(c.Friction, t, 2)), new StochasticGradientNoseHoover(new ThermostatSettings(c.Friction / root, 1, 2)), c.StepSize * root);
            AssertSame(new Badodab(new ThermostatSettings(c.Friction, t, 2)), new Badodab(new ThermostatSettings(c.Friction / root, 1, 2)), c.StepSize * root);

            void AssertSame(StochasticDynamics hot, StochasticDynamics plain, double h, double tolerance = 1e-10)
            {
                StochasticState here = Run(Kernel(c.Target, hot, c.StepSize), c.Position(), c.Momentum(), c.Noise);
                StochasticState there = Run(Kernel(tempered, plain, h), c.Position(), c.Momentum() / root, c.Noise);
                AssertClose(here.Position, there.Position, tolerance);
            }
        },
        30);

    [Fact]
    [Proves("I-55", "SGLD", "pSGLD", "SGHMC", "SGNHT", "BADODAB")]
    public void I55_a_block_of_a_product_target_ignores_the_others()
    {
        // a thermostat couples blocks through the kinetic energy, by design: SGNHT and BADODAB with it held
        Target product = Target.FromGradient(2, x => new LogDensityAndGradient(-(x.Square().Square().Sum(1) / 4) - (x.Square().Sum(1) / 2), -(x.Square() * x) - x));
        Case c = new(product, 0.05, 1.7, 0.8, 4);
        StochasticDynamics[] all =
        [
            new StochasticGradientLangevin(1.7), new PreconditionedStochasticGradientLangevin(1.7, 0.9, 0.3, true), new StochasticGradientHamiltonian(0.8, 1.7),
            new StochasticGradientNoseHoover(new ThermostatSettings(0.8, 1.7, double.PositiveInfinity)), new Badodab(new ThermostatSettings(0.8, 1.7, double.PositiveInfinity)),
        ];
        foreach (StochasticDynamics dynamics in all)
        {
            Tensor other = Shaping.Join(1, c.Position().Slice(1, 0, 1), Noise(99, Points, 1));
            StochasticState here = Run(Kernel(product, dynamics, c.StepSize), c.Position(), c.Momentum(), c.Noise);
            StochasticState there = Run(Kernel(product, dynamics, c.StepSize), other, c.Momentum(), c.Noise);
            Assert.Equal(here.Position.Slice(1, 0, 1).ToArray(), there.Position.Slice(1, 0, 1).ToArray());
            Assert.NotEqual(here.Position.Slice(1, 1, 1).ToArray(), there.Position.Slice(1, 1, 1).ToArray());
        }
    }

    [Fact]
    public void A_mass_forgotten_in_the_drift_breaks_the_affine_symmetry()
    {
        Case c = new(SampleTargets.Quartic(3), 0.05, 1.7, 0.8, 4);
        Matrix<double> map = Rotation(3, 1) * Positive(3, 0.4, 2.5, 2);
        Matrix<double> contragredient = map.Inverse().Transpose();
        Matrix<double> image = contragredient * contragredient.Transpose();
        image = 0.5 * (image + image.Transpose());
        StochasticDynamics Wrong(MassMatrix mass) => Mutants.StochasticMutants.Hamiltonian(0.8, 1.7, 0, mass, Mutants.StochasticMutants.HamiltonianBug.MassForgottenInDrift);
        double gap = EquivarianceGap(
            c, Wrong(MassMatrix.Identity), Wrong(MassMatrix.Dense(ToTensor(image))), map, contragredient, image.Cholesky().Factor.Solve(contragredient), null);
        Assert.True(gap > 1e-3);
    }

    private static IEnumerable<Func<MassMatrix, StochasticDynamics>> WithMomentum(Case c) =>
    [
        mass => new StochasticGradientHamiltonian(c.Friction, c.Temperature, 0.3 * c.Friction * c.Temperature, mass),
        mass => new StochasticGradientNoseHoover(new ThermostatSettings(c.Friction, c.Temperature, null, mass)),
        mass => new Badodab(new ThermostatSettings(c.Friction, c.Temperature, 2, mass)),
    ];

    private static IEnumerable<StochasticDynamics> All(Case c) =>
    [
        new StochasticGradientLangevin(c.Temperature), new PreconditionedStochasticGradientLangevin(c.Temperature, 0.9, 0.3), .. WithMomentum(c).Select(make => make(MassMatrix.Identity)),
    ];

    private static Kernel<StochasticState> Kernel(Target target, StochasticDynamics dynamics, double h) =>
        StochasticGradient.Create(target, dynamics, new FullGradient(), new ConstantSchedule(h));

    /// <summary>Three transitions from a position and, where there is one, a momentum.</summary>
    private static StochasticState Run(Kernel<StochasticState> kernel, Tensor position, Tensor? momentum, Func<int, Tensor> noise)
    {
        StochasticState state = kernel.Initialize(position);
        if (momentum is not null && state.Layout.Any(leaf => leaf.Name == "momentum"))
        {
            state = state.WithLeaves([state.Position, momentum, .. Enumerable.Range(2, state.Layout.Count - 2).Select(state.Leaf)]);
        }

        for (int k = 0; k < 3; k++)
        {
            state = kernel.Advance(new Noise(TensorTree.Of(("xi", noise(k)))) { Step = k }, state).State;
        }

        return state;
    }

    private static void AssertEquivariant(
        Case c, StochasticDynamics here, StochasticDynamics there, Matrix<double> map, Matrix<double> ofMomentum, Matrix<double> noise, double tolerance, Vector<double>? shift = null)
    {
        double gap = EquivarianceGap(c, here, there, map, ofMomentum, noise, shift);
        Assert.True(gap <= tolerance, $"{here.Name}: off by {gap:G3}");
    }

    private static double EquivarianceGap(
        Case c, StochasticDynamics here, StochasticDynamics there, Matrix<double> map, Matrix<double> ofMomentum, Matrix<double> noise, Vector<double>? shift)
    {
        Tensor origin = Tensor.FromArray(shift?.ToArray() ?? new double[c.Dimension]);
        Tensor inverse = ToTensor(map.Inverse());
        Target mapped = Target.FromGradient(
            c.Dimension, y => c.Target.Evaluate((y - origin).MatMul(inverse, transposeB: true)) is var at ? at with { Gradient = at.Gradient.MatMul(inverse) } : at, name: "mapped");
        StochasticState a = Run(Kernel(c.Target, here, c.StepSize), c.Position(), c.Momentum(), c.Noise);
        StochasticState b = Run(
            Kernel(mapped, there, c.StepSize), Map(c.Position(), map) + origin, Map(c.Momentum(), ofMomentum), k => Map(c.Noise(k), noise));
        return Math.Max(
            Gap(Map(a.Position, map) + origin, b.Position), a.Layout.Any(leaf => leaf.Name == "momentum") ? Gap(Map(a["momentum"], ofMomentum), b["momentum"]) : 0);

        static Tensor Map(Tensor rows, Matrix<double> by) => rows.MatMul(ToTensor(by), transposeB: true);
    }

    private static void AssertClose(Tensor a, Tensor b, double tolerance) => Assert.True(Gap(a, b) <= tolerance, $"off by {Gap(a, b):G3}");

    private static double Gap(Tensor a, Tensor b) => (a - b).Abs().Flatten().Max(0).ToDouble() / (1 + a.Abs().Flatten().Max(0).ToDouble());

    private sealed record Case(Target Target, double StepSize, double Temperature, double Friction, int Seed)
    {
        public int Dimension => Target.Dimension;

        public Tensor Position() => GaussianProblem.Noise(Seed, Points, Dimension);

        public Tensor Momentum() => GaussianProblem.Noise(Seed + 20, Points, Dimension);

        public Tensor Noise(int k) => GaussianProblem.Noise(Seed + 30 + k, Points, Dimension);

        public override string ToString() => $"{Target.Name}, h = {StepSize:R}, T = {Temperature:R}, friction {Friction:R}, seed {Seed}";
    }
}
