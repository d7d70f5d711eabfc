using System.Collections.Immutable;
using Lae.Numerics;
using Lae.Targets;

namespace Lae.Kernels;

/// <summary>The gradient itself, ∇ log π(x): works on any target, and costs all N data on one that has data. Nothing is drawn, no leaf is kept.</summary>
public sealed record FullGradient : IGradientEstimator
{
    /// <inheritdoc/>
    public GradientEstimation Bind(Target target) => new Estimation(target);

    private sealed class Estimation(Target target) : GradientEstimation
    {
        public override long Cost => target.Data?.Count ?? 0;

        public override LogDensityAndGradient Estimate(Tensor position, ImmutableArray<Tensor> leaves) => target.Evaluate(position);
    }
}
