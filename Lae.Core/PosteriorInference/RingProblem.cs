using Lae.Models;
using Lae.Numerics;
using Lae.Targets;

namespace Lae.PosteriorInference;

/// <summary>
/// The ring of equal Gaussians (<see cref="RingMixture"/>) as a law to be sampled, without observations: n = 1. Its mean is 0, and with three modes or more its covariance (r²/2 + s²) I.
/// </summary>
public static class RingProblem
{
    /// <summary>The problem, with exact draws and moments.</summary>
    /// <param name="modes">m, 3 or more.</param>
    /// <param name="radius">r, positive.</param>
    /// <param name="deviation">s, positive.</param>
    /// <returns>A problem.</returns>
    public static InferenceProblem Create(int modes = 8, double radius = 2, double deviation = 0.2)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(modes, 3);
        ExactTarget ring = RingMixture.Create(modes, radius, deviation);
        double variance = (0.5 * radius * radius) + (deviation * deviation);
        return new InferenceProblem(
            $"ring of {modes} Gaussians",
            new LatentDensity(1, 2, DType.Float64, ring.Target.Evaluate, z => ring.Target.Evaluate(z).LogDensity),
            (key, draws) => ring.Draw(key, draws).Reshape(draws, 1, 2),
            IsReferenceExact: true)
        {
            Moments = new LawMoments(Tensor.Zeros(new Shape(1, 2), DType.Float64), Tensor.FromArray([variance, 0, 0, variance], 1, 2, 2)),
            Modes = new EqualModes(modes, samples => RingMixture.Masses(samples, modes)),
        };
    }
}
