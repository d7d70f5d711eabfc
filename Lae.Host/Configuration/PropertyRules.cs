using System.Collections;
using System.ComponentModel.DataAnnotations;
using System.Globalization;

namespace Lae.Host.Configuration;

/// <summary>Checks a value by the validation attributes of its property.</summary>
internal static class PropertyRules
{
    /// <summary>What is wrong with a value, in words that follow its path; null if nothing is.</summary>
    /// <param name="property">The key.</param>
    /// <param name="value">The value, perhaps the default.</param>
    /// <param name="owner">The options record.</param>
    public static string? Problem(OptionProperty property, object? value, object owner)
    {
        foreach (ValidationAttribute rule in property.Rules)
        {
            // A range speaks of numbers; for an array it holds for each of them.
            IEnumerable<object?> values = rule is RangeAttribute && value is IEnumerable list and not string ? list.Cast<object?>() : [value];
            foreach (object? item in values)
            {
                if (rule.GetValidationResult(item, new ValidationContext(owner) { MemberName = property.Name, DisplayName = property.Name }) is { } failure && failure != ValidationResult.Success)
                {
                    return rule switch
                    {
                        RangeAttribute range => $"{Text(item)} is out of range: it must be {Describe(range)}",
                        RequiredAttribute => "a value is required",
                        MinLengthAttribute { Length: var least } => $"at least {least} {(least == 1 ? "element is" : "elements are")} needed",
                        _ => failure.ErrorMessage,
                    };
                }
            }
        }

        return null;
    }

    /// <summary>A range in words.</summary>
    /// <param name="range">The range.</param>
    public static string Describe(RangeAttribute range)
    {
        if (!range.MinimumIsExclusive && !range.MaximumIsExclusive && !IsExtreme(range.Minimum) && !IsExtreme(range.Maximum))
        {
            return $"from {Text(range.Minimum)} to {Text(range.Maximum)}";
        }

        string low = $"{(range.MinimumIsExclusive ? "above" : "at least")} {Text(range.Minimum)}";
        string high = $"{(range.MaximumIsExclusive ? "below" : "at most")} {Text(range.Maximum)}";
        bool hasLow = !IsExtreme(range.Minimum);
        bool hasHigh = !IsExtreme(range.Maximum);
        return hasLow && hasHigh ? $"{low} and {high}" : hasHigh ? high : low;
    }

    private static bool IsExtreme(object bound) => bound switch
    {
        int number => number is int.MaxValue or int.MinValue,
        double number => double.IsInfinity(number) || Math.Abs(number) == double.MaxValue,
        _ => false,
    };

    private static string Text(object? value) => string.Create(CultureInfo.InvariantCulture, $"{value}");
}
