using Lae.Models;
using Lae.Numerics;
using Lae.Randomness;

namespace Lae.Tests.Models;

/// <summary>A model with a linear decoder, put to the exact answers: any <see cref="ILatentVariableModel"/> that a learning rate makes.</summary>
/// <param name="Name">What the table calls it.</param>
/// <param name="Make">The model at a learning rate, in float64.</param>
/// <param name="Weights">Draws in the bound of the model's own q, 1 for the evidence bound; 0 where it has no q.</param>
/// <param name="Draws">Latents [n, d_z] as its own inference draws them, with the density that taught the decoder; null where q is all there is.</param>
/// <param name="LearnsByGradients">Whether it has the parameters of networks, so that a decoder can be held.</param>
internal sealed record LinearDecoderTrial(
    string Name,
    Func<double, ILatentVariableModel> Make,
    int Weights = 0,
    Func<ILatentVariableModel, TrainingState, Tensor, RandomKey, Tensor>? Draws = null,
    bool LearnsByGradients = true)
{
    /// <summary>Estimates of the bound for each datapoint.</summary>
    private const int Repetitions = 60;

    /// <summary>Adam begins anew in each: it remembers the size of gradients for some 1,000 steps, and by those of the start its later steps would be too small to arrive.</summary>
    private static readonly (double Rate, int Steps)[] Phases = [(0.03, 1000), (0.01, 400), (0.002, 400)];

    /// <summary>Trains, and compares what was reached with the exact optimum.</summary>
    /// <param name="problem">The data.</param>
    /// <param name="seed">Decides the training.</param>
    /// <param name="held">A decoder of which loadings and mean are held, so that the noise variance alone is learned; null where all is learned.</param>
    public LinearDecoderOutcome Run(PpcaProblem problem, ulong seed, LinearGaussian? held)
    {
        RandomKey key = RandomKey.FromSeed(seed);
        (ILatentVariableModel model, TrainingState state) = Train(problem, key, held);
        LinearGaussian reached = LinearDecoder.Of(model, state.Parameters);
        double optimum = problem.MaximumLogMarginalLikelihood();
        return new LinearDecoderOutcome(
            optimum - reached.LogMarginal(problem.Data).Mean().ToDouble(),
            Weights == 0 ? null : optimum - Bound(model, state.Parameters, problem.Data, key.FoldIn(1UL << 40)),
            reached.Variances.ElementAt(0),
            Draws is null ? null : SecondMomentDivergence(reached, problem.Data, Draws(model, state, problem.Data, key.FoldIn(1UL << 41))));
    }

    /// <summary>[tr S − k − log det S]/2 with S = ⟨r rᵀ⟩, r = Lᵀ(z − m): 0 where the residuals of all datapoints together have the posterior's second moments.</summary>
    private static double SecondMomentDivergence(LinearGaussian decoder, Tensor x, Tensor z)
    {
        Tensor residual = (z.Detach() - decoder.PosteriorMean(x)).MatMul(decoder.Factor);
        double[] values = (residual.MatMul(residual, transposeA: true) / residual.Shape[0]).SymmetricEigen().Values.ToArray();
        return 0.5 * values.Sum(value => value - 1 - Math.Log(value));
    }

    /// <summary>The mean over the data of what the model's own q gives as a bound, from draws.</summary>
    private double Bound(ILatentVariableModel model, TensorTree parameters, Tensor x, RandomKey key)
    {
        LatentDensity density = model.Density(parameters, x);
        IApproximatePosterior posterior = model.ApproximatePosterior(parameters, x)!;
        double sum = 0;
        for (ulong repetition = 0; repetition < Repetitions; repetition++)
        {
            PosteriorDraws drawn = posterior.Sample(key.FoldIn(repetition), Weights);
            Tensor logWeights = (density.LogDensity(drawn.Latents) - drawn.LogDensity).Reshape(Weights, x.Shape[0]);
            sum += logWeights.LogSumExp(0).Mean().ToDouble() - Math.Log(Weights);
        }

        return sum / Repetitions;
    }

    private (ILatentVariableModel Model, TrainingState State) Train(PpcaProblem problem, RandomKey key, LinearGaussian? held)
    {
        Workspace workspace = Workspace.Pooled();
        TrainingBatch batch = TrainingBatch.Whole(problem.Data.CopyTo(workspace));
        TensorTree? parameters = held is null ? null : TensorTree.Of(("decoder.0.weight", held.Loadings.CopyTo(workspace)), ("decoder.0.bias", held.Mean.CopyTo(workspace)));
        int mark = workspace.Mark();
        ILatentVariableModel model = Make(Phases[0].Rate);
        TrainingState state = Held(model.Initialize(key).Map(leaf => leaf.CopyTo(workspace)));
        foreach ((double rate, int steps) in Phases)
        {
            model = Make(rate);
            state = state with { Optimizer = model.Initialize(key).Optimizer.Map(leaf => leaf.CopyTo(workspace)) };
            for (int step = 0; step < steps; step++)
            {
                state = Held(model.Train(key.FoldIn((ulong)state.Step), batch, state).State);
                workspace.Collect(mark, [.. state.Leaves]);
            }
        }

        return (model, state.Map(leaf => leaf.Detach()));

        TrainingState Held(TrainingState free) => parameters is null
            ? free
            : free with { Parameters = parameters.Aggregate(free.Parameters, (tree, pair) => tree.With(pair.Key, pair.Value)) };
    }
}

/// <summary>Where a training ended, in nats for each datapoint below the greatest log marginal likelihood that there is.</summary>
/// <param name="Gap">The exact log marginal likelihood of the decoder reached.</param>
/// <param name="BoundGap">The bound of the model's own q; null without one.</param>
/// <param name="Variance">The noise variance reached.</param>
/// <param name="Divergence">Of the second moments of what its chains draw; null without chains.</param>
internal sealed record LinearDecoderOutcome(double Gap, double? BoundGap, double Variance, double? Divergence);
