using System.Globalization;
using Lae.Targets;

namespace Lae.Composition;

/// <summary>What is to be said of a regression's design before it is sampled: refusals where the posterior is improper, named warnings where it exists but a person should know.</summary>
internal static class RegressionChecks
{
    private const double FarApart = 1000;
    private const int Shown = 4;

    /// <summary>Refuses flat priors that the data do not make up for.</summary>
    /// <param name="design">The design.</param>
    /// <exception cref="OptionException">The posterior is improper.</exception>
    public static void RequireDetermined(RegressionDesign design)
    {
        int[] free = Free(design);
        int rows = design.Columns[0].Length;
        if (free.Length > rows)
        {
            throw new OptionException(nameof(RegressionOptions.Prior), $"{rows} rows do not determine {free.Length} coefficients with flat priors: the posterior is improper; give them proper priors, or name fewer predictors");
        }

        if (free.Length > 0 && Collinearity.Of(DesignColumns.Of([.. free.Select(j => design.Columns[j])], hasIntercept: false)).Dependent is [var found, ..])
        {
            string[] partners = [.. found.Partners.Select(k => $"\"{design.Names[free[k]]}\"")];
            string what = partners.Length == 0 ? "has one value in every row" : $"is a combination of {Listed(partners)}";
            throw new OptionException(nameof(RegressionOptions.Predictors), $"\"{design.Names[free[found.Column]]}\" {what}: with flat priors its coefficient is not determined, and the posterior is improper; leave it out, or give it a proper prior");
        }
    }

    /// <summary>Refuses flat priors along which the likelihood of a logistic regression grows for ever.</summary>
    /// <param name="design">The design, which is determined.</param>
    /// <param name="labels">The outcomes, 0 or 1.</param>
    /// <exception cref="OptionException">The posterior is improper.</exception>
    public static void RequireOverlap(RegressionDesign design, double[] labels)
    {
        int[] free = Free(design);
        if (free.Length == 0)
        {
            return;
        }

        Collinearity columns = Collinearity.Of(DesignColumns.Of([.. free.Select(j => design.Columns[j])], hasIntercept: false));
        Separation found = Separation.Find(columns, labels, hasIntercept: false);
        if (found.Kind != SeparationKind.None)
        {
            string what = found.Kind == SeparationKind.Undecided ? "cannot be told from separable" : "separable";
            throw new OptionException(nameof(RegressionOptions.Prior), $"the outcomes are {what} by {Main(found.Direction, free.Select(j => design.Names[j]))}: with flat priors the likelihood grows for ever and the posterior is improper; give proper priors, such as Normal(0, 2.5)");
        }
    }

    /// <summary>What is to be said of the predictors.</summary>
    /// <param name="options">The options.</param>
    /// <param name="data">The data.</param>
    public static IEnumerable<DataWarning> OfPredictors(RegressionOptions options, RegressionData data)
    {
        if (data.Predictors.Count == 0)
        {
            yield break;
        }

        string[] names = [.. data.Terms.Select(term => $"\"{term.Text}\"")];
        DesignColumns columns = data.Columns;
        int[] constant = [.. Enumerable.Range(0, names.Length).Where(j => columns.Deviations[j] == 0)];
        if (constant.Length > 0)
        {
            string values = constant.Length == 1 ? string.Create(CultureInfo.InvariantCulture, $"is {data.Predictors[constant[0]][0]} in every row") : "have one value in every row";
            yield return new DataWarning("ConstantColumn", $"{Listed(constant, names)} {values}: nothing can be learned of {(constant.Length == 1 ? "its coefficient, which keeps its prior" : "their coefficients, which keep their priors")}.", "Leave it out of Predictors.");
        }

        Collinearity found = Collinearity.Of(columns);
        foreach (DependentColumn one in found.Dependent.Where(one => one.Partners.Count > 0))
        {
            yield return new DataWarning(
                "CollinearColumns", $"{names[one.Column]} is a combination of {Listed([.. one.Partners], names)}: the data tell their joint effect alone, and how it is divided among them is decided by the priors.", "Leave one of them out.");
        }

        IReadOnlyList<DependentColumn> near = found.Near();
        if (near.Count > 0)
        {
            yield return new DataWarning(
                "NearlyCollinearColumns",
                string.Create(CultureInfo.InvariantCulture, $"{names[near[0].Column]} is determined to {100 * near[0].Determined:F2} % by the other predictors, most of all {names[near[0].Partners[0]]}{(near.Count > 1 ? $" (also {Listed([.. near.Skip(1).Select(one => one.Column)], names)})" : string.Empty)}: their separate effects are hardly known."),
                "Read their joint effect only, or leave one of them out.");
        }

        if (!options.Standardize)
        {
            foreach (DataWarning warning in OfScales(options, columns, names))
            {
                yield return warning;
            }
        }
    }

    /// <summary>What is to be said of the outcomes of a logistic regression.</summary>
    /// <param name="options">The options.</param>
    /// <param name="data">The data.</param>
    /// <param name="labels">The outcomes, 0 or 1.</param>
    public static IEnumerable<DataWarning> OfOutcomes(RegressionOptions options, RegressionData data, double[] labels)
    {
        const string Cure = "Read the coefficients with their priors in mind; think about which predictor could only be known after the outcome.";
        if (labels.Distinct().Count() == 1)
        {
            yield return new DataWarning("SeparableData", $"Every outcome is {labels[0]}: the coefficients are driven by their priors.", "Check the outcome column.");
            yield break;
        }

        Separation found = Separation.Find(Collinearity.Of(data.Columns), labels, options.Intercept);
        if (found.Kind is SeparationKind.Complete or SeparationKind.Quasi)
        {
            string how = found.Kind == SeparationKind.Complete ? "without an error" : "without an error but for rows on the border";
            yield return new DataWarning(
                "SeparableData", $"{Main(found.Direction, data.Terms.Select(term => term.Text))} {(Largest(found.Direction).Length == 1 ? "tells" : "tell")} the outcomes apart {how}: no finite coefficients fit best, and how large they are is decided by the priors.", Cure);
        }
        else if (found.Kind == SeparationKind.Undecided)
        {
            yield return new DataWarning("SeparableData", "The predictors tell the outcomes apart with hardly an error, so that the coefficients are driven by their priors.", Cure);
        }
    }

    private static IEnumerable<DataWarning> OfScales(RegressionOptions options, DesignColumns columns, string[] names)
    {
        int[] varying = [.. Enumerable.Range(0, names.Length).Where(j => columns.Deviations[j] > 0)];
        if (varying.Length == 0)
        {
            yield break;
        }

        int narrow = varying.MinBy(j => columns.Deviations[j]);
        int wide = varying.MaxBy(j => columns.Deviations[j]);
        int far = varying.MaxBy(j => Math.Abs(columns.Means[j]) / columns.Deviations[j]);
        const string Cure = "Let Standardize be true, or rescale the column.";
        if (columns.Deviations[wide] > FarApart * columns.Deviations[narrow])
        {
            yield return new DataWarning("BadlyScaledColumns", string.Create(
                CultureInfo.InvariantCulture, $"{names[wide]} has deviation {columns.Deviations[wide]:G3} and {names[narrow]} {columns.Deviations[narrow]:G3}: no one step size suits both, and sampling is slow."), Cure);
        }

        if (options.Intercept && Math.Abs(columns.Means[far]) > FarApart * columns.Deviations[far])
        {
            yield return new DataWarning("BadlyScaledColumns", string.Create(
                CultureInfo.InvariantCulture, $"{names[far]} has mean {columns.Means[far]:G4} and deviation {columns.Deviations[far]:G3}: it hardly differs from the intercept, and sampling is slow."), Cure);
        }
    }

    private static int[] Free(RegressionDesign design) => [.. Enumerable.Range(0, design.Priors.Count).Where(j => !design.Priors[j].IsProper)];

    /// <summary>The columns that have most of a direction.</summary>
    private static int[] Largest(IReadOnlyList<double> direction)
    {
        double largest = direction.Select(Math.Abs).DefaultIfEmpty(0).Max();
        return largest == 0 ? [] : [.. Enumerable.Range(0, direction.Count).Where(j => Math.Abs(direction[j]) > 0.05 * largest).OrderByDescending(j => Math.Abs(direction[j]))];
    }

    private static string Main(IReadOnlyList<double> direction, IEnumerable<string> names)
    {
        string[] all = [.. names.Select(name => $"\"{name}\"")];
        int[] largest = Largest(direction);
        return largest.Length == 0 ? "the predictors" : Listed(largest, all);
    }

    private static string Listed(int[] columns, string[] names) => Listed([.. columns.Select(j => names[j])]);

    private static string Listed(string[] names) => names.Length > Shown
        ? $"{string.Join(", ", names.Take(Shown))} and {names.Length - Shown} more"
        : names.Length == 1 ? names[0] : $"{string.Join(", ", names.SkipLast(1))} and {names[^1]}";
}
