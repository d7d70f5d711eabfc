namespace Lae.Modes;

/// <summary>
/// The logarithm of the mass about draws of a part of π, up to a constant that is the same for all parts: with s = ∇ log π,
/// <code>
///     log ∫ π ≈ E log π + Σ_j ¼ log (Var y_j / Var s_j)
/// </code>
/// Exact for Gaussians whose axes are those of the coordinates, however few the draws: log π and entropy − d/2 add up, and √(Var y_j / Var s_j) is the variance, since the score varies by its inverse. Height alone would not do: a part that is narrower
/// by a factor ρ in each direction is higher by d log 1/ρ at the same mass.
/// </summary>
internal static class LogMass
{
    /// <summary>The estimate.</summary>
    /// <param name="draws">Draws, two or more.</param>
    /// <returns>The logarithm; −∞ where the draws do not differ.</returns>
    public static double Of(IReadOnlyList<SettledDraw> draws)
    {
        double result = draws.Average(draw => draw.Height);
        for (int j = 0; j < draws[0].Position.Length; j++)
        {
            double spread = Variance(draws.Select(draw => draw.Position[j]));
            double slope = Variance(draws.Select(draw => draw.Gradient[j]));
            result += 0.25 * Math.Log(spread / Math.Max(slope, double.Epsilon));
        }

        return double.IsNaN(result) ? double.NegativeInfinity : result;
    }

    private static double Variance(IEnumerable<double> values)
    {
        double[] all = [.. values];
        double mean = all.Average();
        return all.Sum(value => (value - mean) * (value - mean)) / (all.Length - 1);
    }
}
