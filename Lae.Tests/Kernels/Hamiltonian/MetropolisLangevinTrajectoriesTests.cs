using Lae.Kernels;
using Lae.Numerics;
using Lae.Targets;
using Lae.Tests.Laws;
using MathNet.Numerics.LinearAlgebra;
using static Lae.Tests.Kernels.GaussianProblem;
using static Lae.Tests.Kernels.HamiltonianCase;
using static Lae.Tests.Kernels.Mutants.HamiltonianMutants;

namespace Lae.Tests.Kernels;

/// <summary>The laws of Metropolis-adjusted Langevin trajectories: ratio, the path back, no friction; and the bugs that they must see.</summary>
public sealed class MetropolisLangevinTrajectoriesTests
{
    [Fact]
    [Proves("I-13", "MALT")]
    public void I13_walk_and_ratio_are_the_formula() => Generated.ForAll(Cases, c => Assert.True(Gap(c, Kernel(c)) < 1e-11));

    [Fact]
    [Proves("I-23", "MALT")]
    public void I23_without_friction_it_is_HMC() => Generated.ForAll(Cases, c =>
    {
        HamiltonianCase still = c with { Friction = 0 };
        foreach (double uniform in (double[])[0, 0.7])
        {
            Transition<LangevinState> here = Step(Kernel(still), still.Positions(), still.Xi(), PathNoise(still), uniform);
            Transition<LangevinState> there = HamiltonianMonteCarloTests.Step(still, HamiltonianMonteCarlo.Create(still.Target, still.Settings), still.Positions(), still.Xi(), uniform);
            AssertClose(there.State.Position, here.State.Position);
            double scale = 1 + (there.State.LogDensity.Abs().Max(0).ToDouble() / still.Temperature) + there.Info.EnergyError!.Abs().Max(0).ToDouble();
            AssertClose(0, (there.Info.EnergyError! - here.Info.EnergyError!).Abs().Max(0).ToDouble(), scale, 1e-11);
        }
    });

    [Fact]
    [Proves("I-23", "MALT")]
    [Proves("I-15", "MALT")]
    [Proves("I-16", "MALT")]
    public void I23_I15_I16_the_path_back_with_the_noise_turned_round_returns_and_flips_the_energy_error() => Generated.ForAll(Cases, c =>
    {
        // each O is a rotation of (p, ξ), so that turned noise has the density of the noise: with the negative ratio the flux of a path and that of its reverse are the same
        Transition<LangevinState> there = Step(Kernel(c), c.Positions(), c.Xi(), PathNoise(c), 0);
        Path[] paths = [.. Enumerable.Range(0, Points).Select(i => Walk(c, i))];
        Tensor first = ToTensor(Matrix<double>.Build.DenseOfRowVectors(paths.Select(path => c.NoiseOf(-path.P))));
        Tensor? rest = c.Steps == 1
            ? null
            : ToTensor(Matrix<double>.Build.DenseOfRowVectors(paths.Select(path => Vector<double>.Build.DenseOfEnumerable(path.TurnedNoise.Reverse().SelectMany(xi => xi)))));
        Transition<LangevinState> back = Step(Kernel(c), there.State.Position, first, rest, 0);
        AssertClose(c.Positions(), back.State.Position, 1e-9);
        AssertClose(there.Info.EnergyError!, -back.Info.EnergyError!, 1e-9);
        double forward = paths.Sum(path => path.SquaredNoise) + c.Xi().Square().Sum().ToDouble();
        double backward = (rest?.Square().Sum().ToDouble() ?? 0) + first.Square().Sum().ToDouble();
        // the density of all the noise changes as the energy of the ends does, less the energy errors
        double energies = paths.Sum(path => (c.Evaluate(path.X).LogDensity - c.Evaluate(path.Start).LogDensity + path.Error) / c.Temperature);
        AssertClose(energies, 0.5 * (backward - forward), 1 + forward + Math.Abs(energies), 1e-9);
    });

    [Fact]
    [Proves("I-26", "MALT")]
    public void I26_on_a_flat_target_it_always_accepts() => Generated.ForAll(Cases, c =>
    {
        HamiltonianCase flat = c with { Target = HamiltonianMonteCarloTests.Flat(c.Dimension) };
        Transition<LangevinState> next = Step(Kernel(flat), flat.Positions(), flat.Xi(), PathNoise(flat), double.BitDecrement(1));
        Assert.All(next.Info.EnergyError!.ToArray(), error => Assert.Equal(0, error, 1e-12));
        Assert.True(Gap(flat, Kernel(flat)) < 1e-11);
    });

    [Theory]
    [InlineData(TrajectoryBug.LastStepOnly)]
    [InlineData(TrajectoryBug.RefreshmentsCounted)]
    [InlineData(TrajectoryBug.AlwaysAccept)]
    public void Every_bug_is_seen(TrajectoryBug bug)
    {
        foreach (Target target in SampleTargets.All)
        {
            HamiltonianCase c = new(target, 0.15, 3, 1.7, PreconditionerKind.Dense, false, 2, 5);
            Assert.True(Gap(c, Trajectories(target, c.Trajectory, TrajectoryBug.None)) < 1e-11);
            Assert.True(Gap(c, Trajectories(target, c.Trajectory, bug)) > 1e-5);
        }
    }

    private static Kernel<LangevinState> Kernel(HamiltonianCase c) => MetropolisLangevinTrajectories.Create(c.Target, c.Trajectory);

    /// <summary>The noise of the path; null where there is a single step, which has none.</summary>
    private static Tensor? PathNoise(HamiltonianCase c) => c.Steps == 1 ? null : c.Xi(50, c.Steps - 1);

    private static Transition<LangevinState> Step(Kernel<LangevinState> kernel, Tensor position, Tensor xi, Tensor? path, double uniform) => kernel.Advance(
        path is null
            ? HamiltonianCase.Noise(kernel, Points, ("xi", xi), ("uniform", Uniform(uniform)))
            : HamiltonianCase.Noise(kernel, Points, ("xi", xi), ("uniform", Uniform(uniform)), ("xiFriction", path)),
        kernel.Initialize(position));

    /// <summary>The largest error of walk, ratio and decision against plain numbers.</summary>
    private static double Gap(HamiltonianCase c, Kernel<LangevinState> kernel)
    {
        Transition<LangevinState> taken = Step(kernel, c.Positions(), c.Xi(), PathNoise(c), 0);
        Transition<LangevinState> refused = Step(kernel, c.Positions(), c.Xi(), PathNoise(c), double.BitDecrement(1));
        double worst = 0;
        for (int i = 0; i < Points; i++)
        {
            Path path = Walk(c, i);
            double error = path.Error / c.Temperature;
            worst = Math.Max(worst, Math.Abs(error - taken.Info.EnergyError!.ElementAt(i)) / (1 + (path.Scale / c.Temperature)));
            worst = Math.Max(worst, (ToMatrix(taken.State.Position).Row(i) - path.X).L2Norm() / (1 + path.X.L2Norm()));
            worst = Math.Max(worst, Math.Abs(error) > 1e-9 && refused.Info.Accepted!.ElementAt(i) != (error > 0 ? 0 : 1) ? 1 : 0);
        }

        return worst;
    }

    private static Path Walk(HamiltonianCase c, int row)
    {
        Vector<double> x = ToMatrix(c.Positions()).Row(row);
        Vector<double> start = x;
        Vector<double> p = c.Momentum(ToMatrix(c.Xi()).Row(row));
        Vector<double>? noise = PathNoise(c) is { } all ? ToMatrix(all).Row(row) : null;
        double keep = Math.Exp(-c.Friction * c.StepSize);
        double error = 0;
        double scale = 0;
        List<Vector<double>> turned = [];
        for (int i = 0; i < c.Steps; i++)
        {
            p = i == 0 ? p : Refreshed(p, i - 1);
            double before = c.Energy(x, p);
            (x, p) = c.Step(x, p);
            double after = c.Energy(x, p);
            error += after - before;
            scale += Math.Abs(after) + Math.Abs(before);
        }

        return new Path(start, x, p, error, scale, turned, noise is null ? 0 : noise * noise);

        Vector<double> Refreshed(Vector<double> momentum, int which)
        {
            Vector<double> xi = noise!.SubVector(which * c.Dimension, c.Dimension);
            // the noise that leads from −p' to −p: the other half of the rotation
            turned.Add((keep * xi) - (Math.Sqrt(1 - (keep * keep)) * c.NoiseOf(momentum)));
            return c.Refreshed(keep, momentum, xi);
        }
    }

    private sealed record Path(Vector<double> Start, Vector<double> X, Vector<double> P, double Error, double Scale, IReadOnlyList<Vector<double>> TurnedNoise, double SquaredNoise);
}
