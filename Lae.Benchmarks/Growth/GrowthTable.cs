using System.Diagnostics;
using System.Globalization;
using Lae.Benchmarks.Efficiency;

namespace Lae.Benchmarks.Growth;

/// <summary>The command <c>growth</c>: the time of a step against the number of chains, dimensions, images of a batch, units of a layer, rows of a data set.</summary>
internal static class GrowthTable
{
    private static readonly int[] ThreadCounts = [1, 2];

    public static int Run(string[] args)
    {
        GrowthAxis[] axes = args switch
        {
            [_] => [.. GrowthWorks.Axes],
            [_, "--only", string name] => [.. GrowthWorks.Axes.Where(axis => axis.Name == name)],
            _ => [],
        };
        if (axes.Length == 0)
        {
            Console.Error.WriteLine($"Usage: growth [--only <{string.Join(", ", GrowthWorks.Axes.Select(axis => axis.Name))}>]");
            return 1;
        }

        Stopwatch clock = Stopwatch.StartNew();
        foreach (GrowthAxis axis in axes)
        {
            List<GrowthCurve> curves = [];
            foreach (GrowthWork work in axis.Works)
            {
                foreach (int threads in ThreadCounts)
                {
                    GrowthCurve curve = GrowthCurve.Measure(work, threads);
                    curves.Add(curve);
                    foreach (GrowthPoint point in curve.Points)
                    {
                        Console.WriteLine(string.Create(
                            CultureInfo.InvariantCulture, $"{work.Name}, {threads} threads, {point.Size:N0} {axis.Size}: {Duration.Text(point.Seconds)}, {Duration.Text(point.PerElement)} for each element"));
                    }
                }
            }

            foreach (string cliff in GrowthSection.Cliffs(axis, curves))
            {
                Console.WriteLine(cliff);
            }

            string picture = $"growth-{axis.Name}.svg";
            File.WriteAllText(Path.Combine(EfficiencyTable.Root(), "docs", "images", picture), GrowthSection.Picture(axis, curves));
            BenchmarkSections.Write(axis.Heading, GrowthSection.Of(axis, curves, $"images/{picture}"));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"after {clock.Elapsed.TotalSeconds:F0} s"));
        }

        return 0;
    }
}
