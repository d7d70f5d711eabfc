using System.Collections.Immutable;
using Lae.Kernels;
using Lae.Numerics;
using Lae.Targets;
using Lae.Tests.Kernels.Mutants;
using Lae.Tests.Laws;
using MathNet.Numerics.LinearAlgebra;
using static Lae.Tests.Kernels.GaussianProblem;

namespace Lae.Tests.Kernels;

/// <summary>I-38 to I-41: gradient estimators over every batch there is; nothing is drawn.</summary>
public sealed class EstimatorTests
{
    [Fact]
    [Proves("I-38", "SGLD", "pSGLD", "SGHMC", "SGNHT", "BADODAB")]
    public void I38_the_mean_over_all_batches_is_the_full_gradient_and_log_density() => Generated.ForAll(LocationProblem.All, p =>
    {
        AssertUnbiased(new MinibatchGradient(p.Size), p.Posterior, p.Batches, p.Seed);
        AssertUnbiased(new MinibatchGradient(p.Size), SamplePosteriors.Logistic(p.Count, p.Dimension, p.Seed), p.Batches, p.Seed);
    });

    [Fact]
    public void I38_with_replacement_the_mean_over_all_sequences_is_the_full_gradient() => Generated.ForAll(
        LocationProblem.All,
        p =>
        {
            LocationProblem small = p with { Count = 1 + (p.Count % 4), Size = 1 + (p.Size % 3) };
            AssertUnbiased(new MinibatchGradient(small.Size, withReplacement: true), SamplePosteriors.Logistic(small.Count, small.Dimension, small.Seed), Sequences(small), small.Seed);
        },
        40);

    [Fact]
    public void I38_sees_estimators_that_are_biased()
    {
        LocationProblem p = new(2, 6, 2, 1, 2, 8);
        foreach (EstimatorMutants.Bug bug in (EstimatorMutants.Bug[])[EstimatorMutants.Bug.NotScaled, EstimatorMutants.Bug.MeanOfBatch, EstimatorMutants.Bug.PriorScaledToo])
        {
            Assert.True(Bias(EstimatorMutants.Minibatch(2, bug), p.Posterior, p.Batches, p.Seed) > 1e-2, bug.ToString());
        }

        Assert.True(Bias(EstimatorMutants.Minibatch(2, EstimatorMutants.Bug.None), p.Posterior, p.Batches, p.Seed) < 1e-12);
    }

    [Fact]
    [Proves("I-39", "SGLD", "pSGLD", "SGHMC", "SGNHT", "BADODAB")]
    public void I39_variance_of_the_scaled_sum_without_and_with_replacement() => Generated.ForAll(LocationProblem.All, p =>
    {
        AssertCovariance(p.GradientNoise, new MinibatchGradient(p.Size), p, p.Batches);
        LocationProblem small = p with { Count = 1 + (p.Count % 4), Size = 1 + (p.Size % 3) };
        AssertCovariance(small.GradientNoiseWithReplacement, new MinibatchGradient(small.Size, withReplacement: true), small, Sequences(small));
    });

    [Fact]
    [Proves("I-40", "SGLD", "pSGLD", "SGHMC", "SGNHT", "BADODAB")]
    public void I40_at_a_location_model_every_batch_of_a_control_variate_gives_the_full_gradient() => Generated.ForAll(LocationProblem.All, p =>
    {
        Matrix<double> here = Normals(p.Seed + 6, 1, p.Dimension);
        Tensor everywhere = Repeated(here, p.Batches.Length);
        LogDensityAndGradient full = p.Posterior.Target.Evaluate(everywhere);
        foreach (IGradientEstimator estimator in Controlled(p))
        {
            LogDensityAndGradient found = At(estimator.Bind(p.Posterior.Target), everywhere, p.Batches);
            double scale = p.Count * (1 + full.Gradient.Abs().Flatten().Max(0).ToDouble());
            Assert.True((found.Gradient - full.Gradient).Abs().Flatten().Max(0).ToDouble() < 1e-13 * scale * 30);
        }

        static IEnumerable<IGradientEstimator> Controlled(LocationProblem p) =>
            [new ControlVariateGradient(Tensor.FromArray(Normals(p.Seed + 7, 1, p.Dimension).Row(0).ToArray()), p.Size), new VarianceReducedGradient(p.Size, 5)];
    });

    [Fact]
    [Proves("I-41", "SGLD", "pSGLD", "SGHMC", "SGNHT", "BADODAB")]
    public void I41_control_variates_are_unbiased_on_logistic_regression() => Generated.ForAll(LocationProblem.All, p =>
    {
        DataTarget posterior = SamplePosteriors.Logistic(p.Count, p.Dimension, p.Seed);
        Tensor centre = Tensor.FromArray(Normals(p.Seed + 7, 1, p.Dimension).Row(0).ToArray());
        AssertUnbiased(new ControlVariateGradient(centre, p.Size), posterior, p.Batches, p.Seed);
        AssertUnbiased(new VarianceReducedGradient(p.Size, 5), posterior, p.Batches, p.Seed);
    });

    [Fact]
    public void At_its_centre_a_control_variate_has_no_variance() => Generated.ForAll(LocationProblem.All, p =>
    {
        DataTarget posterior = SamplePosteriors.Logistic(p.Count, p.Dimension, p.Seed);
        Matrix<double> here = Normals(p.Seed + 6, 1, p.Dimension);
        Tensor everywhere = Repeated(here, p.Batches.Length);
        Tensor full = posterior.Target.Evaluate(everywhere).Gradient;
        Tensor found = At(new ControlVariateGradient(Tensor.FromArray(here.Row(0).ToArray()), p.Size).Bind(posterior.Target), everywhere, p.Batches).Gradient;
        Assert.True((found - full).Abs().Flatten().Max(0).ToDouble() < 1e-12);
    });

    [Fact]
    public void I40_sees_an_anchor_whose_gradient_was_left_behind()
    {
        LocationProblem p = new(2, 6, 2, 1, 2, 8);
        GradientEstimation estimation = new VarianceReducedGradient(2, 1).Bind(p.Posterior.Target);
        Tensor first = Noise(1, 3, 2);
        Tensor second = Noise(2, 3, 2);
        Tensor indices = LocationProblem.Indices([[0, 4]], 3);
        ImmutableArray<Tensor> leaves = estimation.Follow(second, estimation.Start(first), indices, 0);
        Tensor full = p.Posterior.Target.Evaluate(first).Gradient;
        Assert.True(Gap(estimation.Estimate(first, leaves).Gradient, full) < 1e-12);
        Assert.True(Gap(estimation.Estimate(first, leaves.SetItem(3, estimation.Start(first)[3])).Gradient, full) > 0.1);

        static double Gap(Tensor a, Tensor b) => (a - b).Abs().Flatten().Max(0).ToDouble();
    }

    [Fact]
    public void An_anchor_moves_at_every_mth_transition_and_its_caches_with_it()
    {
        LocationProblem p = new(2, 6, 2, 0.5, 2, 8);
        Kernel<StochasticState> kernel = StochasticGradient.Create(p.Posterior, new StochasticGradientLangevin(), new VarianceReducedGradient(2, 3), p.Schedule);
        StochasticState state = kernel.Initialize(Noise(1, 4, 2));
        Tensor anchor = state.Position;
        for (int k = 0; k < 10; k++)
        {
            Transition<StochasticState> next = kernel.Transition(new NoiseSource(Lae.Randomness.RandomKey.FromSeed(3), k, Chains.Range(4), Workspace.Default), state);
            state = next.State;
            anchor = k % 3 == 2 ? state.Position : anchor;
            Assert.Equal(anchor.ToArray(), state["anchor"].ToArray());
            Assert.Equal(p.Posterior.Likelihood(anchor).Gradient.ToArray(), state["anchorGradient"].ToArray());
            Assert.Equal(k % 3 == 2 ? 10 : 4, next.Info.Extras!["dataGradients"].ElementAt(1));
            Assert.Equal(1, next.Info.GradientCount);
        }
    }

    [Fact]
    [Proves("R-8", "SGLD", "SGHMC")]
    public void R8_every_estimator_costs_the_data_gradients_that_it_says()
    {
        LocationProblem p = new(2, 20, 3, 0.5, 2, 8);
        long rows = 0;
        DataTarget inner = p.ByHand;
        DataTarget counted = DataTarget.FromGradient(p.Prior, p.Count, (x, indices) =>
        {
            rows += indices is null ? (long)p.Count * x.Shape[0] : indices.Count;
            return inner.Likelihood(x, indices);
        });
        IGradientEstimator[] estimators = [new FullGradient(), new MinibatchGradient(3), new MinibatchGradient(3, true), new ControlVariateGradient(Tensor.FromArray([0.0, 1]), 3), new VarianceReducedGradient(3, 4)];
        foreach (IGradientEstimator estimator in estimators)
        {
            foreach (StochasticDynamics dynamics in (StochasticDynamics[])[new StochasticGradientLangevin(), new StochasticGradientHamiltonian(1)])
            {
                Kernel<StochasticState> kernel = StochasticGradient.Create(counted, dynamics, estimator, p.Schedule);
                StochasticState state = kernel.Initialize(Noise(1, 4, 2));
                for (int k = 0; k < 9; k++)
                {
                    rows = 0;
                    Transition<StochasticState> next = kernel.Transition(new NoiseSource(Lae.Randomness.RandomKey.FromSeed(3), k, Chains.Range(4), Workspace.Default), state);
                    state = next.State;
                    Assert.Equal(rows, 4 * (long)next.Info.Extras!["dataGradients"].ElementAt(0));
                    Assert.Equal(1, next.Info.GradientCount);
                }
            }
        }
    }

    [Fact]
    public void Every_chain_has_a_batch_of_its_own_in_which_nothing_is_twice()
    {
        Kernel<StochasticState> kernel = StochasticGradient.Create(
            SamplePosteriors.Logistic(40, 2, 3), new StochasticGradientLangevin(), new MinibatchGradient(12), new ConstantSchedule(0.01));
        Tensor drawn = kernel.DrawNoise(new NoiseSource(Lae.Randomness.RandomKey.FromSeed(3), 5, Chains.Range(50), Workspace.Default)).Leaves["indices"];
        Tensor next = kernel.DrawNoise(new NoiseSource(Lae.Randomness.RandomKey.FromSeed(3), 6, Chains.Range(50), Workspace.Default)).Leaves["indices"];
        Vector<double>[] rows = [.. ToMatrix(drawn).EnumerateRows(), .. ToMatrix(next).EnumerateRows()];
        Assert.All(rows, row => Assert.Equal(12, row.Distinct().Count()));
        Assert.All(rows, row => Assert.All(row, i => Assert.InRange(i, 0, 39)));
        Assert.Equal(100, rows.Select(row => string.Join(",", row.Order())).Distinct().Count());
    }

    [Fact]
    public void Minibatches_are_refused_where_there_are_no_data()
    {
        StochasticGradientLangevin dynamics = new();
        ConstantSchedule schedule = new(0.1);
        ArgumentException refused = Assert.Throws<ArgumentException>(() => StochasticGradient.Create(GaussianTarget.Standard(2), dynamics, new MinibatchGradient(1), schedule));
        Assert.Contains("Minibatches need data: target 'standard normal'", refused.Message, StringComparison.Ordinal);
        DataTarget five = SamplePosteriors.Logistic(5, 2, 3);
        Assert.Throws<ArgumentException>(() => StochasticGradient.Create(five, dynamics, new MinibatchGradient(6), schedule));
        Assert.Throws<ArgumentException>(() => StochasticGradient.Create(five, dynamics, new ControlVariateGradient(Tensor.FromArray([0.0]), 2), schedule));
        Assert.Throws<ArgumentException>(() => StochasticGradient.Create(five, dynamics, new ControlVariateGradient(Tensor.FromArray([0f, 0]), 2), schedule));
        Assert.Throws<ArgumentException>(() => new ControlVariateGradient(Tensor.FromArray([double.NaN]), 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => new MinibatchGradient(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new VarianceReducedGradient(0, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new VarianceReducedGradient(1, 0));
        StochasticGradient.Create(five, dynamics, new MinibatchGradient(6, withReplacement: true), schedule);
    }

    private static void AssertUnbiased(IGradientEstimator estimator, DataTarget posterior, int[][] batches, int seed)
    {
        double bias = Bias(estimator, posterior, batches, seed);
        Assert.True(bias < 1e-12, $"bias {bias:G3}");
    }

    /// <summary>The largest error of the mean over all batches, of gradient and log density, relative to the largest estimate.</summary>
    private static double Bias(IGradientEstimator estimator, DataTarget posterior, int[][] batches, int seed)
    {
        Tensor everywhere = Repeated(Normals(seed + 6, 1, posterior.Prior.Dimension), batches.Length);
        LogDensityAndGradient all = At(estimator.Bind(posterior.Target), everywhere, batches);
        LogDensityAndGradient full = posterior.Target.Evaluate(everywhere.Slice(0, 0, 1));
        double gradient = (all.Gradient.Mean(0) - full.Gradient.Reshape(posterior.Prior.Dimension)).Abs().Max(0).ToDouble() / (1 + all.Gradient.Abs().Flatten().Max(0).ToDouble());
        double density = Math.Abs(all.LogDensity.Mean().ToDouble() - full.LogDensity.ToDouble()) / (1 + all.LogDensity.Abs().Max(0).ToDouble());
        return Math.Max(gradient, density);
    }

    private static void AssertCovariance(Matrix<double> expected, IGradientEstimator estimator, LocationProblem p, int[][] batches)
    {
        Tensor everywhere = Repeated(Normals(p.Seed + 6, 1, p.Dimension), batches.Length);
        Matrix<double> all = ToMatrix(At(estimator.Bind(p.Posterior.Target), everywhere, batches).Gradient);
        Matrix<double> centred = Matrix<double>.Build.DenseOfRowVectors(all.EnumerateRows().Select(row => row - (all.ColumnSums() / batches.Length)));
        Matrix<double> found = centred.Transpose() * centred / batches.Length;
        Assert.True((found - expected).Enumerate().Max(Math.Abs) < 1e-11 * (1 + all.Enumerate().Max(x => x * x)));
    }

    /// <summary>The estimates of all batches at the same point, which for SVRG is not the anchor.</summary>
    private static LogDensityAndGradient At(GradientEstimation estimation, Tensor everywhere, int[][] batches) =>
        estimation.Estimate(everywhere, estimation.Start(everywhere + 0.7).SetItem(0, LocationProblem.Indices(batches)));

    private static Tensor Repeated(Matrix<double> row, int rows) => ToTensor(row).BroadcastTo(new Shape(rows, row.ColumnCount));

    private static int[][] Sequences(LocationProblem p) =>
        [.. Enumerable.Range(0, (int)Math.Pow(p.Count, p.Size)).Select(code => Enumerable.Range(0, p.Size).Select(i => code / (int)Math.Pow(p.Count, i) % p.Count).ToArray())];
}
