namespace Lae.Formats.Charts;

/// <summary>How an axis spaces its numbers.</summary>
public enum AxisScale
{
    /// <summary>Equal differences are equally far apart.</summary>
    Linear,

    /// <summary>Equal ratios are equally far apart; numbers that are not above 0 are left out.</summary>
    Logarithmic,
}
