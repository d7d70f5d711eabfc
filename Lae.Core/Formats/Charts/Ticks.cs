using System.Globalization;

namespace Lae.Formats.Charts;

/// <summary>A number on an axis with its text.</summary>
internal readonly record struct Tick(double Value, string Text);

/// <summary>
/// Chooses round numbers for an axis: multiples of 1, 2 or 5 times a power of ten; on a logarithmic axis powers of ten, with
/// 2 and 5 times them where there are few.
/// </summary>
internal static class Ticks
{
    private const double LargestPlain = 1e6;
    private const double SmallestPlain = 1e-4;

    /// <summary>About <paramref name="wanted"/> ticks, at most twice as many, inside a range of positive length.</summary>
    public static IReadOnlyList<Tick> Linear(double least, double most, int wanted)
    {
        double step = RoundStep((most - least) / wanted);
        double first = Math.Ceiling(least / step - 1e-9);
        int count = (int)(Math.Floor(most / step + 1e-9) - first) + 1;
        double largest = Math.Max(Math.Abs(least), Math.Abs(most));
        bool scientific = largest >= LargestPlain || largest < SmallestPlain;
        var ticks = new List<Tick>();
        for (int i = 0; i < count; i++)
        {
            double value = (first + i) * step;
            ticks.Add(new Tick(value, scientific ? Scientific(value, step) : Plain(value, step)));
        }

        return ticks;
    }

    public static IReadOnlyList<Tick> Logarithmic(double least, double most, int wanted)
    {
        int low = (int)Math.Floor(Math.Log10(least));
        int high = (int)Math.Ceiling(Math.Log10(most));
        int stride = Math.Max(1, (int)Math.Ceiling((high - low) / (double)wanted));
        int[] factors = high - low <= wanted / 2 ? [1, 2, 5] : [1];
        var ticks = new List<Tick>();
        // Exponents that are multiples of the stride, so that 10^0 is among them.
        for (int exponent = (int)Math.Floor(low / (double)stride) * stride; exponent <= high; exponent += stride)
        {
            foreach (int factor in factors)
            {
                double value = double.Parse($"{factor}e{exponent.ToString(CultureInfo.InvariantCulture)}", CultureInfo.InvariantCulture);
                if (value >= least * (1 - 1e-9) && value <= most * (1 + 1e-9))
                {
                    ticks.Add(new Tick(value, Power(factor, exponent)));
                }
            }
        }

        return ticks.Count >= 2 ? ticks : Linear(least, most, wanted);
    }

    private static double RoundStep(double step)
    {
        double power = Math.Pow(10, Math.Floor(Math.Log10(step)));
        double factor = step / power;
        return power * (factor < 1.5 ? 1 : factor < 3.5 ? 2 : factor < 7.5 ? 5 : 10);
    }

    private static string Plain(double value, double step)
    {
        int decimals = Math.Clamp((int)-Math.Floor(Math.Log10(step) + 1e-9), 0, 15);
        return Signed(value.ToString($"F{decimals}", CultureInfo.InvariantCulture));
    }

    private static string Scientific(double value, double step)
    {
        if (Math.Abs(value) < step / 2)
        {
            return "0";
        }

        int exponent = (int)Math.Floor(Math.Log10(Math.Abs(value)) + 1e-9);
        int decimals = Math.Clamp(exponent - (int)Math.Floor(Math.Log10(step) + 1e-9), 0, 15);
        // The runtime's form keeps the digits right where a division by a power of ten would not.
        string[] parts = value.ToString($"E{decimals}", CultureInfo.InvariantCulture).Split('E');
        int shown = int.Parse(parts[1], CultureInfo.InvariantCulture);
        string mantissa = parts[0].Contains('.', StringComparison.Ordinal) ? parts[0].TrimEnd('0').TrimEnd('.') : parts[0];
        return Signed($"{mantissa}·10{Superscript(shown)}");
    }

    private static string Power(int factor, int exponent)
    {
        if (exponent is >= -3 and <= 3)
        {
            return (factor * (decimal)Math.Pow(10, exponent)).ToString("0.####", CultureInfo.InvariantCulture);
        }

        return factor == 1 ? $"10{Superscript(exponent)}" : $"{factor}·10{Superscript(exponent)}";
    }

    private static string Superscript(int number) =>
        string.Concat(number.ToString(CultureInfo.InvariantCulture).Select(digit => digit == '-' ? '⁻' : "⁰¹²³⁴⁵⁶⁷⁸⁹"[digit - '0']));

    /// <summary>The typographic minus, which is as wide as a digit; no sign on a zero.</summary>
    private static string Signed(string text) =>
        text.StartsWith('-') ? (text.AsSpan(1).IndexOfAnyExcept("0.") < 0 ? text[1..] : $"−{text[1..]}") : text;
}
