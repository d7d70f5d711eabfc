using Lae.Kernels;
using Lae.Laws;
using Lae.Numerics;
using Lae.Randomness;
using Lae.Targets;
using Lae.Tests.Laws;
using MathNet.Numerics.LinearAlgebra;
using static Lae.Tests.Kernels.GaussianProblem;

namespace Lae.Tests.Kernels;

/// <summary>The exact laws of the Leimkuhler–Matthews step on Gaussian targets: the covariance of positions is exact at every stable step, with any preconditioner.</summary>
public sealed class LeimkuhlerMatthewsTests
{
    [Fact]
    public void One_step_is_the_formula() => Generated.ForAll(All, p =>
    {
        Matrix<double> root = Root(p);
        Matrix<double> zero = Matrix<double>.Build.Dense(p.Dimension, p.Dimension);
        Matrix<double> one = Matrix<double>.Build.DenseIdentity(p.Dimension);
        Matrix<double> state = UnderdampedProblem.Blocks(p.Drift, root, zero, zero);
        Matrix<double> noise = UnderdampedProblem.Blocks(root * root.Transpose(), root, root.Transpose(), one);
        Vector<double> offset = p.Mean - (p.Drift * p.Mean);
        StationaryLaw.CheckOneStep(Kernel(p), ToTensor(state), ToTensor(noise), Tensor.FromArray([.. offset, .. new double[p.Dimension]])).Require();
    });

    [Fact]
    [Proves("I-9", "Leimkuhler–Matthews")]
    [Proves("I-3", "Leimkuhler–Matthews")]
    [Proves("I-5", "Leimkuhler–Matthews")]
    public void I9_the_position_covariance_is_exact_at_every_stable_step_with_any_preconditioner() => Generated.ForAll(All, p =>
    {
        Matrix<double> exact = p.Temperature * p.Precision.Inverse();
        StationaryLaw.Check(Kernel(p), ToTensor(Stationary(p)), Tensor.FromArray([.. p.Mean, .. new double[p.Dimension]]), p.Temperature).Require();
        Matrix<double> found = ToMatrix(StationaryLaw.Covariance(AffineMap.ReadOff(Kernel(p))));
        Assert.True(Gap(found.SubMatrix(0, p.Dimension, 0, p.Dimension), exact) < 1e-10);
    });

    [Fact]
    [Proves("I-2", "Leimkuhler–Matthews")]
    public void I2_stable_just_below_two_over_L() => Generated.ForAll(All, p =>
    {
        Assert.True(StationaryLaw.SpectralRadius(AffineMap.ReadOff(Kernel(p with { Relative = 1.99 }))) < 1);
        Assert.True(StationaryLaw.SpectralRadius(AffineMap.ReadOff(Kernel(p with { Relative = 2.01 }))) > 1);
    });

    [Fact]
    [Proves("I-12", "Leimkuhler–Matthews")]
    public void I12_without_noise_or_temperature_it_descends_bit_for_bit() => Generated.ForAll(All, p =>
    {
        Tensor x = p.Positions();
        Tensor zero = x * 0;
        Tensor descended = Elementwise.ScaleAdd(p.StepSize, p.Settings.Preconditioner.Apply(p.Target.Evaluate(x).Gradient), x);
        Kernel<LeimkuhlerMatthewsState> cold = LeimkuhlerMatthews.Create(p.Target, new LangevinSettings(p.StepSize, 0, p.Settings.Preconditioner));
        Assert.Equal(descended.ToArray(), StepWith(Kernel(p), x, zero, zero).Position.ToArray());
        Assert.Equal(descended.ToArray(), StepWith(cold, x, Noise(p.Seed, 5, p.Dimension), Noise(p.Seed + 1, 5, p.Dimension)).Position.ToArray());
        Assert.True(cold.Thermalize(Source(p), cold.Initialize(x)).CarriedNoise.AllFinite());
    });

    [Fact]
    public void It_is_BAOAB_at_infinite_friction_on_any_target()
    {
        // at c = 0 the momentum between steps is √T R ξ_n + (h/2) ∇log π, so that BAOAB is this step with h²/2 and P = M⁻¹
        const double H = 0.35;
        const double T = 1.7;
        Tensor mass = Tensor.FromArray([0.6, 1.4, 2.2]);
        foreach (Target target in SampleTargets.All.Where(target => target.Dimension == 3))
        {
            UnderdampedSettings settings = new(H, 1e6, T, MassMatrix.Diagonal(mass));
            Kernel<UnderdampedState> baoab = Splitting.Create(target, "BAOAB", settings);
            Kernel<LeimkuhlerMatthewsState> kernel = LeimkuhlerMatthews.Create(target, new LangevinSettings(H * H / 2, T, Preconditioner.Diagonal(mass.Reciprocal())));
            LeimkuhlerMatthewsState overdamped = kernel.Initialize(Noise(1, 4, 3)) with { CarriedNoise = Noise(2, 4, 3) };
            Tensor momentum = UnderdampedSubsteps.ThermalMomentum(overdamped.CarriedNoise, settings) + (overdamped.Gradient * (H / 2));
            UnderdampedState underdamped = UnderdampedStep.State(baoab, overdamped.Position, momentum);
            for (int step = 0; step < 4; step++)
            {
                Tensor xi = Noise(3 + step, 4, 3);
                overdamped = kernel.Advance(new Noise(TensorTree.Of(("xi", xi))), overdamped).State;
                underdamped = UnderdampedStep.Of(baoab, underdamped, _ => xi);
                Assert.True(Gap(ToMatrix(underdamped.Position), ToMatrix(overdamped.Position)) < 1e-12);
            }
        }
    }

    [Fact]
    public void The_start_has_the_mean_and_cross_covariance_of_the_stationary_noise() => Generated.ForAll(All, p =>
    {
        Kernel<LeimkuhlerMatthewsState> kernel = Kernel(p);
        LeimkuhlerMatthewsState start = kernel.Initialize(p.Positions());
        LeimkuhlerMatthewsState thermal = kernel.Thermalize(Source(p), start);
        Assert.Same(start.Position, thermal.Position);
        Assert.All(start.CarriedNoise.ToArray(), value => Assert.Equal(0, value));

        // the regression of ξ on x in the stationary law, and what is drawn beside it
        Matrix<double> stationary = Stationary(p);
        int d = p.Dimension;
        Matrix<double> slope = stationary.SubMatrix(d, d, 0, d) * stationary.SubMatrix(0, d, 0, d).Inverse();
        Matrix<double> deviation = ToMatrix(start.Position - Tensor.FromArray(p.Mean.ToArray()));
        Matrix<double> expected = (deviation * slope.Transpose()) + ToMatrix(Source(p).Normal(0, d, DType.Float64));
        Assert.True(Gap(ToMatrix(thermal.CarriedNoise), expected) < 1e-10);
    });

    [Fact]
    public void From_the_exact_law_the_first_step_is_off_in_the_second_order_only() => Generated.ForAll(All, p =>
    {
        int d = p.Dimension;
        Matrix<double> stationary = Stationary(p);
        Matrix<double> root = Root(p);
        Matrix<double> start = stationary.Clone();
        start.SetSubMatrix(d, d, stationary.SubMatrix(d, d, d, d) + (root.Transpose() * stationary.SubMatrix(0, d, 0, d).Inverse() * root));
        Matrix<double> after = ToMatrix(StationaryLaw.CovarianceAfter(AffineMap.ReadOff(Kernel(p)), ToTensor(start), 1)).SubMatrix(0, d, 0, d);
        Matrix<double> expected = stationary.SubMatrix(0, d, 0, d) + (p.StepSize * p.StepSize * p.Temperature / 4 * p.Preconditioner * p.Precision * p.Preconditioner);
        Assert.True(Gap(after, expected) < 1e-10);
    });

    [Fact]
    public void A_preconditioner_must_fit() => Assert.Throws<ArgumentException>(
        () => LeimkuhlerMatthews.Create(GaussianTarget.Standard(2), new LangevinSettings(0.1, 1, Preconditioner.Diagonal(Tensor.FromArray([1.0])))));

    internal static Kernel<LeimkuhlerMatthewsState> Kernel(GaussianProblem p) => LeimkuhlerMatthews.Create(p.Target, p.Settings);

    /// <summary>The next state, by given carried and new noise.</summary>
    internal static LeimkuhlerMatthewsState StepWith(Kernel<LeimkuhlerMatthewsState> kernel, Tensor position, Tensor carried, Tensor xi) =>
        kernel.Advance(new Noise(TensorTree.Of(("xi", xi))), kernel.Initialize(position) with { CarriedNoise = carried }).State;

    /// <summary>The covariance of position and carried noise.</summary>
    internal static Matrix<double> Stationary(GaussianProblem p) => UnderdampedProblem.Blocks(
        p.Temperature * Symmetric(p.Precision.Inverse()), Root(p), Root(p).Transpose(), Matrix<double>.Build.DenseIdentity(p.Dimension));

    /// <summary>√(h T / 2) S.</summary>
    private static Matrix<double> Root(GaussianProblem p) => Math.Sqrt(p.StepSize * p.Temperature / 2) * p.Preconditioner.Cholesky().Factor;

    private static Matrix<double> Symmetric(Matrix<double> a) => 0.5 * (a + a.Transpose());

    private static NoiseSource Source(GaussianProblem p) => NoiseSource.OfStart(RandomKey.FromSeed((ulong)p.Seed), Chains.Range(5), Workspace.Default);
}
