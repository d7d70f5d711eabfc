using FsCheck;
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

/// <summary>pSGLD: with its preconditioner held it is ULA with a diagonal one; the preconditioner follows RMSprop; Γ is its derivative, and what the law needs.</summary>
public sealed class PreconditionedStochasticGradientLangevinTests
{
    private const double Lambda = 0.3;
    private static readonly RandomKey Key = RandomKey.FromSeed(20_261_122);

    [Fact]
    [Proves("I-1", "pSGLD")]
    [Proves("I-3", "pSGLD")]
    [Proves("I-5", "pSGLD")]
    public void I1_I3_I5_with_its_preconditioner_held_it_has_the_law_of_ULA() => Generated.ForAll(GaussianProblem.WithIdentity, p =>
    {
        // a state made at 0 holds v = ĝ(0)² = (A m)²
        Matrix<double> preconditioner = Held(p);
        double h = p.Relative / Largest(p, preconditioner);
        Kernel<StochasticState> kernel = Kernel(p, h);
        Matrix<double> covariance = p.Temperature * (p.Precision - (h / 2 * p.Precision * preconditioner * p.Precision)).Inverse();
        StationaryLaw.Check(kernel, ToTensor(0.5 * (covariance + covariance.Transpose())), Tensor.FromArray(p.Mean.ToArray()), p.Temperature).Require();
        Matrix<double> drift = Matrix<double>.Build.DenseIdentity(p.Dimension) - (h * preconditioner * p.Precision);
        StationaryLaw.CheckOneStep(kernel, ToTensor(drift), ToTensor(2 * h * p.Temperature * preconditioner), Tensor.FromArray((p.Mean - (drift * p.Mean)).ToArray())).Require();
    });

    [Fact]
    [Proves("I-2", "pSGLD")]
    public void I2_with_its_preconditioner_held_it_is_stable_just_below_two_over_L() => Generated.ForAll(GaussianProblem.WithIdentity, p =>
    {
        double bound = 1 / Largest(p, Held(p));
        Assert.True(StationaryLaw.SpectralRadius(AffineMap.ReadOff(Kernel(p, 1.99 * bound))) < 1);
        Assert.True(StationaryLaw.SpectralRadius(AffineMap.ReadOff(Kernel(p, 2.01 * bound))) > 1);
    });

    [Fact]
    [Proves("I-12", "pSGLD")]
    public void I12_at_temperature_0_it_descends()
    {
        foreach (Target target in SampleTargets.All)
        {
            Tensor x = Noise(3, 4, target.Dimension);
            foreach (bool gamma in (bool[])[false, true])
            {
                StochasticState state = Step(StochasticGradient.Create(target, new PreconditionedStochasticGradientLangevin(0, 0.9, Lambda, gamma), new FullGradient(), new ConstantSchedule(0.1)), x);
                Tensor gradient = target.Evaluate(x).Gradient;
                Tensor expected = x + (0.1 * gradient / (gradient.Square().Sqrt() + Lambda));
                Assert.True((state.Position - expected).Abs().Flatten().Max(0).ToDouble() < 1e-12 * (1 + x.Abs().Flatten().Max(0).ToDouble()));
            }
        }
    }

    [Fact]
    public void The_second_moment_is_a_running_mean_of_the_squares_of_the_mean_gradient() => Generated.ForAll(
        LocationProblem.All,
        p =>
        {
            Kernel<StochasticState> kernel = StochasticGradient.Create(
                p.Posterior, new PreconditionedStochasticGradientLangevin(p.Temperature, 0.7, Lambda), new MinibatchGradient(p.Size), new ConstantSchedule(0.01));
            StochasticState state = kernel.Initialize(Noise(p.Seed, 3, p.Dimension));
            Matrix<double> v = ToMatrix(state.Gradient).PointwisePower(2) / (p.Count * p.Count);
            for (int k = 0; k < 5; k++)
            {
                state = kernel.Transition(new NoiseSource(Key, k, Chains.Range(3), Workspace.Default), state).State;
                v = (0.7 * v) + (0.3 / (p.Count * p.Count) * ToMatrix(state.Gradient).PointwisePower(2));
                Assert.True(Gap(ToMatrix(state["secondMoment"]), v) < 1e-12);
            }
        },
        30);

    [Fact]
    public void Gamma_is_the_derivative_of_the_preconditioner()
    {
        Target[] targets = [SampleTargets.Quartic(3), SampleTargets.LogisticRegression(4), SamplePosteriors.Logistic(30, 3, 5).Target];
        foreach (Target target in targets)
        {
            foreach (IGradientEstimator estimator in target.Data is null ? (IGradientEstimator[])[new FullGradient()] : [new FullGradient(), new MinibatchGradient(4)])
            {
                (Tensor gamma, Tensor differences) = Gamma(target, estimator, 0.9);
                double scale = differences.Abs().Flatten().Max(0).ToDouble();
                Assert.True((gamma - differences).Abs().Flatten().Max(0).ToDouble() < 1e-5 * scale, $"{target.Name}: {gamma - differences}");
                Assert.True(scale > 1e-3);
            }
        }
    }

    [Fact]
    public void Gamma_on_a_quartic_is_the_closed_formula()
    {
        Target target = SampleTargets.Quartic(3);
        (Tensor gamma, _) = Gamma(target, new FullGradient(), 0.9);
        StochasticState state = Step(Make(target, new FullGradient(), 0.9, gamma: false), Noise(3, 4, 3));
        double[] x = state.Position.ToArray();
        double[] g = state.Gradient.ToArray();
        double[] v = state["secondMoment"].ToArray();
        for (int i = 0; i < x.Length; i++)
        {
            double curvature = -((3 * x[i] * x[i]) + 1);
            double root = Math.Sqrt(v[i]);
            double expected = -0.1 * g[i] * curvature / (root * (Lambda + root) * (Lambda + root));
            Assert.Equal(expected, gamma.ElementAt(i), 1e-8 * (1 + Math.Abs(expected)));
        }
    }

    [Fact]
    public void With_gamma_the_law_has_no_flux_in_one_dimension_and_without_it_has()
    {
        // β = 0: G is a function of x alone, and Γ exact. The flux of exp(−U/T) under the drift and diffusion read off the step vanishes everywhere iff that law is stationary.
        Assert.InRange(Flux(gamma: true), 0, 1e-6);
        Assert.InRange(Flux(gamma: false), 1e-2, 1e2);
    }

    [Fact]
    [Proves("R-8", "pSGLD")]
    public void R8_gamma_costs_two_estimates_for_each_dimension()
    {
        DataTarget posterior = SamplePosteriors.Logistic(30, 3, 5);
        Kernel<StochasticState> kernel = StochasticGradient.Create(
            posterior, new PreconditionedStochasticGradientLangevin(includesGamma: true), new MinibatchGradient(4), new ConstantSchedule(0.01));
        StepInfo info = kernel.Transition(new NoiseSource(Key, 0, Chains.Range(4), Workspace.Default), kernel.Initialize(Noise(3, 4, 3))).Info;
        Assert.Equal(7, info.GradientCount);
        Assert.Equal(28, info.Extras!["dataGradients"].ElementAt(0));
    }

    [Fact]
    public void Where_a_gradient_vanishes_gamma_is_0_and_the_step_finite()
    {
        Target flat = Target.FromGradient(2, x => new LogDensityAndGradient(x.Sum(1) * 0, x * 0));
        StochasticState state = Step(Make(flat, new FullGradient(), 0.9, gamma: true), Noise(3, 4, 2));
        Assert.True(state.Position.AllFinite());
    }

    [Fact]
    public void Constants_out_of_range_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new PreconditionedStochasticGradientLangevin(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new PreconditionedStochasticGradientLangevin(1, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new PreconditionedStochasticGradientLangevin(1, -0.1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new PreconditionedStochasticGradientLangevin(1, 0.9, 0));
    }

    /// <summary>Γ as what it adds to a step at the end of another, and the central difference of G there, given v before the last summand.</summary>
    private static (Tensor Gamma, Tensor Differences) Gamma(Target target, IGradientEstimator estimator, double decay)
    {
        const double H = 0.05;
        const double T = 1.7;
        Kernel<StochasticState> with = Make(target, estimator, decay, gamma: true);
        Kernel<StochasticState> without = Make(target, estimator, decay, gamma: false);
        StochasticState state = Step(without, Noise(3, 4, target.Dimension));
        Noise noise = without.DrawNoise(new NoiseSource(Key, 1, Chains.Range(4), Workspace.Default));
        Tensor gamma = (with.Advance(noise, state).State.Position - without.Advance(noise, state).State.Position) / (H * T);

        int n = target.Data?.Count ?? 1;
        Tensor before = state["secondMoment"] - ((1 - decay) * (state.Gradient / n).Square());
        Tensor[] columns = new Tensor[target.Dimension];
        for (int i = 0; i < columns.Length; i++)
        {
            Tensor shift = 1e-4 * Tensor.Identity(target.Dimension, DType.Float64).Slice(0, i, 1);
            columns[i] = ((Preconditioner(state.Position + shift) - Preconditioner(state.Position - shift)) / 2e-4).Slice(1, i, 1);
        }

        return (gamma, Shaping.Join(1, columns));

        Tensor Preconditioner(Tensor position)
        {
            StochasticState there = without.Refresh(state.WithLeaves([position, .. Enumerable.Range(1, state.Layout.Count - 1).Select(state.Leaf)]));
            return ((before + ((1 - decay) * (there.Gradient / n).Square())).Sqrt() + Lambda).Reciprocal();
        }
    }

    /// <summary>The largest |b π − T ∂(D π)/∂x| relative to the largest density, for drift b and diffusion D read off the step on a quartic.</summary>
    private static double Flux(bool gamma)
    {
        const double T = 1.7;
        const double H = 1e-3;
        const double Width = 2e-5;
        Target target = SampleTargets.Quartic(1);
        Kernel<StochasticState> kernel = Make(target, new FullGradient(), 0, gamma, H);
        double[] points = [.. Enumerable.Range(1, 40).Select(i => i * 0.05)];
        Tensor x = Tensor.FromArray(points, 40, 1);
        Tensor b = (At(x, 0) - x) / H;
        Tensor density = Density(x);
        Tensor slope = ((Diffusion(x + Width) * Density(x + Width)) - (Diffusion(x - Width) * Density(x - Width))) / (2 * Width);
        return ((b * density) - (T * slope)).Abs().Flatten().Max(0).ToDouble() / density.Flatten().Max(0).ToDouble();

        Tensor At(Tensor position, double xi) =>
            kernel.Advance(new Noise(TensorTree.Of(("xi", Tensor.Full(xi, position.Shape, DType.Float64)))), kernel.Initialize(position)).State.Position;
        Tensor Diffusion(Tensor position) => (At(position, 1) - At(position, 0)).Square() / (2 * H * T);
        Tensor Density(Tensor position) => (target.Evaluate(position).LogDensity / T).Exp().Reshape(position.Shape);
    }

    private static Kernel<StochasticState> Make(Target target, IGradientEstimator estimator, double decay, bool gamma, double h = 0.05) =>
        StochasticGradient.Create(target, new PreconditionedStochasticGradientLangevin(1.7, decay, Lambda, gamma), estimator, new ConstantSchedule(h));

    private static StochasticState Step(Kernel<StochasticState> kernel, Tensor position) =>
        kernel.Transition(new NoiseSource(Key, 0, Chains.Range(position.Shape[0]), Workspace.Default), kernel.Initialize(position)).State;

    private static Kernel<StochasticState> Kernel(GaussianProblem p, double h) => StochasticGradient.Create(
        p.Target, new PreconditionedStochasticGradientLangevin(p.Temperature, 0.9, Lambda), new FullGradient(), new ConstantSchedule(h));

    private static Matrix<double> Held(GaussianProblem p) =>
        Matrix<double>.Build.DiagonalOfDiagonalVector((p.Precision * p.Mean).PointwiseAbs().Add(Lambda).PointwisePower(-1));

    private static double Largest(GaussianProblem p, Matrix<double> preconditioner)
    {
        Matrix<double> root = preconditioner.PointwiseSqrt();
        return (root * p.Precision * root).Evd(Symmetricity.Symmetric).EigenValues.Real().Maximum();
    }
}
