using Lae.Numerics;
using Lae.Targets;

namespace Lae.Models;

/// <summary>
/// The posteriors of a batch, which remember where they were evaluated: what a chain that moves all latent points together has computed for its own sake is most of the gradient in the parameters that its states teach. At such a state
/// that costs one product a layer instead of three. Shapes: z [n, d_z].
/// </summary>
internal sealed class RecordedPosteriors
{
    private readonly List<(Tensor Z, RecordedGradient Found)> evaluations = [];

    /// <param name="density">log p(z) + log p(x | z) without memory.</param>
    /// <param name="parameters">What the density depends on.</param>
    /// <param name="logJoint">The same as a function of z and the parameters, [n].</param>
    public RecordedPosteriors(LatentDensity density, TensorTree parameters, Func<Tensor, TensorTree, Tensor> logJoint)
    {
        Density = new LatentDensity(density.Points, density.LatentSize, density.DType, Evaluate, density.LogDensity, density.Precision);

        LogDensityAndGradient Evaluate(Tensor z)
        {
            if (z.Shape[0] != density.Points)
            {
                return density.Evaluate(z);
            }

            RecordedGradient found = RecordedGradient.Of(logJoint, z, parameters);
            evaluations.Add((z.Untracked, found));
            return new LogDensityAndGradient(found.Value, found.Gradient);
        }
    }

    /// <summary>The posteriors, for a chain.</summary>
    public LatentDensity Density { get; }

    /// <summary>−(1/n) Σ_i log p(z_i, x_i) at latent points where the density was evaluated; null elsewhere, and where it was told before.</summary>
    /// <param name="parameters">The parameters, perhaps being differentiated.</param>
    /// <param name="z">[n, d_z], perhaps being differentiated.</param>
    /// <returns>A scalar.</returns>
    public Tensor? MeanEnergy(TensorTree parameters, Tensor z)
    {
        for (int place = 0; place < evaluations.Count; place++)
        {
            (Tensor at, RecordedGradient found) = evaluations[place];
            if (HasBitsOf(at, z))
            {
                evaluations.RemoveAt(place);
                return found.ScaledSum(-1.0 / z.Shape[0], z, parameters);
            }
        }

        return null;
    }

    private static bool HasBitsOf(Tensor a, Tensor b) => a.DType == DType.Float32
        ? a.AsSpan<float>().SequenceEqual(b.AsSpan<float>())
        : a.AsSpan<double>().SequenceEqual(b.AsSpan<double>());
}
