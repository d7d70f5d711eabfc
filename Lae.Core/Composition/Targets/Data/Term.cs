using Lae.Formats;

namespace Lae.Composition;

/// <summary>A term of a model's formula: a column, a function of one, an indicator, or a product of these.</summary>
/// <param name="Text">As it is reported, such as <c>log(earn)</c>, <c>age:dose</c>, <c>city[Rome]</c>.</param>
/// <param name="Factors">Its factors, one or more.</param>
internal sealed record Term(string Text, IReadOnlyList<TermFactor> Factors)
{
    /// <summary>The numbers.</summary>
    /// <param name="table">The columns that were read.</param>
    /// <exception cref="DataFormatException">A function has no finite value, or a text is none of the declared levels.</exception>
    public double[] Evaluate(ColumnTable table)
    {
        double[] product = Factors[0].Evaluate(table);
        foreach (TermFactor factor in Factors.Skip(1))
        {
            double[] other = factor.Evaluate(table);
            for (int row = 0; row < product.Length; row++)
            {
                product[row] *= other[row];
            }
        }

        int wrong = Array.FindIndex(product, value => !double.IsFinite(value));
        return wrong < 0 ? product : throw table.Fault(Factors[0].Column, wrong, $"the product {Text} is not finite");
    }

    /// <summary>The columns that terms need, each once.</summary>
    /// <param name="terms">The terms.</param>
    /// <param name="hint">What a message about a text in place of a number says beside that.</param>
    public static IReadOnlyList<WantedColumn> Wanted(IEnumerable<Term> terms, string hint = "") => [.. terms
        .SelectMany(term => term.Factors)
        .Select(factor => new WantedColumn(factor.Column, factor.Level is not null, hint))
        .DistinctBy(column => column.Name, StringComparer.Ordinal)];
}
