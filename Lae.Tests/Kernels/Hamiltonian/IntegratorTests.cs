using FsCheck;
using FsCheck.Fluent;
using Lae.Kernels;
using Lae.Numerics;
using Lae.Targets;
using Lae.Tests.Laws;
using MathNet.Numerics.LinearAlgebra;
using static Lae.Tests.Kernels.GaussianProblem;

namespace Lae.Tests.Kernels;

/// <summary>The integrators by themselves: what they conserve, that they are symplectic and reversible, their order and where they become unstable.</summary>
public sealed class IntegratorTests
{
    private const double Lambda = 0.1931833275037836;
    private static readonly double TwoStageLimit = Math.Sqrt((0.5 - Math.Sqrt(0.25 - (2 * Lambda * (1 - (2 * Lambda))))) / (Lambda * (1 - (2 * Lambda)) / 2));

    private static readonly Gen<Oscillator> Oscillators =
        from relative in Gen.Choose(20, 970)
        from logOmega in Gen.Choose(-700, 700)
        from logMass in Gen.Choose(-700, 700)
        from twoStage in Gen.Elements(false, true)
        from seed in Gen.Choose(0, 1_000_000)
        select new Oscillator(relative / 1000.0, Math.Pow(10, logOmega / 1000.0), Math.Pow(10, logMass / 1000.0), twoStage, seed);

    [Fact]
    [Proves("I-21", "HMC", "HMC two-stage", "GHMC", "MALT", "NUTS")]
    public void I21_a_modified_energy_is_conserved_exactly() => Generated.ForAll(Oscillators, o =>
    {
        UnderdampedState at = o.Start();
        double before = Energy(at);
        for (int i = 0; i < 100; i++)
        {
            at = o.Integrator.Advance(o.Target, o.MassMatrix, o.StepSize, at);
        }

        Assert.Equal(1, Energy(at) / before, 1e-11);

        double Energy(UnderdampedState s)
        {
            (double x, double p, double u) = (s.Position.ToDouble(), s.Momentum.ToDouble(), Math.Pow(o.StepSize, 2) * o.Omega * o.Omega / o.Mass);
            double mu = 1 - (2 * Lambda);
            (double kinetic, double potential) = o.IsTwoStage
                ? (1 - (mu * u / 4), 1 - (Lambda * (Lambda + mu) * u) + (Lambda * Lambda * mu * u * u / 4))
                : (1, 1 - (u / 4));
            return (kinetic * p * p / o.Mass) + (potential * o.Omega * o.Omega * x * x);
        }
    });

    [Fact]
    [Proves("I-32", "HMC", "HMC two-stage", "GHMC", "MALT", "NUTS")]
    public void Stable_just_below_2_and_for_two_stages_2_5531() => Generated.ForAll(Oscillators, o =>
    {
        Assert.Equal(2.5531, TwoStageLimit, 1e-4);
        Assert.True(Math.Abs(Trace(0.999)) < 2);
        Assert.True(Math.Abs(Trace(1.001)) > 2);

        double Trace(double relative)
        {
            Oscillator edge = o with { Relative = relative };
            Matrix<double> map = Jacobian(edge.Target, edge.MassMatrix, edge.StepSize, 1, edge.Integrator, Vector<double>.Build.Dense(2));
            return map.Trace();
        }
    });

    [Fact]
    [Proves("I-22", "HMC", "HMC two-stage", "GHMC", "MALT", "NUTS")]
    public void I22_on_a_Gaussian_the_map_is_symplectic_to_the_last_digits() => Generated.ForAll(HamiltonianCase.Cases, c =>
    {
        Target gaussian = GaussianTarget.Dense(Tensor.FromArray(Normals(c.Seed, 1, c.Dimension).Row(0).ToArray()), ToTensor(Positive(c.Dimension, 0.2, 8, c.Seed + 3)));
        // the map is affine: differences with steps of any size are exact
        Matrix<double> map = Jacobian(gaussian, c.MassMatrix, c.StepSize, c.Steps, c.Settings.Integrator, Vector<double>.Build.Dense(2 * c.Dimension), affine: true);
        AssertSymplectic(map, 1e-12);
    });

    [Fact]
    [Proves("I-22", "HMC", "HMC two-stage", "GHMC", "MALT", "NUTS")]
    public void I22_on_other_targets_by_central_differences() => Generated.ForAll(
        HamiltonianCase.Cases,
        c => AssertSymplectic(Jacobian(c.Target, c.MassMatrix, c.StepSize, c.Steps, c.Settings.Integrator, 0.8 * Normals(c.Seed + 4, 1, 2 * c.Dimension).Row(0)), 1e-7),
        60);

    [Fact]
    [Proves("I-22", "HMC", "HMC two-stage", "GHMC", "MALT", "NUTS")]
    public void I22_back_with_the_momentum_turned_round() => Generated.ForAll(HamiltonianCase.Cases, c =>
    {
        UnderdampedState start = UnderdampedState.At(c.Target, c.Positions(), c.Xi());
        UnderdampedState end = Walk(c, start);
        UnderdampedState back = Walk(c, end with { Momentum = -end.Momentum });
        HamiltonianCase.AssertClose(start.Position, back.Position, 1e-10);
        HamiltonianCase.AssertClose(-start.Momentum, back.Momentum, 1e-10);
        Assert.Equal(end.LogDensity.ToArray(), c.Target.Evaluate(end.Position).LogDensity.ToArray());
    });

    [Fact]
    public void Both_are_of_second_order_and_two_stages_err_less_for_the_same_gradients()
    {
        // the largest energy error along a trajectory of fixed length, at one cost in gradients: h for the leapfrog, 2h for the two-stage
        Target target = SampleTargets.Quartic(3);
        UnderdampedState start = UnderdampedState.At(target, Noise(1, 1, 3), Noise(2, 1, 3));
        double[] leapfrog = [.. new[] { 0.02, 0.01 }.Select(h => Worst(Leapfrog.Integrator, h))];
        double[] twoStage = [.. new[] { 0.04, 0.02 }.Select(h => Worst(TwoStage.Integrator, h))];
        Assert.InRange(leapfrog[0] / leapfrog[1], 3.9, 4.1);
        Assert.InRange(twoStage[0] / twoStage[1], 3.9, 4.1);
        Assert.InRange(leapfrog[1] / twoStage[1], 2, 20);

        double Worst(Integrator integrator, double h)
        {
            UnderdampedState at = start;
            double worst = 0;
            for (int i = 0; i < (int)Math.Round(2 / h); i++)
            {
                at = integrator.Advance(target, MassMatrix.Identity, h, at);
                worst = Math.Max(worst, Math.Abs(Energy(at) - Energy(start)));
            }

            return worst;
        }

        static double Energy(UnderdampedState s) => MassMatrix.Identity.KineticEnergy(s.Momentum).ToDouble() - s.LogDensity.ToDouble();
    }

    [Fact]
    public void The_plain_oracle_takes_the_same_steps() => Generated.ForAll(HamiltonianCase.Cases, c =>
    {
        UnderdampedState end = Walk(c, UnderdampedState.At(c.Target, c.Positions(), c.Xi()));
        for (int i = 0; i < HamiltonianCase.Points; i++)
        {
            (Vector<double> x, Vector<double> p) = c.Walk(ToMatrix(c.Positions()).Row(i), ToMatrix(c.Xi()).Row(i));
            HamiltonianCase.AssertClose(x, end.Position.Slice(0, i, 1), 1e-11);
            HamiltonianCase.AssertClose(p, end.Momentum.Slice(0, i, 1), 1e-11);
        }
    });

    [Fact]
    public void An_integrator_with_both_kicks_at_the_first_gradient_is_seen()
    {
        Integrator wrong = new("stale", 1, (target, mass, h, s) =>
        {
            Tensor p = s.Momentum + (0.5 * h * s.Gradient);
            UnderdampedState next = UnderdampedState.At(target, s.Position + (h * mass.Velocity(p)), p + (0.5 * h * s.Gradient));
            return next;
        });
        Target target = GaussianTarget.Standard(2);
        Matrix<double> map = Jacobian(target, MassMatrix.Identity, 0.3, 2, wrong, Vector<double>.Build.Dense(4), affine: true);
        Assert.True(SymplecticGap(map) > 0.01);
    }

    private static UnderdampedState Walk(HamiltonianCase c, UnderdampedState start) =>
        Enumerable.Range(0, c.Steps).Aggregate(start, (at, _) => c.Settings.Integrator.Advance(c.Target, c.MassMatrix, c.StepSize, at));

    private static void AssertSymplectic(Matrix<double> map, double tolerance)
    {
        double gap = SymplecticGap(map);
        Assert.True(gap <= tolerance, $"off by {gap:G3}");
    }

    /// <summary>Jᵀ Ω J against Ω.</summary>
    private static double SymplecticGap(Matrix<double> map)
    {
        int d = map.RowCount / 2;
        Matrix<double> form = Matrix<double>.Build.Dense(2 * d, 2 * d, (i, j) => j == i + d ? 1 : i == j + d ? -1 : 0);
        return ((map.Transpose() * form * map) - form).Enumerate().Max(Math.Abs) / (1 + Math.Pow(map.Enumerate().Max(Math.Abs), 2));
    }

    /// <summary>The derivative of (x, p) after some steps by (x, p) before: by differences of one step of size 1 where the map is affine, else by central differences of fourth order. All points are rows of one call.</summary>
    private static Matrix<double> Jacobian(Target target, MassMatrix mass, double h, int steps, Integrator integrator, Vector<double> at, bool affine = false)
    {
        const double Delta = 1e-3;
        int d = target.Dimension;
        (double Offset, double Weight)[] stencil = affine
            ? [(1, 1), (0, -1)]
            : [(Delta, 8 / (12 * Delta)), (-Delta, -8 / (12 * Delta)), (2 * Delta, -1 / (12 * Delta)), (-2 * Delta, 1 / (12 * Delta))];
        Matrix<double> rows = Matrix<double>.Build.Dense(2 * d * stencil.Length, 2 * d, (row, j) => at[j] + (j == row / stencil.Length ? stencil[row % stencil.Length].Offset : 0));
        Tensor points = ToTensor(rows);
        UnderdampedState end = Enumerable.Range(0, steps).Aggregate(
            UnderdampedState.At(target, points.Slice(1, 0, d), points.Slice(1, d, d)), (state, _) => integrator.Advance(target, mass, h, state));
        Matrix<double> images = ToMatrix(Shaping.Join(1, [end.Position, end.Momentum]));
        return Matrix<double>.Build.Dense(2 * d, 2 * d, (i, j) => Enumerable.Range(0, stencil.Length).Sum(k => stencil[k].Weight * images[(j * stencil.Length) + k, i]));
    }

    private sealed record Oscillator(double Relative, double Omega, double Mass, bool IsTwoStage, int Seed)
    {
        /// <summary>h, so that h ω/√m is the relative part of the stability limit.</summary>
        public double StepSize => Relative * (IsTwoStage ? TwoStageLimit : 2) * Math.Sqrt(Mass) / Omega;

        public Integrator Integrator => IsTwoStage ? TwoStage.Integrator : Leapfrog.Integrator;

        public MassMatrix MassMatrix => MassMatrix.Diagonal(Tensor.FromArray([Mass]));

        public Target Target => GaussianTarget.Diagonal(Tensor.FromArray([0.0]), Tensor.FromArray([Omega * Omega]));

        public UnderdampedState Start() => UnderdampedState.At(Target, Noise(Seed, 1, 1) / Omega, Noise(Seed + 1, 1, 1) * Math.Sqrt(Mass));
    }
}
