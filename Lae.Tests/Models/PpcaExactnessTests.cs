using System.Globalization;
using Lae.Models;
using Lae.Networks;
using Lae.Numerics;
using Lae.Optimizers;
using Lae.Randomness;
using Xunit.Abstractions;

namespace Lae.Tests.Models;

/// <summary>Learning against the exact optimum of probabilistic PCA. Seed 1 for the data, 2 for training.</summary>
public sealed class PpcaExactnessTests(ITestOutputHelper output)
{
    private readonly PpcaProblem problem = new(seed: 1);

    [Fact]
    public void ExpectationMaximizationReachesTheClosedForm()
    {
        (Tensor w, double variance) = problem.ScaledExpectationMaximization(1);
        double reached = problem.LogMarginalLikelihood(w, variance, Tensor.Zeros(new Shape(PpcaProblem.Columns), DType.Float64));
        Assert.Equal(problem.MaximumLogMarginalLikelihood(), reached, 1e-9);
    }

    [Fact]
    [Trait("Category", "Long")]
    public void DistilledAutoencoderWithTwentyTransitionsReachesTheOptimum() => Assert.InRange(Gap(DistilledTraining(transitions: 20)), -1e-9, 0.02);

    [Fact]
    [Trait("Category", "Long")]
    public void WithTwoTransitionsTheBiasIsThatOfAShortChain() => Assert.InRange(Gap(DistilledTraining(transitions: 2)), 0.05, 0.5);

    /// <summary>
    /// A batch of 1,000 and 10 features: plain ALD has the posterior covariance times d/n, so learning settles far from the optimum, where EM with that
    /// covariance does. From both sides of the predicted weights.
    /// </summary>
    [Theory]
    [InlineData(0.7)]
    [InlineData(1.4)]
    [Trait("Category", "Long")]
    public void PlainAldWithLinearFeaturesReachesTheFixedPointOfScaledEm(double start)
    {
        (Tensor w, double variance) = problem.ScaledExpectationMaximization((double)PpcaProblem.Columns / PpcaProblem.Rows);
        Tensor offset = Tensor.Zeros(new Shape(PpcaProblem.Columns), DType.Float64);
        double predicted = problem.MaximumLogMarginalLikelihood() - problem.LogMarginalLikelihood(w, variance, offset);
        double before = problem.MaximumLogMarginalLikelihood() - problem.LogMarginalLikelihood(start * w, variance, offset);
        double gap = Gap(PlainTraining(start * w));
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"predicted gap {predicted:F4}, plain ALD {gap:F4}, at the start {before:F4}"));
        Assert.True(Math.Abs((before / predicted) - 1) > 0.04);
        Assert.InRange(gap / predicted, 0.98, 1.02);
    }

    private TensorTree DistilledTraining(int transitions) => Train(
        new DatapointLangevin(), new RegressionUpdate(), transitions, stepSize: 0.1, [(0.03, 300), (0.01, 300), (0.002, 300)], weights: null);

    private TensorTree PlainTraining(Tensor weights) => Train(
        new PlainAmortizedLangevin(), new LastLayerUpdate(), 2, stepSize: 1e-5, [(0.1, 2000), (0.03, 2000), (0.005, 1000)], weights);

    /// <summary>Full-batch training in double precision, in phases of falling step size.</summary>
    private TensorTree Train(ILatentKernel kernel, IEncoderUpdate update, int transitions, double stepSize, (double Rate, int Steps)[] phases, Tensor? weights)
    {
        Workspace workspace = Workspace.Pooled();
        RandomKey key = RandomKey.FromSeed(2);
        Tensor data = problem.Data.CopyTo(workspace);
        int mark = workspace.Mark();
        TrainingState? state = null;
        foreach ((double rate, int steps) in phases)
        {
            LangevinAutoencoder model = new(
                new LangevinAutoencoderParts(
                    PpcaProblem.Latents,
                    new LinearArchitecture(),
                    new LinearArchitecture(),
                    new GaussianLikelihood(),
                    kernel,
                    update,
                    transitions,
                    new StepSizeAdaptation(stepSize),
                    new Adam(rate),
                    new Adam(rate),
                    DType.Float64),
                new DataDescription(PpcaProblem.Columns, null, PpcaProblem.Rows));
            state ??= Start(model.Initialize(key), weights).Map(leaf => leaf.CopyTo(workspace));
            for (int step = 0; step < steps; step++)
            {
                state = model.Train(key.FoldIn((ulong)state.Step), data, state).State;
                workspace.Collect(mark, [.. state.Parameters.Leaves, .. state.Optimizer.Leaves, .. state.Adaptation.Leaves]);
            }
        }

        return state!.Parameters.Detach();
    }

    private static TrainingState Start(TrainingState state, Tensor? weights) =>
        weights is null ? state : state with { Parameters = state.Parameters.With("decoder.0.weight", weights) };

    private double Gap(TensorTree parameters)
    {
        double variance = 1 / parameters["likelihood.tau"].Softplus().ToDouble();
        double reached = problem.LogMarginalLikelihood(parameters["decoder.0.weight"], variance, parameters["decoder.0.bias"]);
        double gap = problem.MaximumLogMarginalLikelihood() - reached;
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"gap to the maximum-likelihood optimum: {gap:F4} nats per datapoint"));
        return gap;
    }
}
