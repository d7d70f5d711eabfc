using System.Globalization;

namespace Lae.Composition;

/// <summary>
/// Reads terms: the name of a column; <c>log(…)</c>, <c>sqrt(…)</c>, <c>exp(…)</c>, <c>square(…)</c> of one; <c>a:b</c>, a product; the name of a column of declared categories, which stands for an
/// indicator of each level but the first; and the name of an array of arrays X, which stands for <c>X[1]</c>, <c>X[2]</c>, …. A column whose name is the whole text goes before all of this.
/// </summary>
/// <param name="columns">The names of all columns.</param>
/// <param name="categories">Columns of texts with their levels.</param>
internal sealed class TermParser(IReadOnlyList<string> columns, IReadOnlyDictionary<string, string[]> categories)
{
    /// <summary>The terms that a text stands for.</summary>
    /// <param name="text">The text.</param>
    /// <param name="key">The option that holds it, for messages.</param>
    /// <exception cref="OptionException">There is no such column.</exception>
    public IReadOnlyList<Term> Parse(string text, string key)
    {
        IReadOnlyList<Term> product = [];
        string[] parts = columns.Contains(text, StringComparer.Ordinal) ? [text] : text.Split(':', StringSplitOptions.TrimEntries);
        foreach (IReadOnlyList<TermFactorText> factors in parts.Select(part => Factors(part, key)))
        {
            product = product.Count == 0
                ? [.. factors.Select(factor => new Term(factor.Text, [factor.Factor]))]
                : [.. product.SelectMany(left => factors.Select(right => new Term($"{left.Text}:{right.Text}", [.. left.Factors, right.Factor])))];
        }

        return product;
    }

    /// <summary>The one term that a text stands for.</summary>
    /// <param name="text">The text.</param>
    /// <param name="key">The option that holds it, for messages.</param>
    /// <exception cref="OptionException">There is no such column, or it stands for several.</exception>
    public Term One(string text, string key) => Parse(text, key) is [var term] ? term : throw new OptionException(key, $"\"{text}\" stands for several columns; name one of them");

    private IReadOnlyList<TermFactorText> Factors(string text, string key)
    {
        if (categories.TryGetValue(text, out string[]? levels) && columns.Contains(text, StringComparer.Ordinal))
        {
            return [.. levels.Skip(1).Select(level => new TermFactorText($"{text}[{level}]", new TermFactor(text, [], new CategoryLevel(level, levels))))];
        }

        List<string> functions = [];
        string inner = text;
        while (!columns.Contains(inner, StringComparer.Ordinal) && TryOpen(inner, out string function, out string argument))
        {
            functions.Insert(0, function);
            inner = argument;
        }

        string[] found = columns.Contains(inner, StringComparer.Ordinal)
            ? [inner]
            : [.. Enumerable.Range(1, columns.Count).Select(i => string.Create(CultureInfo.InvariantCulture, $"{inner}[{i}]")).TakeWhile(name => columns.Contains(name, StringComparer.Ordinal))];
        return found.Length > 0
            ? [.. found.Select(column => new TermFactorText(functions.Aggregate(column, (argument, function) => $"{function}({argument})"), new TermFactor(column, functions, null)))]
            : throw new OptionException(key, $"there is no column \"{inner}\"{NearestKey.Suggest(inner, columns)}; columns: {Some(columns)}{Hint(inner)}");
    }

    private static bool TryOpen(string text, out string function, out string argument)
    {
        int open = text.IndexOf('(', StringComparison.Ordinal);
        function = open > 0 ? text[..open].Trim() : string.Empty;
        bool isCall = text.EndsWith(')') && TermFactor.Known.ContainsKey(function);
        argument = isCall ? text[(open + 1)..^1].Trim() : string.Empty;
        return isCall;
    }

    private static string Hint(string name) => name.Contains('(', StringComparison.Ordinal) ? $"; functions: {string.Join(", ", TermFactor.Known.Keys)}" : string.Empty;

    private static string Some(IReadOnlyList<string> names)
    {
        const int Shown = 12;
        return names.Count <= Shown ? string.Join(", ", names) : $"{string.Join(", ", names.Take(Shown))} and {names.Count - Shown} more";
    }

    private sealed record TermFactorText(string Text, TermFactor Factor);
}
