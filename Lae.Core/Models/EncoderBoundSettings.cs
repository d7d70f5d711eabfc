using System.Collections.Immutable;

namespace Lae.Models;

/// <summary>At which widths, and with how many draws, <see cref="EncoderBound"/> is taken: its time is proportional to the product of their numbers.</summary>
public sealed record EncoderBoundSettings
{
    /// <summary>Draws from q for each observation, unless others are asked for.</summary>
    public const int DefaultDraws = 8;

    /// <summary>Settings.</summary>
    /// <param name="widths">Widths σ, each positive and finite, in any order; <see cref="EncoderBound.PublishedWidth"/> joins them where it is not among them. Default: eleven from 0.02 to 1.</param>
    /// <param name="draws">Draws from q for each observation at each width, 1 or more.</param>
    public EncoderBoundSettings(IEnumerable<double>? widths = null, int draws = DefaultDraws)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(draws, 1);
        ImmutableArray<double> wanted = [.. widths ?? DefaultWidths];
        foreach (double width in wanted)
        {
            if (!(width > 0) || !double.IsFinite(width))
            {
                throw new ArgumentOutOfRangeException(nameof(widths), width, "A width must be positive and finite.");
            }
        }

        Widths = wanted.Contains(EncoderBound.PublishedWidth) ? wanted : [.. wanted, EncoderBound.PublishedWidth];
        Draws = draws;
    }

    /// <summary>0.02, 0.03, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.7 and 1.</summary>
    public static ImmutableArray<double> DefaultWidths { get; } = [0.02, 0.03, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.7, 1.0];

    /// <summary>Eleven widths, eight draws.</summary>
    public static EncoderBoundSettings Default { get; } = new();

    /// <summary>The widths; <see cref="EncoderBound.PublishedWidth"/> is one of them.</summary>
    public ImmutableArray<double> Widths { get; }

    /// <summary>Draws from q for each observation at each width.</summary>
    public int Draws { get; }
}
