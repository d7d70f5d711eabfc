using Lae.Formats;
using Lae.Targets;

namespace Lae.Composition;

/// <summary>What the options of a regression find in its data.</summary>
/// <param name="Table">The columns that were read.</param>
/// <param name="Outcome">The term that is explained.</param>
/// <param name="Terms">The terms that explain it.</param>
/// <param name="Predictors">Their numbers, one column for each.</param>
/// <param name="Columns">The same in a common scale.</param>
internal sealed record RegressionData(ColumnTable Table, Term Outcome, IReadOnlyList<Term> Terms, IReadOnlyList<double[]> Predictors, DesignColumns Columns)
{
    private const string TextHint = "; leave the column out by naming the Predictors, or declare its levels in Categories";

    /// <summary>How large they are, such as <c>1 predictor, 434 rows of kidiq.json</c>.</summary>
    public string Extent => FormattableString.Invariant($"{Terms.Count} predictor{(Terms.Count == 1 ? "" : "s")}, {Table.Rows:N0} row{(Table.Rows == 1 ? "" : "s")} of {Table.SourceName}");

    /// <summary>Reads the data.</summary>
    /// <param name="options">The options.</param>
    /// <param name="outcome">Makes the outcome's column of its term.</param>
    /// <param name="chooseOutcome">Finds the outcome's term.</param>
    /// <exception cref="OptionException">A column does not exist, or stands twice.</exception>
    /// <exception cref="DataFormatException">The data are not as they must be.</exception>
    public static RegressionData Read(RegressionOptions options, Func<TermParser, string, Term> chooseOutcome, Func<Term, WantedColumn> outcome)
    {
        Term? explained = null;
        IReadOnlyList<Term> terms = [];
        ColumnTable table = options.Data!.Read(names =>
        {
            TermParser parser = new(names, Categories(options, names));
            explained = chooseOutcome(parser, options.Outcome!);
            string own = explained.Factors[0].Column;
            terms = options.Predictors is null
                ? [.. names.Where(name => name != own).SelectMany(name => parser.Parse(name, nameof(options.Predictors)))]
                : [.. options.Predictors.SelectMany((text, i) => parser.Parse(text, $"{nameof(options.Predictors)}:{i}"))];
            RefuseTwice(terms, own);
            return [outcome(explained), .. Term.Wanted(terms, TextHint).Where(column => column.Name != own)];
        });
        double[][] predictors = [.. terms.Select(term => term.Evaluate(table))];
        return new RegressionData(table, explained!, terms, predictors, DesignColumns.Of(predictors, options.Intercept));
    }

    private static Dictionary<string, string[]> Categories(RegressionOptions options, IReadOnlyList<string> names)
    {
        for (int i = 0; i < options.Categories.Length; i++)
        {
            string column = options.Categories[i].Column!;
            if (!names.Contains(column, StringComparer.Ordinal))
            {
                throw new OptionException($"{nameof(options.Categories)}:{i}:{nameof(CategoryOptions.Column)}", $"there is no column \"{column}\"{NearestKey.Suggest(column, names)}");
            }
        }

        return options.Categories.ToDictionary(category => category.Column!, category => category.Levels, StringComparer.Ordinal);
    }

    private static void RefuseTwice(IReadOnlyList<Term> terms, string outcome)
    {
        if (terms.GroupBy(term => term.Text, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1) is { } twice)
        {
            throw new OptionException(nameof(RegressionOptions.Predictors), $"\"{twice.Key}\" stands twice");
        }

        if (terms.FirstOrDefault(term => term.Factors.Any(factor => factor.Column == outcome)) is { } itself)
        {
            throw new OptionException(nameof(RegressionOptions.Predictors), $"\"{itself.Text}\" is made of the outcome \"{outcome}\" itself");
        }
    }
}
