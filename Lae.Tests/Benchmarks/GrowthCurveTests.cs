using Lae.Benchmarks.Growth;

namespace Lae.Tests.Benchmarks;

/// <summary>What counts as a cliff in the growth of a work.</summary>
public sealed class GrowthCurveTests
{
    private delegate IEnumerable<int> Finder(GrowthCurve curve);

    private static readonly Finder Cliffs = curve => curve.Cliffs.Select(cliff => cliff.After.Size);

    [Fact]
    public void Time_in_proportion_to_the_elements_has_no_cliff() => Assert.True(KnowsProportion(Cliffs));

    [Fact]
    public void A_fixed_cost_has_no_cliff() => Assert.Empty(Cliffs(Of(size => 10 + size)));

    [Fact]
    public void A_step_of_twice_the_time_is_one_cliff() => Assert.Equal([100], Cliffs(Of(size => size < 100 ? size : 2 * size)));

    [Fact]
    public void A_rise_of_whole_times_is_rejected() => Assert.False(KnowsProportion(curve => curve.Points.Zip(curve.Points.Skip(1))
        .Where(pair => pair.Second.Seconds > GrowthCurve.MostRise * pair.First.Seconds).Select(pair => pair.Second.Size)));

    [Fact]
    public void What_is_a_cliff_once_and_not_again_is_none()
    {
        int calls = 0;
        GrowthWork work = new("once", [1, 10, 100], size => size, (size, _, _) => size == 10 && calls++ == 0 ? 30 : size);
        Assert.Empty(GrowthCurve.Measure(work, 1).Cliffs);
        Assert.Equal([10], Cliffs(GrowthCurve.Measure(work with { Seconds = (size, _, _) => size >= 10 ? 3 * size : size }, 1)));
    }

    private static bool KnowsProportion(Finder cliffs) => !cliffs(Of(size => size)).Any();

    private static GrowthCurve Of(Func<double, double> seconds) =>
        new("work", 1, [.. new[] { 1, 10, 100, 1000 }.Select(size => new GrowthPoint(size, seconds(size), size))]);
}
