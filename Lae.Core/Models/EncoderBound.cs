using System.Collections.Immutable;
using Lae.Numerics;
using Lae.Randomness;

namespace Lae.Models;

/// <summary>
/// The evidence bound with a Gaussian of fixed width about the encoding, q = N(f(x), σ² I):
/// <code>
///     log p(x) ≥ E_q[log p(z) + log p(x | z)] + (d_z/2) log(2πe σ²)
/// </code>
/// σ = 0.05 is the published protocol (NeurIPS 2022 paper); the best σ of a grid says what the encoder is worth. Both in nats for each dimension of x, lower is better.
/// </summary>
public static class EncoderBound
{
    /// <summary>The width of the published protocol.</summary>
    public const double PublishedWidth = 0.05;

    /// <summary>The bound at the published width and at the best of a grid.</summary>
    /// <param name="key">All randomness.</param>
    /// <param name="density">The posteriors of the test set; the prior must be normalised.</param>
    /// <param name="encoded">f(x), [n, latentSize].</param>
    /// <param name="columns">Dimension of x, 1 or more.</param>
    /// <param name="settings">Widths and draws.</param>
    /// <returns><c>negativeElboPerDimension</c>, <c>negativeElboBestWidthPerDimension</c>, <c>bestWidth</c>.</returns>
    public static IReadOnlyDictionary<string, double> Evaluate(RandomKey key, LatentDensity density, Tensor encoded, int columns, EncoderBoundSettings? settings = null) =>
        Figures(NegativeBounds(key, density, encoded, columns, settings), settings);

    /// <summary>The negative bound at every width of the grid: what a test set in parts is averaged over.</summary>
    /// <param name="key">All randomness.</param>
    /// <param name="density">The posteriors of some observations.</param>
    /// <param name="encoded">f(x), [n, latentSize].</param>
    /// <param name="columns">Dimension of x, 1 or more.</param>
    /// <param name="settings">Widths and draws.</param>
    /// <param name="firstRow">The number of the first observation, 0 or more: with the key it decides the draws, so that a set in parts has those of the whole.</param>
    /// <returns>Nats for each dimension, the mean over the observations, a number for each width.</returns>
    public static IReadOnlyList<double> NegativeBounds(RandomKey key, LatentDensity density, Tensor encoded, int columns, EncoderBoundSettings? settings = null, int firstRow = 0)
    {
        EncoderBoundSettings chosen = settings ?? EncoderBoundSettings.Default;
        return [.. chosen.Widths.Select(width => NegativeBound(key, density, encoded, columns, width, chosen.Draws, firstRow))];
    }

    /// <summary>The figures that the bounds at every width make.</summary>
    /// <param name="bounds">What <see cref="NegativeBounds"/> returned, or an average of it.</param>
    /// <param name="settings">Those that it had.</param>
    /// <returns><c>negativeElboPerDimension</c>, <c>negativeElboBestWidthPerDimension</c>, <c>bestWidth</c>.</returns>
    public static IReadOnlyDictionary<string, double> Figures(IReadOnlyList<double> bounds, EncoderBoundSettings? settings = null)
    {
        ImmutableArray<double> widths = (settings ?? EncoderBoundSettings.Default).Widths;
        if (bounds.Count != widths.Length)
        {
            throw new ArgumentException($"There are {bounds.Count} bounds for {widths.Length} widths.", nameof(bounds));
        }

        int best = 0;
        for (int i = 1; i < widths.Length; i++)
        {
            best = bounds[i] < bounds[best] ? i : best;
        }

        return new Dictionary<string, double>
        {
            ["negativeElboPerDimension"] = bounds[widths.IndexOf(PublishedWidth)],
            ["negativeElboBestWidthPerDimension"] = bounds[best],
            ["bestWidth"] = widths[best],
        };
    }

    /// <summary>The negative bound at one width.</summary>
    /// <param name="key">All randomness.</param>
    /// <param name="density">The posteriors.</param>
    /// <param name="encoded">f(x), [n, latentSize].</param>
    /// <param name="columns">Dimension of x, 1 or more.</param>
    /// <param name="width">σ, positive.</param>
    /// <param name="draws">Draws from q for each observation, 1 or more.</param>
    /// <param name="firstRow">The number of the first observation, 0 or more.</param>
    /// <returns>Nats for each dimension, the mean over the observations.</returns>
    public static double NegativeBound(RandomKey key, LatentDensity density, Tensor encoded, int columns, double width, int draws = EncoderBoundSettings.DefaultDraws, int firstRow = 0)
    {
        if (!(width > 0) || !double.IsFinite(width))
        {
            throw new ArgumentOutOfRangeException(nameof(width), width, "A width must be positive and finite.");
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(draws, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(firstRow);
        int n = encoded.Shape[0];
        int latentSize = encoded.Shape[1];
        double entropy = 0.5 * latentSize * Math.Log(2 * Math.PI * Math.E * width * width);
        double total = 0;
        int mark = encoded.Workspace.Mark();
        for (int draw = 0; draw < draws; draw++)
        {
            double[] normals = new double[n * latentSize];
            RowDraws.Normal(key, (uint)draw, firstRow, n, latentSize, normals);
            Tensor z = Elementwise.ScaleAdd(width, Tensor.FromSpan<double>(encoded.Workspace, normals, encoded.Shape).Cast(encoded.DType), encoded);
            total += density.LogDensity(z).Cast(DType.Float64).Mean().ToDouble();
            encoded.Workspace.Collect(mark);
        }

        return -((total / draws) + entropy) / columns;
    }
}
