namespace Lae.Benchmarks.Limits;

/// <summary>A work of Lae beside the least time that the machine would need for it.</summary>
/// <param name="Work">What it is.</param>
/// <param name="Seconds">Measured, of a unit.</param>
/// <param name="Limit">The least time.</param>
/// <param name="Operations">Floating-point operations of a unit where they decide; null else.</param>
internal sealed record LimitRow(string Work, double Seconds, Bound Limit, double? Operations = null)
{
    /// <summary>How much of the limit is reached, 1 at most but for errors of measurement.</summary>
    public double Share => Limit.Seconds / Seconds;
}
