using System.Globalization;
using Lae.Models;
using Lae.Networks;
using Lae.Numerics;
using Lae.Optimizers;
using Lae.Randomness;
using Xunit.Abstractions;

namespace Lae.Tests.Models;

/// <summary>Variational learning against the exact optimum of probabilistic PCA. Seed 1 for the data, 2 for training, as for the Langevin autoencoder.</summary>
public sealed class VariationalExactnessTests(ITestOutputHelper output)
{
    private static readonly (double Rate, int Steps)[] Phases = [(0.03, 500), (0.01, 500), (0.002, 500)];

    private readonly PpcaProblem problem = new(seed: 1);

    /// <summary>
    /// The posterior of z is N(P⁻¹Wᵀx/σ², P⁻¹), P = I + WᵀW/σ², and W may be turned: with the columns of W orthogonal P is diagonal, so the diagonal family has the posterior, and the bound's optimum is that of
    /// log p(x).
    /// </summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_learned_decoder_turns_its_latents_and_reaches_the_optimum(bool weighted)
    {
        TensorTree parameters = Train(weighted ? new ImportanceWeightedObjective(5) : new EvidenceObjective(4), frozen: null);
        double variance = 1 / parameters["likelihood.tau"].Softplus().ToDouble();
        double reached = problem.LogMarginalLikelihood(parameters["decoder.0.weight"], variance, parameters["decoder.0.bias"]);
        Report($"weighted {weighted}: gap of log p(x) {problem.MaximumLogMarginalLikelihood() - reached:F5}, of the bound {problem.MaximumLogMarginalLikelihood() - Bound(parameters):F5}");
        Assert.InRange(problem.MaximumLogMarginalLikelihood() - reached, -1e-9, 0.02);
        if (!weighted)
        {
            Assert.InRange(problem.MaximumLogMarginalLikelihood() - Bound(parameters), -1e-9, 0.02);
        }
    }

    /// <summary>
    /// With the decoder held at a turned optimum the best diagonal Gaussian has the posterior's mean and the variances 1/P_ii; what is lacking to log p(x) is KL = [Σ log P_ii − log det P]/2.
    /// </summary>
    [Fact]
    public void A_decoder_held_at_a_turned_optimum_leaves_the_mean_field_gap()
    {
        (TensorTree frozen, double gap, double evidence) = TurnedOptimum();
        double reached = evidence - Bound(Train(new EvidenceObjective(4), frozen));
        Report($"mean-field gap {gap:F5}, reached {reached:F5}");
        Assert.True(gap > 0.1, $"{gap}");
        Assert.InRange(reached - gap, -1e-9, 0.01);
    }

    /// <summary>The greatest likelihood's decoder with its columns first orthogonal, then mixed by a reflection of every axis, so that no two axes stay apart.</summary>
    private (TensorTree Parameters, double Gap, double Evidence) TurnedOptimum()
    {
        const int D = PpcaProblem.Latents;
        (Tensor w, double variance) = problem.ScaledExpectationMaximization(1);
        Tensor basis = w.MatMul(w, transposeA: true).SymmetricEigen().Vectors;
        Tensor turn = Tensor.Identity(D, DType.Float64) - (Tensor.Ones(new Shape(D, D), DType.Float64) * (2.0 / D));
        w = w.MatMul(basis).MatMul(turn);
        Tensor precision = Tensor.Identity(D, DType.Float64) + (w.MatMul(w, transposeA: true) / variance);
        Tensor factor = precision.Cholesky();
        double gap = Enumerable.Range(0, D).Sum(i => (0.5 * Math.Log(precision.ElementAt((i * D) + i))) - Math.Log(factor.ElementAt((i * D) + i)));
        Tensor offset = Tensor.Zeros(new Shape(PpcaProblem.Columns), DType.Float64);
        TensorTree parameters = TensorTree.Of(
            ("decoder.0.weight", w), ("decoder.0.bias", offset), ("likelihood.tau", Tensor.Scalar(Math.Log(Math.Exp(1 / variance) - 1), DType.Float64)));
        return (parameters, gap, problem.LogMarginalLikelihood(w, variance, offset));
    }

    /// <summary>The mean evidence bound over the data, exactly: E_q of a square is in closed form.</summary>
    private double Bound(TensorTree parameters)
    {
        Tensor mean = problem.Data.MatMul(parameters["encoder.posterior.mean.weight"], transposeB: true) + parameters["encoder.posterior.mean.bias"];
        Tensor logScale = problem.Data.MatMul(parameters["encoder.posterior.logScale.weight"], transposeB: true) + parameters["encoder.posterior.logScale.bias"];
        Tensor w = parameters["decoder.0.weight"];
        double precision = parameters["likelihood.tau"].Softplus().ToDouble();
        Tensor scales = (2 * logScale).Exp();
        double residual = (problem.Data - mean.MatMul(w, transposeB: true) - parameters["decoder.0.bias"]).Square().Sum().ToDouble();
        double spread = (scales * w.Square().Sum(0)).Sum().ToDouble();
        double divergence = ((mean.Square() + scales).ScaleShift(0.5, -0.5) - logScale).Sum().ToDouble();
        double logDensity = (0.5 * PpcaProblem.Columns * Math.Log(precision / (2 * Math.PI))) - (0.5 * precision * (residual + spread) / problem.Rows);
        return logDensity - (divergence / problem.Rows);
    }

    /// <summary>Full-batch training in double precision, in phases of falling step size; what is frozen is put back after every step.</summary>
    private TensorTree Train(IVariationalObjective bound, TensorTree? frozen)
    {
        Workspace workspace = Workspace.Pooled();
        RandomKey key = RandomKey.FromSeed(2);
        Tensor data = problem.Data.CopyTo(workspace);
        int mark = workspace.Mark();
        TrainingState? state = null;
        foreach ((double rate, int steps) in Phases)
        {
            VariationalAutoencoder model = new(
                new VariationalAutoencoderParts(
                    PpcaProblem.Latents,
                    new LinearArchitecture(),
                    new LinearArchitecture(),
                    new GaussianLikelihood(),
                    new DiagonalGaussian(),
                    bound,
                    new Adam(rate),
                    new Adam(rate),
                    DType.Float64),
                new DataDescription(PpcaProblem.Columns, null, problem.Rows));
            state = Freeze(state ?? model.Initialize(key).Map(leaf => leaf.CopyTo(workspace)));
            for (int step = 0; step < steps; step++)
            {
                state = Freeze(model.Train(key.FoldIn((ulong)state.Step), data, state).State);
                workspace.Collect(mark, [.. state.Leaves]);
            }
        }

        return state!.Parameters.Detach();

        TrainingState Freeze(TrainingState current) => frozen is null
            ? current
            : current with { Parameters = frozen.Aggregate(current.Parameters, (tree, leaf) => tree.With(leaf.Key, leaf.Value)) };
    }

    private void Report(FormattableString line) => output.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
