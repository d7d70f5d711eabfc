using FsCheck;
using FsCheck.Fluent;
using Lae.Kernels;
using Lae.Laws;
using Lae.Numerics;
using Lae.Randomness;
using Lae.Targets;
using Lae.Tests.Laws;
using static Lae.Tests.Kernels.GaussianProblem;

namespace Lae.Tests.Kernels;

/// <summary>Kernels on other variables and at other temperatures, step by step against the kernels that they must equal.</summary>
public sealed class ReparametrisationTests
{
    private const int Steps = 4;
    private static readonly Gen<int> Seeds = Gen.Choose(0, 1_000_000);

    [Fact]
    [Proves("I-5", "precondition", "reparametrise")]
    public void I5_a_linear_change_of_variables_is_the_preconditioner_P_step_by_step() => Generated.ForAll(
        All,
        p =>
        {
            Tensor centre = Noise(p.Seed + 20, 1, p.Dimension).Reshape(p.Dimension);
            LangevinSettings inner = new(p.StepSize, p.Temperature);
            Assert.All(new[] { false, true }, adjusted =>
            {
                Kernel<LangevinState> direct = adjusted ? p.Adjusted : p.Unadjusted;
                Kernel<TransformedState<LangevinState>> around = Combinators.Precondition(p.Target, p.Settings.Preconditioner, t => Langevin(t, inner, adjusted), centre);
                AssertSameRun(direct, around, p.Positions(), p.Seed, 1e-12 * p.Condition);
            });
        },
        60);

    [Fact]
    [Proves("I-1", "precondition", "reparametrise")]
    [Proves("I-3", "precondition", "reparametrise")]
    public void I1_I3_the_stationary_law_in_x_is_that_of_preconditioned_ULA() => Generated.ForAll(
        All,
        p =>
        {
            Kernel<TransformedState<LangevinState>> around = Combinators.Precondition(p.Target, p.Settings.Preconditioner, t => UnadjustedLangevin.Create(t, new LangevinSettings(p.StepSize, p.Temperature)));
            AffineMap map = AffineMap.ReadOff(around);

            // coordinates are those of y, x = S y
            Tensor root = ToTensor(p.Preconditioner.Cholesky().Factor);
            Tensor covariance = root.MatMul(StationaryLaw.Covariance(map)).MatMul(root, transposeB: true);
            Assert.True(Gap(ToMatrix(covariance), p.StationaryCovariance) < 1e-9 * p.Condition);
        },
        40);

    [Fact]
    [Proves("I-13", "precondition", "reparametrise")]
    [Proves("I-15", "precondition", "reparametrise")]
    [Proves("I-16", "precondition", "reparametrise")]
    public void I13_I15_I16_MALA_through_an_affine_map_balances_the_target_in_x() => Generated.ForAll(
        Seeds,
        seed =>
        {
            Target target = SampleTargets.All[seed % 3];
            int d = target.Dimension;
            double temperature = Math.Pow(10, ((seed % 120) - 60) / 100.0);
            Bijection map = Bijection.Affine(Noise(seed, 1, d).Reshape(d), ToTensor(Rotation(d, seed + 1) * Positive(d, 0.5, 2, seed + 2)));
            Kernel<TransformedState<LangevinState>> kernel = Combinators.Reparametrise(target, map, t => MetropolisLangevin.Create(t, new LangevinSettings(0.05, temperature)));
            Assert.All(MetropolisLaws.All(kernel, target, temperature, Noise(seed + 3, 5, d), Noise(seed + 4, 5, d)), law => law.Require());
        },
        30);

    [Fact]
    [Proves("I-4", "temper")]
    [Proves("I-54", "temper")]
    public void I4_a_tempered_target_is_the_temperature_of_the_settings() => Generated.ForAll(
        Seeds,
        seed =>
        {
            Target target = SampleTargets.All[seed % 3];
            double temperature = Math.Pow(10, ((seed % 200) - 100) / 100.0);
            const double H = 0.02;
            Assert.All(new[] { false, true }, adjusted =>
            {
                Kernel<LangevinState> direct = Langevin(target, new LangevinSettings(H / temperature, temperature), adjusted);
                Kernel<TransformedState<LangevinState>> around = Combinators.Temper(target, temperature, t => Langevin(t, new LangevinSettings(H), adjusted));
                AssertSameRun(direct, around, Noise(seed + 1, 5, target.Dimension), seed, 1e-12);
            });
        },
        60);

    [Fact]
    [Proves("I-4", "reparametrise")]
    public void I4_a_scale_of_the_root_of_T_on_a_tempered_target_keeps_the_step_size() => Generated.ForAll(
        Seeds,
        seed =>
        {
            // what replica exchange in a configuration rests on
            Target target = SampleTargets.Quartic(3);
            double temperature = 1 + (seed % 100 / 10.0);
            Bijection map = Bijection.Affine(Tensor.Zeros(new Shape(3), DType.Float64), Tensor.Full(Math.Sqrt(temperature), new Shape(3), DType.Float64));
            Kernel<LangevinState> direct = MetropolisLangevin.Create(target, new LangevinSettings(0.02, temperature));
            Kernel<TransformedState<LangevinState>> around = Combinators.Reparametrise(target.Temper(temperature), map, t => MetropolisLangevin.Create(t, new LangevinSettings(0.02)));
            AssertSameRun(direct, around, Noise(seed + 1, 5, 3), seed, 1e-12, logDensityScale: temperature);
        },
        30);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Proves("I-13", "reparametrise")]
    public void Through_exp_a_log_normal_law_is_a_Gaussian_step_by_step(bool adjusted) => Generated.ForAll(
        All,
        p =>
        {
            (Tensor gaussian, Tensor logNormal) = ThroughExp(p, Bijection.Exp(p.Dimension), adjusted);
            AssertClose(gaussian, logNormal, 1e-9 * p.Condition);
        },
        40);

    [Fact]
    public void A_missing_Jacobian_is_seen()
    {
        int seen = 0;
        Generated.ForAll(
            WithIdentity,
            p =>
            {
                Bijection exp = Bijection.Exp(p.Dimension);
                (Tensor gaussian, Tensor logNormal) = ThroughExp(p, new Bijection("no Jacobian", exp.Forward, exp.Inverse, y => y.Sum(1) * 0), adjusted: false);
                Assert.ThrowsAny<Exception>(() => AssertClose(gaussian, logNormal, 1e-9 * p.Condition));
                seen++;
            },
            20);
        Assert.True(seen >= 20);
    }

    [Fact]
    public void A_root_that_is_transposed_is_seen() => Generated.ForAll(
        Seeds,
        seed =>
        {
            GaussianProblem p = new(3, 8, 0.7, 0.8, 1.6, PreconditionerKind.Dense, seed);
            Tensor root = ToTensor(p.Preconditioner.Cholesky().Factor);
            LangevinSettings inner = new(p.StepSize, p.Temperature);
            Kernel<TransformedState<LangevinState>> wrong = Combinators.Reparametrise(
                p.Target, Bijection.Affine(Tensor.Zeros(new Shape(3), DType.Float64), root.Transpose()), t => UnadjustedLangevin.Create(t, inner));
            Assert.ThrowsAny<Exception>(() => AssertSameRun(p.Unadjusted, wrong, p.Positions(), seed, 1e-9));
        },
        10);

    [Fact]
    public void What_does_not_fit_is_refused()
    {
        Target two = GaussianTarget.Standard(2);
        static Kernel<LangevinState> Builder(Target t) => UnadjustedLangevin.Create(t, new LangevinSettings(0.1));
        Assert.Throws<ArgumentException>(() => Combinators.Reparametrise(two, Bijection.Exp(3), Builder));
        Assert.Throws<ArgumentException>(() => Combinators.Precondition(two, Preconditioner.Diagonal(Tensor.FromArray([1.0, 2, 3])), Builder));
        Assert.Throws<ArgumentException>(() => Combinators.Precondition(two, Preconditioner.Identity, Builder, Tensor.FromArray([1.0, 2, 3])));
        Assert.Throws<ArgumentOutOfRangeException>(() => Combinators.Temper(two, -1, Builder));
    }

    private static Kernel<LangevinState> Langevin(Target target, LangevinSettings settings, bool adjusted) =>
        adjusted ? MetropolisLangevin.Create(target, settings) : UnadjustedLangevin.Create(target, settings);

    /// <summary>Log positions after a run of a kernel on the Gaussian of y = log x, and after the same run of it through exp on the log-normal law of x.</summary>
    private static (Tensor Gaussian, Tensor LogNormal) ThroughExp(GaussianProblem p, Bijection map, bool adjusted)
    {
        Target logNormal = Target.FromGradient(p.Dimension, x =>
        {
            LogDensityAndGradient at = p.Target.Evaluate(x.Log());
            return new LogDensityAndGradient(at.LogDensity - x.Log().Sum(1), (at.Gradient - 1) / x);
        });
        Kernel<LangevinState> direct = Langevin(p.Target, p.Settings, adjusted);
        Kernel<TransformedState<LangevinState>> around = Combinators.Reparametrise(logNormal, map, t => Langevin(t, p.Settings, adjusted));
        LangevinState here = direct.Initialize(p.Positions());
        TransformedState<LangevinState> there = around.Initialize(p.Positions().Exp());
        AssertClose(p.Positions().Exp(), there.Position, 1e-12);
        AssertClose(logNormal.Evaluate(there.Position).LogDensity, there.LogDensity, 1e-10 * p.Condition);
        for (int step = 0; step < Steps; step++)
        {
            here = direct.Transition(Source(p.Seed, step, 5), here).State;
            there = around.Transition(Source(p.Seed, step, 5), there).State;
        }

        return (here.Position, there.Position.Log());
    }

    /// <summary>Fails unless two kernels of other states make the same steps, with the same log densities and decisions.</summary>
    private static void AssertSameRun(
        Kernel<LangevinState> direct, Kernel<TransformedState<LangevinState>> around, Tensor start, int seed, double tolerance, double logDensityScale = 1)
    {
        LangevinState here = direct.Initialize(start);
        TransformedState<LangevinState> there = around.Initialize(start);
        for (int step = 0; step < Steps; step++)
        {
            Transition<LangevinState> next = direct.Transition(Source(seed, step, start.Shape[0]), here);
            Transition<TransformedState<LangevinState>> also = around.Transition(Source(seed, step, start.Shape[0]), there);
            (here, there) = (next.State, also.State);
            double scale = 1 + here.LogDensity.Abs().Max(0).ToDouble();
            AssertClose(here.Position, there.Position, tolerance);
            AssertClose(here.LogDensity, there.LogDensity * logDensityScale, tolerance * scale);
            Assert.Equal(next.Info.Accepted?.ToArray(), also.Info.Accepted?.ToArray());
            if (next.Info.EnergyError is { } error)
            {
                AssertClose(error, also.Info.EnergyError!, tolerance * scale * 10);
            }
        }
    }

    private static NoiseSource Source(int seed, int step, int chains) => new(RandomKey.FromSeed((ulong)seed), step, Chains.Range(chains), Workspace.Default);

    private static void AssertClose(Tensor expected, Tensor actual, double tolerance)
    {
        double scale = 1 + expected.Abs().Flatten().Max(0).ToDouble();
        Assert.All(expected.ToArray().Zip(actual.ToArray()), pair => Assert.True(Math.Abs(pair.First - pair.Second) <= tolerance * scale, $"{pair.First:R} and {pair.Second:R}"));
    }
}
