using FsCheck;
using FsCheck.Fluent;
using Lae.Kernels;
using Lae.Laws;
using Lae.Numerics;
using Lae.Randomness;
using Lae.Running;
using Lae.Targets;
using Lae.Tests.Laws;
using MathNet.Numerics.LinearAlgebra;
using static Lae.Tests.Kernels.GaussianProblem;
using static Lae.Tests.Kernels.MomentumProblem;
using static Lae.Tests.Kernels.Mutants.StochasticMutants;

namespace Lae.Tests.Kernels;

/// <summary>
/// SGNHT and BADODAB. With the thermostat held the step is affine and its law is read off; the motion of the thermostat is checked along the path, where it is an identity: what ζ gained is the excess of the kinetic energy.
/// </summary>
public sealed class ThermostatTests
{
    private static readonly RandomKey Key = RandomKey.FromSeed(20_261_122);

    [Fact]
    [Proves("I-33", "SGNHT")]
    [Proves("I-44", "SGNHT")]
    public void I33_SGNHT_has_the_law_of_the_formula_where_its_thermostat_is_held() => Generated.ForAll(
        MomentumProblem.All, p => p.Check(p.Kernel(HeldNoseHoover(p)), p.Covariance(+1)).Require());

    [Fact]
    [Proves("I-35", "SGNHT")]
    public void One_step_of_SGNHT_is_the_formula() => Generated.ForAll(MomentumProblem.All, p => NoseHooverStep(p, HeldNoseHoover(p)).Require());

    [Fact]
    [Proves("I-32", "SGNHT")]
    public void I32_SGNHT_is_stable_up_to_the_step_size_of_the_formula() => Generated.ForAll(MomentumProblem.All, p =>
    {
        Assert.True(Radius(0.999) < 1);
        Assert.True(Radius(1.001) > 1);
        double Radius(double relative) => StationaryLaw.SpectralRadius(AffineMap.ReadOff(p.Kernel(HeldNoseHoover(p), relative * p.Largest)));
    });

    [Fact]
    [Proves("I-27", "BADODAB")]
    [Proves("I-33", "BADODAB")]
    public void I27_I33_BADODAB_of_infinite_thermal_mass_has_the_exact_position_covariance() => Generated.ForAll(
        MomentumProblem.All, p => BadodabStationary(p, HeldBadodab(p)).Require());

    [Fact]
    [Proves("I-35", "BADODAB")]
    public void I35_one_step_of_BADODAB_is_BAOAB_with_the_friction_of_the_held_thermostat() => Generated.ForAll(MomentumProblem.All, p => BadodabStep(p, HeldBadodab(p)).Require());

    [Fact]
    [Proves("I-32", "BADODAB")]
    public void I32_BADODAB_of_infinite_thermal_mass_is_stable_up_to_two_over_omega() => Generated.ForAll(MomentumProblem.All, p =>
    {
        Assert.True(Radius(0.999) < 1);
        Assert.True(Radius(1.001) > 1);
        double Radius(double relative) => StationaryLaw.SpectralRadius(AffineMap.ReadOff(p.Kernel(HeldBadodab(p), relative * 2 / Math.Sqrt(p.SquaredFrequency))));
    });

    [Fact]
    [Proves("I-35", "BADODAB")]
    public void I35_the_Ornstein_Uhlenbeck_substep_is_exact_for_any_friction_of_either_sign() => Generated.ForAll(
        from exponent in Gen.Choose(-12_000, 300)
        from sign in Gen.Elements(-1, 1)
        from seed in Gen.Choose(0, 1_000_000)
        select (Zeta: sign * Math.Pow(10, exponent / 1000.0), Seed: seed),
        c =>
        {
            Badodab dynamics = new(new ThermostatSettings(0.7, 1.9));
            (double s, double t) = (0.4, 0.9);
            (double c1, double v1) = Substep(dynamics, s, c.Zeta);
            (double c2, double v2) = Substep(dynamics, t, c.Zeta);
            (double both, double variance) = Substep(dynamics, s + t, c.Zeta);
            Assert.Equal(1, both / (c1 * c2), 1e-13);
            Assert.Equal(1, variance / ((c2 * c2 * v1) + v2), 1e-12);

            // dv/dt = −2ζv + 2γT solved by a series of which every summand is positive for ζ < 0, and in closed form for ζ away from 0
            double exact = Math.Abs(c.Zeta) > 1e-6
                ? -0.7 * 1.9 * (Math.Abs(c.Zeta) > 1 ? Math.Exp(-2 * s * c.Zeta) - 1 : 2 * Math.Exp(-s * c.Zeta) * Math.Sinh(-s * c.Zeta)) / c.Zeta
                : 2 * 0.7 * 1.9 * s * (1 - (s * c.Zeta));
            Assert.Equal(1, v1 / exact, 1e-12);
            Assert.Equal(Math.Exp(-s * c.Zeta), c1, 1e-14 * c1);
        });

    [Fact]
    public void What_the_thermostat_gained_is_the_excess_of_kinetic_energy_along_any_path() => Generated.ForAll(
        MomentumProblem.All,
        p =>
        {
            double thermalMass = 0.5 + (p.Gaussian.Seed % 9);
            ThermostatSettings settings = Settings(p, thermalMass);
            Assert.True(PathError(p, thermalMass, new StochasticGradientNoseHoover(settings)) < 1e-11);
            Assert.True(PathError(p, thermalMass, new Badodab(settings)) < 1e-11);
        },
        30);

    [Theory]
    [InlineData(ThermostatBug.None)]
    [InlineData(ThermostatBug.AbsoluteForSquare)]
    [InlineData(ThermostatBug.DimensionForgotten)]
    [InlineData(ThermostatBug.TemperatureMissing)]
    [InlineData(ThermostatBug.MassForgotten)]
    [Rejects("§5 BADODAB thermostat |v| for |v|² (SGMCMCJax)")]
    public void A_thermostat_that_measures_something_else_is_seen_along_the_path(ThermostatBug bug)
    {
        MomentumProblem p = Problem;
        ThermostatSettings settings = Settings(p, 2);
        Assert.Equal(bug == ThermostatBug.None, PathError(p, 2, Badodab(settings, bug)) < 1e-11);
        Assert.Equal(bug == ThermostatBug.None, PathError(p, 2, NoseHoover(settings, bug)) < 1e-11);
    }

    [Theory]
    [InlineData(ThermostatBug.None)]
    [InlineData(ThermostatBug.ConstantChain)]
    [InlineData(ThermostatBug.TemperatureMissing)]
    [InlineData(ThermostatBug.FrictionHalved)]
    [InlineData(ThermostatBug.NoiseOfFrictionAtZero)]
    [InlineData(ThermostatBug.BothKicksAtTheFirstGradient)]
    [InlineData(ThermostatBug.FullDrifts)]
    public void I27_sees_each_planted_bug_of_BADODAB(ThermostatBug bug)
    {
        StochasticDynamics dynamics = Badodab(Settings(Problem, double.PositiveInfinity), bug);
        Assert.Equal(bug == ThermostatBug.None, BadodabStationary(Problem, dynamics).Holds);
        Assert.Equal(bug == ThermostatBug.None, BadodabStep(Problem, dynamics).Holds);
    }

    [Theory]
    [InlineData(ThermostatBug.None)]
    [InlineData(ThermostatBug.ConstantChain)]
    [InlineData(ThermostatBug.TemperatureMissing)]
    [InlineData(ThermostatBug.FrictionHalved)]
    public void I33_sees_each_planted_bug_of_SGNHT(ThermostatBug bug)
    {
        StochasticDynamics dynamics = NoseHoover(Settings(Problem, null), bug);
        Assert.Equal(bug == ThermostatBug.None, Problem.Check(Problem.Kernel(dynamics), Problem.Covariance(+1)).Holds);
        Assert.Equal(bug == ThermostatBug.None, NoseHooverStep(Problem, dynamics).Holds);
    }

    [Fact]
    public void A_start_has_the_laws_of_momentum_and_thermostat()
    {
        // the noise of the start is read back: p = √T R ξ and ζ = γ + √(T/μ) ξ'
        MomentumProblem p = Problem;
        NoiseSource source = NoiseSource.OfStart(Key, Chains.Range(4), Workspace.Default);
        Matrix<double> momentum = Math.Sqrt(p.Temperature) * ToMatrix(source.Normal(0, 3, DType.Float64)) * p.MassMatrix.Cholesky().Factor.Transpose();
        foreach (StochasticDynamics dynamics in (StochasticDynamics[])[HeldNoseHoover(p), new Badodab(Settings(p, 2)), new StochasticGradientHamiltonian(1, p.Temperature, 0, p.Mass)])
        {
            Kernel<StochasticState> kernel = p.Kernel(dynamics);
            StochasticState state = kernel.Thermalize(source, kernel.Initialize(Noise(1, 4, 3)));
            Assert.True(Gap(ToMatrix(state["momentum"]), momentum) < 1e-12);
        }

        Kernel<StochasticState> badodab = p.Kernel(new Badodab(Settings(p, 2)));
        Tensor zeta = badodab.Thermalize(source, badodab.Initialize(Noise(1, 4, 3)))["thermostat"];
        Tensor expected = source.Normal(1, 1, DType.Float64).Reshape(4).ScaleShift(Math.Sqrt(p.Temperature / 2), p.Friction);
        Assert.True((zeta - expected).Abs().Max(0).ToDouble() < 1e-14);
    }

    /// <summary>
    /// What a thermostat is for, and has no closed form: gradient noise of unknown size, which widens SGHMC's law by hV/(2γT), is balanced (in one dimension: the one friction balances noise in proportion to the mass). Means over 500 chains of 1,200 transitions after 400, error bars from the chains,
    /// which are independent: 5 standard errors, and 0.03 for the bias of the step size (h²ω² = 0.0225).
    /// </summary>
    [Fact]
    public void Gradient_noise_of_unknown_size_is_balanced()
    {
        // the gradient's noise is large beside the injected one, hV/(2γT), and yet h ζ stays small, as the order of the splitting asks
        LocationProblem p = new(1, 8, 6, 0.01, 0.4, 5);
        double frequency = Math.Sqrt(p.Precision.Evd(Symmetricity.Symmetric).EigenValues.Real().Maximum());
        ConstantSchedule schedule = new(0.15 / frequency);
        ThermostatSettings settings = new(0.1 * frequency, p.Temperature, 0.1);
        double widening = schedule.StepSize * p.GradientNoise[0, 0] / (2 * settings.Friction * p.Temperature);
        Assert.InRange(widening, 0.5, 5);
        Matrix<double> exact = p.Temperature * p.Precision.Inverse();
        (double error, double noise) = Excess(new Badodab(settings));
        Assert.InRange(error, -0.03 - (5 * noise), 0.03 + (5 * noise));
        (error, noise) = Excess(new StochasticGradientNoseHoover(settings));
        Assert.InRange(error, -0.03 - (5 * noise), 0.03 + (5 * noise));
        (error, noise) = Excess(new StochasticGradientHamiltonian(0.1 * frequency, p.Temperature));
        Assert.InRange(error, (0.9 * widening) - (5 * noise), (1.1 * widening) + (5 * noise));

        (double Error, double Noise) Excess(StochasticDynamics dynamics)
        {
            const int Count = 500;
            Kernel<StochasticState> kernel = StochasticGradient.Create(p.ByHand, dynamics, new MinibatchGradient(6), schedule);
            Tensor root = ToTensor(exact.Cholesky().Factor);
            Tensor start = Noise(3, Count, 1).MatMul(root, transposeB: true) + Tensor.FromArray(p.Mean.ToArray());
            RunState<StochasticState> burned = ChainRunner.Run(kernel, RunState.Start(kernel, start, Key), new RunOptions(400), receive: null).Final;
            double[] sums = new double[Count];
            Tensor inverse = ToTensor(exact.Inverse());
            ChainRunner.Run(kernel, burned, new RunOptions(1200, 3), draw =>
            {
                Tensor deviation = draw.Position - Tensor.FromArray(p.Mean.ToArray());
                double[] squares = Reductions.DotRows(deviation, deviation.MatMul(inverse)).ToArray();
                for (int i = 0; i < Count; i++)
                {
                    sums[i] += squares[i] / 400;
                }
            });
            double mean = sums.Average();
            return (mean - 1, Math.Sqrt(sums.Sum(s => (s - mean) * (s - mean))) / Count);
        }
    }

    [Fact]
    public void Constants_out_of_range_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new ThermostatSettings(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ThermostatSettings(1, double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ThermostatSettings(1, 1, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ThermostatSettings(1, 1, double.NaN));
        ThermostatSettings wide = new(1, 1, 1, MassMatrix.Diagonal(Tensor.FromArray([1.0])));
        Assert.Throws<ArgumentException>(() => StochasticGradient.Create(GaussianTarget.Standard(2), new Badodab(wide), new FullGradient(), new ConstantSchedule(0.1)));
        Assert.Throws<ArgumentException>(() => StochasticGradient.Create(GaussianTarget.Standard(2), new StochasticGradientNoseHoover(wide), new FullGradient(), new ConstantSchedule(0.1)));
    }

    private static MomentumProblem Problem => new(new GaussianProblem(3, 20, 0.5, 1, 2.5, PreconditionerKind.Identity, 77), 0.8, 0.5, 2);

    private static ThermostatSettings Settings(MomentumProblem p, double? thermalMass) => new(p.Friction, p.Temperature, thermalMass, p.Mass);

    private static StochasticDynamics HeldNoseHoover(MomentumProblem p) => new StochasticGradientNoseHoover(Settings(p, null));

    private static StochasticDynamics HeldBadodab(MomentumProblem p) => new Badodab(Settings(p, double.PositiveInfinity));

    /// <summary>Coefficient and variance of one substep, probed with unit vectors.</summary>
    private static (double Coefficient, double Variance) Substep(Badodab dynamics, double h, double zeta)
    {
        Tensor friction = Tensor.FromArray([zeta, zeta]);
        double[] image = dynamics.OrnsteinUhlenbeck(h, friction, Tensor.FromArray([1.0, 0], 2, 1), Tensor.FromArray([0.0, 1], 2, 1)).ToArray();
        return (image[0], image[1] * image[1]);
    }

    /// <summary>The largest |ζ_n − ζ_0 − Σ h (pᵀM⁻¹p − dT)/μ| of all chains, relative to the sum's size: for SGNHT p is that of the end of each step; for BADODAB those of both D substeps, found by following the words.</summary>
    private static double PathError(MomentumProblem p, double thermalMass, StochasticDynamics dynamics)
    {
        Matrix<double> inverse = p.MassMatrix.Inverse();
        double h = p.StepSize * 0.3;
        Kernel<StochasticState> kernel = p.Kernel(dynamics, h);
        StochasticState state = kernel.Thermalize(NoiseSource.OfStart(Key, Chains.Range(3), Workspace.Default), kernel.Initialize(p.Gaussian.Positions(3)));
        bool isSplit = dynamics.Name.StartsWith("BADODAB", StringComparison.Ordinal);
        double[] gained = new double[3];
        double size = 0;
        double[] first = state["thermostat"].ToArray();
        for (int k = 0; k < 8; k++)
        {
            StochasticState next = kernel.Transition(new NoiseSource(Key, k, Chains.Range(3), Workspace.Default), state).State;
            Matrix<double>[] momenta = isSplit
                ? [ToMatrix(state["momentum"]) + (h / 2 * ToMatrix(state.Gradient)), ToMatrix(next["momentum"]) - (h / 2 * ToMatrix(next.Gradient))]
                : [ToMatrix(next["momentum"])];
            foreach (Matrix<double> momentum in momenta)
            {
                for (int i = 0; i < 3; i++)
                {
                    double kinetic = momentum.Row(i) * inverse * momentum.Row(i);
                    gained[i] += h / momenta.Length / thermalMass * (kinetic - (p.Dimension * p.Temperature));
                    size += h / thermalMass * (kinetic + (p.Dimension * p.Temperature));
                }
            }

            state = next;
        }

        double[] last = state["thermostat"].ToArray();
        return Enumerable.Range(0, 3).Max(i => Math.Abs(last[i] - first[i] - gained[i])) / (size + first.Max(Math.Abs));
    }

    private static LawResult BadodabStationary(MomentumProblem p, StochasticDynamics dynamics)
    {
        double h = BadodabStepSize(p);
        Matrix<double> momentum = p.Temperature * (p.MassMatrix - (h * h / 4 * p.Precision));
        return p.Check(p.Kernel(dynamics, h), Blocks(p.Temperature * p.Precision.Inverse(), Zero(p.Dimension), Zero(p.Dimension), momentum));
    }

    private static LawResult BadodabStep(MomentumProblem p, StochasticDynamics dynamics)
    {
        double h = BadodabStepSize(p);
        Matrix<double> identity = Identity(p.Dimension);
        Matrix<double> zero = Zero(p.Dimension);
        Matrix<double> b = Blocks(identity, zero, -h / 2 * p.Precision, identity);
        Matrix<double> a = Blocks(identity, h / 2 * p.MassMatrix.Inverse(), zero, identity);
        double c = Math.Exp(-h * p.Friction);
        Matrix<double> o = Blocks(identity, zero, zero, c * identity);
        Matrix<double> noise = Blocks(zero, zero, zero, (1 - (c * c)) * p.Temperature * p.MassMatrix);
        Matrix<double> after = b * a;
        return StationaryLaw.CheckOneStep(p.Kernel(dynamics, h), ToTensor(after * o * a * b), ToTensor(after * noise * after.Transpose()));
    }

    private static double BadodabStepSize(MomentumProblem p) => p.Relative * 2 / Math.Sqrt(p.SquaredFrequency);

    private static LawResult NoseHooverStep(MomentumProblem p, StochasticDynamics dynamics)
    {
        double h = p.StepSize;
        Matrix<double> identity = Identity(p.Dimension);
        Matrix<double> zero = Zero(p.Dimension);
        Matrix<double> kick = Blocks(identity, zero, -h * p.Precision, (1 - (h * p.Friction)) * identity);
        Matrix<double> drift = Blocks(identity, h * p.MassMatrix.Inverse(), zero, identity);
        Matrix<double> noise = Blocks(zero, zero, zero, 2 * h * p.Friction * p.Temperature * p.MassMatrix);
        return StationaryLaw.CheckOneStep(p.Kernel(dynamics), ToTensor(drift * kick), ToTensor(drift * noise * drift.Transpose()));
    }
}
