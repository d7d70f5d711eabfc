using FsCheck;
using FsCheck.Fluent;
using Lae.Kernels;
using Lae.Laws;
using Lae.Numerics;
using Lae.Targets;
using Lae.Tests.Laws;
using MathNet.Numerics.LinearAlgebra;
using static Lae.Tests.Kernels.GaussianProblem;
using static Lae.Tests.Kernels.Mutants.StochasticMutants;
using static Lae.Tests.Kernels.MomentumProblem;

namespace Lae.Tests.Kernels;

/// <summary>SGHMC with the gradient at the new position: its exact law, and the orders that other libraries have shipped as planted bugs.</summary>
public sealed class StochasticGradientHamiltonianTests
{
    [Fact]
    [Proves("I-44", "SGHMC")]
    [Proves("I-33", "SGHMC")]
    public void I44_I33_stationary_law_at_any_mass_friction_and_temperature() => Generated.ForAll(
        MomentumProblem.All, p => p.Check(p.Kernel(Dynamics(p)), p.Covariance(-1)).Require());

    [Fact]
    [Proves("I-35", "SGHMC")]
    public void One_step_is_the_formula() => Generated.ForAll(MomentumProblem.All, p => OneStep(p, Dynamics(p)).Require());

    [Fact]
    [Proves("I-44", "SGHMC")]
    public void I44_check_value() => Assert.Equal(1.0001, Variance(Dynamics(1, 1), 0.02), 5e-6);

    [Fact]
    [Proves("I-32", "SGHMC")]
    public void Stable_up_to_the_step_size_of_the_formula() => Generated.ForAll(MomentumProblem.All, p =>
    {
        Assert.True(Radius(0.999) < 1);
        Assert.True(Radius(1.001) > 1);
        double Radius(double relative) => StationaryLaw.SpectralRadius(AffineMap.ReadOff(p.Kernel(Dynamics(p), relative * p.Largest)));
    });

    [Fact]
    [Proves("I-37", "SGHMC")]
    public void I37_known_gradient_noise_is_taken_from_the_injected_and_the_law_is_that_of_the_full_gradient() => Generated.ForAll(LocationProblem.InOneDimension, p =>
    {
        // β̂ = hv/2 in units of the mass; a friction that needs more noise than the gradient has
        double mass = 0.3 + (p.Seed % 7);
        double a = p.Precision[0, 0];
        double v = p.GradientNoise[0, 0];
        double h = 0.5 * p.Relative * Math.Sqrt(mass / a);
        double friction = 0.3 + (1.5 * h * v / (2 * mass * p.Temperature));
        h = Math.Min(h, 1 / friction);
        double kappa = 1 - (h * friction / 2);
        StochasticDynamics dynamics = new StochasticGradientHamiltonian(friction, p.Temperature, h * v / (2 * mass), MassMatrix.Diagonal(Tensor.FromArray([mass])));
        if (h * h * a / mass >= 3.9 * kappa)
        {
            return;
        }

        Kernel<StochasticState> kernel = StochasticGradient.Create(p.Posterior, dynamics, new MinibatchGradient(p.Size), new ConstantSchedule(h));
        Matrix<double> found = ToMatrix(StationaryLaw.Covariance(Averaged(p, kernel)));
        double momentum = p.Temperature / ((kappa / mass) - (h * h * a / (4 * mass * mass)));
        Assert.Equal(1, found[1, 1] / momentum, 1e-8);
        Assert.Equal(1, found[0, 0] * ((kappa * a) - (h * h * a * a / (4 * mass))) / (p.Temperature * kappa), 1e-8);
    });

    [Fact]
    public void I37_sees_gradient_noise_that_is_not_taken_off()
    {
        MomentumProblem p = Problem;
        AffineMap correct = AffineMap.ReadOff(p.Kernel(Hamiltonian(p.Friction, p.Temperature, 0.2, p.Mass, HamiltonianBug.None)));
        AffineMap ours = AffineMap.ReadOff(p.Kernel(new StochasticGradientHamiltonian(p.Friction, p.Temperature, 0.2, p.Mass)));
        AffineMap wrong = AffineMap.ReadOff(p.Kernel(Hamiltonian(p.Friction, p.Temperature, 0.2, p.Mass, HamiltonianBug.GradientNoiseForgotten)));
        Assert.True(Gap(ToMatrix(ours.NoiseCovariance()), ToMatrix(correct.NoiseCovariance())) < 1e-12);
        Assert.True(Gap(ToMatrix(wrong.NoiseCovariance()), ToMatrix(correct.NoiseCovariance())) > 0.05);
    }

    [Theory]
    [InlineData(HamiltonianBug.None, true, true)]
    [InlineData(HamiltonianBug.ExplicitOrder, false, false)]
    [InlineData(HamiltonianBug.TemperatureMissing, false, false)]
    [InlineData(HamiltonianBug.NoiseWithoutTwo, false, false)]
    [InlineData(HamiltonianBug.FrictionHalved, false, false)]
    [InlineData(HamiltonianBug.FrictionAfterKick, false, false)]
    [InlineData(HamiltonianBug.MassForgottenInDrift, false, false)]
    [InlineData(HamiltonianBug.MassForgottenInNoise, false, false)]
    [Rejects("§5 SGHMC explicit order (posteriors, Turing)")]
    public void Each_planted_bug_is_seen(HamiltonianBug bug, bool stationary, bool oneStep)
    {
        MomentumProblem p = Problem;
        StochasticDynamics wrong = Hamiltonian(p.Friction, p.Temperature, 0, p.Mass, bug);
        Assert.Equal(stationary, p.Check(p.Kernel(wrong), p.Covariance(-1)).Holds);
        Assert.Equal(oneStep, OneStep(p, wrong).Holds);
    }

    [Fact]
    [Proves("I-42", "SGHMC")]
    public void I42_the_explicit_order_has_the_law_of_the_formula_and_is_rejected() => Generated.ForAll(
        from logFriction in Gen.Choose(-1500, 700)
        from logFrequency in Gen.Choose(-1000, 1000)
        from relative in Gen.Choose(10, 900)
        select (Friction: Math.Pow(10, logFriction / 1000.0), A: Math.Pow(10, logFrequency / 1000.0), Relative: relative / 1000.0),
        c =>
        {
            // hω² < α, and hα < 1 for the second factor
            double h = c.Relative * Math.Min(c.Friction / c.A, 1 / c.Friction);
            Matrix<double> found = ToMatrix(StationaryLaw.Covariance(AffineMap.ReadOff(OneDimensional(Hamiltonian(c.Friction, 1, 0, MassMatrix.Identity, HamiltonianBug.ExplicitOrder), h, c.A))));
            double alpha = c.Friction;
            double momentum = 2 * alpha / ((2 * alpha) - (alpha * alpha * h) - (h * c.A * (2 - (1.5 * alpha * h) + (0.5 * h * h * c.A))));
            double position = momentum * (1 - (alpha * h / 2) + (h * h * c.A / 2)) / c.A;
            Assert.Equal(1, found[1, 1] / momentum, 1e-8);
            Assert.Equal(1, found[0, 0] / position, 1e-8);
        });

    [Fact]
    [Proves("I-43", "SGHMC")]
    public void I43_the_explicit_order_has_an_error_of_the_first_order_and_a_stability_bound_that_ours_has_not()
    {
        StochasticDynamics Explicit(double friction) => Hamiltonian(friction, 1, 0, MassMatrix.Identity, HamiltonianBug.ExplicitOrder);
        Assert.Equal(1.0205, Variance(Explicit(1), 0.02), 5e-5);
        Assert.True(StationaryLaw.SpectralRadius(AffineMap.ReadOff(OneDimensional(Explicit(0.01), 0.0099))) < 1);
        Assert.True(StationaryLaw.SpectralRadius(AffineMap.ReadOff(OneDimensional(Explicit(0.01), 0.0101))) > 1);
        double ratio = (Variance(Explicit(1), 0.002) - 1) / (Variance(Explicit(1), 0.001) - 1);
        Assert.Equal(2, ratio, 0.01);
        Assert.Equal(1, (Variance(Explicit(1), 0.001) - 1) / 0.001, 0.01);

        // ours: an error of the second order, stable far beyond
        Assert.Equal(4, (Variance(Dynamics(1, 1), 0.02) - 1) / (Variance(Dynamics(1, 1), 0.01) - 1), 0.1);
        Assert.True(StationaryLaw.SpectralRadius(AffineMap.ReadOff(OneDimensional(Dynamics(0.01, 1), 1.9))) < 1);
    }

    [Theory]
    [InlineData(2, 2.0)]
    [InlineData(5, 1.25)]
    [InlineData(10, 10 / 9.0)]
    [Rejects("§5 SGHMC drift first with fresh momentum (SGMCMCJax, blackjax)")]
    public void A_fresh_momentum_each_transition_with_the_drift_first_gives_L_over_L_minus_1(int length, double expected)
    {
        // SGMCMCJax, blackjax: in the limit of small steps the variance is off by a factor that the step size does not heal
        const double H = 1e-3;
        LawResult drift = Law(FreshMomentum(GaussianTarget.Standard(1), H, 1e-3, length, driftFirst: true));
        Assert.False(drift.Holds);
        Assert.Equal(expected, FreshVariance(H, 1e-3, length, driftFirst: true), 1e-4);
        Assert.Equal(length / (length + 1.0), FreshVariance(H, 1e-3, length, driftFirst: false), 1e-4);
        Assert.False(Law(FreshMomentum(GaussianTarget.Standard(1), H, 1e-3, length, driftFirst: false)).Holds);
        static LawResult Law(Kernel<LangevinState> kernel) => StationaryLaw.Check(kernel, Tensor.FromArray([1.0], 1, 1), tolerance: 1e-3);
    }

    [Fact]
    public void A_fresh_momentum_and_one_step_with_the_drift_first_diverges() =>
        Assert.True(StationaryLaw.SpectralRadius(AffineMap.ReadOff(FreshMomentum(GaussianTarget.Standard(1), 1e-3, 1e-3, 1, driftFirst: true))) >= 1);

    [Fact]
    [Rejects("§5 SGHMC temperature ignored (blackjax)")]
    public void I33_sees_a_temperature_that_is_ignored()
    {
        // blackjax: at T = 0 the law must be the mode, but momentum and noise are those of temperature 1. The published figure is met with nine steps of the formula (how many made it was not written down)
        Assert.Equal(1.117, FreshVariance(0.05, 0.01, 9, driftFirst: true), 5e-4);
        StationaryLaw.Check(OneDimensional(Dynamics(1, 0), 0.05), Tensor.Zeros(new Shape(2, 2), DType.Float64), temperature: 0).Require();
        Assert.False(StationaryLaw.Check(OneDimensional(Hamiltonian(1, 0, 0, MassMatrix.Identity, HamiltonianBug.TemperatureMissing), 0.05), Tensor.Zeros(new Shape(2, 2), DType.Float64), temperature: 0).Holds);
    }

    [Fact]
    public void Constants_out_of_range_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new StochasticGradientHamiltonian(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new StochasticGradientHamiltonian(1, -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new StochasticGradientHamiltonian(1, 0.5, 0.6));
        Assert.Throws<ArgumentOutOfRangeException>(() => new StochasticGradientHamiltonian(1, 1, -0.1));
        Assert.Throws<ArgumentException>(() => StochasticGradient.Create(
            GaussianTarget.Standard(2), new StochasticGradientHamiltonian(1, mass: MassMatrix.Diagonal(Tensor.FromArray([1.0]))), new FullGradient(), new ConstantSchedule(0.1)));
    }

    private static MomentumProblem Problem => new(new GaussianProblem(3, 20, 0.5, 1, 2.5, PreconditionerKind.Identity, 77), 0.8, 0.5, 2);

    private static StochasticDynamics Dynamics(MomentumProblem p) => new StochasticGradientHamiltonian(p.Friction, p.Temperature, 0, p.Mass);

    private static StochasticDynamics Dynamics(double friction, double temperature) => new StochasticGradientHamiltonian(friction, temperature);

    private static Kernel<StochasticState> OneDimensional(StochasticDynamics dynamics, double h, double precision = 1) => StochasticGradient.Create(
        GaussianTarget.Diagonal(Tensor.FromArray([0.0]), Tensor.FromArray([precision])), dynamics, new FullGradient(), new ConstantSchedule(h));

    private static double Variance(StochasticDynamics dynamics, double h) => StationaryLaw.Covariance(AffineMap.ReadOff(OneDimensional(dynamics, h))).ElementAt(0);

    private static double FreshVariance(double h, double friction, int length, bool driftFirst) =>
        StationaryLaw.Covariance(AffineMap.ReadOff(FreshMomentum(GaussianTarget.Standard(1), h, friction, length, driftFirst))).ToDouble();

    /// <summary>The batch of a transition acts on the gradient at its end: so that what is averaged is the noise leaf, not the state's.</summary>
    private static AffineMap Averaged(LocationProblem p, Kernel<StochasticState> kernel)
    {
        AffineMap[] maps = [.. p.Batches.Select(batch => AffineMap.ReadOff(new Kernel<StochasticState>(
            kernel.Name, kernel.Dimension, kernel.DType, kernel.Initialize, kernel.Refresh,
            source => kernel.DrawNoise(source) is var drawn ? drawn with { Leaves = drawn.Leaves.With("indices", LocationProblem.Indices([batch], source.Chains.Count)) } : drawn,
            kernel.Advance)))];
        Matrix<double> offsets = Matrix<double>.Build.DenseOfRowArrays(maps.Select(map => map.Offset.ToArray()));
        Vector<double> mean = offsets.ColumnSums() / maps.Length;
        Matrix<double> spread = Matrix<double>.Build.DenseOfRowVectors(offsets.EnumerateRows().Select(row => (row - mean) / Math.Sqrt(maps.Length)));
        return new AffineMap(maps[0].State, Shaping.Join(1, maps[0].Noise, ToTensor(spread.Transpose())), Tensor.FromArray(mean.ToArray()));
    }

    private static LawResult OneStep(MomentumProblem p, StochasticDynamics dynamics)
    {
        double h = p.StepSize;
        Matrix<double> identity = Identity(p.Dimension);
        Matrix<double> velocity = h * p.MassMatrix.Inverse();
        Matrix<double> state = Blocks(identity, velocity, -h * p.Precision, ((1 - (h * p.Friction)) * identity) - (h * p.Precision * velocity));
        Matrix<double> noise = Blocks(Zero(p.Dimension), Zero(p.Dimension), Zero(p.Dimension), 2 * h * p.Friction * p.Temperature * p.MassMatrix);
        Vector<double> offset = h * p.Precision * p.Gaussian.Mean;
        return StationaryLaw.CheckOneStep(
            p.Kernel(dynamics), ToTensor(state), ToTensor(noise), Tensor.FromArray([.. Enumerable.Repeat(0.0, p.Dimension), .. offset]));
    }
}
