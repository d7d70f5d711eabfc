using System.Diagnostics;
using System.Globalization;

namespace Lae.Benchmarks.Limits;

/// <summary>The command <c>limits</c>: what the machine can do, and how much of it Lae's works reach.</summary>
internal static class LimitTable
{
    public static int Run(string[] args)
    {
        if (args.Length > 1)
        {
            Console.Error.WriteLine("Usage: limits");
            return 1;
        }

        Stopwatch clock = Stopwatch.StartNew();
        MachineLimits limits = MachineLimits.Measure();
        Console.WriteLine(limits);
        List<LimitRow> rows = [];
        foreach (LimitRow row in LimitWorks.Measure(limits))
        {
            rows.Add(row);
            Console.WriteLine(LimitSection.Row(row));
        }

        BenchmarkSections.Write(BenchmarkSections.Limits, LimitSection.Of(limits, rows));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{clock.Elapsed.TotalSeconds:F0} s"));
        return 0;
    }
}
