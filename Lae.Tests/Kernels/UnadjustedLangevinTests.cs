using Lae.Kernels;
using Lae.Laws;
using Lae.Numerics;
using Lae.Targets;
using Lae.Tests.Laws;
using MathNet.Numerics.LinearAlgebra;
using static Lae.Tests.Kernels.GaussianProblem;

namespace Lae.Tests.Kernels;

/// <summary>The exact laws of ULA on Gaussian targets: the step is read off as an affine map and compared with closed formulas; no draw is made.</summary>
public sealed class UnadjustedLangevinTests
{
    [Fact]
    public void One_step_is_the_formula() => Generated.ForAll(All, p =>
        StationaryLaw.CheckOneStep(
            p.Unadjusted, ToTensor(p.Drift), ToTensor(p.NoiseCovariance), Tensor.FromArray((p.Mean - (p.Drift * p.Mean)).ToArray())).Require());

    [Fact]
    [Proves("I-1", "ULA")]
    [Proves("I-3", "ULA")]
    [Proves("I-5", "ULA")]
    public void I1_I3_I5_stationary_covariance_at_any_temperature_and_preconditioner() => Generated.ForAll(All, p =>
        StationaryLaw.Check(p.Unadjusted, ToTensor(p.StationaryCovariance), Tensor.FromArray(p.Mean.ToArray()), p.Temperature).Require());

    [Fact]
    [Proves("I-5", "ULA")]
    public void I5_preconditioned_by_its_covariance_the_bias_is_one_factor() => Generated.ForAll(
        All,
        p =>
        {
            GaussianProblem own = p with { Kind = PreconditionerKind.InversePrecision };
            Matrix<double> expected = own.Temperature * own.Precision.Inverse() / (1 - (own.StepSize / 2));
            Assert.True(Gap(ToMatrix(StationaryLaw.Covariance(AffineMap.ReadOff(own.Unadjusted))), expected) < 1e-10);
        });

    [Fact]
    [Proves("I-2", "ULA")]
    public void I2_stable_just_below_two_over_L() => Generated.ForAll(All, p =>
    {
        Assert.True(StationaryLaw.SpectralRadius(Map(1.99)) < 1);
        StationaryLaw.Covariance(Map(1.99));
        Assert.True(StationaryLaw.SpectralRadius(Map(2.01)) > 1);
        Assert.Throws<ArithmeticException>(() => StationaryLaw.Covariance(Map(2.01)));
        Assert.Throws<ArithmeticException>(() => StationaryLaw.Mean(Map(2.01)));

        AffineMap Map(double relative) => AffineMap.ReadOff((p with { Relative = relative }).Unadjusted);
    });

    [Fact]
    [Proves("I-4", "ULA")]
    public void I4_tempering_is_another_target_and_step_size() => Generated.ForAll(All, p =>
    {
        Target tempered = GaussianTarget.Dense(Tensor.FromArray(p.Mean.ToArray()), ToTensor(p.Precision / p.Temperature));
        LangevinSettings plain = new(p.StepSize * p.Temperature, 1, p.Settings.Preconditioner);
        AssertSameSteps(p.Unadjusted, UnadjustedLangevin.Create(tempered, plain), p.Positions(), p.Seed);
    });

    [Fact]
    [Proves("I-6", "ULA")]
    public void I6_law_after_n_steps_from_a_point() => Generated.ForAll(All, p =>
    {
        AffineMap map = AffineMap.ReadOff(p.Unadjusted);
        int steps = 1 + (p.Seed % 9);
        Matrix<double> power = p.Drift.Power(steps);
        Matrix<double> covariance = p.StationaryCovariance - (power * p.StationaryCovariance * power.Transpose());
        Assert.True(Gap(ToMatrix(StationaryLaw.CovarianceAfter(map, Zeros(p), steps)), covariance) < 1e-9);
        Vector<double> start = ToMatrix(p.Positions()).Row(0);
        Vector<double> mean = p.Mean + (power * (start - p.Mean));
        double[] found = StationaryLaw.MeanAfter(map, Tensor.FromArray(start.ToArray()), steps).ToArray();
        Assert.True((Vector<double>.Build.Dense(found) - mean).AbsoluteMaximum() < 1e-11 * (1 + mean.AbsoluteMaximum()));
        static Tensor Zeros(GaussianProblem p) => Tensor.Zeros(new Shape(p.Dimension, p.Dimension), DType.Float64);
    });

    [Fact]
    [Proves("I-7", "ULA")]
    public void I7_autocovariance_and_integrated_time_of_each_mode() => Generated.ForAll(WithIdentity, p =>
    {
        AffineMap map = AffineMap.ReadOff(p.Unadjusted);
        Matrix<double> b = ToMatrix(map.State);
        Matrix<double> s = ToMatrix(StationaryLaw.Covariance(map));
        int lag = 1 + (p.Seed % 7);
        Matrix<double> expected = p.Drift.Power(lag) * p.StationaryCovariance;
        double scale = p.StationaryCovariance.Enumerate().Max(Math.Abs);
        Assert.True(((b.Power(lag) * s) - expected).Enumerate().Max(Math.Abs) < 1e-9 * scale);

        var modes = p.Precision.Evd(Symmetricity.Symmetric);
        Matrix<double> identity = Matrix<double>.Build.DenseIdentity(p.Dimension);
        for (int i = 0; i < p.Dimension; i++)
        {
            Vector<double> mode = modes.EigenVectors.Column(i);
            double ha = p.StepSize * modes.EigenValues[i].Real;
            double time = mode * ((identity + b) * (identity - b).Solve(mode));
            Assert.Equal(1, time / ((2 - ha) / ha), 1e-9);
        }
    });

    [Fact]
    [Proves("I-8", "ULA")]
    public void I8_bias_halves_with_the_step_size() => Generated.ForAll(WithIdentity, p =>
    {
        Matrix<double> exact = p.Temperature * p.Precision.Inverse();
        double ratio = Bias(0.01) / Bias(0.005);
        Assert.Equal(2, ratio, 1e-2);

        double Bias(double relative) =>
            (ToMatrix(StationaryLaw.Covariance(AffineMap.ReadOff((p with { Relative = relative }).Unadjusted))) - exact).FrobeniusNorm();
    });

    [Fact]
    [Proves("I-12", "ULA")]
    public void I12_without_noise_or_temperature_it_descends_bit_for_bit() => Generated.ForAll(All, p =>
    {
        Tensor x = p.Positions();
        Tensor zero = Tensor.Zeros(x.Shape, DType.Float64);
        Tensor descended = Elementwise.ScaleAdd(p.StepSize, p.Settings.Preconditioner.Apply(p.Target.Evaluate(x).Gradient), x);
        Kernel<LangevinState> cold = UnadjustedLangevin.Create(p.Target, new LangevinSettings(p.StepSize, 0, p.Settings.Preconditioner));
        Assert.Equal(descended.ToArray(), StepWith(p.Unadjusted, x, zero).ToArray());
        Assert.Equal(descended.ToArray(), StepWith(cold, x, Noise(p.Seed, 5, p.Dimension)).ToArray());
    });

    [Fact]
    public void At_temperature_0_the_stationary_law_is_the_mode() => Generated.ForAll(All, p =>
    {
        Kernel<LangevinState> cold = UnadjustedLangevin.Create(p.Target, new LangevinSettings(p.StepSize, 0, p.Settings.Preconditioner));
        Tensor none = Tensor.Zeros(new Shape(p.Dimension, p.Dimension), DType.Float64);
        StationaryLaw.Check(cold, none, Tensor.FromArray(p.Mean.ToArray()), 0).Require();
    });

    /// <summary>x' by given noise.</summary>
    internal static Tensor StepWith(Kernel<LangevinState> kernel, Tensor position, Tensor xi) =>
        kernel.Advance(new Noise(TensorTree.Of(("xi", xi))), kernel.Initialize(position)).State.Position;

    /// <summary>Two kernels that take the same three steps by the same noise, to 1e-12.</summary>
    internal static void AssertSameSteps(Kernel<LangevinState> a, Kernel<LangevinState> b, Tensor position, int seed)
    {
        Tensor left = position;
        Tensor right = position;
        for (int step = 0; step < 3; step++)
        {
            Tensor xi = Noise(seed + step, position.Shape[0], position.Shape[1]);
            left = StepWith(a, left, xi);
            right = StepWith(b, right, xi);
            double scale = 1 + left.Abs().Flatten().Max(0).ToDouble();
            Assert.True((left - right).Abs().Flatten().Max(0).ToDouble() <= 1e-12 * scale);
        }
    }
}
