using System.Collections.Immutable;
using Lae.Numerics;
using Lae.Targets;

namespace Lae.Kernels;

/// <summary>
/// The gradient over a minibatch B, with the gradient at a fixed centre c as control variate:
/// <code>
///     ĝ = ∇log prior(x) + Σ_{i&lt;N} ∇log p(datum_i | c) + (N/n) Σ_{i∈B} [∇log p(datum_i | x) − ∇log p(datum_i | c)]
/// </code>
/// Unbiased; its variance vanishes as x → c, and everywhere if all data have the same curvature. Take the posterior's mode as c. The first sum is computed once for all chains, when the kernel is made.
/// Source: Baker, Fearnhead, Fox and Nemeth, Statistics and Computing 29 (2019), equation 8, with the prior's gradient exact. Leaf and noise leaf <c>indices</c> [chains, n]. Cost: 2n data gradients.
/// </summary>
public sealed class ControlVariateGradient : IGradientEstimator
{
    private readonly Tensor centre;
    private readonly int size;

    /// <summary>An estimator.</summary>
    /// <param name="centre">c, [dimension].</param>
    /// <param name="size">n, 1 or more and at most N; drawn without replacement.</param>
    public ControlVariateGradient(Tensor centre, int size)
    {
        if (centre.Rank != 1 || !centre.AllFinite())
        {
            throw new ArgumentException($"A centre must be finite and have one axis, not shape {centre.Shape}.", nameof(centre));
        }

        this.centre = centre.Detach();
        this.size = Minibatch.Checked(size);
    }

    /// <inheritdoc/>
    public GradientEstimation Bind(Target target)
    {
        if (centre.Count != target.Dimension || centre.DType != target.DType)
        {
            throw new ArgumentException($"A centre of {centre.DType}[{centre.Count}] does not fit target '{target.Name}' of {target.DType}[{target.Dimension}].", nameof(target));
        }

        Minibatch batch = new(target, size);
        Tensor row = centre.Reshape(1, centre.Count);
        return new Estimation(batch, row, batch.Data.Likelihood(row));
    }

    private sealed class Estimation(Minibatch batch, Tensor row, LogDensityAndGradient there) : GradientEstimation
    {
        public override ImmutableArray<StateLeaf> Leaves { get; } = [Minibatch.Leaf];

        public override long Cost => 2 * batch.Size;

        public override Tensor DrawIndices(NoiseSource source, uint stream) => batch.Draw(source, stream);

        public override ImmutableArray<Tensor> Start(Tensor position) => [batch.First(position)];

        public override LogDensityAndGradient Estimate(Tensor position, ImmutableArray<Tensor> leaves)
        {
            int chains = position.Shape[0];
            return batch.Around(
                position, leaves[0], OnEveryChain(row), there.LogDensity.BroadcastTo(new Shape(chains)), OnEveryChain(there.Gradient));

            // in the memory of the positions, which a pool takes back
            Tensor OnEveryChain(Tensor value) => value.CopyTo(position.Workspace).BroadcastTo(position.Shape);
        }
    }
}
