using Lae.Kernels;
using Lae.Laws;
using Lae.Numerics;
using Lae.Targets;
using Lae.Tests.Laws;
using MathNet.Numerics.LinearAlgebra;
using static Lae.Tests.Kernels.GaussianProblem;
using static Lae.Tests.Kernels.HamiltonianCase;
using static Lae.Tests.Kernels.Mutants.HamiltonianMutants;

namespace Lae.Tests.Kernels;

/// <summary>The laws of generalised HMC: partial refreshment, ratio, the turn, the way back; and the bugs that they must see.</summary>
public sealed class GeneralizedHamiltonianTests
{
    [Fact]
    [Proves("I-13", "GHMC")]
    public void I13_refreshment_walk_ratio_and_turn_are_the_formula() => Generated.ForAll(Cases, c => Assert.Equal(string.Empty, Broken(c, Kernel(c))));

    [Fact]
    [Proves("I-15", "GHMC")]
    [Proves("I-16", "GHMC")]
    public void I15_I16_skew_detailed_balance() => Generated.ForAll(Cases, c =>
    {
        // without friction nothing is refreshed: from the end with its momentum turned, the start with its momentum turned is proposed, and the ratio is the negative one
        HamiltonianCase still = c with { Friction = 0 };
        Kernel<UnderdampedState> kernel = Kernel(still);
        UnderdampedState start = Start(still, kernel);
        Transition<UnderdampedState> there = Step(kernel, start, still.Xi(), 0);
        Transition<UnderdampedState> back = Step(kernel, there.State with { Momentum = -there.State.Momentum }, still.Xi(1), 0);
        AssertClose(start.Position, back.State.Position, 1e-10);
        AssertClose(-start.Momentum, back.State.Momentum, 1e-10);
        AssertClose(there.Info.EnergyError!, -back.Info.EnergyError!, 1e-10);
    });

    [Fact]
    [Proves("I-26", "GHMC")]
    [Proves("I-33", "GHMC")]
    [Proves("I-35", "GHMC")]
    public void I26_I35_on_a_flat_target_it_accepts_and_one_step_is_the_formula() => Generated.ForAll(Cases, c =>
    {
        // x' = x + L h M⁻¹ p', p' = c p + √((1 − c²) T) R ξ: sees a wrong friction, temperature or root, which stationary laws cannot
        HamiltonianCase flat = c with { Target = HamiltonianMonteCarloTests.Flat(c.Dimension) };
        int d = c.Dimension;
        double keep = Math.Exp(-c.Friction * c.Steps * c.StepSize);
        Matrix<double> one = Matrix<double>.Build.DenseIdentity(d);
        Matrix<double> drift = c.Steps * c.StepSize * c.Mass.Inverse();
        Matrix<double> state = Blocks(one, keep * drift, 0 * one, keep * one);
        Matrix<double> root = Math.Sqrt((1 - (keep * keep)) * c.Temperature) * c.Root;
        Matrix<double> noise = (drift * root).Stack(root);
        StationaryLaw.CheckOneStep(Kernel(flat), ToTensor(state), ToTensor(noise * noise.Transpose())).Require();
        // what is refreshed has the law that it had
        AssertClose(ToTensor(c.Temperature * c.Mass), ToTensor((keep * keep * c.Temperature * c.Mass) + (root * root.Transpose())));
    });

    [Fact]
    public void Infinite_friction_is_HMC() => Generated.ForAll(Cases, c =>
    {
        Kernel<UnderdampedState> kernel = GeneralizedHamiltonian.Create(c.Target, new LangevinTrajectorySettings(c.Settings, double.PositiveInfinity));
        Transition<UnderdampedState> here = Step(kernel, Start(c, kernel), c.Xi(), 0.5);
        Transition<LangevinState> there = HamiltonianMonteCarloTests.Step(c, HamiltonianMonteCarlo.Create(c.Target, c.Settings), c.Positions(), c.Xi(), 0.5);
        Assert.Equal(there.State.Position.ToArray(), here.State.Position.ToArray());
        Assert.Equal(there.Info.EnergyError!.ToArray(), here.Info.EnergyError!.ToArray());
    });

    [Fact]
    public void A_run_starts_with_momenta_of_their_law() => Generated.ForAll(Cases, c =>
    {
        Kernel<UnderdampedState> kernel = Kernel(c);
        NoiseSource source = NoiseSource.OfStart(Lae.Randomness.RandomKey.FromSeed((ulong)c.Seed), Chains.Range(Points), Workspace.Default);
        UnderdampedState cold = kernel.Initialize(c.Positions());
        UnderdampedState warm = kernel.Thermalize(source, cold);
        Assert.All(cold.Momentum.ToArray(), p => Assert.Equal(0, p));
        Matrix<double> xi = ToMatrix(source.Normal(0, c.Dimension, DType.Float64));
        AssertClose(ToTensor(Math.Sqrt(c.Temperature) * xi * c.Root.Transpose()), warm.Momentum);
        Assert.Equal(cold.Position.ToArray(), warm.Position.ToArray());
    });

    [Theory]
    [InlineData(GeneralizedBug.NoFlip, "turn")]
    [InlineData(GeneralizedBug.NoKineticEnergy, "ratio")]
    [InlineData(GeneralizedBug.RefreshmentCounted, "ratio")]
    [InlineData(GeneralizedBug.AlwaysAccept, "decision")]
    public void Every_bug_is_seen(GeneralizedBug bug, string where)
    {
        foreach (Target target in SampleTargets.All)
        {
            HamiltonianCase c = new(target, 0.15, 3, 1.7, PreconditionerKind.Dense, false, 2, 5);
            Assert.Equal(string.Empty, Broken(c, Generalized(target, c.Trajectory, GeneralizedBug.None)));
            Assert.Contains(where, Broken(c, Generalized(target, c.Trajectory, bug)), StringComparison.Ordinal);
        }
    }

    private static Kernel<UnderdampedState> Kernel(HamiltonianCase c) => GeneralizedHamiltonian.Create(c.Target, c.Trajectory);

    private static UnderdampedState Start(HamiltonianCase c, Kernel<UnderdampedState> kernel) => kernel.Initialize(c.Positions()) with { Momentum = c.Xi(7) };

    private static Transition<UnderdampedState> Step(Kernel<UnderdampedState> kernel, UnderdampedState start, Tensor xi, double uniform) =>
        kernel.Advance(HamiltonianCase.Noise(kernel, Points, ("xi", xi), ("uniform", Uniform(uniform))), start);

    /// <summary>What of a transition differs from plain numbers: the walk, the ratio, the turn of a rejected momentum, the decision; nothing if it is right.</summary>
    private static string Broken(HamiltonianCase c, Kernel<UnderdampedState> kernel)
    {
        List<string> wrong = [];
        UnderdampedState start = Start(c, kernel);
        Transition<UnderdampedState> taken = Step(kernel, start, c.Xi(), 0);
        // far below every acceptance probability that 1 − 2⁻⁵³ could miss
        Transition<UnderdampedState> mostlyRefused = Step(kernel, start, c.Xi(), double.BitDecrement(1));
        double keep = Math.Exp(-c.Friction * c.Steps * c.StepSize);
        for (int i = 0; i < Points; i++)
        {
            Vector<double> x = ToMatrix(start.Position).Row(i);
            Vector<double> p = c.Refreshed(keep, ToMatrix(start.Momentum).Row(i), ToMatrix(c.Xi()).Row(i));
            (Vector<double> y, Vector<double> q) = c.Walk(x, p);
            double error = (c.Energy(y, q) - c.Energy(x, p)) / c.Temperature;
            double scale = 1 + ((Math.Abs(c.Energy(y, q)) + Math.Abs(c.Energy(x, p))) / c.Temperature);
            Check(Math.Abs(error - taken.Info.EnergyError!.ElementAt(i)) <= 1e-11 * scale, "ratio");
            Check(Close(taken.State.Position, i, y) && Close(taken.State.Momentum, i, q), "walk");
            bool refused = error > 1e-9;
            bool says = mostlyRefused.Info.Accepted!.ElementAt(i) == 0;
            Check(refused == says || Math.Abs(error) <= 1e-9, "decision");
            if (says)
            {
                Check(Close(mostlyRefused.State.Momentum, i, -p), "turn");
                Check(mostlyRefused.State.Position.Slice(0, i, 1).ToArray().SequenceEqual(start.Position.Slice(0, i, 1).ToArray()), "stay");
            }
        }

        Check(Enumerable.Range(0, Points).Any(i => taken.Info.EnergyError!.ElementAt(i) != 0), "no energy error");
        return string.Join(", ", wrong.Distinct());

        void Check(bool holds, string what)
        {
            if (!holds)
            {
                wrong.Add(what);
            }
        }

        static bool Close(Tensor actual, int row, Vector<double> expected) => (ToMatrix(actual).Row(row) - expected).L2Norm() <= 1e-11 * (1 + expected.L2Norm());
    }

    private static Matrix<double> Blocks(Matrix<double> a, Matrix<double> b, Matrix<double> c, Matrix<double> d) => a.Append(b).Stack(c.Append(d));
}
