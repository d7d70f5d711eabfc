using System.Collections.Immutable;

namespace Lae.Annealing;

/// <summary>Schedules 0 = β_0 &lt; β_1 &lt; … &lt; β_K = 1 of a way from one distribution to another.</summary>
public static class InverseTemperatures
{
    /// <summary>β_k = k/K.</summary>
    /// <param name="count">K, 1 or more.</param>
    /// <returns>K + 1 numbers.</returns>
    public static ImmutableArray<double> Linear(int count) => Power(count, 1);

    /// <summary>β_k = (k/K)^p: with p above 1 it is dense near 0, where the way leaves a broad distribution.</summary>
    /// <param name="count">K, 1 or more.</param>
    /// <param name="power">p, positive and finite.</param>
    /// <returns>K + 1 numbers.</returns>
    public static ImmutableArray<double> Power(int count, double power)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        if (!(power > 0) || !double.IsFinite(power))
        {
            throw new ArgumentOutOfRangeException(nameof(power), power, "Must be positive and finite.");
        }

        return Checked([.. Enumerable.Range(0, count + 1).Select(k => Math.Pow((double)k / count, power))], nameof(power));
    }

    /// <summary>
    /// β_k = (σ_k − σ_0)/(σ_K − σ_0) with σ_k = 1/(1 + exp(−δ (2k/K − 1))): dense at both ends. Source: Grosse, Ghahramani and Adams, Sandwiching the marginal likelihood using bidirectional Monte Carlo (2015), section 6.
    /// </summary>
    /// <param name="count">K, 1 or more.</param>
    /// <param name="steepness">δ, positive and finite.</param>
    /// <returns>K + 1 numbers.</returns>
    public static ImmutableArray<double> Sigmoid(int count, double steepness = 4)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        if (!(steepness > 0) || !double.IsFinite(steepness))
        {
            throw new ArgumentOutOfRangeException(nameof(steepness), steepness, "Must be positive and finite.");
        }

        double Sigma(double k) => 1 / (1 + Math.Exp(-steepness * ((2 * k / count) - 1)));
        double first = Sigma(0);
        double range = Sigma(count) - first;
        return Checked([.. Enumerable.Range(0, count + 1).Select(k => (Sigma(k) - first) / range)], nameof(steepness));
    }

    /// <summary>The schedule, checked.</summary>
    internal static ImmutableArray<double> Checked(IReadOnlyList<double> schedule, string name) =>
        schedule.Count >= 2 && schedule[0] == 0 && schedule[^1] == 1 && schedule.Zip(schedule.Skip(1)).All(pair => pair.First < pair.Second)
            ? [.. schedule]
            : throw new ArgumentException($"Inverse temperatures must rise from 0 to 1, not {string.Join(", ", schedule)}.", name);
}
