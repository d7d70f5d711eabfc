namespace Lae.Composition;

/// <summary>Arrays of a configuration in which one number may stand for many.</summary>
internal static class OptionArrays
{
    /// <summary>As many numbers as are needed.</summary>
    /// <param name="values">So many numbers, or one.</param>
    /// <param name="count">How many are needed.</param>
    /// <param name="name">The key, for the message.</param>
    /// <param name="otherwise">What else would do, for the message.</param>
    /// <exception cref="ArgumentException">Another number of them.</exception>
    public static double[] Filled(double[] values, int count, string name, string otherwise = "") => values.Length switch
    {
        1 => [.. Enumerable.Repeat(values[0], count)],
        _ when values.Length == count => [.. values],
        _ => throw new ArgumentException($"{name} must hold {count} numbers or one{otherwise}, not {values.Length}."),
    };
}
