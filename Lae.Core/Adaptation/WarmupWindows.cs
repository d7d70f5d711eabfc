using System.Collections.Immutable;

namespace Lae.Adaptation;

/// <summary>
/// When a warm-up learns what. From 300 transitions on after Stan: a first stretch adapts the step size alone, while chains find the target; then windows, each twice as long as the one before, at whose ends the covariance of the window
/// becomes the new scale; a last stretch adapts the step size to it. With 1,000 transitions: 75; windows that end at 100, 150, 250, 450, 950; 50. Source: Stan Reference Manual, chapter on adaptation. Shorter ones, which suffice where many
/// chains learn together: 15 %; two windows, the second, of twice the length, without what the first still saw of the start; a last fifth, since dual averaging needs some twenty transitions whatever the number of chains.
/// </summary>
/// <param name="First">Transitions before the first window.</param>
/// <param name="Ends">The number of transitions at which each window ends, rising.</param>
/// <param name="Transitions">All transitions.</param>
public sealed record WarmupWindows(int First, ImmutableArray<int> Ends, int Transitions)
{
    private const int FirstOfThousand = 75;
    private const int BaseWindow = 25;
    private const int LastOfThousand = 50;
    private const int Shortest = 20;
    private const int ShortestOfStan = 300;

    /// <summary>The windows of a warm-up of a given length.</summary>
    /// <param name="transitions">0 or more; below 20 only the step size is learned.</param>
    /// <returns>The windows.</returns>
    public static WarmupWindows Of(int transitions)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(transitions);
        return transitions switch
        {
            < Shortest => new WarmupWindows(transitions, [], transitions),
            < ShortestOfStan => Short(transitions),
            _ => AfterStan(transitions),
        };
    }

    private static WarmupWindows Short(int transitions)
    {
        int first = (int)(0.15 * transitions);
        int last = transitions - (int)(0.2 * transitions);
        return new WarmupWindows(first, [first + ((last - first) / 3), last], transitions);
    }

    private static WarmupWindows AfterStan(int transitions)
    {
        int last = transitions - LastOfThousand;
        int length = BaseWindow;
        ImmutableArray<int>.Builder ends = ImmutableArray.CreateBuilder<int>();
        int end = FirstOfThousand + length;
        while (end < last)
        {
            ends.Add(end);
            length *= 2;

            // a window after which the next would not fit takes the rest
            end = end + (3 * length) > last ? last : end + length;
        }

        ends.Add(last);
        return new WarmupWindows(FirstOfThousand, ends.ToImmutable(), transitions);
    }
}
