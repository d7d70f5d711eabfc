using Lae.Numerics;

namespace Lae.Targets;

/// <summary>
/// The law of y where x = f(y) has the law of a target:
/// <code>
///     log π_f(y) = log π(f(y)) + log |det Df(y)|,    ∇ log π_f(y) = Df(y)ᵀ ∇ log π(f(y)) + ∇ log |det Df(y)|
/// </code>
/// The product with Df(y)ᵀ is one backward pass through f, seeded with the gradient that the target gives: so a gradient written by hand is used as it is.
/// </summary>
public static class PulledBackTarget
{
    /// <summary>The pulled-back target. One gradient of it costs one of the target.</summary>
    /// <param name="target">π.</param>
    /// <param name="map">f.</param>
    /// <returns>A target of y with the same normalising constant.</returns>
    /// <exception cref="ArgumentException">The dimensions differ.</exception>
    public static Target PullBack(this Target target, Bijection map)
    {
        map.RequireFits(target);
        Func<Tensor, Tensor> density = Density;
        return target.With(Evaluate, $"{target.Name} through {map.Name}");

        LogDensityAndGradient Evaluate(Tensor position)
        {
            (Tensor value, Tensor gradient) = Differentiation.Pair(density, position);
            return new LogDensityAndGradient(value, gradient);
        }

        Tensor Density(Tensor y)
        {
            Tensor x = map.Forward(y);
            LogDensityAndGradient at = target.Evaluate(x.Untracked);

            // 0 in value, and the target's gradient in its derivative
            Tensor along = Reductions.DotRows(x - x.Untracked, at.Gradient);
            return along + at.LogDensity + map.LogJacobian(y);
        }
    }
}
