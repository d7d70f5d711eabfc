using FsCheck;
using FsCheck.Fluent;
using Lae.Annealing;
using Lae.Kernels;
using Lae.Laws;
using Lae.Numerics;
using Lae.Randomness;
using Lae.Running;
using Lae.Targets;
using Lae.Tests.Kernels.Mutants;
using Lae.Tests.Laws;
using MathNet.Numerics;
using MathNet.Numerics.LinearAlgebra;
using static Lae.Tests.Kernels.GaussianProblem;
using static Lae.Tests.Kernels.Mutants.ReplicaExchangeMutants;

namespace Lae.Tests.Kernels;

/// <summary>Swaps pointwise: ratio, permutation, detailed balance of the joint law; and the joint law itself from an exact start on a Gaussian.</summary>
public sealed class ReplicaExchangeTests
{
    private const int Rows = 40;
    private const int ChainCount = 20_000;
    private const int Comparisons = 60;
    private static readonly RandomKey Key = RandomKey.FromSeed(20_261_122);
    private static readonly double Band = Math.Sqrt(Math.Log(2 * Comparisons / 1e-6) / (2 * ChainCount));
    private static readonly GaussianProblem Problem = new(2, 6, 0.5, 0.9, 1.8, PreconditionerKind.Identity, 5);
    private static readonly double[] Ladder = [1, 1.9, 4.5];

    private static readonly Gen<Case> Cases =
        from target in Gen.Elements(SampleTargets.All)
        from count in Gen.Choose(2, 6)
        from step in Gen.Choose(0, 5)
        from seed in Gen.Choose(0, 1_000_000)
        select new Case(target, count, step, seed);

    [Fact]
    public void A_kernel_that_does_not_know_its_log_density_is_refused_by_whoever_weighs_by_it()
    {
        // ABOBA ends where it does not evaluate the target: its log density says 0, and every swap would be accepted
        Kernel<PositionState> blind = Splitting.Create(Problem.Target, "ABOBA", new UnderdampedSettings(0.1, 1)).OnPosition();
        Kernel<PositionState> seeing = Splitting.Create(Problem.Target, "BAOAB", new UnderdampedSettings(0.1, 1)).OnPosition();
        Tensor start = Noise(1, 2, 2);
        string message = Assert.Throws<ArgumentException>(() => ReplicaExchange.Create([1, 2], _ => blind).Initialize(start)).Message;
        Assert.Contains("'ABOBA' does not know the log density", message, StringComparison.Ordinal);
        ReplicaExchange.Create([1, 2], _ => seeing).Initialize(start);
        Assert.False(ChainRunner.Run(blind, RunState.Start(blind, start, Key), new RunOptions(2)).Final.State.KnowsLogDensity);
        ExactTarget standard = Banana.Create(2, 0, 1);
        Assert.Throws<ArgumentException>(() => AnnealedImportanceSampling.Forward(
            standard, Problem.Target, (density, _) => Splitting.Create(density, "ABOBA", new UnderdampedSettings(0.1, 1)), new AnnealedImportanceSettings([0, 0.5, 1], 3), Key));
    }

    [Fact]
    [Proves("I-24", "replica exchange")]
    public void I24_the_log_ratio_is_the_difference_of_inverse_temperatures_times_that_of_energies() => Generated.ForAll(Cases, c =>
    {
        (double[] a, double[] b) = (c.State().Replicas[0].LogDensity.ToArray(), c.State().Replicas[1].LogDensity.ToArray());
        double[] found = ReplicaExchange.LogSwapRatio(c.Ladder[0], c.Ladder[1], Tensor.FromArray(a), Tensor.FromArray(b)).ToArray();
        double[] swapped = ReplicaExchange.LogSwapRatio(c.Ladder[1], c.Ladder[0], Tensor.FromArray(a), Tensor.FromArray(b)).ToArray();
        for (int i = 0; i < Rows; i++)
        {
            double expected = ((1 / c.Ladder[0]) - (1 / c.Ladder[1])) * (-a[i] - -b[i]);
            Assert.True(Math.Abs(found[i] - expected) <= 1e-15 * (1 + Math.Abs(expected)));

            // from the joint law: b_i log π(x_j) + b_j log π(x_i) − b_i log π(x_i) − b_j log π(x_j)
            double joint = (b[i] / c.Ladder[0]) + (a[i] / c.Ladder[1]) - (a[i] / c.Ladder[0]) - (b[i] / c.Ladder[1]);
            Assert.True(Math.Abs(found[i] - joint) <= 1e-14 * (1 + Math.Abs(a[i]) + Math.Abs(b[i])));
            Assert.Equal(-found[i], swapped[i]);
        }
    });

    [Fact]
    [Proves("I-24", "replica exchange")]
    public void I24_a_swap_is_a_permutation_of_neighbours_whose_turn_it_is() => Generated.ForAll(Cases, c =>
    {
        ReplicaExchangeState<LangevinState> before = c.State();
        Noise drawn = c.Noise();
        Transition<ReplicaExchangeState<LangevinState>> next = c.Swapping.Advance(drawn, before);
        double[] probability = next.Info.Extras!["swapProbability"].ToArray();
        int pairs = c.Count - 1;
        for (int row = 0; row < Rows; row++)
        {
            int[] permutation = [.. Enumerable.Range(0, c.Count)];
            for (int i = 0; i < pairs; i++)
            {
                double p = probability[(row * pairs) + i];
                Assert.Equal(i % 2 != c.Step % 2, double.IsNaN(p));
                double u = double.IsNaN(p) ? double.NaN : drawn[i / 2].ElementAt(row);
                double r = ReplicaExchange.LogSwapRatio(c.Ladder[i], c.Ladder[i + 1], before.Replicas[i].LogDensity, before.Replicas[i + 1].LogDensity).ElementAt(row);
                if (Math.Log(u) < r)
                {
                    (permutation[i], permutation[i + 1]) = (permutation[i + 1], permutation[i]);
                }

                Assert.True(double.IsNaN(p) || Math.Abs(p - Math.Min(1, Math.Exp(r))) <= 1e-14);
            }

            for (int k = 0; k < c.Count; k++)
            {
                for (int leaf = 0; leaf < 3; leaf++)
                {
                    Assert.Equal(before.Replicas[permutation[k]].Leaf(leaf).Slice(0, row, 1).ToArray(), next.State.Replicas[k].Leaf(leaf).Slice(0, row, 1).ToArray());
                }
            }
        }
    });

    [Fact]
    [Proves("I-15", "replica exchange")]
    [Proves("I-16", "replica exchange")]
    public void I15_I16_a_swap_and_its_reverse_have_the_same_flux_under_the_joint_law() => Generated.ForAll(Cases, c =>
    {
        // where every pair whose turn it is swaps, the way back is the same transition
        Noise always = c.Noise().Map(leaf => leaf * 0);
        ReplicaExchangeState<LangevinState> x = c.State();
        Transition<ReplicaExchangeState<LangevinState>> there = c.Swapping.Advance(always, x);
        Transition<ReplicaExchangeState<LangevinState>> back = c.Swapping.Advance(always, there.State);
        Assert.Equal(x.ToTree().Leaves.SelectMany(leaf => leaf.ToArray()), back.State.ToTree().Leaves.SelectMany(leaf => leaf.ToArray()));
        double[] forward = (Joint(x, c.Ladder) + LogProbability(there.Info)).ToArray();
        double[] backward = (Joint(there.State, c.Ladder) + LogProbability(back.Info)).ToArray();
        double[] scale = [.. Enumerable.Range(0, Rows).Select(row => 1 + x.Replicas.Sum(replica => Math.Abs(replica.LogDensity.ElementAt(row))))];
        Assert.All(forward.Zip(backward, scale), triple => Assert.True(Math.Abs(triple.First - triple.Second) <= 1e-12 * triple.Third));
    });

    [Fact]
    [Proves("I-53", "replica exchange")]
    public void I53_a_constant_in_the_energy_changes_no_swap() => Generated.ForAll(Cases, c =>
    {
        Target raised = Target.FromGradient(c.Target.Dimension, x => c.Target.Evaluate(x) is var at ? at with { LogDensity = at.LogDensity + 3.25 } : at);
        Kernel<ReplicaExchangeState<LangevinState>> other = Exchange(raised, c.Ladder);
        Kernel<ReplicaExchangeState<LangevinState>> plain = Exchange(c.Target, c.Ladder);
        Transition<ReplicaExchangeState<LangevinState>> a = plain.Transition(c.Source, plain.Refresh(c.State()));
        Transition<ReplicaExchangeState<LangevinState>> b = other.Transition(c.Source, other.Refresh(c.State()));
        Assert.All(Enumerable.Range(0, c.Count), k => Assert.Equal(a.State.Replicas[k].Position.ToArray(), b.State.Replicas[k].Position.ToArray()));
        double[] energies = (a.State.LogDensity + 3.25).ToArray();
        Assert.All(energies.Zip(b.State.LogDensity.ToArray()), pair => Assert.Equal(pair.First, pair.Second, 1e-12 * (1 + Math.Abs(pair.First))));
    });

    [Fact]
    [Proves("I-26", "replica exchange")]
    public void I26_on_a_flat_target_every_swap_is_made_and_every_proposal_accepted() => Generated.ForAll(Cases, c =>
    {
        Target flat = Target.FromGradient(c.Target.Dimension, x => new LogDensityAndGradient(Tensor.Full(1.5, new Shape(x.Shape[0]), x.DType), Tensor.Zeros(x.Shape, x.DType)));
        Kernel<ReplicaExchangeState<LangevinState>> kernel = Exchange(flat, c.Ladder);
        StepInfo info = kernel.Transition(c.Source, kernel.Refresh(c.State())).Info;
        Assert.All(info.Accepted!.ToArray(), accepted => Assert.Equal(1, accepted));
        Assert.All(info.Extras!["swapProbability"].ToArray().Where(p => !double.IsNaN(p)), p => Assert.Equal(1, p));
    });

    [Fact]
    [Proves("I-51", "replica exchange")]
    [Proves("I-52", "replica exchange")]
    public void I51_I52_a_rotated_and_moved_target_gives_rotated_and_moved_replicas() => Generated.ForAll(Cases, c =>
    {
        int d = c.Target.Dimension;
        Tensor rotation = ToTensor(Rotation(d, c.Seed));
        Tensor shift = GaussianProblem.Noise(c.Seed + 9, 1, d).Reshape(d);
        Target image = Target.FromGradient(d, y => c.Target.Evaluate((y - shift).MatMul(rotation)) is var at ? at with { Gradient = at.Gradient.MatMul(rotation, transposeB: true) } : at);
        Tensor Image(Tensor x) => x.MatMul(rotation, transposeB: true) + shift;
        Kernel<ReplicaExchangeState<LangevinState>> plain = Exchange(c.Target, c.Ladder);
        Kernel<ReplicaExchangeState<LangevinState>> other = Exchange(image, c.Ladder);
        ReplicaExchangeState<LangevinState> start = c.State();
        Noise noise = plain.DrawNoise(c.Source);
        Noise turned = noise with { Parts = [.. noise.Parts.Select(part => part with { Leaves = part.Leaves.With("xi", part.Leaves["xi"].MatMul(rotation, transposeB: true)) })] };
        ReplicaExchangeState<LangevinState> here = plain.Advance(noise, start).State;
        ReplicaExchangeState<LangevinState> there = other.Advance(turned, new([.. start.Replicas.Select(replica => LangevinState.At(image, Image(replica.Position)))])).State;
        Assert.All(here.Replicas.Zip(there.Replicas), pair =>
            Assert.All(Image(pair.First.Position).ToArray().Zip(pair.Second.Position.ToArray()), x => Assert.Equal(x.First, x.Second, 1e-9 * (1 + Math.Abs(x.First)))));
    });

    [Fact]
    public void A_chain_at_equal_positions_always_swaps_and_equal_temperatures_are_refused()
    {
        Kernel<ReplicaExchangeState<LangevinState>> kernel = Exchange(Problem.Target, Ladder);
        Assert.All(kernel.Initialize(Problem.Positions()).Replicas, replica => Assert.Equal(Problem.Positions().ToArray(), replica.Position.ToArray()));
        Assert.Throws<ArgumentException>(() => Exchange(Problem.Target, [1]));
        Assert.Throws<ArgumentException>(() => Exchange(Problem.Target, [1, 1]));
        Assert.Throws<ArgumentException>(() => Exchange(Problem.Target, [2, 3]));
        Assert.Throws<ArgumentException>(() => Exchange(Problem.Target, [1, double.PositiveInfinity]));
        Kernel<ReplicaExchangeState<UnderdampedState>> moving = ReplicaExchange.Create([1, 2], _ => ExactKernels.Rotation(2, 1));
        Assert.Throws<ArgumentException>(() => moving.Initialize(Noise(1, 2, 2)));
    }

    [Fact]
    [Proves("I-16", "replica exchange")]
    public void The_joint_law_is_kept_from_an_exact_start() => Assert.InRange(Worst(Exchange(Problem.Target, Ladder)), 0, Band);

    [Fact]
    public void The_control_of_the_mutants_is_replica_exchange_bit_for_bit()
    {
        Kernel<ReplicaExchangeState<LangevinState>> mine = Exchange(Problem.Target, Ladder);
        Kernel<ReplicaExchangeState<LangevinState>> control = Create(Problem.Target, Ladder, StepSize, Bug.None);
        Assert.Equal(Draws(mine), Draws(control));

        static double[] Draws(Kernel<ReplicaExchangeState<LangevinState>> kernel) =>
            ChainRunner.Run(kernel, RunState.Start(kernel, Problem.Positions(), Key), new RunOptions(10)).Positions().ToArray();
    }

    [Theory]
    [InlineData(Bug.SwapRatioFlipped)]
    [InlineData(Bug.AlwaysSwaps)]
    [InlineData(Bug.InnerAlwaysAccepts)]
    [InlineData(Bug.TemperatureForInverse)]
    public void A_damaged_replica_exchange_is_seen(Bug bug) => Assert.True(Worst(Create(Problem.Target, Ladder, StepSize, bug)) > Band);

    [Fact]
    public void Caches_that_stay_behind_in_a_swap_are_seen()
    {
        LawResult law = RunnerLaws.CachesFollow(Create(Problem.Target, Ladder, StepSize, Bug.CachesStay), Problem.Positions(), Key);
        Assert.False(law.Holds);
        Assert.Contains("logDensity", law.Explanation, StringComparison.Ordinal);
    }

    private static double StepSize => Problem.StepSize;

    private static Kernel<ReplicaExchangeState<LangevinState>> Exchange(Target target, IReadOnlyList<double> ladder) =>
        ReplicaExchange.Create(ladder, t => MetropolisLangevin.Create(target, new LangevinSettings(StepSize, t)));

    private static Tensor Joint(ReplicaExchangeState<LangevinState> state, double[] ladder) =>
        state.Replicas.Zip(ladder, (replica, t) => replica.LogDensity * (1 / t)).Aggregate((a, b) => a + b);

    private static Tensor LogProbability(StepInfo info)
    {
        Tensor p = info.Extras!["swapProbability"];
        return Tensor.FromArray([.. p.ToArray().Select(value => double.IsNaN(value) ? 0 : Math.Log(value))], p.Shape[0], p.Shape[1]).Sum(1);
    }

    /// <summary>The largest distance of a distribution function from the exact one: of every replica, both coordinates, their sum and the energy, after 1 and after 20 transitions from exact draws.</summary>
    private static double Worst(Kernel<ReplicaExchangeState<LangevinState>> kernel)
    {
        Tensor mean = Tensor.FromArray(Problem.Mean.ToArray());
        Tensor root = ToTensor(Problem.Precision.Inverse().Cholesky().Factor);
        ReplicaExchangeState<LangevinState> start = new([.. Ladder.Select((t, k) =>
            LangevinState.At(Problem.Target, mean + (Noise(1000 + k, ChainCount, 2).MatMul(root, transposeB: true) * Math.Sqrt(t))))]);
        RunState<ReplicaExchangeState<LangevinState>> run = RunState.Start(kernel, start.Position, Key) with { State = start };
        double worst = 0;
        foreach (int transitions in new[] { 1, 19 })
        {
            run = ChainRunner.Run(kernel, run, new RunOptions(transitions), receive: null).Final;
            worst = Math.Max(worst, Enumerable.Range(0, Ladder.Length).Max(k => Gap(run.State.Replicas[k].Position, Ladder[k])));
        }

        return worst;
    }

    private static double Gap(Tensor positions, double temperature)
    {
        Matrix<double> x = ToMatrix(positions - Tensor.FromArray(Problem.Mean.ToArray()));
        Matrix<double> covariance = temperature * Problem.Precision.Inverse();
        double worst = 0;
        foreach (Vector<double> direction in new[] { (1.0, 0.0), (0.0, 1.0), (1.0, 1.0) }.Select(pair => Vector<double>.Build.Dense([pair.Item1, pair.Item2])))
        {
            double deviation = Math.Sqrt(direction * covariance * direction);
            worst = Math.Max(worst, Distance((x * direction) / deviation, z => 0.5 * SpecialFunctions.Erfc(-z / Math.Sqrt(2))));
        }

        // twice the energy over T is χ² with two degrees of freedom
        return Math.Max(worst, Distance((x * Problem.Precision).PointwiseMultiply(x).RowSums() / temperature, s => 1 - Math.Exp(-s / 2)));
    }

    private static double Distance(Vector<double> draws, Func<double, double> distribution)
    {
        double[] sorted = [.. draws.Order()];
        double worst = 0;
        for (int i = 0; i < sorted.Length; i++)
        {
            double exact = distribution(sorted[i]);
            worst = Math.Max(worst, Math.Max(Math.Abs(exact - ((double)i / sorted.Length)), Math.Abs(exact - ((i + 1.0) / sorted.Length))));
        }

        return worst;
    }

    private sealed record Case(Target Target, int Count, int Step, int Seed)
    {
        public double[] Ladder => [.. Enumerable.Range(0, Count).Select(k => Math.Pow(1.2 + (Seed % 13 / 10.0), k))];

        /// <summary>Swaps alone.</summary>
        public Kernel<ReplicaExchangeState<LangevinState>> Swapping =>
            ReplicaExchange.Create(Ladder, _ => Combinators.Identity(MetropolisLangevin.Create(Target, new LangevinSettings(1))));

        public NoiseSource Source => new(RandomKey.FromSeed((ulong)Seed), Step, Chains.Range(Rows), Workspace.Default);

        public Noise Noise() => Swapping.DrawNoise(Source);

        public ReplicaExchangeState<LangevinState> State() => new([.. Ladder.Select((t, k) => LangevinState.At(Target, GaussianProblem.Noise(Seed + k, Rows, Target.Dimension)))]);

        public override string ToString() => $"{Target.Name}, {Count} replicas, step {Step}, seed {Seed}";
    }
}
