using Lae.Targets;

namespace Lae.Composition;

/// <summary>Refuses priors of numbers that the quantity cannot be.</summary>
internal static class PriorRange
{
    /// <summary>A prior of a number that may be negative.</summary>
    /// <param name="prior">The prior.</param>
    /// <param name="key">The option that gives it.</param>
    /// <exception cref="OptionException">It is a law of positive numbers.</exception>
    public static Prior Real(Prior prior, string key) => prior.Support == PriorSupport.Real
        ? prior
        : throw new OptionException(key, $"{prior} is a law of {Words(prior)}, and this quantity may be negative: choose a law of all numbers, such as Normal");

    /// <summary>A prior of a positive number; a law of all numbers is restricted to the positive ones.</summary>
    /// <param name="prior">The prior.</param>
    /// <param name="key">The option that gives it.</param>
    /// <exception cref="OptionException">It is a law of numbers below 1.</exception>
    public static Prior Positive(Prior prior, string key) => prior.Support != PriorSupport.UnitInterval
        ? prior
        : throw new OptionException(key, $"{prior} is a law of {Words(prior)}, and this quantity may be larger: choose a law of positive numbers, such as HalfNormal");

    private static string Words(Prior prior) => prior.Support == PriorSupport.Positive ? "positive numbers" : "numbers between 0 and 1";
}
