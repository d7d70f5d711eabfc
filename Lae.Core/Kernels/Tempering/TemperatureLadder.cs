using System.Collections.Immutable;

namespace Lae.Kernels;

/// <summary>
/// Ladders of temperatures 1 = T_1 &lt; … &lt; T_K of replica exchange. With b = 1/T and r_k the share of swaps of the pair (k, k + 1) that is rejected, the communication barrier
/// <code>
///     Λ(b) = Σ r_k of the pairs between b and T = 1
/// </code>
/// hardly depends on the ladder; a ladder on which Λ rises by the same amount from one temperature to the next has equal rejections, which makes the most round trips.
/// Source: Syed, Bouchard-Côté, Deligiannidis and Doucet, JRSS B 84 (2022), section 5, with linear interpolation of Λ.
/// </summary>
public static class TemperatureLadder
{
    /// <summary>Temperatures in a constant ratio from 1 to the hottest.</summary>
    /// <param name="count">K, 2 or more.</param>
    /// <param name="hottest">T_K, above 1 and finite.</param>
    /// <returns>K temperatures.</returns>
    public static ImmutableArray<double> Geometric(int count, double hottest)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 2);
        if (!(hottest > 1) || !double.IsFinite(hottest))
        {
            throw new ArgumentOutOfRangeException(nameof(hottest), hottest, "The hottest temperature must be above 1 and finite.");
        }

        return [.. Enumerable.Range(0, count).Select(k => k == count - 1 ? hottest : Math.Pow(hottest, (double)k / (count - 1)))];
    }

    /// <summary>The ladder of as many temperatures, from 1 to the same hottest one, on which the rejections found on this ladder would be equal.</summary>
    /// <param name="temperatures">T_1 … T_K, from 1 strictly rising; two or more.</param>
    /// <param name="rejections">r_1 … r_(K−1), each in [0, 1]. Where all are 0 the ladder stays.</param>
    /// <returns>K temperatures.</returns>
    /// <exception cref="ArgumentException">The ladder is not one, or the rejections are not as many as its pairs.</exception>
    public static ImmutableArray<double> Equalise(IReadOnlyList<double> temperatures, IReadOnlyList<double> rejections)
    {
        ImmutableArray<double> ladder = Checked(temperatures, nameof(temperatures));
        if (rejections.Count != ladder.Length - 1 || rejections.Any(r => !(r >= 0 && r <= 1)))
        {
            throw new ArgumentException($"{ladder.Length - 1} rejections in [0, 1] are needed, not {string.Join(", ", rejections)}.", nameof(rejections));
        }

        double[] barrier = new double[ladder.Length];
        for (int k = 1; k < barrier.Length; k++)
        {
            barrier[k] = barrier[k - 1] + rejections[k - 1];
        }

        double total = barrier[^1];
        if (total == 0)
        {
            return ladder;
        }

        double[] result = [.. ladder];
        for (int k = 1, pair = 0; k < result.Length - 1; k++)
        {
            double level = total * k / (result.Length - 1);
            while (barrier[pair + 1] < level)
            {
                pair++;
            }

            double share = (level - barrier[pair]) / rejections[pair];
            result[k] = 1 / (((1 - share) / ladder[pair]) + (share / ladder[pair + 1]));
        }

        // pairs that never reject give an interval of no length, and two levels may round to one temperature
        return Checked(result, nameof(rejections));
    }

    /// <summary>The ladder, checked.</summary>
    internal static ImmutableArray<double> Checked(IReadOnlyList<double> temperatures, string name)
    {
        bool rises = temperatures.Zip(temperatures.Skip(1)).All(pair => pair.First < pair.Second);
        return temperatures.Count >= 2 && temperatures[0] == 1 && rises && double.IsFinite(temperatures[^1])
            ? [.. temperatures]
            : throw new ArgumentException($"Temperatures of replicas must be 1 and rise from it, two or more and finite, not {string.Join(", ", temperatures)}.", name);
    }
}
