using System.Collections.Immutable;

namespace Lae.Adaptation;

/// <summary>
/// When a warm-up learns what, after Stan: a first stretch adapts the step size alone, while chains find the target; then windows, each twice as long as the one before, at whose ends the covariance of the window becomes the new scale;
/// a last stretch adapts the step size to it. With 1,000 transitions: 75; windows that end at 100, 150, 250, 450, 950; 50. Source: Stan Reference Manual, chapter on adaptation.
/// </summary>
/// <param name="First">Transitions before the first window.</param>
/// <param name="Ends">The number of transitions at which each window ends, rising.</param>
/// <param name="Transitions">All transitions.</param>
public sealed record WarmupWindows(int First, ImmutableArray<int> Ends, int Transitions)
{
    private const int FirstOfThousand = 75;
    private const int BaseWindow = 25;
    private const int LastOfThousand = 50;

    /// <summary>The windows of a warm-up of a given length.</summary>
    /// <param name="transitions">0 or more; below 20 only the step size is learned.</param>
    /// <returns>The windows.</returns>
    public static WarmupWindows Of(int transitions)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(transitions);
        if (transitions < 20)
        {
            return new WarmupWindows(transitions, [], transitions);
        }

        bool isShort = transitions < FirstOfThousand + BaseWindow + LastOfThousand;
        int first = isShort ? (int)(0.15 * transitions) : FirstOfThousand;
        int last = isShort ? (int)(0.1 * transitions) : LastOfThousand;
        int length = isShort ? transitions - first - last : BaseWindow;
        ImmutableArray<int>.Builder ends = ImmutableArray.CreateBuilder<int>();
        int end = first + length;
        while (end < transitions - last)
        {
            ends.Add(end);
            length *= 2;
            // a window after which the next would not fit takes the rest
            end = end + (3 * length) > transitions - last ? transitions - last : end + length;
        }

        ends.Add(transitions - last);
        return new WarmupWindows(first, ends.ToImmutable(), transitions);
    }
}
