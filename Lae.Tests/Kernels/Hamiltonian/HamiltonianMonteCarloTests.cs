using Lae.Kernels;
using Lae.Laws;
using Lae.Numerics;
using Lae.Randomness;
using Lae.Targets;
using Lae.Tests.Laws;
using MathNet.Numerics.LinearAlgebra;
using static Lae.Tests.Kernels.GaussianProblem;
using static Lae.Tests.Kernels.HamiltonianCase;
using static Lae.Tests.Kernels.Mutants.HamiltonianMutants;

namespace Lae.Tests.Kernels;

/// <summary>The laws of HMC: its ratio against plain numbers, the way back, its kinship with MALA; and the bugs that they must see.</summary>
public sealed class HamiltonianMonteCarloTests
{
    [Fact]
    [Proves("I-13", "HMC", "HMC two-stage")]
    public void I13_the_log_ratio_is_minus_the_energy_error_over_T() => Generated.ForAll(Cases, c => Assert.True(RatioGap(c, Kernel(c)) < 1e-11));

    [Fact]
    [Proves("I-15", "HMC", "HMC two-stage")]
    [Proves("I-16", "HMC", "HMC two-stage")]
    public void I15_I16_the_way_back_undoes_the_way_there() => Generated.ForAll(Cases, c =>
    {
        // from the end, with the noise that draws the turned momentum, the kernel proposes the start with the negative ratio; with I-22 (the map keeps volume) the flux is the same both ways
        Transition<LangevinState> there = Step(c, Kernel(c), c.Positions(), c.Xi(), 0);
        Transition<LangevinState> back = Step(c, Kernel(c), there.State.Position, ReverseNoise(c), 0);
        AssertClose(c.Positions(), back.State.Position, 1e-10);
        AssertClose(there.Info.EnergyError!, -back.Info.EnergyError!, 1e-10);
    });

    [Fact]
    [Proves("I-16", "HMC", "HMC two-stage")]
    public void I16_the_decision_is_the_one_reported() => Generated.ForAll(Cases, c => Assert.True(DecidesAsReported(c, Kernel(c))));

    [Fact]
    [Proves("I-16", "HMC")]
    public void I16_detailed_balance_as_a_black_box_with_one_step() => Generated.ForAll(
        Cases,
        c =>
        {
            HamiltonianCase one = c with { Steps = 1, IsTwoStage = false };
            Assert.All(MetropolisLaws.All(Kernel(one), one.Target, one.Temperature, one.Positions(), one.Xi()), law => law.Require());
        },
        40);

    [Fact]
    [Proves("I-17", "HMC", "MALA")]
    public void I17_one_leapfrog_step_is_MALA() => Generated.ForAll(Cases, c =>
    {
        HamiltonianCase one = c with { Steps = 1, IsTwoStage = false };
        Matrix<double> p = one.Mass.Inverse();
        p = 0.5 * (p + p.Transpose());
        Kernel<LangevinState> mala = MetropolisLangevin.Create(one.Target, new LangevinSettings(one.StepSize * one.StepSize / 2, one.Temperature, Preconditioner.Dense(ToTensor(p))));
        // S ξ' = M⁻¹ R ξ, with P = S Sᵀ
        Tensor xi = ToTensor((p.Cholesky().Factor.Solve(p * one.Root) * ToMatrix(one.Xi()).Transpose()).Transpose());
        foreach (double uniform in (double[])[0, 0.6])
        {
            Transition<LangevinState> here = Step(one, Kernel(one), one.Positions(), one.Xi(), uniform);
            Transition<LangevinState> there = Step(one, mala, one.Positions(), xi, uniform);
            AssertClose(there.State.Position, here.State.Position);
            double scale = 1 + one.Target.Evaluate(here.State.Position).LogDensity.Abs().Max(0).ToDouble() / one.Temperature;
            AssertClose(0, (there.Info.EnergyError! - here.Info.EnergyError!).Abs().Max(0).ToDouble(), scale + here.Info.EnergyError!.Abs().Max(0).ToDouble(), 1e-11);
        }
    });

    [Fact]
    [Proves("I-20", "HMC", "HMC two-stage", "GHMC", "MALT")]
    public void I20_the_mean_of_exp_r_is_1_in_the_stationary_law()
    {
        const int Chains = 20_000;
        ExactTarget banana = Banana.Create();
        Tensor position = banana.Draw(RandomKey.FromSeed(20), Chains);
        foreach (Integrator integrator in (Integrator[])[Leapfrog.Integrator, TwoStage.Integrator])
        {
            HamiltonianSettings settings = new(0.35, 4, 1, MassMatrix.Diagonal(Tensor.FromArray([0.8, 2])), integrator);
            Check(HamiltonianMonteCarlo.Create(banana.Target, settings));
            Check(GeneralizedHamiltonian.Create(banana.Target, new LangevinTrajectorySettings(settings, 0.7)));
            Check(MetropolisLangevinTrajectories.Create(banana.Target, new LangevinTrajectorySettings(settings, 0.7)));
        }

        void Check<TState>(Kernel<TState> kernel)
            where TState : class, IKernelState<TState>
        {
            RandomKey key = RandomKey.FromSeed(21);
            TState start = kernel.Thermalize(NoiseSource.OfStart(key, Lae.Kernels.Chains.Range(Chains), Workspace.Default), kernel.Initialize(position));
            Transition<TState> next = kernel.Transition(new NoiseSource(key, 0, Lae.Kernels.Chains.Range(Chains), Workspace.Default), start);
            Vector<double> ratio = Vector<double>.Build.Dense(next.Info.EnergyError!.ToArray().Select(e => Math.Exp(-e)).ToArray());
            double error = Math.Sqrt((ratio - ratio.Average()).PointwisePower(2).Average() / Chains);
            Assert.InRange(error, 1e-6, 0.02);
            Assert.InRange(ratio.Average(), 1 - (5 * error), 1 + (5 * error));
        }
    }

    [Fact]
    [Proves("I-26", "HMC", "HMC two-stage")]
    public void I26_on_a_flat_target_it_always_accepts() => Generated.ForAll(Cases, c =>
    {
        HamiltonianCase flat = c with { Target = Flat(c.Dimension) };
        Transition<LangevinState> next = Step(flat, Kernel(flat), flat.Positions(), flat.Xi(), double.BitDecrement(1));
        Assert.All(next.Info.EnergyError!.ToArray(), error => Assert.Equal(0, error, 1e-12));
        // x + L h M⁻¹ √T R ξ
        Matrix<double> moved = ToMatrix(flat.Positions()) + (flat.Steps * flat.StepSize * Math.Sqrt(flat.Temperature) * ToMatrix(flat.Xi()) * flat.Root.Transpose() * flat.Mass.Inverse());
        AssertClose(ToTensor(moved), next.State.Position, 1e-11);
    });

    [Theory]
    [InlineData(HamiltonianBug.NoKineticEnergy)]
    [InlineData(HamiltonianBug.KineticEnergyIgnoresMass)]
    [InlineData(HamiltonianBug.RatioFlipped)]
    [InlineData(HamiltonianBug.AlwaysAccept)]
    [InlineData(HamiltonianBug.TemperatureMissing)]
    [Rejects("§5 HMC kinetic energy ignores the momentum's deviation (Math.NET)")]
    public void Every_bug_is_seen(HamiltonianBug bug)
    {
        foreach (Target target in SampleTargets.All)
        {
            HamiltonianCase c = new(target, 0.15, 3, 1.7, PreconditionerKind.Dense, false, 1, 5);
            Assert.True(RatioGap(c, Kernel(c)) < 1e-11 && DecidesAsReported(c, Kernel(c)));
            Kernel<LangevinState> correct = Hamiltonian(target, c.Settings, HamiltonianBug.None);
            Assert.True(RatioGap(c, correct) < 1e-11 && DecidesAsReported(c, correct));
            Kernel<LangevinState> wrong = Hamiltonian(target, c.Settings, bug);
            Assert.Equal(bug == HamiltonianBug.AlwaysAccept, RatioGap(c, wrong) < 1e-3);
            Assert.Equal(bug != HamiltonianBug.AlwaysAccept, DecidesAsReported(c, wrong));
            HamiltonianCase one = c with { Steps = 1 };
            Assert.False(MetropolisLaws.FluxSymmetry(
                Hamiltonian(target, one.Settings, bug), target, one.Temperature, one.Positions(), one.Xi()).Holds);
        }
    }

    [Theory]
    [InlineData(0, 1, 1)]
    [InlineData(-0.1, 1, 1)]
    [InlineData(double.NaN, 1, 1)]
    [InlineData(double.PositiveInfinity, 1, 1)]
    [InlineData(0.1, 0, 1)]
    [InlineData(0.1, 1, 0)]
    [InlineData(0.1, 1, -1)]
    [InlineData(0.1, 1, double.NaN)]
    [InlineData(0.1, 1, double.PositiveInfinity)]
    public void Settings_outside_their_ranges_are_refused(double stepSize, int steps, double temperature)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new HamiltonianSettings(stepSize, steps, temperature));
        Assert.Throws<ArgumentOutOfRangeException>(() => new NoUTurnSettings(stepSize, steps, temperature));
    }

    [Fact]
    public void Other_arguments_are_checked()
    {
        HamiltonianSettings settings = new(0.1, 2, mass: MassMatrix.Diagonal(Tensor.FromArray([1.0, 2])));
        Target target = SampleTargets.Quartic(3);
        Assert.Throws<ArgumentException>(() => HamiltonianMonteCarlo.Create(target, settings));
        Assert.Throws<ArgumentException>(() => GeneralizedHamiltonian.Create(target, new LangevinTrajectorySettings(settings, 1)));
        Assert.Throws<ArgumentException>(() => MetropolisLangevinTrajectories.Create(target, new LangevinTrajectorySettings(settings, 1)));
        Assert.Throws<ArgumentException>(() => NoUTurn.Create(target, new NoUTurnSettings(0.1, mass: settings.Mass)));
        Assert.Throws<ArgumentOutOfRangeException>(() => new LangevinTrajectorySettings(settings, -0.1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new LangevinTrajectorySettings(settings, double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>(() => new NoUTurnSettings(0.1, 21));
    }

    /// <summary>A target with no gradient.</summary>
    internal static Target Flat(int dimension) => Target.FromGradient(
        dimension, x => new LogDensityAndGradient(Tensor.Full(1.5, new Shape(x.Shape[0]), x.DType, x.Workspace), Tensor.Zeros(x.Shape, x.DType, x.Workspace)), name: "flat");

    internal static Transition<LangevinState> Step(HamiltonianCase c, Kernel<LangevinState> kernel, Tensor position, Tensor xi, double uniform) =>
        kernel.Advance(HamiltonianCase.Noise(kernel, Points, ("xi", xi), ("uniform", Uniform(uniform))), kernel.Initialize(position));

    private static Kernel<LangevinState> Kernel(HamiltonianCase c) => HamiltonianMonteCarlo.Create(c.Target, c.Settings);

    /// <summary>The largest error of the reported ratio, and of the proposal, against plain numbers, relative to the size of the terms.</summary>
    private static double RatioGap(HamiltonianCase c, Kernel<LangevinState> kernel)
    {
        Transition<LangevinState> next = Step(c, kernel, c.Positions(), c.Xi(), 0);
        double worst = 0;
        for (int i = 0; i < Points; i++)
        {
            Vector<double> x = ToMatrix(c.Positions()).Row(i);
            Vector<double> p = c.Momentum(ToMatrix(c.Xi()).Row(i));
            (Vector<double> y, Vector<double> q) = c.Walk(x, p);
            double scale = (1 + Math.Abs(c.Energy(x, p)) + Math.Abs(c.Energy(y, q))) / c.Temperature;
            worst = Math.Max(worst, Math.Abs(((c.Energy(y, q) - c.Energy(x, p)) / c.Temperature) - next.Info.EnergyError!.ElementAt(i)) / (1 + scale));
            worst = Math.Max(worst, (ToMatrix(next.State.Position).Row(i) - y).L2Norm() / (1 + y.L2Norm()));
        }

        return worst;
    }

    /// <summary>Whether a chain moves just where u is below min(1, eʳ), r the ratio that it reports; what stays keeps every bit.</summary>
    private static bool DecidesAsReported(HamiltonianCase c, Kernel<LangevinState> kernel)
    {
        Transition<LangevinState> taken = Step(c, kernel, c.Positions(), c.Xi(), 0);
        double[] ratio = (-taken.Info.EnergyError!).ToArray();
        // a ratio above 0 always accepts: ask from the other side
        Transition<LangevinState> back = Step(c, kernel, taken.State.Position, ReverseNoise(c), 0);
        return Asked(c.Positions(), c.Xi(), ratio, taken) && Asked(taken.State.Position, ReverseNoise(c), (-back.Info.EnergyError!).ToArray(), back);

        bool Asked(Tensor from, Tensor xi, double[] r, Transition<LangevinState> proposed)
        {
            bool holds = true;
            foreach (double factor in (double[])[1 - 1e-9, 1 + 1e-9])
            {
                double[] uniform = [.. r.Select(each => Math.Min(double.BitDecrement(1), Math.Exp(each) * factor))];
                Transition<LangevinState> next = kernel.Advance(HamiltonianCase.Noise(kernel, Points, ("xi", xi), ("uniform", Tensor.FromArray(uniform))), kernel.Initialize(from));
                double[] expected = [.. r.Zip(uniform, (each, u) => Math.Log(u) < each ? 1.0 : 0.0)];
                holds &= next.Info.Accepted!.ToArray().SequenceEqual(expected);
                LangevinState chosen = StateOperations.ChooseRows(Tensor.FromArray(expected), proposed.State, kernel.Initialize(from));
                holds &= Enumerable.Range(0, 3).All(leaf => chosen.Leaf(leaf).ToArray().SequenceEqual(next.State.Leaf(leaf).ToArray()));
                holds &= next.Info.AcceptanceProbability!.ToArray().Zip(r).All(pair => Math.Abs(pair.First - Math.Exp(Math.Min(0, pair.Second))) < 1e-12);
            }

            return holds;
        }
    }

    /// <summary>The noise that draws minus the last momentum.</summary>
    private static Tensor ReverseNoise(HamiltonianCase c) => ToTensor(Matrix<double>.Build.DenseOfRowVectors(
        ToMatrix(c.Positions()).EnumerateRows().Zip(ToMatrix(c.Xi()).EnumerateRows()).Select(pair => c.NoiseOf(-c.Walk(pair.First, c.Momentum(pair.Second)).P))));
}
