using Lae.Numerics;
using Lae.Randomness;

namespace Lae.Models;

/// <summary>The prior p(z) of latent variables.</summary>
public interface IPrior
{
    /// <summary>Whether <see cref="LogDensity"/> is normalised; false where it is so up to an unknown constant, as with an energy.</summary>
    bool IsNormalized { get; }

    /// <summary>log p of every row, up to a constant that does not depend on z.</summary>
    /// <param name="z">[n, latentSize].</param>
    /// <returns>[n].</returns>
    Tensor LogDensity(Tensor z);

    /// <summary>Draws.</summary>
    /// <param name="key">All randomness.</param>
    /// <param name="count">How many.</param>
    /// <param name="latentSize">Columns.</param>
    /// <param name="dtype">The number type.</param>
    /// <returns>[count, latentSize].</returns>
    Tensor Sample(RandomKey key, int count, int latentSize, DType dtype);
}

/// <summary>z ~ N(0, I).</summary>
public sealed class StandardNormalPrior : IPrior
{
    /// <inheritdoc/>
    public bool IsNormalized => true;

    /// <inheritdoc/>
    public Tensor LogDensity(Tensor z) => Reductions.DotRows(z, z).ScaleShift(-0.5, -0.5 * z.Shape[1] * Math.Log(2 * Math.PI));

    /// <inheritdoc/>
    public Tensor Sample(RandomKey key, int count, int latentSize, DType dtype)
    {
        double[] values = new double[count * latentSize];
        RowDraws.Normal(key, 0, [.. Enumerable.Range(0, count)], latentSize, values);
        return Tensor.FromArray(values, count, latentSize).Cast(dtype);
    }
}
