using MathNet.Numerics;
using MathNet.Numerics.Distributions;

namespace Lae.Tests.Randomness;

/// <summary>Draws in a matrix [rows, columns], row-major.</summary>
internal sealed record DrawMatrix(int Rows, int Columns, double[] Values);

/// <summary>
/// What independent uniform or normal draws must satisfy. Each check names itself if it fails; a correct generator fails one of them with
/// probability under 1e-6 (bounds of 6 standard errors, 2e-9 each, and 1e-8 for the others).
/// </summary>
internal static class DrawLaws
{
    private const double StandardErrors = 6;
    private const double FalseAlarm = 1e-8;

    public static List<string> UniformFailures(DrawMatrix draws, DrawMatrix otherStream)
    {
        List<string> failures = [];
        double[] u = draws.Values;
        int n = u.Length;
        if (u.Any(x => !(x > 0 && x < 1)))
        {
            failures.Add("interval");
        }

        Bound(failures, "mean", u.Sum(x => x - 0.5) / Math.Sqrt(n / 12.0));
        Bound(failures, "variance", u.Sum(x => (x - 0.5) * (x - 0.5) - 1 / 12.0) / Math.Sqrt(n / 180.0));
        ChiSquare(failures, "cells", u.Select(x => (int)(x * 1000)), 1000, n);
        ChiSquare(failures, "serial pairs", u.Zip(u.Skip(1), (x, y) => (int)(x * 40) * 40 + (int)(y * 40)).Where((_, i) => i % 2 == 0), 1600, n / 2);
        Coincidences(failures, u);
        Correlations(failures, draws, otherStream, x => (x - 0.5) * Math.Sqrt(12), "");
        return failures;
    }

    public static List<string> NormalFailures(DrawMatrix draws, DrawMatrix otherStream)
    {
        List<string> failures = [];
        double[] z = draws.Values;
        int n = z.Length;
        Bound(failures, "mean", z.Sum() / Math.Sqrt(n));
        Bound(failures, "second moment", z.Sum(x => x * x - 1) / Math.Sqrt(2.0 * n));
        Bound(failures, "third moment", z.Sum(x => x * x * x) / Math.Sqrt(15.0 * n));
        Bound(failures, "fourth moment", z.Sum(x => x * x * x * x - 3) / Math.Sqrt(96.0 * n));
        foreach (double edge in new[] { 1.0, 2, 3, 4 })
        {
            double p = UpperTail(edge);
            Bound(failures, $"tail above {edge}", (z.Count(x => x > edge) - n * p) / Math.Sqrt(n * p));
            Bound(failures, $"tail below -{edge}", (z.Count(x => x < -edge) - n * p) / Math.Sqrt(n * p));
        }

        if (KolmogorovDistance(z) > Math.Sqrt(Math.Log(2 / FalseAlarm) / (2.0 * n)))
        {
            failures.Add("Kolmogorov distance");
        }

        // The radius of a Box-Muller pair gives its uniform back: a radius of few bits takes few values.
        Coincidences(failures, Enumerable.Range(0, n / 2).Select(i => Math.Exp(-0.5 * (z[2 * i] * z[2 * i] + z[2 * i + 1] * z[2 * i + 1]))).ToArray());
        Correlations(failures, draws, otherStream, x => x, "");
        Correlations(failures, draws, otherStream, x => (x * x - 1) / Math.Sqrt(2), " of squares");
        return failures;
    }

    /// <summary>Compares counts with equal expectations; the caller's values are cells 0 … cells − 1.</summary>
    public static void ChiSquare(List<string> failures, string name, IEnumerable<int> values, int cells, int n)
    {
        double[] counts = new double[cells];
        foreach (int cell in values)
        {
            counts[Math.Clamp(cell, 0, cells - 1)]++;
        }

        double expected = (double)n / cells;
        double statistic = counts.Sum(count => (count - expected) * (count - expected) / expected);
        double upper = ChiSquared.InvCDF(cells - 1, 1 - FalseAlarm);
        double lower = ChiSquared.InvCDF(cells - 1, FalseAlarm);
        if (!(statistic > lower && statistic < upper))
        {
            failures.Add(name);
        }
    }

    private static void Bound(List<string> failures, string name, double standardErrors)
    {
        if (!(Math.Abs(standardErrors) < StandardErrors))
        {
            failures.Add(name);
        }
    }

    // Neighbours in a row and in a column, and the other stream; standardised values have correlation √n r ~ N(0, 1).
    private static void Correlations(List<string> failures, DrawMatrix draws, DrawMatrix other, Func<double, double> standardise, string of)
    {
        double[] x = draws.Values.Select(standardise).ToArray();
        double[] y = other.Values.Select(standardise).ToArray();
        foreach (int lag in new[] { 1, 2, 3, 4, 8, draws.Columns })
        {
            Bound(failures, $"lag {lag}{of}", Product(x.AsSpan(0, x.Length - lag), x.AsSpan(lag)));
        }

        Bound(failures, $"streams{of}", Product(x, y));
    }

    private static double Product(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        double sum = 0;
        for (int i = 0; i < x.Length; i++)
        {
            sum += x[i] * y[i];
        }

        return sum / Math.Sqrt(x.Length);
    }

    // The number of cells of 2²² that hold a draw: its mean and variance are known (a classical occupancy).
    private static void Coincidences(List<string> failures, double[] u)
    {
        const int Cells = 1 << 22;
        bool[] seen = new bool[Cells];
        int occupied = 0;
        foreach (double x in u)
        {
            int cell = Math.Clamp((int)(x * Cells), 0, Cells - 1);
            occupied += seen[cell] ? 0 : 1;
            seen[cell] = true;
        }

        double load = (double)u.Length / Cells;
        double mean = Cells * (1 - Math.Exp(u.Length * Math.Log(1 - 1.0 / Cells)));
        double variance = Cells * Math.Exp(-load) * (1 - (1 + load) * Math.Exp(-load));
        Bound(failures, "coincidences", (occupied - mean) / Math.Sqrt(variance));
    }

    private static double UpperTail(double edge) => 0.5 * SpecialFunctions.Erfc(edge / Math.Sqrt(2));

    private static double KolmogorovDistance(double[] z)
    {
        double[] sorted = [.. z];
        Array.Sort(sorted);
        double distance = 0;
        for (int i = 0; i < sorted.Length; i++)
        {
            double cumulative = UpperTail(-sorted[i]);
            distance = Math.Max(distance, Math.Max(cumulative - (double)i / sorted.Length, (i + 1.0) / sorted.Length - cumulative));
        }

        return distance;
    }
}
