using FsCheck.Fluent;
using Lae.Kernels;
using Lae.Laws;
using Lae.Numerics;
using Lae.Randomness;
using Lae.Targets;
using Lae.Tests.Laws;
using MathNet.Numerics.LinearAlgebra;
using static Lae.Tests.Kernels.GaussianProblem;

namespace Lae.Tests.Kernels;

/// <summary>
/// The exact laws of underdamped splittings on Gaussian targets, with any mass, friction and temperature: the step is read off as an affine map; no draw is made. The stationary law cannot see a wrong
/// friction, so that the one-step map is compared as well.
/// </summary>
public sealed class SplittingTests
{
    private const int Cases = 60;

    [Theory]
    [InlineData("BAOAB")]
    [InlineData("ABOBA")]
    [InlineData("OBABO")]
    [InlineData("OABAO")]
    [InlineData("BAOA")]
    [Proves("I-35", "BAOAB", "ABOBA", "OBABO", "OABAO", "BAOA")]
    public void I35_one_step_is_the_product_of_its_substeps(string word) => Generated.ForAll(UnderdampedProblem.All, p => AssertOneStep(p, word), Cases);

    [Fact]
    public void One_step_of_any_word_is_the_product_of_its_substeps() => Generated.ForAll(
        UnderdampedProblem.All.SelectMany(p => UnderdampedProblem.AnyWord.Select(word => (p, word))), pair => AssertOneStep(pair.p, pair.word));

    [Fact]
    [Proves("I-27", "BAOAB")]
    [Proves("I-33", "BAOAB")]
    public void I27_BAOAB_has_the_exact_position_covariance() => AssertStationary("BAOAB");

    [Fact]
    [Proves("I-28", "ABOBA")]
    [Proves("I-33", "ABOBA")]
    public void I28_ABOBA_has_the_exact_position_covariance() => AssertStationary("ABOBA");

    [Fact]
    [Proves("I-29", "OBABO")]
    [Proves("I-33", "OBABO")]
    public void I29_OBABO_has_the_exact_momentum_covariance() => AssertStationary("OBABO");

    [Fact]
    [Proves("I-30", "OABAO")]
    [Proves("I-33", "OABAO")]
    public void I30_OABAO_has_the_exact_momentum_covariance() => AssertStationary("OABAO");

    [Fact]
    [Proves("I-31", "BAOA")]
    [Proves("I-33", "BAOA")]
    public void I31_BAOA_has_both_covariances_exact_and_position_correlated_with_momentum() => Generated.ForAll(
        UnderdampedProblem.All,
        p =>
        {
            AssertStationary(p, "BAOA");
            Matrix<double> found = ToMatrix(StationaryLaw.Covariance(AffineMap.ReadOff(p.Kernel("BAOA"))));
            Matrix<double> cross = found.SubMatrix(0, p.Dimension, p.Dimension, p.Dimension);
            double scale = Math.Sqrt(found.SubMatrix(0, p.Dimension, 0, p.Dimension).Enumerate().Max() * found.SubMatrix(p.Dimension, p.Dimension, p.Dimension, p.Dimension).Enumerate().Max());
            Matrix<double> half = 0.5 * p.StepSize * p.Temperature * Matrix<double>.Build.DenseIdentity(p.Dimension);
            Assert.True((cross - half).Enumerate().Max(Math.Abs) < 1e-9 * scale);
        },
        Cases);

    [Theory]
    [InlineData("BAOAB")]
    [InlineData("ABOBA")]
    [InlineData("OBABO")]
    [InlineData("OABAO")]
    [InlineData("BAOA")]
    [Proves("I-32", "BAOAB", "ABOBA", "OBABO", "OABAO", "BAOA")]
    public void I32_stable_just_below_h_omega_2(string word) => Generated.ForAll(
        UnderdampedProblem.All,
        p =>
        {
            // weak friction moves the radius by less than can be told from 1 so near to the edge
            UnderdampedProblem damped = p with { Damping = Math.Max(p.Damping, 0.1) };
            Assert.True(StationaryLaw.SpectralRadius(AffineMap.ReadOff((damped with { Relative = 2 * 0.999 }).Kernel(word))) < 1);
            Assert.True(StationaryLaw.SpectralRadius(AffineMap.ReadOff((damped with { Relative = 2 * 1.001 }).Kernel(word))) > 1);
        },
        Cases);

    [Theory]
    [InlineData("BAOAB")]
    [InlineData("ABOBA")]
    [InlineData("OBABO")]
    [InlineData("OABAO")]
    [InlineData("BAOA")]
    [Proves("I-33", "BAOAB", "ABOBA", "OBABO", "OABAO", "BAOA")]
    public void I33_temperature_multiplies_every_covariance(string word) => Generated.ForAll(
        UnderdampedProblem.All,
        p =>
        {
            Matrix<double> hot = ToMatrix(StationaryLaw.Covariance(AffineMap.ReadOff(p.Kernel(word))));
            Matrix<double> plain = ToMatrix(StationaryLaw.Covariance(AffineMap.ReadOff(Splitting.Create(p.Target, word, p.SettingsWith(p.Friction, 1)))));
            Assert.True(Gap(hot, p.Temperature * plain) < 1e-10);
        },
        Cases);

    [Fact]
    [Proves("I-34", "OBABO")]
    public void I34_the_bias_of_OBABO_is_of_second_order() => Generated.ForAll(
        UnderdampedProblem.All,
        p =>
        {
            // at a given friction γ, not γ h
            UnderdampedProblem coarse = p with { Condition = Math.Min(p.Condition, 10), Relative = 0.1, Damping = 0.1 };
            Assert.Equal(4, Bias(coarse) / Bias(coarse with { Relative = 0.05, Damping = 0.05 }), 1e-1);

            static double Bias(UnderdampedProblem p)
            {
                Matrix<double> found = ToMatrix(StationaryLaw.Covariance(AffineMap.ReadOff(p.Kernel("OBABO"))));
                return (found.SubMatrix(0, p.Dimension, 0, p.Dimension) - (p.Temperature * p.Precision.Inverse())).FrobeniusNorm();
            }
        },
        Cases);

    [Theory]
    [InlineData("BAOAB")]
    [InlineData("ABOBA")]
    [InlineData("OBABO")]
    [InlineData("OABAO")]
    [InlineData("BAOA")]
    [Proves("I-35", "BAOAB", "ABOBA", "OBABO", "OABAO", "BAOA")]
    public void I35_friction_acts_and_only_in_the_one_step_law(string word) => Generated.ForAll(
        UnderdampedProblem.All,
        p =>
        {
            UnderdampedProblem mild = p with { Damping = Math.Min(p.Damping, 2) };
            Kernel<UnderdampedState> other = Splitting.Create(mild.Target, word, mild.SettingsWith(1.25 * mild.Friction, mild.Temperature));
            StationaryLaw.Check(other, ToTensor(mild.StationaryCovariance(word)), mild.StationaryMean, mild.Temperature).Require();
            (Matrix<double> state, Matrix<double> noise) = mild.OneStep(word);
            LawResult oneStep = StationaryLaw.CheckOneStep(other, ToTensor(state), ToTensor(noise));
            Assert.False(oneStep.Holds);
            Assert.Contains("friction", oneStep.Explanation, StringComparison.Ordinal);
        },
        Cases);

    [Theory]
    [InlineData("BAOAB")]
    [InlineData("ABOBA")]
    [InlineData("OBABO")]
    [InlineData("OABAO")]
    [InlineData("BAOA")]
    [Proves("I-12", "BAOAB", "ABOBA", "OBABO", "OABAO", "BAOA")]
    public void I12_at_temperature_0_noise_does_nothing_and_the_law_is_the_mode_at_rest(string word) => Generated.ForAll(
        UnderdampedProblem.All,
        p =>
        {
            Kernel<UnderdampedState> cold = Splitting.Create(p.Target, word, p.SettingsWith(p.Friction, 0));
            Tensor none = Tensor.Zeros(new Shape(2 * p.Dimension, 2 * p.Dimension), DType.Float64);
            StationaryLaw.Check(cold, none, p.StationaryMean, 0).Require();

            UnderdampedState start = UnderdampedStep.State(cold, Tensor.FromArray(p.Mean.ToArray()) + Noise(p.Seed, 3, p.Dimension), Noise(p.Seed + 1, 3, p.Dimension));
            UnderdampedState silent = UnderdampedStep.Of(p.Kernel(word), start, _ => Tensor.Zeros(new Shape(3, p.Dimension), DType.Float64));
            UnderdampedState frozen = UnderdampedStep.Of(cold, start, o => Noise(p.Seed + 2 + o, 3, p.Dimension));
            Assert.Equal(silent.Position.ToArray(), frozen.Position.ToArray());
            Assert.Equal(silent.Momentum.ToArray(), frozen.Momentum.ToArray());
        },
        Cases);

    [Fact]
    public void Without_friction_the_noise_does_nothing_and_every_step_keeps_volume() => Generated.ForAll(
        UnderdampedProblem.All,
        p =>
        {
            foreach (string word in UnderdampedProblem.Words)
            {
                AffineMap map = AffineMap.ReadOff(Splitting.Create(p.Target, word, p.SettingsWith(0, p.Temperature)));
                Assert.All(map.Noise.ToArray(), value => Assert.Equal(0, value));
                Assert.Equal(1, ToMatrix(map.State).Determinant(), 1e-9);
            }
        },
        20);

    [Fact]
    public void A_word_without_O_is_the_word_with_friction_0_and_draws_no_noise() => Generated.ForAll(
        UnderdampedProblem.All,
        p =>
        {
            Kernel<UnderdampedState> hamiltonian = p.Kernel("BAB");
            Kernel<UnderdampedState> frictionless = Splitting.Create(p.Target, "BAOAB", p.SettingsWith(0, p.Temperature));
            UnderdampedState start = UnderdampedStep.State(hamiltonian, Tensor.FromArray(p.Mean.ToArray()) + Noise(p.Seed, 3, p.Dimension), Noise(p.Seed + 1, 3, p.Dimension));
            UnderdampedState a = UnderdampedStep.Of(hamiltonian, start, _ => throw new InvalidOperationException("No noise is needed."));
            UnderdampedState b = UnderdampedStep.Of(frictionless, start, o => Noise(p.Seed + 2 + o, 3, p.Dimension));
            Assert.True(Gap(ToMatrix(a.Position), ToMatrix(b.Position)) < 1e-12);
            Assert.True(Gap(ToMatrix(a.Momentum), ToMatrix(b.Momentum)) < 1e-11);
        },
        20);

    [Fact]
    public void Momenta_are_drawn_with_covariance_T_M_at_the_start() => Generated.ForAll(
        UnderdampedProblem.All,
        p =>
        {
            Kernel<UnderdampedState> kernel = p.Kernel("BAOAB");
            NoiseSource source = NoiseSource.OfStart(RandomKey.FromSeed((ulong)p.Seed), Chains.Range(4), Workspace.Default);
            UnderdampedState start = kernel.Initialize(Noise(p.Seed, 4, p.Dimension));
            UnderdampedState thermal = kernel.Thermalize(source, start);
            Assert.All(start.Momentum.ToArray(), value => Assert.Equal(0, value));
            Assert.Same(start.Position, thermal.Position);
            Assert.Same(start.Gradient, thermal.Gradient);
            Matrix<double> xi = ToMatrix(source.Normal(0, p.Dimension, DType.Float64));
            Matrix<double> root = p.Mass.Cholesky().Factor * Math.Sqrt(p.Temperature);
            Assert.True(Gap(ToMatrix(thermal.Momentum), xi * root.Transpose()) < 1e-13);
        },
        20);

    [Fact]
    public void Settings_and_mass_are_checked()
    {
        Target target = GaussianTarget.Standard(2);
        Assert.Throws<ArgumentOutOfRangeException>(() => new UnderdampedSettings(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new UnderdampedSettings(double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>(() => new UnderdampedSettings(0.1, -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new UnderdampedSettings(0.1, double.PositiveInfinity));
        Assert.Throws<ArgumentOutOfRangeException>(() => new UnderdampedSettings(0.1, 1, -1));
        Assert.Throws<ArgumentException>(() => Splitting.Create(target, "BAOAB", new UnderdampedSettings(0.1, mass: MassMatrix.Diagonal(Tensor.FromArray([1.0])))));
    }

    private static void AssertStationary(string word) => Generated.ForAll(UnderdampedProblem.All, p => AssertStationary(p, word), Cases);

    private static void AssertStationary(UnderdampedProblem p, string word)
    {
        Kernel<UnderdampedState> kernel = p.Kernel(word);
        Matrix<double> expected = p.StationaryCovariance(word);
        StationaryLaw.Check(kernel, ToTensor(expected), p.StationaryMean, p.Temperature).Require();

        // each block by its own size: positions may be large where momenta are small
        Matrix<double> found = ToMatrix(StationaryLaw.Covariance(AffineMap.ReadOff(kernel)));
        int d = p.Dimension;
        Assert.True(Gap(found.SubMatrix(0, d, 0, d), expected.SubMatrix(0, d, 0, d)) < 1e-9);
        Assert.True(Gap(found.SubMatrix(d, d, d, d), expected.SubMatrix(d, d, d, d)) < 1e-9);
    }

    private static void AssertOneStep(UnderdampedProblem p, string word)
    {
        (Matrix<double> state, Matrix<double> noise) = p.OneStep(word);
        Vector<double> mean = Vector<double>.Build.DenseOfArray(p.StationaryMean.ToArray());
        StationaryLaw.CheckOneStep(p.Kernel(word), ToTensor(state), ToTensor(noise), Tensor.FromArray((mean - (state * mean)).ToArray())).Require();
    }
}
