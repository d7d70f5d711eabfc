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
    private const int FirstOfStan = 75;
    private const int BaseOfStan = 25;
    private const int LastOfStan = 50;
    private const int Shortest = 20;
    private const int ShortestOfStan = 300;
    private const int ChainsOfStan = 4;

    /// <summary>The windows of a warm-up of a given length.</summary>
    /// <param name="transitions">0 or more; below 20 only the step size is learned.</param>
    /// <param name="chains">Chains that learn together, 1 or more.</param>
    /// <returns>The windows.</returns>
    public static WarmupWindows Of(int transitions, int chains = ChainsOfStan)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(transitions);
        ArgumentOutOfRangeException.ThrowIfLessThan(chains, 1);
        if (transitions < Shortest)
        {
            return new WarmupWindows(transitions, [], transitions);
        }

        bool isLong = transitions >= ShortestOfStan;
        double share = Math.Min(1, (double)ChainsOfStan / chains);
        int window = Math.Max(LeastWindow, (int)Math.Ceiling(BaseOfStan * share));
        int last = isLong ? LastOfStan : (int)(0.2 * transitions);
        int first = Math.Min(isLong ? FirstOfStan : (int)(0.15 * transitions), 3 * window);
        return new WarmupWindows(first, Doubling(first, Math.Min(window, transitions - last - first), transitions - last), transitions);
    }

    private static ImmutableArray<int> Doubling(int first, int length, int last)
    {
        ImmutableArray<int>.Builder ends = ImmutableArray.CreateBuilder<int>();
        int end = first + length;
        while (end < last)
        {
            ends.Add(end);
            length *= 2;

            // a window after which the next would not fit takes the rest
            end = end + (3 * length) > last ? last : end + length;
        }

        ends.Add(last);
        return ends.ToImmutable();
    }

    private const int LeastWindow = 5;
}
