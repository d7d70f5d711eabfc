using System.Collections.Immutable;
using Lae.Numerics;
using Lae.Targets;

namespace Lae.Kernels;

/// <summary>How ∇ log π is estimated: an immutable value, which the dynamics knows nothing about.</summary>
public interface IGradientEstimator
{
    /// <summary>The estimator for one target.</summary>
    /// <param name="target">The distribution.</param>
    /// <returns>An estimation; what it needs once for all chains (such as the gradient at a centre) has been computed.</returns>
    /// <exception cref="ArgumentException">The target has no data to take minibatches of, or fewer than are asked for.</exception>
    GradientEstimation Bind(Target target);
}

/// <summary>
/// An estimator at work on one target: pure functions of a position and of the estimator's own leaves of the state. An estimate is a function of those alone, so that it can be computed
/// anew; what is random in it (the numbers of the data) is a leaf.
/// </summary>
public abstract class GradientEstimation
{
    /// <summary>The estimator's own leaves; one that draws has the indices first.</summary>
    public virtual ImmutableArray<StateLeaf> Leaves => [];

    /// <summary>Data gradients that one estimate costs a chain; 0 where the target has no data.</summary>
    public abstract long Cost { get; }

    /// <summary>The numbers of the data of the next estimate.</summary>
    /// <param name="source">Where they are drawn from.</param>
    /// <param name="stream">The stream to draw from.</param>
    /// <returns>[chains, n]; null if the estimator draws nothing.</returns>
    public virtual Tensor? DrawIndices(NoiseSource source, uint stream) => null;

    /// <summary>The leaves at the start: made of a position alone, with the first data as minibatch.</summary>
    /// <param name="position">[chains, dimension].</param>
    /// <returns>A tensor for each of <see cref="Leaves"/>.</returns>
    public virtual ImmutableArray<Tensor> Start(Tensor position) => [];

    /// <summary>The leaves with which the gradient at a new position is estimated.</summary>
    /// <param name="position">The new position, [chains, dimension].</param>
    /// <param name="leaves">The leaves before.</param>
    /// <param name="indices">What <see cref="DrawIndices"/> drew.</param>
    /// <param name="transition">The number of the transition that moved there.</param>
    /// <returns>A tensor for each of <see cref="Leaves"/>.</returns>
    public virtual ImmutableArray<Tensor> Follow(Tensor position, ImmutableArray<Tensor> leaves, Tensor? indices, long transition) =>
        indices is null ? leaves : leaves.SetItem(0, indices);

    /// <summary>Data gradients that <see cref="Follow"/> costs a chain.</summary>
    /// <param name="transition">The number of the transition.</param>
    /// <returns>0 or more.</returns>
    public virtual long CostOfFollowing(long transition) => 0;

    /// <summary>The leaves, those of role cache computed anew.</summary>
    /// <param name="leaves">A tensor for each of <see cref="Leaves"/>.</param>
    /// <returns>A tensor for each of <see cref="Leaves"/>.</returns>
    public virtual ImmutableArray<Tensor> Refresh(ImmutableArray<Tensor> leaves) => leaves;

    /// <summary>The estimate of log π and its gradient.</summary>
    /// <param name="position">[chains, dimension].</param>
    /// <param name="leaves">A tensor for each of <see cref="Leaves"/>.</param>
    /// <returns>[chains] and [chains, dimension].</returns>
    public abstract LogDensityAndGradient Estimate(Tensor position, ImmutableArray<Tensor> leaves);
}
