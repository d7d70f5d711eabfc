using Lae.Numerics;
using Lae.Randomness;

namespace Lae.Models;

/// <summary>
/// Where the chains of a distilled encoder start: about its point, as spread out as chains ended there before,
/// <code>
///     z_i^(0) = f(x_i) + s ⊙ ε_i,    s² ← s² + ρ (mean_i (z_i^(T) − f(x_i))² − s²),    ε_i standard normal,  ρ = 0.05
/// </code>
/// A chain of few transitions from f(x) itself ends too near to it, and what learns from such ends believes in posteriors that are too narrow. The spread carries over what the chains of earlier batches have found. Where posteriors are Gaussian with a common diagonal covariance and f(x) is their mean, that covariance is
/// a fixed point for every T, since transitions then keep the law; otherwise s² is the mean over observations of what T transitions keep, and its error is forgotten as the chain forgets its start. Any s is right in the limit of T: the start is no part of the target. Source: our own; measured in docs/exactness.md.
/// State: <c>spread</c> s², float64 [latentSize]. Shapes: z [n, latentSize].
/// </summary>
public static class StartSpread
{
    private const string Name = "spread";

    private const double Gain = 0.05;

    /// <summary>The state before the first step: no spread.</summary>
    /// <param name="latentSize">d_z, 1 or more.</param>
    /// <returns>A tree.</returns>
    public static TensorTree Initialize(int latentSize) => TensorTree.Of((Name, Tensor.Zeros(new Shape(latentSize), DType.Float64)));

    /// <summary>Starts about encodings.</summary>
    /// <param name="key">All randomness; a row depends on the key and its number alone.</param>
    /// <param name="state">A tree with that of <see cref="Initialize"/>.</param>
    /// <param name="encoded">f(x), [n, latentSize].</param>
    /// <returns>z^(0), [n, latentSize].</returns>
    public static Tensor Draw(RandomKey key, TensorTree state, Tensor encoded)
    {
        double[] normals = new double[encoded.Count];
        RowDraws.Normal(key, 0, [.. Enumerable.Range(0, encoded.Shape[0])], encoded.Shape[1], normals);
        Tensor noise = Tensor.FromSpan<double>(encoded.Workspace, normals, encoded.Shape) * state[Name].CopyTo(encoded.Workspace).Sqrt();
        return encoded + noise.Cast(encoded.DType);
    }

    /// <summary>The state after the ends of chains were seen.</summary>
    /// <param name="state">The state before.</param>
    /// <param name="encoded">f(x), [n, latentSize].</param>
    /// <param name="ends">z^(T), [n, latentSize].</param>
    /// <returns>The state after.</returns>
    public static TensorTree Follow(TensorTree state, Tensor encoded, Tensor ends)
    {
        Tensor before = state[Name].CopyTo(encoded.Workspace);
        Tensor found = (ends - encoded).Cast(DType.Float64).Square().Mean(0);
        return state.With(Name, before + (Gain * (found - before)));
    }

    /// <summary>The root mean square of s over the latent dimensions.</summary>
    /// <param name="state">A tree with that of <see cref="Initialize"/>.</param>
    /// <returns>0 or more.</returns>
    public static double RootMeanSquare(TensorTree state) => Math.Sqrt(state[Name].Mean().ToDouble());
}
