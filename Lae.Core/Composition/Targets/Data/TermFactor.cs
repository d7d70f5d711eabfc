using Lae.Formats;

namespace Lae.Composition;

/// <summary>A column, perhaps by a function of it or as the indicator of one of its texts.</summary>
/// <param name="Column">The column.</param>
/// <param name="Functions">Functions of its numbers, the first applied first.</param>
/// <param name="Level">The text that counts as 1, all others as 0; null for a column of numbers.</param>
internal sealed record TermFactor(string Column, IReadOnlyList<string> Functions, CategoryLevel? Level)
{
    /// <summary>The functions.</summary>
    public static IReadOnlyDictionary<string, Func<double, double>> Known { get; } = new Dictionary<string, Func<double, double>>(StringComparer.Ordinal)
    {
        ["log"] = Math.Log,
        ["sqrt"] = Math.Sqrt,
        ["exp"] = Math.Exp,
        ["square"] = value => value * value,
    };

    /// <summary>The numbers.</summary>
    /// <param name="table">The columns that were read.</param>
    /// <exception cref="DataFormatException">A function has no finite value, or a text is none of the declared levels.</exception>
    public double[] Evaluate(ColumnTable table)
    {
        if (Level is not null)
        {
            return Indicators(table.Texts(Column), Level, table);
        }

        double[] numbers = [.. table.Numbers(Column)];
        foreach (string function in Functions)
        {
            Func<double, double> apply = Known[function];
            for (int row = 0; row < numbers.Length; row++)
            {
                double value = apply(numbers[row]);
                numbers[row] = double.IsFinite(value) ? value : throw table.Fault(Column, row, FormattableString.Invariant($"{function} has no finite value at {numbers[row]}"));
            }
        }

        return numbers;
    }

    private double[] Indicators(TextColumn texts, CategoryLevel level, ColumnTable table)
    {
        int unknown = Enumerable.Range(0, texts.Levels.Count).FirstOrDefault(code => !level.All.Contains(texts.Levels[code], StringComparer.Ordinal), -1);
        if (unknown >= 0)
        {
            int row = Enumerable.Range(0, texts.Codes.Count).First(i => texts.Codes[i] == unknown);
            throw table.Fault(Column, row, $"expected one of the declared levels {string.Join(", ", level.All)}, found \"{texts.Levels[unknown]}\"{NearestKey.Suggest(texts.Levels[unknown], level.All)}");
        }

        double[] ofCode = [.. texts.Levels.Select(text => text == level.Name ? 1.0 : 0)];
        return [.. texts.Codes.Select(code => ofCode[code])];
    }
}

/// <summary>A level of a column of texts.</summary>
/// <param name="Name">The text that counts as 1.</param>
/// <param name="All">All texts that the column may hold.</param>
internal sealed record CategoryLevel(string Name, IReadOnlyList<string> All);
