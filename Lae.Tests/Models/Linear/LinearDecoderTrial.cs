using Lae.Models;
using Lae.Numerics;
using Lae.Randomness;

namespace Lae.Tests.Models;

/// <summary>A model with a linear decoder, put to the exact answers: any <see cref="ILatentVariableModel"/> that a learning rate makes.</summary>
/// <param name="Name">What the table calls it.</param>
/// <param name="Make">The model at a learning rate, in float64.</param>
/// <param name="Draws">Latents [n, d_z] as its own inference draws them, with the density that taught the decoder; null where <see cref="ILatentVariableModel.ApproximatePosterior"/> is all there is.</param>
internal sealed record LinearDecoderTrial(string Name, Func<double, ILatentVariableModel> Make, Func<ILatentVariableModel, TrainingState, Tensor, RandomKey, Tensor>? Draws = null)
{
    private static readonly (double Rate, int Steps)[] Phases = [(0.03, 300), (0.01, 300), (0.002, 300)];

    private static readonly RandomKey Key = RandomKey.FromSeed(2);

    /// <summary>Nats per datapoint by which the learned decoder's log marginal likelihood is below the greatest there is.</summary>
    public double Gap(PpcaProblem problem)
    {
        (ILatentVariableModel model, TrainingState state) = Train(problem, fixedParameters: null);
        return problem.MaximumLogMarginalLikelihood() - LinearDecoder.Of(model, state.Parameters).LogMarginal(problem.Data).Mean().ToDouble();
    }

    /// <summary>The approximation of the posterior with the decoder fixed.</summary>
    /// <param name="problem">The data.</param>
    /// <param name="decoder">The decoder, of equal variances.</param>
    public PosteriorGap FixedGap(PpcaProblem problem, LinearGaussian decoder)
    {
        TensorTree fixedParameters = TensorTree.Of(
            ("decoder.0.weight", decoder.Loadings),
            ("decoder.0.bias", decoder.Mean),
            ("likelihood.tau", Tensor.Scalar(Math.Log(Math.Exp(1 / decoder.Variances.ElementAt(0)) - 1), DType.Float64)));
        (ILatentVariableModel model, TrainingState state) = Train(problem, fixedParameters);
        double? own = null;
        if (model.ApproximatePosterior(state.Parameters, problem.Data) is { } posterior)
        {
            PosteriorDraws draws = posterior.Sample(Key.FoldIn(1UL << 40), 50);
            own = (draws.LogDensity - decoder.LogPosterior(problem.Data, draws.Latents)).Mean().ToDouble();
        }

        return new PosteriorGap(own, Draws is null ? null : SecondMomentDivergence(decoder, problem.Data, Draws(model, state, problem.Data, Key.FoldIn(1UL << 41))));
    }

    /// <summary>[tr S − k − log det S]/2 with S = ⟨r rᵀ⟩, r = Lᵀ(z − m): 0 where the residuals of all datapoints together have the posterior's second moments.</summary>
    private static double SecondMomentDivergence(LinearGaussian decoder, Tensor x, Tensor z)
    {
        Tensor residual = (z.Detach() - decoder.PosteriorMean(x)).MatMul(decoder.Factor);
        double[] values = (residual.MatMul(residual, transposeA: true) / residual.Shape[0]).SymmetricEigen().Values.ToArray();
        return 0.5 * values.Sum(value => value - 1 - Math.Log(value));
    }

    private (ILatentVariableModel Model, TrainingState State) Train(PpcaProblem problem, TensorTree? fixedParameters)
    {
        Workspace workspace = Workspace.Pooled();
        TrainingBatch batch = TrainingBatch.Whole(problem.Data.CopyTo(workspace));
        fixedParameters = fixedParameters?.Map(leaf => leaf.CopyTo(workspace));
        int mark = workspace.Mark();
        ILatentVariableModel model = Make(Phases[0].Rate);
        TrainingState state = Fixed(model.Initialize(Key).Map(leaf => leaf.CopyTo(workspace)));
        foreach ((double rate, int steps) in Phases)
        {
            model = Make(rate);
            for (int step = 0; step < steps; step++)
            {
                state = Fixed(model.Train(Key.FoldIn((ulong)state.Step), batch, state).State);
                workspace.Collect(mark, [.. state.Leaves]);
            }
        }

        return (model, state.Map(leaf => leaf.Detach()));

        TrainingState Fixed(TrainingState free) => fixedParameters is null
            ? free
            : free with { Parameters = fixedParameters.Aggregate(free.Parameters, (tree, pair) => tree.With(pair.Key, pair.Value)) };
    }
}

/// <summary>Nats per datapoint: KL(q ‖ posterior) of a model's own q, and the divergence of the second moments of what its chains draw.</summary>
internal sealed record PosteriorGap(double? Own, double? Draws);
