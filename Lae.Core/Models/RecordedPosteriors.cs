using Lae.Numerics;
using Lae.Targets;

namespace Lae.Models;

/// <summary>
/// The posteriors of a batch, which remember where they were evaluated: what a chain that moves all latent points together has computed for its own sake is most of the gradient in the parameters that its states teach. At such a state
/// that costs one product a layer instead of three. Shapes: z [n, d_z].
/// </summary>
internal sealed class RecordedPosteriors
{
    private readonly LatentDensity density;
    private readonly List<(Tensor Z, RecordedGradient Found)> evaluations = [];

    /// <param name="density">log p(z) + log p(x | z) without memory.</param>
    /// <param name="parameters">What the density depends on.</param>
    /// <param name="logJoint">The same as a function of z and the parameters, [n].</param>
    public RecordedPosteriors(LatentDensity density, TensorTree parameters, Func<Tensor, TensorTree, Tensor> logJoint)
    {
        this.density = density;
        TensorTree leaves = parameters.Map(static one => one.Leaf());
        Density = new LatentDensity(density.Points, density.LatentSize, density.DType, Evaluate, density.LogDensity, density.Precision);

        LogDensityAndGradient Evaluate(Tensor z)
        {
            if (z.Shape[0] != density.Points)
            {
                return density.Evaluate(z);
            }

            RecordedGradient found = RecordedGradient.Of(logJoint, z, leaves);
            evaluations.Add((z.Untracked, found));
            return new LogDensityAndGradient(found.Value, found.Gradient);
        }
    }

    /// <summary>The posteriors, for a chain.</summary>
    public LatentDensity Density { get; }

    /// <summary>−(1/n) Σ_i log p(z_i, x_i), summed over states at which the density was evaluated; null if it was not at one of them, or this was told of one before.</summary>
    /// <param name="parameters">The parameters, perhaps being differentiated.</param>
    /// <param name="states">One or more.</param>
    /// <returns>A scalar.</returns>
    public Tensor? TotalOfMeanEnergies(TensorTree parameters, IReadOnlyList<TeachingState> states)
    {
        var terms = new (RecordedGradient Found, Tensor X, int Times)[states.Count];
        for (int t = 0; t < terms.Length; t++)
        {
            (Tensor z, int times) = states[t];
            int place = evaluations.FindIndex(one => HasBitsOf(one.Z, z));
            if (place < 0)
            {
                return null;
            }

            terms[t] = (evaluations[place].Found, z, times);
            evaluations.RemoveAt(place);
        }

        return RecordedGradient.ScaledSum(terms, -1.0 / density.Points, parameters);
    }

    private static bool HasBitsOf(Tensor a, Tensor b) => a.DType == DType.Float32
        ? a.AsSpan<float>().SequenceEqual(b.AsSpan<float>())
        : a.AsSpan<double>().SequenceEqual(b.AsSpan<double>());
}
