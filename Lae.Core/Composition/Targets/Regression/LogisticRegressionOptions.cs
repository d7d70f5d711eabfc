using System.ComponentModel;
using Lae.Formats;
using Lae.Numerics;
using Lae.Targets;

namespace Lae.Composition;

/// <summary>Options of a logistic regression, P(outcome) = 1/(1 + e^(−η)), η = intercept + predictors · coefficients.</summary>
[Description("logistic regression: the log odds of Outcome are intercept + predictors . coefficients")]
public sealed record LogisticRegressionOptions : RegressionOptions
{
    /// <summary>The value of the outcome that counts as 1, where there are two values other than 0 and 1; null for 0 and 1. Default null.</summary>
    [Description("the value of Outcome that counts as 1, where its two values are not 0 and 1")]
    public string? Positive { get; init; }

    /// <summary>The posterior that these options stand for.</summary>
    /// <returns>A posterior of the coefficients.</returns>
    /// <exception cref="ArgumentException">The options do not fit each other or the data, or the posterior is improper.</exception>
    /// <exception cref="DataFormatException">The data are not as they must be.</exception>
    public PosteriorOfData ToPosterior()
    {
        const string Hint = "; where the outcome has other values than 0 and 1, say by Positive which of them counts as 1";
        RegressionData data = RegressionData.Read(
            this,
            (parser, text) => parser.One(text, nameof(Outcome)) is { Factors: [{ Functions.Count: 0 }] } column ? column : throw new OptionException(nameof(Outcome), $"the outcome must be a column, not \"{text}\""),
            term => new WantedColumn(term.Factors[0].Column, IsText: Positive is not null, Hint));
        double[] labels = Labels(data.Table, data.Outcome.Factors[0].Column, Hint);
        RegressionDesign design = RegressionDesign.Of(this, data, mean: 0, deviation: 1);
        RegressionChecks.RequireDetermined(design);
        RegressionChecks.RequireOverlap(design, labels);
        Posterior posterior = LogisticRegression.Create(design.ToTensor(), Tensor.FromArray(labels), design.Priors, design.Names);
        string share = FormattableString.Invariant($"{100 * labels.Average():G3} %");
        return new PosteriorOfData(
            design.InUnits(posterior),
            [.. RegressionChecks.OfPredictors(this, data), .. RegressionChecks.OfOutcomes(this, data, labels)],
            [FormattableString.Invariant($"Logistic regression of \"{data.Outcome.Text}\" ({share} of the outcomes are {Positive ?? "1"}) on {data.Extent}."), .. design.Notes()]);
    }

    private double[] Labels(ColumnTable table, string column, string hint)
    {
        if (Positive is null)
        {
            double[] numbers = table.Numbers(column);
            int wrong = Array.FindIndex(numbers, value => value is not (0 or 1));
            return wrong < 0 ? numbers : throw table.Fault(column, wrong, FormattableString.Invariant($"expected 0 or 1, found {numbers[wrong]}{hint}"));
        }

        TextColumn texts = table.Texts(column);
        int positive = texts.Levels.ToList().IndexOf(Positive);
        if (positive < 0)
        {
            throw new OptionException(nameof(Positive), $"no row has \"{Positive}\" as its \"{column}\"; there are {string.Join(", ", texts.Levels.Take(5).Select(level => $"\"{level}\""))}");
        }

        if (texts.Levels.Count > 2)
        {
            int row = Enumerable.Range(0, texts.Codes.Count).First(i => texts.Codes[i] == 2);
            throw table.Fault(column, row, $"expected one of two outcomes, \"{texts.Levels[0]}\" and \"{texts.Levels[1]}\", found \"{texts.Levels[2]}\"");
        }

        return [.. texts.Codes.Select(code => code == positive ? 1.0 : 0)];
    }
}
