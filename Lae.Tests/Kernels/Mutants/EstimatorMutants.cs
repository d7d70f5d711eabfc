using System.Collections.Immutable;
using Lae.Kernels;
using Lae.Numerics;
using Lae.Targets;

namespace Lae.Tests.Kernels.Mutants;

/// <summary>Minibatch estimators with one bug each, which I-38 and the runner laws must see.</summary>
public static class EstimatorMutants
{
    public enum Bug
    {
        None,
        NotScaled,
        MeanOfBatch,
        PriorScaledToo,

        /// <summary>One batch for all chains: that of the first.</summary>
        SharedByChains,

        /// <summary>The batch of the start, for ever.</summary>
        NeverAnother,
    }

    public static IGradientEstimator Minibatch(int size, Bug bug) => new Mutant(size, bug);

    private sealed class Mutant(int size, Bug bug) : IGradientEstimator
    {
        public GradientEstimation Bind(Target target) => new Estimation(new MinibatchGradient(size).Bind(target), target.Data!, size, bug);
    }

    private sealed class Estimation(GradientEstimation correct, DataTarget data, int size, Bug bug) : GradientEstimation
    {
        public override ImmutableArray<StateLeaf> Leaves => correct.Leaves;

        public override long Cost => size;

        public override Tensor? DrawIndices(NoiseSource source, uint stream) => bug == Bug.SharedByChains
            ? source.Indices(stream, size, data.Count, false, DType.Float64).Slice(0, 0, 1).BroadcastTo(new Shape(source.Chains.Count, size))
            : correct.DrawIndices(source, stream);

        public override ImmutableArray<Tensor> Start(Tensor position) => correct.Start(position);

        public override ImmutableArray<Tensor> Follow(Tensor position, ImmutableArray<Tensor> leaves, Tensor? indices, long transition) =>
            bug == Bug.NeverAnother ? leaves : correct.Follow(position, leaves, indices, transition);

        public override LogDensityAndGradient Estimate(Tensor position, ImmutableArray<Tensor> leaves)
        {
            LogDensityAndGradient prior = data.Prior.Evaluate(position);
            LogDensityAndGradient batch = data.Likelihood(position, leaves[0]);
            double scale = bug switch
            {
                Bug.NotScaled => 1,
                Bug.MeanOfBatch => 1.0 / size,
                _ => (double)data.Count / size,
            };
            double ofPrior = bug == Bug.PriorScaledToo ? scale : 1;
            return new LogDensityAndGradient((prior.LogDensity * ofPrior) + (batch.LogDensity * scale), (prior.Gradient * ofPrior) + (batch.Gradient * scale));
        }
    }
}
