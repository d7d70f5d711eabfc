using FsCheck;
using FsCheck.Fluent;
using Lae.Adaptation;
using Lae.Kernels;
using Lae.Numerics;
using Lae.Numerics.Engines.Managed;
using Lae.Randomness;
using Lae.Running;
using Lae.Targets;
using Lae.Tests.Kernels;
using Lae.Tests.Laws;
using MathNet.Numerics.LinearAlgebra;
using static Lae.Tests.Kernels.GaussianProblem;

namespace Lae.Tests.Adaptation;

/// <summary>Warm-up: its parts against what they are to find, and the whole on Gaussians of condition up to 10,000 for each kernel that decides.</summary>
public sealed class WarmupTests
{
    private static readonly RandomKey Key = RandomKey.FromSeed(20_261_122);

    [Fact]
    public void Dual_averaging_finds_the_step_size_of_an_acceptance() => Generated.ForAll(
        from logScale in Gen.Choose(-3000, 3000)
        from start in Gen.Choose(-2000, 2000)
        from target in Gen.Choose(20, 95)
        select (Scale: Math.Pow(10, logScale / 1000.0), Start: Math.Pow(10, start / 1000.0), Target: target / 100.0),
        c =>
        {
            // acceptance e^(−h/s): the answer is s log(1/δ)
            DualAveraging averaging = DualAveraging.Start(c.Start * c.Scale, c.Target);
            for (int i = 0; i < 2_000; i++)
            {
                averaging = averaging.After(Math.Exp(-averaging.StepSize / c.Scale));
            }

            Assert.Equal(c.Target, Math.Exp(-averaging.AverageStepSize / c.Scale), 0.02);
        },
        40);

    [Fact]
    public void Windows_are_those_of_Stan()
    {
        Assert.Equal([100, 150, 250, 450, 950], WarmupWindows.Of(1000).Ends.ToArray());
        Assert.Equal((75, 1000), (WarmupWindows.Of(1000).First, WarmupWindows.Of(1000).Transitions));
        Assert.Equal([40, 80], WarmupWindows.Of(100).Ends.ToArray());
        Assert.Equal([100, 150, 250], WarmupWindows.Of(300).Ends.ToArray());
        Assert.Equal(15, WarmupWindows.Of(100).First);
        Assert.Empty(WarmupWindows.Of(19).Ends);
        // many chains see as much in a few transitions
        Assert.Equal([20, 30, 50, 120], WarmupWindows.Of(150, 128).Ends.ToArray());
        foreach (int transitions in Enumerable.Range(20, 3_000))
        {
            WarmupWindows windows = WarmupWindows.Of(transitions, transitions % 100 + 1);
            Assert.True(windows.Ends[^1] < transitions);
            Assert.True(windows.Ends.Prepend(windows.First).Zip(windows.Ends).All(pair => pair.First < pair.Second));
        }
    }

    [Fact]
    public void A_covariance_estimate_is_that_of_the_whole_batch() => Generated.ForAll(Gen.Choose(0, 1_000_000), seed =>
    {
        Matrix<double> rows = 100 + Normals(seed, 35, 3);
        CovarianceEstimate dense = CovarianceEstimate.Empty(isDense: true);
        CovarianceEstimate diagonal = CovarianceEstimate.Empty(isDense: false);
        for (int i = 0; i < 7; i++)
        {
            Tensor part = ToTensor(rows.SubMatrix(5 * i, 5, 0, 3));
            dense = dense.Add(part);
            diagonal = diagonal.Add(part);
        }

        Matrix<double> centred = rows - Matrix<double>.Build.Dense(35, 3, (_, j) => rows.Column(j).Average());
        Matrix<double> expected = (centred.TransposeThisAndMultiply(centred) / 34 * (35 / 40.0)) + (1e-3 * 5 / 40 * Matrix<double>.Build.DenseIdentity(3));
        Assert.True(Gap(ToMatrix(dense.Regularized()), expected) < 1e-11);
        Assert.All(diagonal.Regularized().ToArray().Zip(expected.Diagonal()), pair => Assert.Equal(pair.Second, pair.First, 1e-11 * pair.Second));
    });

    [Fact]
    [Proves("R-14", "runner")]
    public void R14_merging_covariances_is_associative_and_commutative() => Generated.ForAll(Gen.Choose(0, 1_000_000), seed =>
    {
        CovarianceEstimate[] parts = [.. Enumerable.Range(0, 3).Select(i => CovarianceEstimate.Empty(isDense: true).Add(ToTensor(100 + Normals(seed + i, 3 + i, 2))))];
        CovarianceEstimate left = parts[0].Merge(parts[1]).Merge(parts[2]);
        CovarianceEstimate right = parts[2].Merge(parts[1].Merge(parts[0]));
        Assert.Equal(12, left.Count);
        Assert.True(Gap(ToMatrix(left.Regularized()), ToMatrix(right.Regularized())) < 1e-11);
        Assert.Same(parts[0], parts[0].Merge(CovarianceEstimate.Empty(isDense: true)));
        Assert.Same(parts[0], CovarianceEstimate.Empty(isDense: true).Merge(parts[0]));
    });

    [Theory]
    [InlineData(0.0, 200, 1)]
    [InlineData(0.95, 200, 2)]
    [InlineData(0.95, 3, 1)] // too few positions for a matrix
    public void A_window_takes_the_matrix_where_it_predicts_better(double correlation, int transitions, int rank)
    {
        const int Dimension = 6;
        Matrix<double> covariance = Matrix<double>.Build.Dense(Dimension, Dimension, (i, j) => i == j ? 1 : correlation);
        Matrix<double> root = covariance.Cholesky().Factor;
        WindowCovariance window = WindowCovariance.Empty(CovarianceKind.Auto, Dimension, transitions);
        WindowCovariance dense = WindowCovariance.Empty(CovarianceKind.Dense, Dimension, transitions);
        CovarianceEstimate all = CovarianceEstimate.Empty(isDense: true);
        for (int i = 0; i < transitions; i++)
        {
            Tensor rows = ToTensor(Normals(1000 + i, 4, Dimension) * root.Transpose());
            (window, dense, all) = (window.Add(rows), dense.Add(rows), all.Add(rows));
        }

        Assert.Equal(rank, window.Regularized().Rank);
        Assert.True(Gap(ToMatrix(dense.Regularized()), ToMatrix(all.Raised())) < 1e-11);
        if (rank == 1)
        {
            Assert.All(window.Regularized().ToArray().Zip(ToMatrix(all.Raised()).Diagonal()), pair => Assert.Equal(pair.Second, pair.First, 1e-11));
        }
    }

    [Fact]
    [Proves("R-13", "runner")]
    public void R13_nothing_of_the_warm_up_goes_on_in_the_frozen_kernel()
    {
        Target target = Banana.Create(3).Target;
        TunableKernel<LangevinState> tunable = TunableKernels.Mala(target);
        WarmupResult<LangevinState> result = Warmup.Run(tunable, Noise(5, 4, 3), Key, Short);
        Kernel<LangevinState> anew = MetropolisLangevin.Create(target, new LangevinSettings(result.Tuning.StepSize, 1, Preconditioner.Diagonal(result.Tuning.Covariance!)));
        Assert.Equal(Draws(anew), Draws(result.Kernel));
        Assert.Equal(Draws(result.Kernel), Draws(result.Kernel));
        WarmupResult<LangevinState> again = Warmup.Run(tunable, Noise(5, 4, 3), Key, Short, new Listener());
        Assert.Equal(result.StepSizes.ToArray(), again.StepSizes.ToArray());
        Assert.Equal(result.Position.ToArray(), again.Position.ToArray());
        Assert.NotEqual(result.Position.ToArray(), Warmup.Run(tunable, Noise(5, 4, 3), Key.FoldIn(1), Short).Position.ToArray());

        double[] Draws(Kernel<LangevinState> kernel) => ChainRunner.Run(kernel, RunState.Start(kernel, result.Position, Key.FoldIn(7)), new RunOptions(20)).Positions().ToArray();
    }

    [Fact]
    [Proves("R-13", "runner")]
    public void R13_what_was_found_makes_the_same_kernel_again_from_a_checkpoint()
    {
        Target target = Banana.Create(3).Target;
        foreach (ITunableKernel tunable in new ITunableKernel[] { TunableKernels.Malt(target), new TunableMicrocanonical(target), Ladder(target) })
        {
            WarmupOutcome found = tunable.WarmUp(Noise(5, 4, 3), Key, new WarmupSettings(60));
            KernelTuning back = KernelTuning.FromTree(found.Tuning.ToTree());
            Assert.Equal((found.Tuning.StepSize, found.Tuning.PathLength, found.Tuning.DecoherenceLength), (back.StepSize, back.PathLength, back.DecoherenceLength));
            Assert.Equal(found.Tuning.Temperatures.ToArray(), back.Temperatures.ToArray());
            Assert.Equal(tunable.Create(found.Tuning).Accept(new FewDraws(found.Position)), tunable.Create(back).Accept(new FewDraws(found.Position)));
        }

        Assert.Throws<KeyNotFoundException>(() => KernelTuning.FromTree(TensorTree.Empty));
    }

    [Fact]
    public void Stages_compose_and_leave_what_they_start_from_alone()
    {
        TunableKernel<LangevinState> tunable = TunableKernels.Mala(Banana.Create(3).Target);
        WarmupState<LangevinState> start = WarmupState.Start(tunable.Create, "MALA", tunable.Aims, new KernelTuning(0.1), Noise(5, 4, 3), Key);
        WarmupStage<LangevinState> rough = WarmupStages.RoughStepSize<LangevinState>();
        WarmupStage<LangevinState> walk = WarmupStages.StepSize<LangevinState>(7);
        WarmupStage<LangevinState> scale = WarmupStages.Scale<LangevinState>(9, CovarianceKind.Dense);
        WarmupState<LangevinState> left = WarmupStages.InTurn(WarmupStages.InTurn(rough, walk), scale)(start);
        WarmupState<LangevinState> right = WarmupStages.InTurn(rough, WarmupStages.InTurn(walk, scale))(start);
        Assert.Equal(left.Chains.Position.ToArray(), right.Chains.Position.ToArray());
        Assert.Equal(left.StepSizes, right.StepSizes);
        Assert.Equal(16, left.StepSizes.Count);
        Assert.Equal(Noise(5, 4, 3).ToArray(), start.Chains.Position.ToArray());
        Assert.Same(start, WarmupStages.InTurn<LangevinState>()(start));

        // step sizes in two stages are those of one
        Assert.Equal(
            WarmupStages.InTurn(rough, WarmupStages.StepSize<LangevinState>(12))(start).StepSizes, WarmupStages.InTurn(rough, walk, WarmupStages.StepSize<LangevinState>(5))(start).StepSizes);
    }

    [Fact]
    public void It_tells_how_far_it_has_come_and_can_be_cancelled()
    {
        foreach (ITunableKernel tunable in new ITunableKernel[] { TunableKernels.Mala(Banana.Create(3).Target), new TunableMicrocanonical(Banana.Create(3).Target), Ladder(Banana.Create(3).Target) })
        {
            Listener listener = new();
            WarmupOutcome found = tunable.WarmUp(Noise(5, 4, 3), Key, new WarmupSettings(50), listener);
            Assert.InRange(listener.Told.Count, 45, 50);
            Assert.Equal(Enumerable.Range(1, listener.Told.Count).Select(i => (long)i), listener.Told.Select(told => told.Done));
            Assert.All(listener.Told, told => Assert.True(told is { Total: 50, Acceptance: >= 0 and <= 1, StepSize: > 0 }));
            Assert.Equal(listener.Told.Select(told => told.StepSize).Take(found.StepSizes.Length), found.StepSizes);
            using CancellationTokenSource source = new();
            Listener cancelling = new(source);
            Assert.Throws<OperationCanceledException>(() => tunable.WarmUp(Noise(5, 4, 3), Key, new WarmupSettings(50), cancelling, source.Token));
            Assert.Single(cancelling.Told);
        }
    }

    [Fact]
    [Proves("R-13", "runner")]
    public void R13_without_transitions_the_chains_stay_where_they_are()
    {
        Tensor start = Noise(5, 4, 3);
        WarmupResult<LangevinState> result = Warmup.Run(TunableKernels.Mala(Banana.Create(3).Target), start, Key, new WarmupSettings(0));
        Assert.Equal(start.ToArray(), result.Position.ToArray());
        Assert.Empty(result.StepSizes);
        Assert.Null(result.Tuning.Covariance);
    }

    [Fact]
    public void The_gradients_are_counted()
    {
        long rows = 0;
        Target inner = Banana.Create(3).Target;
        Target counted = Target.FromGradient(3, x =>
        {
            rows += x.Shape[0];
            return inner.Evaluate(x);
        });
        WarmupResult<LangevinState> result = Warmup.Run(TunableKernels.Malt(counted), Noise(5, 4, 3), Key, new WarmupSettings(60, engine: new ManagedEngine(1)));
        Assert.Equal(rows, 4 * result.GradientCount);
    }

    [Fact]
    public void What_cannot_be_tuned_is_refused()
    {
        Target target = GaussianTarget.Standard(2);
        TunableKernel<LangevinState> unadjusted = new("ULA", 0.9, tuning => UnadjustedLangevin.Create(target, new LangevinSettings(tuning.StepSize)));
        Assert.Contains("temperature 0 descends", Assert.Throws<ArgumentOutOfRangeException>(() => TunableKernels.Ula(target, temperature: 0)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => new KernelTuning(1).WithPathLength(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new KernelTuning(1).WithDecoherenceLength(0));
        Assert.Throws<ArgumentException>(() => new KernelTuning(1).WithTemperatures([2, 1]));
        Assert.Contains("no acceptance", Assert.Throws<ArgumentException>(() => Warmup.Run(unadjusted, Noise(5, 4, 2), Key)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => new WarmupSettings(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => DualAveraging.Start(0, 0.5));
        Assert.Throws<ArgumentOutOfRangeException>(() => DualAveraging.Start(1, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => DualAveraging.Start(1, 0.5).After(double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>(() => WarmupWindows.Of(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new KernelTuning(0));
        Assert.Throws<InvalidOperationException>(() => CovarianceEstimate.Empty(false).Regularized());
        Target broken = Target.FromGradient(2, x => new LogDensityAndGradient(Tensor.Full(double.NaN, new Shape(x.Shape[0]), x.DType), x));
        Assert.Throws<NonFiniteStateException>(() => Warmup.Run(TunableKernels.Mala(broken), Noise(5, 4, 2), Key));
    }

    private static WarmupSettings Short => new(120, CovarianceKind.Diagonal);

    private static TunableReplicaExchange Ladder(Target target)
    {
        return new TunableReplicaExchange(TunableKernels.Mala(target), [1, 2, 5], findsLadder: true, Replica, Replica);

        Kernel<PositionState> Replica(KernelTuning tuning, double temperature) => MetropolisLangevin.Create(target, new LangevinSettings(tuning.StepSize, temperature, tuning.Preconditioner)).OnPosition();
    }

    private sealed class Listener(CancellationTokenSource? cancels = null) : IProgress<WarmupProgress>
    {
        public List<WarmupProgress> Told { get; } = [];

        public void Report(WarmupProgress value)
        {
            Told.Add(value);
            cancels?.Cancel();
        }
    }

    private sealed class FewDraws(Tensor position) : IKernelVisitor<double[]>
    {
        public double[] Visit<TState>(Kernel<TState> kernel)
            where TState : class, IKernelState<TState> => ChainRunner.Run(kernel, RunState.Start(kernel, position, Key.FoldIn(8)), new RunOptions(5)).Positions().ToArray();
    }
}
