using System.Collections.Immutable;
using Lae.Numerics;
using Lae.Targets;

namespace Lae.Kernels;

/// <summary>
/// The gradient over a minibatch B of n of the N data, drawn anew for every transition and chain:
/// <code>
///     ĝ = ∇log prior(x) + (N/n) Σ_{i∈B} ∇log p(datum_i | x)
/// </code>
/// Unbiased. With s² the variance of the N terms (divisor N − 1) its variance is N (N − n) s²/n without replacement, N (N − 1) s²/n with. Source: Robbins and Monro (1951); for Langevin
/// dynamics Welling and Teh, ICML 2011, equation 4. Leaf and noise leaf <c>indices</c> [chains, n]. Cost: n data gradients.
/// </summary>
public sealed record MinibatchGradient : IGradientEstimator
{
    /// <summary>An estimator.</summary>
    /// <param name="size">n, 1 or more; at most N without replacement.</param>
    /// <param name="withReplacement">Whether a datum can be drawn more than once.</param>
    public MinibatchGradient(int size, bool withReplacement = false)
    {
        Size = Minibatch.Checked(size);
        WithReplacement = withReplacement;
    }

    /// <summary>n.</summary>
    public int Size { get; }

    /// <summary>Whether a datum can be drawn more than once.</summary>
    public bool WithReplacement { get; }

    /// <inheritdoc/>
    public GradientEstimation Bind(Target target) => new Estimation(new Minibatch(target, Size, WithReplacement));

    private sealed class Estimation(Minibatch batch) : GradientEstimation
    {
        public override ImmutableArray<StateLeaf> Leaves { get; } = [Minibatch.Leaf];

        public override long Cost => batch.Size;

        public override Tensor DrawIndices(NoiseSource source, uint stream) => batch.Draw(source, stream);

        public override ImmutableArray<Tensor> Start(Tensor position) => [batch.First(position)];

        public override LogDensityAndGradient Estimate(Tensor position, ImmutableArray<Tensor> leaves) =>
            batch.Data.Estimate(position, batch.Data.Likelihood(position, leaves[0]), batch.Scale);
    }
}
