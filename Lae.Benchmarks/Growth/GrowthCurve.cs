namespace Lae.Benchmarks.Growth;

/// <summary>A step of one size.</summary>
/// <param name="Size">The size.</param>
/// <param name="Seconds">The time of a step.</param>
/// <param name="Elements">Its elements.</param>
internal readonly record struct GrowthPoint(int Size, double Seconds, double Elements)
{
    /// <summary>Seconds of an element.</summary>
    public double PerElement => Seconds / Elements;
}

/// <summary>Two neighbouring sizes of which the greater takes more time for each element.</summary>
internal readonly record struct Cliff(GrowthPoint Before, GrowthPoint After)
{
    /// <summary>By which factor.</summary>
    public double Factor => After.PerElement / Before.PerElement;
}

/// <summary>The times of a work at all its sizes.</summary>
/// <param name="Work">The name of the work.</param>
/// <param name="Threads">Threads of the engine.</param>
/// <param name="Points">In the order of the sizes.</param>
internal sealed record GrowthCurve(string Work, int Threads, IReadOnlyList<GrowthPoint> Points)
{
    /// <summary>From one size to the next the time of an element may rise by so much: caches are left behind, and measurements differ.</summary>
    public const double MostRise = 1.5;

    /// <summary>Where the time of an element rises by more than <see cref="MostRise"/>.</summary>
    public IEnumerable<Cliff> Cliffs => Points.Zip(Points.Skip(1), (before, after) => new Cliff(before, after)).Where(pair => pair.Factor > MostRise);

    /// <summary>Measures a work. What looks like a cliff is measured again on both sides, and the shorter time of each counts: a disturbance goes away, a cliff does not.</summary>
    /// <param name="work">The work.</param>
    /// <param name="threads">Threads of the engine.</param>
    public static GrowthCurve Measure(GrowthWork work, int threads)
    {
        const double FirstWarmUp = 1;
        const double WarmUp = 0.25;
        GrowthPoint[] points = [.. work.Sizes.Select((size, i) => new GrowthPoint(size, work.Seconds(size, threads, i == 0 ? FirstWarmUp : WarmUp), work.Elements(size)))];
        GrowthCurve curve = new(work.Name, threads, points);
        foreach (int size in curve.Cliffs.SelectMany(cliff => new[] { cliff.Before.Size, cliff.After.Size }).Distinct().ToArray())
        {
            int place = Array.FindIndex(points, point => point.Size == size);
            points[place] = points[place] with { Seconds = Math.Min(points[place].Seconds, work.Seconds(size, threads, FirstWarmUp)) };
        }

        return curve;
    }
}
