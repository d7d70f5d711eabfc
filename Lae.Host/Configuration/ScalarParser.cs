using System.Globalization;

namespace Lae.Host.Configuration;

/// <summary>Text of a configuration as values: strict, and never by the culture of the machine.</summary>
internal static class ScalarParser
{
    /// <summary>Whether a type is a single value.</summary>
    /// <param name="type">The type, not nullable.</param>
    public static bool IsScalar(Type type) => type == typeof(string) || type == typeof(bool) || type == typeof(int) || type == typeof(long)
        || type == typeof(ulong) || type == typeof(double) || type.IsEnum;

    /// <summary>Parses a value.</summary>
    /// <param name="type">A type for which <see cref="IsScalar"/> holds.</param>
    /// <param name="text">The text.</param>
    /// <param name="value">The value.</param>
    /// <returns>False if the text is not such a value.</returns>
    public static bool TryParse(Type type, string text, out object value)
    {
        CultureInfo culture = CultureInfo.InvariantCulture;
        (bool parsed, value) = type switch
        {
            _ when type == typeof(string) => (true, text),
            _ when type == typeof(bool) => (bool.TryParse(text, out bool flag), flag),
            _ when type == typeof(int) => (int.TryParse(text, NumberStyles.AllowLeadingSign, culture, out int number), number),
            _ when type == typeof(long) => (long.TryParse(text, NumberStyles.AllowLeadingSign, culture, out long number), number),
            _ when type == typeof(ulong) => (ulong.TryParse(text, NumberStyles.None, culture, out ulong number), number),
            _ when type == typeof(double) => (double.TryParse(text, NumberStyles.Float, culture, out double number) && double.IsFinite(number), number),
            _ => (TryParseEnum(type, text, out object member), member),
        };
        return parsed;
    }

    /// <summary>What a type expects, for messages and help.</summary>
    /// <param name="type">A type for which <see cref="IsScalar"/> holds.</param>
    public static string Describe(Type type) => type switch
    {
        _ when type == typeof(string) => "text",
        _ when type == typeof(bool) => "true or false",
        _ when type == typeof(int) || type == typeof(long) => "a whole number",
        _ when type == typeof(ulong) => "a whole number, 0 or more",
        _ when type == typeof(double) => "a finite number",
        _ => $"one of {string.Join(", ", Enum.GetNames(type))}",
    };

    private static bool TryParseEnum(Type type, string text, out object member)
    {
        string? name = Array.Find(Enum.GetNames(type), name => string.Equals(name, text, StringComparison.OrdinalIgnoreCase));
        member = name is null ? text : Enum.Parse(type, name);
        return name is not null;
    }
}
