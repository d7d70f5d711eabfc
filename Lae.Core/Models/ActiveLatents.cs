using Lae.Numerics;

namespace Lae.Models;

/// <summary>
/// How many latent dimensions a model uses: those whose encoding varies over the batch by more than a hundredth of the prior's variance of 1. A dimension that the decoder ignores has the prior
/// as its posterior for every observation, so its encoding hardly varies. Source: the active units of Burda, Grosse and Salakhutdinov, ICLR 2016.
/// </summary>
public static class ActiveLatents
{
    /// <summary>A dimension is active whose variance over the batch exceeds this.</summary>
    public const double LeastVariance = 0.01;

    /// <summary>The figures of a batch.</summary>
    /// <param name="encoded">[n, latentSize].</param>
    /// <returns><c>activeLatents</c> and <c>latentSize</c>; nothing for a single row, which varies in no dimension.</returns>
    public static IReadOnlyDictionary<string, double> Figures(Tensor encoded)
    {
        if (encoded.Shape[0] < 2)
        {
            return new Dictionary<string, double>();
        }

        Tensor z = encoded.Cast(DType.Float64);
        double[] variances = (z - z.Mean(0)).Square().Mean(0).ToArray();
        return new Dictionary<string, double>
        {
            ["activeLatents"] = variances.Count(variance => variance > LeastVariance),
            ["latentSize"] = variances.Length,
        };
    }
}
