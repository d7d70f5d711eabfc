namespace Lae.Diagnostics;

/// <summary>Sample quantiles by linear interpolation, q = x_⌊h⌋ + (h − ⌊h⌋)(x_⌊h⌋₊₁ − x_⌊h⌋) with h = (n − 1) p: type 7 of Hyndman and Fan (1996), the default of R and numpy.</summary>
public static class Quantile
{
    /// <summary>One quantile.</summary>
    /// <param name="sorted">Values in rising order, at least one.</param>
    /// <param name="probability">p, in [0, 1].</param>
    /// <returns>The quantile.</returns>
    public static double Of(IReadOnlyList<double> sorted, double probability)
    {
        if (sorted.Count == 0)
        {
            throw new ArgumentException("There are no values.", nameof(sorted));
        }

        if (!(probability >= 0) || probability > 1)
        {
            throw new ArgumentOutOfRangeException(nameof(probability), probability, "A probability must be in [0, 1].");
        }

        double h = (sorted.Count - 1) * probability;
        int below = (int)Math.Floor(h);
        return below + 1 < sorted.Count ? sorted[below] + ((h - below) * (sorted[below + 1] - sorted[below])) : sorted[below];
    }
}
