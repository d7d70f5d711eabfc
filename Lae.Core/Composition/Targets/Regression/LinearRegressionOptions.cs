using System.ComponentModel;
using Lae.Formats;
using Lae.Targets;

namespace Lae.Composition;

/// <summary>Options of a linear regression, y ~ N(intercept + predictors · coefficients, sigma²).</summary>
[Description("linear regression: Outcome ~ N(intercept + predictors . coefficients, sigma^2)")]
public sealed record LinearRegressionOptions : RegressionOptions
{
    /// <summary>The prior of sigma; if null, exponential with the outcome's deviation as its mean.</summary>
    [Description("the prior of sigma; without it Exponential with the outcome's deviation as its mean")]
    public Prior? ScalePrior { get; init; }

    /// <summary>The posterior that these options stand for.</summary>
    /// <returns>A posterior of the coefficients and sigma.</returns>
    /// <exception cref="ArgumentException">The options do not fit each other or the data, or the posterior is improper.</exception>
    /// <exception cref="DataFormatException">The data are not as they must be.</exception>
    public PosteriorOfData ToPosterior()
    {
        RegressionData data = RegressionData.Read(this, (parser, text) => parser.One(text, nameof(Outcome)), term => Term.Wanted([term])[0]);
        double[] y = data.Outcome.Evaluate(data.Table);
        DesignColumns response = DesignColumns.Of([y], hasIntercept: true);
        double deviation = response.Deviations[0] > 0 ? response.Deviations[0] : 1;
        RegressionDesign design = RegressionDesign.Of(this, data, response.Means[0], deviation);
        Prior scale = PriorRange.Positive(ScalePrior ?? Prior.Exponential(RegressionDesign.Rounded(1 / deviation)), nameof(ScalePrior));
        RegressionChecks.RequireDetermined(design);
        Posterior posterior = LinearRegression.Create(design.ToMatrix(), y, design.Priors, scale, design.Names);
        return new PosteriorOfData(
            design.InUnits(posterior),
            [.. RegressionChecks.OfPredictors(this, data)],
            [FormattableString.Invariant($"Linear regression of \"{data.Outcome.Text}\" on {data.Extent}."), .. design.Notes(("sigma", scale))]);
    }
}
