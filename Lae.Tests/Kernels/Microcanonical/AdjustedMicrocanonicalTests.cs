using FsCheck;
using FsCheck.Fluent;
using Lae.Kernels;
using Lae.Laws;
using Lae.Numerics;
using Lae.Randomness;
using Lae.Running;
using Lae.Targets;
using Lae.Tests.Laws;
using MathNet.Numerics.LinearAlgebra;
using static Lae.Tests.Kernels.GaussianProblem;
using static Lae.Tests.Kernels.Microcanonical.MicrocanonicalProblem;
using static Lae.Tests.Kernels.Mutants.MicrocanonicalMutants;

namespace Lae.Tests.Kernels.Microcanonical;

/// <summary>
/// Adjusted MCLMC: its proposal and energy error are those of the steps of MCLMC, whose reversibility and volume are proved there; the way back undoes the way there and turns the sign
/// of the energy error, so that min(1, e^(−ΔE)) keeps detailed balance.
/// </summary>
public sealed class AdjustedMicrocanonicalTests
{
    private static readonly RandomKey Key = RandomKey.FromSeed(20_261_122);
    private static readonly double[] Taken = new double[Points];

    private static readonly Gen<(MicrocanonicalProblem Problem, int Steps)> Cases =
        from problem in Problems
        from steps in Gen.Choose(1, 5)
        select (problem, steps);

    [Fact]
    public void The_printed_formula_makes_the_same_transition() => Generated.ForAll(Cases, c =>
    {
        foreach (bool random in (bool[])[false, true])
        {
            AdjustedMicrocanonicalSettings settings = c.Problem.Adjusted(c.Steps, random);
            Assert.InRange(Difference(c.Problem, AdjustedMicrocanonical.Create(c.Problem.Target, settings), Adjusted(c.Problem.Target, settings, AdjustedBug.None), random), 0, 1e-8);
        }
    });

    [Theory]
    [InlineData(AdjustedBug.PotentialOnly)]
    [InlineData(AdjustedBug.KineticWithoutLog)]
    [InlineData(AdjustedBug.DimensionInKinetic)]
    public void A_damaged_ratio_is_another_ratio(AdjustedBug bug)
    {
        MicrocanonicalProblem p = new(0, 0.3, 1.7, true, IsokineticIntegrator.Leapfrog, 5);
        AdjustedMicrocanonicalSettings settings = p.Adjusted(3, true);
        Assert.True(Difference(p, AdjustedMicrocanonical.Create(p.Target, settings), Adjusted(p.Target, settings, bug), true) > 1e-3);
    }

    [Fact]
    public void Each_chain_makes_its_own_number_of_steps_of_MCLMC_and_adds_up_their_energy_errors() => Generated.ForAll(Cases, c =>
    {
        MicrocanonicalProblem p = c.Problem;
        double[] length = Length(p);
        Transition<LangevinState> next = MicrocanonicalProblem.Adjusted(AdjustedMicrocanonical.Create(p.Target, p.Adjusted(c.Steps, true)), p.Position, p.Xi, Taken, length);
        double[] own = next.Info.Extras!["gradients"].ToArray();
        Assert.Equal((int)Math.Ceiling(own.Average()), next.Info.GradientCount);
        int each = p.Integrator == IsokineticIntegrator.Leapfrog ? 1 : 2;
        for (int chain = 0; chain < Points; chain++)
        {
            int steps = 1 + (int)Math.Floor(length[chain] * ((2 * c.Steps) - 1));
            Assert.Equal(steps * each, own[chain]);
            (MicrocanonicalState end, double energy) = Walk(p, steps);
            AssertSame(end.Position.Slice(0, chain, 1), next.State.Position.Slice(0, chain, 1), 1e-12);
            double size = 1 + Math.Abs(energy) + Math.Abs(next.State.LogDensity.ElementAt(chain));
            Assert.InRange((next.Info.EnergyError!.ElementAt(chain) - energy) / size, -1e-10, 1e-10);

            (MicrocanonicalState State, double Energy) Walk(MicrocanonicalProblem p, int steps)
            {
                Kernel<MicrocanonicalState> kernel = MicrocanonicalLangevin.Create(p.Target, p.Settings());
                MicrocanonicalState state = kernel.Refresh(kernel.Initialize(p.Position) with { Direction = p.Units(p.Seed + 2) });
                double sum = 0;
                for (int step = 0; step < steps; step++)
                {
                    Transition<MicrocanonicalState> one = kernel.Advance(new Noise(TensorTree.Of(("xi", p.Xi))), state);
                    state = one.State;
                    sum += one.Info.Extras!["energyChange"].ElementAt(chain);
                }

                return (state, sum);
            }
        }
    });

    [Fact]
    [Proves("I-15", "adjusted MCLMC")]
    [Proves("I-16", "adjusted MCLMC")]
    public void I15_the_way_back_undoes_the_way_there_and_turns_the_energy_error() => Generated.ForAll(Cases, c =>
    {
        MicrocanonicalProblem p = c.Problem;
        Kernel<LangevinState> kernel = AdjustedMicrocanonical.Create(p.Target, p.Adjusted(c.Steps, false));
        Transition<LangevinState> there = MicrocanonicalProblem.Adjusted(kernel, p.Position, p.Xi, Taken);
        Kernel<MicrocanonicalState> motion = MicrocanonicalLangevin.Create(p.Target, p.Settings()).Thin(c.Steps);
        Noise nothing = motion.DrawNoise(new NoiseSource(Key, 0, Chains.Range(Points), Workspace.Default));
        Tensor end = motion.Advance(nothing, motion.Refresh(motion.Initialize(p.Position) with { Direction = p.Units(p.Seed + 2) })).State.Direction;
        // any length of ξ will do: it is the direction that counts
        Transition<LangevinState> back = MicrocanonicalProblem.Adjusted(kernel, there.State.Position, -2.5 * end, Taken);
        double[] finite = there.Info.Accepted!.ToArray();
        Assert.All(finite, value => Assert.Equal(1, value));
        AssertSame(p.Position, back.State.Position, 1e-7);
        AssertSame(there.Info.EnergyError!, -back.Info.EnergyError!, 1e-7);
    });

    [Fact]
    [Proves("I-50", "adjusted MCLMC")]
    [Proves("I-51", "adjusted MCLMC")]
    [Proves("I-52", "adjusted MCLMC")]
    public void I50_I51_I52_affine_maps_rotations_permutations_and_translations() => Generated.ForAll(Cases, c =>
    {
        MicrocanonicalProblem p = c.Problem;
        MicrocanonicalProblem plain = p with { Preconditioned = false };
        Matrix<double> m = Rotation(p.Dimension, p.Seed + 5) * Positive(p.Dimension, 0.4, 2.5, p.Seed + 6);
        Matrix<double> image = m * p.Matrix * m.Transpose();
        image = 0.5 * (image + image.Transpose());
        Alike(p, m, image.Cholesky().Factor.Solve(m * p.Matrix.Cholesky().Factor), Preconditioner.Dense(ToTensor(image)));
        Matrix<double> rotation = Rotation(p.Dimension, p.Seed + 5);
        Alike(plain, rotation, rotation, Preconditioner.Identity);
        Matrix<double> permutation = Matrix<double>.Build.Dense(p.Dimension, p.Dimension, (i, j) => j == (i + 1) % p.Dimension ? 1 : 0);
        Alike(plain, permutation, permutation, Preconditioner.Identity);
        Tensor shift = Noise(p.Seed + 8, 1, p.Dimension).Reshape(p.Dimension);
        Target moved = Target.FromGradient(p.Dimension, x => p.Target.Evaluate(x - shift), name: "translated");
        Transition<LangevinState> a = MicrocanonicalProblem.Adjusted(AdjustedMicrocanonical.Create(p.Target, p.Adjusted(c.Steps, true)), p.Position, p.Xi, Taken, Length(p));
        Transition<LangevinState> b = MicrocanonicalProblem.Adjusted(AdjustedMicrocanonical.Create(moved, p.Adjusted(c.Steps, true)), p.Position + shift, p.Xi, Taken, Length(p));
        AssertTransitions(p, a, b, position => position + shift);

        void Alike(MicrocanonicalProblem q, Matrix<double> map, Matrix<double> turn, Preconditioner there)
        {
            AdjustedMicrocanonicalSettings settings = new(q.StepSize, c.Steps, true, q.Temperature, there, q.Integrator);
            AssertTransitions(
                q,
                MicrocanonicalProblem.Adjusted(AdjustedMicrocanonical.Create(q.Target, q.Adjusted(c.Steps, true)), q.Position, q.Xi, Taken, Length(q)),
                MicrocanonicalProblem.Adjusted(AdjustedMicrocanonical.Create(Mapped(q.Target, map), settings), By(q.Position, map), By(q.Xi, turn), Taken, Length(q)),
                position => By(position, map));
        }

        static Tensor By(Tensor x, Matrix<double> m) => x.MatMul(ToTensor(m), transposeB: true);
    });

    [Fact]
    [Proves("I-53", "adjusted MCLMC")]
    [Proves("I-54", "adjusted MCLMC")]
    [Proves("I-4", "adjusted MCLMC")]
    public void I53_I54_a_constant_in_the_energy_changes_nothing_and_only_U_over_T_counts() => Generated.ForAll(Cases, c =>
    {
        MicrocanonicalProblem p = c.Problem;
        Target raised = Target.FromGradient(p.Dimension, x => p.Target.Evaluate(x) is var at ? at with { LogDensity = at.LogDensity + 3.25 } : at, name: "raised");
        AdjustedMicrocanonicalSettings cold = new(p.StepSize, c.Steps, true, 1, p.Preconditioner, p.Integrator);
        Transition<LangevinState> here = Run(p.Target, p.Adjusted(c.Steps, true));
        AssertTransitions(p, here, Run(raised, p.Adjusted(c.Steps, true)), position => position);
        AssertTransitions(p, here, Run(MicrocanonicalLangevinTests.Tempered(p.Target, p.Temperature), cold), position => position);

        Transition<LangevinState> Run(Target target, AdjustedMicrocanonicalSettings settings) =>
            MicrocanonicalProblem.Adjusted(AdjustedMicrocanonical.Create(target, settings), p.Position, p.Xi, Taken, Length(p));
    });

    [Fact]
    [Proves("I-26", "adjusted MCLMC")]
    public void I26_on_a_flat_target_every_proposal_is_accepted_and_lies_straight_ahead() => Generated.ForAll(Cases, c =>
    {
        MicrocanonicalProblem p = c.Problem;
        Target flat = Target.FromGradient(p.Dimension, x => new LogDensityAndGradient(x.Sum(1) * 0, x * 0), name: "flat");
        Transition<LangevinState> next = MicrocanonicalProblem.Adjusted(
            AdjustedMicrocanonical.Create(flat, p.Adjusted(c.Steps, false)), p.Position, p.Xi, [.. Enumerable.Repeat(double.BitDecrement(1), Points)]);
        Assert.All(next.Info.EnergyError!.ToArray(), error => Assert.InRange(error, -1e-13, 1e-13));
        AssertSame(p.Position + (c.Steps * p.StepSize * p.Preconditioner.ApplyRoot(p.Units(p.Seed + 2))), next.State.Position, 1e-13);
    });

    [Fact]
    public void A_flat_target_does_not_see_a_kinetic_change_without_its_logarithm()
    {
        // why the volume law is needed beside I-26
        Target flat = Target.FromGradient(3, x => new LogDensityAndGradient(x.Sum(1) * 0, (x * 0) + 1e-30), name: "flat");
        Transition<LangevinState> next = MicrocanonicalProblem.Adjusted(
            Adjusted(flat, new(0.3, 2, false), AdjustedBug.KineticWithoutLog), Noise(1, Points, 3), Noise(2, Points, 3), Taken);
        Assert.InRange(Largest(next.Info.EnergyError!), 0, 1e-12);
    }

    [Fact]
    [Proves("I-20", "adjusted MCLMC")]
    public void I20_the_mean_of_the_ratio_is_1_in_the_stationary_law_and_not_with_a_damaged_one()
    {
        ExactTarget banana = Banana.Create(3, 0.4, 1.3);
        AdjustedMicrocanonicalSettings settings = new(0.9, 3);
        Assert.InRange(Deviation(AdjustedMicrocanonical.Create(banana.Target, settings)), 0, 5);
        Assert.True(Deviation(Adjusted(banana.Target, settings, AdjustedBug.DimensionInKinetic)) > 5);
        Assert.True(Deviation(Adjusted(banana.Target, settings, AdjustedBug.KineticWithoutLog)) > 5);

        double Deviation(Kernel<LangevinState> kernel)
        {
            const int Count = 20_000;
            LangevinState state = kernel.Initialize(banana.Draw(Key, Count));
            double[] ratios = [.. kernel.Transition(new NoiseSource(Key.FoldIn(1), 0, Chains.Range(Count), Workspace.Default), state).Info.EnergyError!.ToArray().Select(error => Math.Exp(-error))];
            double mean = ratios.Average();
            return Math.Abs(mean - 1) / Math.Sqrt(ratios.Sum(r => (r - mean) * (r - mean)) / Count / Count);
        }
    }

    [Fact]
    public void From_the_exact_law_it_keeps_the_law_and_each_damaged_ratio_does_not()
    {
        // |z|² of a standard normal in two dimensions is exponential; ε so long that about half of the proposals are accepted
        const int Count = 20_000;
        const double Temperature = 1.8;
        AdjustedMicrocanonicalSettings settings = new(3, 3, true, Temperature, null, IsokineticIntegrator.Leapfrog);
        Target target = GaussianTarget.Standard(2);
        double band = Math.Sqrt(Math.Log(2 * 10 / 1e-6) / (2 * Count));
        (double gap, double acceptance) = Worst(AdjustedMicrocanonical.Create(target, settings));
        Assert.InRange(acceptance, 0.4, 0.7);
        Assert.InRange(gap, 0, band);
        foreach (AdjustedBug bug in (AdjustedBug[])[AdjustedBug.AlwaysAccept, AdjustedBug.PotentialOnly, AdjustedBug.KineticWithoutLog, AdjustedBug.DimensionInKinetic])
        {
            Assert.True(Worst(Adjusted(target, settings, bug)).Gap > band, bug.ToString());
        }

        (double Gap, double Acceptance) Worst(Kernel<LangevinState> kernel)
        {
            RunResult<LangevinState> run = ChainRunner.Run(kernel, RunState.Start(kernel, Noise(78, Count, 2) * Math.Sqrt(Temperature), Key), new RunOptions(20, 20));
            double[] sorted = [.. (run.Final.State.Position.Square().Sum(1) / Temperature).ToArray().Order()];
            double worst = sorted.Select((q, i) => 1 - Math.Exp(-q / 2) is var f ? Math.Max(Math.Abs(f - ((double)i / Count)), Math.Abs(f - ((i + 1.0) / Count))) : 0).Max();
            return (worst, run.Draws[^1].Info.MeanAcceptance);
        }
    }

    [Theory]
    [InlineData(IsokineticIntegrator.Leapfrog, 3)]
    [InlineData(IsokineticIntegrator.MinimalNorm, 6)]
    [Proves("R-1", "adjusted MCLMC")]
    [Proves("R-2", "adjusted MCLMC")]
    [Proves("R-3", "adjusted MCLMC")]
    [Proves("R-4", "adjusted MCLMC")]
    [Proves("R-5", "adjusted MCLMC")]
    [Proves("R-6", "adjusted MCLMC")]
    [Proves("R-7", "adjusted MCLMC")]
    [Proves("R-8", "adjusted MCLMC")]
    [Proves("R-9", "adjusted MCLMC")]
    [Proves("R-10", "adjusted MCLMC")]
    [Proves("R-11", "adjusted MCLMC")]
    public void Every_runner_law_holds(IsokineticIntegrator integrator, int gradients)
    {
        Preconditioner diagonal = Preconditioner.Diagonal(Tensor.FromArray([0.7, 1.3, 2]));
        Tensor position = Noise(3, 5, 3);
        Target single = GaussianTarget.Diagonal(Tensor.FromArray([0.5f, 1, -1]), Tensor.FromArray([1f, 2, 5]));
        Hold(target => AdjustedMicrocanonical.Create(target, new(0.3, 3, false, 1.6, diagonal, integrator)), SampleTargets.Quartic(3), position);
        Hold(target => AdjustedMicrocanonical.Create(target, new(0.3, 3, false, 1.6, null, integrator)), single, position.Cast(DType.Float32));
        // chains that draw their length cost different numbers of gradients, and say so
        Hold(target => AdjustedMicrocanonical.Create(target, new(0.3, 3, true, 1.6, diagonal, integrator)), SampleTargets.Quartic(3), position);
        Hold(target => AdjustedMicrocanonical.Create(target, new(0.1, 3, true, 1.6, null, integrator)), SampleTargets.Funnel(3), position);
        Hold(target => AdjustedMicrocanonical.Create(target, new(0.3, 3, true, 1.6, null, integrator)), single, position.Cast(DType.Float32));

        void Hold(Func<Target, Kernel<LangevinState>> create, Target target, Tensor at) =>
            Assert.All(RunnerLaws.All(create, target, at, Key, gradients, MicrocanonicalLangevinTests.Engines), law => law.Require());
    }

    [Fact]
    public void Every_law_of_an_exact_kernel_holds_in_one_line() => KernelLaws.Exact(
        target => AdjustedMicrocanonical.Create(target, new(1, 2, true, 1.7)), new KernelLawSettings { Temperature = 1.7, GradientsPerTransition = null, Chains = 2_000 }).Require();

    [Fact]
    public void What_makes_no_sense_is_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => AdjustedMicrocanonical.Create(GaussianTarget.Standard(1), new(0.1, 1)));
        Assert.Throws<ArgumentOutOfRangeException>(() => new AdjustedMicrocanonicalSettings(0.1, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new AdjustedMicrocanonicalSettings(-1, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new AdjustedMicrocanonicalSettings(0.1, 1, temperature: double.NaN));
    }

    private static double[] Length(MicrocanonicalProblem p) => [.. Enumerable.Range(0, Points).Select(i => (i + 0.5 + (p.Seed % 100 / 400.0)) / (Points + 1))];

    private static void AssertTransitions(MicrocanonicalProblem p, Transition<LangevinState> a, Transition<LangevinState> b, Func<Tensor, Tensor> map)
    {
        Tensor position = map(a.State.Position);
        AssertSame(position, b.State.Position, 1e-7);
        AssertSame(a.Info.EnergyError!, b.Info.EnergyError!, 1e-7 * (1 + Largest(a.State.LogDensity)));
        Assert.Equal(Points, p.Position.Shape[0]);
    }

    private static double Difference(MicrocanonicalProblem p, Kernel<LangevinState> a, Kernel<LangevinState> b, bool random)
    {
        Transition<LangevinState> here = MicrocanonicalProblem.Adjusted(a, p.Position, p.Xi, Taken, random ? Length(p) : null);
        Transition<LangevinState> there = MicrocanonicalProblem.Adjusted(b, p.Position, p.Xi, Taken, random ? Length(p) : null);
        return double.MaxMagnitude(
            Largest(here.State.Position - there.State.Position) / (1 + Largest(here.State.Position)),
            Largest(here.Info.EnergyError! - there.Info.EnergyError!) / (1 + Largest(here.Info.EnergyError!)));
    }
}
