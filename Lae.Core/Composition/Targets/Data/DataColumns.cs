using Lae.Formats;

namespace Lae.Composition;

/// <summary>Reads columns of numbers that options name.</summary>
internal static class DataColumns
{
    /// <summary>The columns of numbers that some options name, or functions of them.</summary>
    /// <param name="source">Where from.</param>
    /// <param name="named">Each option with what it names.</param>
    /// <exception cref="OptionException">There is no such column.</exception>
    public static double[][] Read(IColumnSource source, params (string Key, string Text)[] named) => Read(source, names => [.. named.Select(one => new TermParser(names, NoCategories).One(one.Text, one.Key))]);

    /// <summary>The columns that an option names, all there are if it names none.</summary>
    /// <param name="source">Where from.</param>
    /// <param name="key">The option.</param>
    /// <param name="texts">What it names.</param>
    /// <exception cref="OptionException">There is no such column.</exception>
    public static double[][] ReadAll(IColumnSource source, string key, string[]? texts) => Read(source, names => [.. (texts ?? [.. names]).SelectMany(text => new TermParser(names, NoCategories).Parse(text, key))]);

    private static Dictionary<string, string[]> NoCategories => [];

    private static double[][] Read(IColumnSource source, Func<IReadOnlyList<string>, IReadOnlyList<Term>> choose)
    {
        IReadOnlyList<Term> terms = [];
        ColumnTable table = source.Read(names => Term.Wanted(terms = choose(names)));
        return [.. terms.Select(term => term.Evaluate(table))];
    }
}
