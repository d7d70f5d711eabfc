using System.Collections.Immutable;
using Lae.Numerics;
using Lae.Targets;

namespace Lae.Kernels;

/// <summary>
/// The stochastic variance-reduced gradient (SVRG): as <see cref="ControlVariateGradient"/>, around an anchor x̃ that follows the chain,
/// <code>
///     ĝ = ∇log prior(x) + Σ_{i&lt;N} ∇log p(datum_i | x̃) + (N/n) Σ_{i∈B} [∇log p(datum_i | x) − ∇log p(datum_i | x̃)]
/// </code>
/// where x̃ is set to the chain's position at the start and at the end of every m-th transition. Unbiased given the anchor. Source: Dubey, Reddi, Póczos, Smola, Xing and Williamson, NeurIPS 2016,
/// algorithm 2. Leaves <c>indices</c> [chains, n], <c>anchor</c> [chains, dimension], <c>anchorLogLikelihood</c> [chains], <c>anchorGradient</c> [chains, dimension]; noise leaf
/// <c>indices</c>. Cost: 2n data gradients, and N at every m-th transition.
/// </summary>
public sealed record VarianceReducedGradient : IGradientEstimator
{
    /// <summary>An estimator.</summary>
    /// <param name="size">n, 1 or more and at most N; drawn without replacement.</param>
    /// <param name="anchorEvery">m, 1 or more.</param>
    public VarianceReducedGradient(int size, int anchorEvery)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(anchorEvery, 1);
        Size = Minibatch.Checked(size);
        AnchorEvery = anchorEvery;
    }

    /// <summary>n.</summary>
    public int Size { get; }

    /// <summary>m.</summary>
    public int AnchorEvery { get; }

    /// <inheritdoc/>
    public GradientEstimation Bind(Target target) => new Estimation(new Minibatch(target, Size), AnchorEvery);

    private sealed class Estimation(Minibatch batch, int anchorEvery) : GradientEstimation
    {
        public override ImmutableArray<StateLeaf> Leaves { get; } =
        [
            Minibatch.Leaf, new("anchor", LeafRole.Held), new("anchorLogLikelihood", LeafRole.Cache), new("anchorGradient", LeafRole.Cache),
        ];

        public override long Cost => 2 * batch.Size;

        public override Tensor DrawIndices(NoiseSource source, uint stream) => batch.Draw(source, stream);

        public override ImmutableArray<Tensor> Start(Tensor position) => At(position, batch.First(position));

        public override ImmutableArray<Tensor> Follow(Tensor position, ImmutableArray<Tensor> leaves, Tensor? indices, long transition) =>
            IsAnchored(transition) ? At(position, indices!) : leaves.SetItem(0, indices!);

        public override long CostOfFollowing(long transition) => IsAnchored(transition) ? batch.Data.Count : 0;

        public override ImmutableArray<Tensor> Refresh(ImmutableArray<Tensor> leaves) => At(leaves[1], leaves[0]);

        public override LogDensityAndGradient Estimate(Tensor position, ImmutableArray<Tensor> leaves) =>
            batch.Around(position, leaves[0], leaves[1], leaves[2], leaves[3]);

        private bool IsAnchored(long transition) => (transition + 1) % anchorEvery == 0;

        private ImmutableArray<Tensor> At(Tensor anchor, Tensor indices)
        {
            LogDensityAndGradient there = batch.Data.Likelihood(anchor);
            return [indices, anchor, there.LogDensity, there.Gradient];
        }
    }
}
