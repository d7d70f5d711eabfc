using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Lae.Targets;

namespace Lae.Composition;

/// <summary>Units of reported coefficients.</summary>
public enum CoefficientUnits
{
    /// <summary>The change for one more of the predictor as it stands in the data; the intercept is where all predictors are 0.</summary>
    Original,

    /// <summary>The change for one standard deviation of the predictor; the intercept is where all predictors have their means.</summary>
    Standardized,
}

/// <summary>What linear and logistic regression have in common: data with named columns, and priors.</summary>
public abstract record RegressionOptions : IValidatableObject
{
    /// <summary>The data.</summary>
    [Description("the data, with named columns")]
    [Required]
    public IColumnSource? Data { get; init; }

    /// <summary>The column that is explained.</summary>
    [Description("the column that is explained")]
    [Required]
    public string? Outcome { get; init; }

    /// <summary>The terms that explain it; all other columns if null. Default null.</summary>
    [Description("the terms that explain it: columns, log(x), sqrt(x), exp(x), square(x), products a:b, X for all columns X[1], X[2], …; without it all other columns")]
    public string[]? Predictors { get; init; }

    /// <summary>Columns of texts with their levels. Default none.</summary>
    [Description("columns of texts: each enters as an indicator of every level but the first")]
    public CategoryOptions[] Categories { get; init; } = [];

    /// <summary>Whether there is an intercept. Default true.</summary>
    [Description("whether there is an intercept")]
    public bool Intercept { get; init; } = true;

    /// <summary>Whether predictors are centred (beside an intercept) and divided by their standard deviations; priors then concern the coefficients of these. Default true.</summary>
    [Description("whether predictors are brought to mean 0 and deviation 1 for sampling; priors then concern their coefficients")]
    public bool Standardize { get; init; } = true;

    /// <summary>The units in which coefficients of standardised predictors are reported. Default the original ones.</summary>
    [Description("the units in which the coefficients of standardised predictors are reported")]
    public CoefficientUnits Units { get; init; } = CoefficientUnits.Original;

    /// <summary>The prior of every coefficient; if null, normal about 0 with 2.5 deviations of the outcome (logistic: 2.5) for a deviation of the predictor.</summary>
    [Description("the prior of every coefficient; without it Normal about 0 with 2.5 deviations of the outcome (logistic: 2.5) for a deviation of the predictor")]
    public Prior? Prior { get; init; }

    /// <summary>The prior of the intercept; if null, with standardised predictors normal about the mean outcome (logistic: 0) with 2.5 of its deviations (logistic: 2.5), else flat.</summary>
    [Description("the prior of the intercept; without it Normal about the mean outcome (logistic: 0) with 2.5 of its deviations (logistic: 2.5), and Flat where predictors are not standardised")]
    public Prior? InterceptPrior { get; init; }

    /// <summary>Priors of single coefficients. Default none.</summary>
    [Description("priors of single coefficients")]
    public CoefficientPriorOptions[] Priors { get; init; } = [];

    /// <summary>Names of the coefficients in the report, the intercept first; the terms themselves if empty. Default empty.</summary>
    [Description("names of the coefficients in the report, the intercept first; without them the terms themselves")]
    public string[] Names { get; init; } = [];

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Predictors is { Length: 0 } && !Intercept)
        {
            yield return new ValidationResult("without an intercept at least one predictor is needed", [nameof(Predictors)]);
        }

        for (int i = 0; i < Categories.Length; i++)
        {
            if (Categories[i].Levels.Distinct(StringComparer.Ordinal).Count() != Categories[i].Levels.Length)
            {
                yield return new ValidationResult("every level is named once", [$"{nameof(Categories)}:{i}:{nameof(CategoryOptions.Levels)}"]);
            }
        }
    }
}

/// <summary>A column of texts.</summary>
public sealed record CategoryOptions
{
    /// <summary>The column.</summary>
    [Description("the column")]
    [Required]
    public string? Column { get; init; }

    /// <summary>All texts that it may hold, two or more; the first is what the others are compared to.</summary>
    [Description("all texts that it may hold; the first is what the others are compared to")]
    [MinLength(2)]
    public string[] Levels { get; init; } = [];
}

/// <summary>The prior of one coefficient.</summary>
public sealed record CoefficientPriorOptions
{
    /// <summary>The term whose coefficient it is, such as <c>log(earn)</c>.</summary>
    [Description("the term whose coefficient it is")]
    [Required]
    public string? Coefficient { get; init; }

    /// <summary>The prior.</summary>
    [Description("its prior")]
    [Required]
    public Prior? Prior { get; init; }
}
