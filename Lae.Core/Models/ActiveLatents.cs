using Lae.Numerics;

namespace Lae.Models;

/// <summary>
/// The number of latent dimensions that observations move: those in which the variance over a batch of the encoding exceeds 0.01. A dimension that the decoder ignores has the prior for its
/// posterior, whatever x is, so that its encoding stands still. Source: Burda, Grosse and Salakhutdinov (2016), section 5.2.
/// </summary>
public static class ActiveLatents
{
    /// <summary>The name of the figure.</summary>
    public const string Name = "activeLatents";

    private const double SmallestVariance = 0.01;

    /// <summary>Counts them.</summary>
    /// <param name="encodings">A latent point for each observation that is a function of it without noise, such as a posterior mean or mode; [n, d_z].</param>
    /// <returns>0 to d_z.</returns>
    public static int Count(Tensor encodings)
    {
        Tensor z = encodings.Cast(DType.Float64);
        return (z - z.Mean(0)).Square().Mean(0).ToArray().Count(variance => variance > SmallestVariance);
    }
}
