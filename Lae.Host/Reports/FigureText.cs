using System.Globalization;

namespace Lae.Host.Reports;

/// <summary>Numbers with as many digits as their Monte Carlo error supports: 1.234 ± 0.012, 1.23 ± 0.05; further digits would be noise.</summary>
internal static class FigureText
{
    /// <summary>What stands for a figure that does not exist.</summary>
    public const string None = "–";

    private const int MostDigits = 7;
    private const double LargestPlain = 1e7;
    private const double SmallestPlain = 1e-4;

    /// <summary>A number rounded to the digit in which its error begins.</summary>
    /// <param name="value">The number.</param>
    /// <param name="error">Its Monte Carlo error; 0 or NaN if there is none, for four digits.</param>
    public static string Rounded(double value, double error)
    {
        if (!double.IsFinite(value))
        {
            return None;
        }

        int magnitude = Exponent(value);
        int last = double.IsFinite(error) && error > 0 ? Math.Max(Place(error), magnitude - MostDigits + 1) : magnitude - 3;
        return Write(value, Math.Min(last, Math.Max(magnitude, last)), magnitude);
    }

    /// <summary>An error with one digit, or two where the first is a 1 or a 2.</summary>
    /// <param name="error">0 or more.</param>
    public static string Error(double error) => !double.IsFinite(error) ? None : error == 0 ? "0" : Write(error, Place(error), Exponent(error));

    /// <summary>R-hat: three decimals near 1, fewer where they say nothing.</summary>
    /// <param name="value">1 or so; NaN if it does not exist.</param>
    public static string Reduction(double value) => double.IsNaN(value) ? None : value > 100 ? ">100" : value.ToString(value < 1.1 ? "0.000" : value < 10 ? "0.00" : "0.0", CultureInfo.InvariantCulture);

    /// <summary>An effective sample size, downwards to a whole number.</summary>
    /// <param name="value">0 or more; NaN if it does not exist.</param>
    public static string Size(double value) => double.IsFinite(value) ? Math.Floor(value).ToString("N0", CultureInfo.InvariantCulture) : None;

    /// <summary>The decimal place of the last digit of an error that is told.</summary>
    private static int Place(double error)
    {
        int exponent = Exponent(error);
        return error / Math.Pow(10, exponent) < 2.95 ? exponent - 1 : exponent;
    }

    private static int Exponent(double value) => value == 0 ? 0 : (int)Math.Floor(Math.Log10(Math.Abs(value)));

    private static string Write(double value, int last, int magnitude)
    {
        double size = Math.Abs(value);
        if (value != 0 && (size >= LargestPlain || size < SmallestPlain) && magnitude >= last)
        {
            return value.ToString(string.Create(CultureInfo.InvariantCulture, $"0.{new string('0', magnitude - last)}e+0"), CultureInfo.InvariantCulture);
        }

        if (last > 0)
        {
            double unit = Math.Pow(10, last);
            value = Math.Round(value / unit) * unit;
        }

        string text = value.ToString($"F{Math.Clamp(-last, 0, 12)}", CultureInfo.InvariantCulture);
        return text.TrimStart('-').Trim('0', '.').Length == 0 ? text.TrimStart('-') : text;
    }
}
