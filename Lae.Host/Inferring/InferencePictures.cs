using Lae.Formats.Charts;
using Lae.Host.Reports;
using Lae.Numerics;
using Lae.PosteriorInference;

namespace Lae.Host.Inferring;

/// <summary>The draws of every method over the exact laws, one panel a method, all on the same axes.</summary>
internal static class InferencePictures
{
    private const int Columns = 3;
    private const int Width = 340;
    private const int Height = 350;
    private const int PointWidth = 300;
    private const int PointHeight = 270;
    private const int Bins = 60;
    private const int CurvePoints = 121;

    /// <summary>Most reference dots of a point.</summary>
    private const int ReferenceDots = 300;

    /// <summary>Most points that get a column of panels of their own.</summary>
    private const int PointColumns = 3;

    /// <summary>Most points in one panel: more lie over each other.</summary>
    private const int PointsInPanel = 5;

    /// <summary>Contours of a Gaussian at one and two deviations: 39 % and 86 % of the mass in the plane.</summary>
    private static readonly double[] Levels = [1, 2];

    /// <summary>What the picture shows.</summary>
    /// <param name="results">The results.</param>
    public static string Caption(InferenceResults results) => results.Run.Problem switch
    {
        { LatentSize: 1, IsGaussian: true } => $"Histograms of the draws of {Points(results)}, and the exact densities (lines).",
        { LatentSize: 1 } => $"Histograms of the draws of {Points(results)}, and of the reference draws (lines).",
        { IsGaussian: true } => $"Some draws of {Points(results)}, a colour for each, and the contours of the exact laws at one and two deviations.{Plane(results)}",
        { Points: 1 } => $"Some draws, over reference draws (grey).{Plane(results)}",
        _ => $"Some draws of the first points, a column for each, over reference draws of the same point (grey).{Plane(results)}",
    };

    /// <summary>The SVG document.</summary>
    /// <param name="results">The results.</param>
    public static string Draw(InferenceResults results) => results.Run.Problem switch
    {
        { LatentSize: 1 } => ChartPanels.Compose(OnTheLine(results), Math.Min(Columns, results.Methods.Count)),
        { IsGaussian: false, Points: > 1 and var points } => ChartPanels.Compose(PointByPoint(results, Math.Min(points, PointColumns)), Math.Min(points, PointColumns)),
        _ => ChartPanels.Compose(InThePlane(results), Math.Min(Columns, results.Methods.Count)),
    };

    private static string Plane(InferenceResults results) => results.Run.Problem.LatentSize > 2 ? " The first two dimensions are shown." : string.Empty;

    private static string Points(InferenceResults results) => results.Run.Problem.Points > PointsInPanel ? $"the first {PointsInPanel} points" : "each point";

    private static IReadOnlyList<string> OnTheLine(InferenceResults results)
    {
        int points = Math.Min(PointsInPanel, results.Run.Problem.Points);
        double[][] reference = [.. Enumerable.Range(0, points).Select(point => Column(results.Reference, point, 0))];
        double[] all = [.. reference.SelectMany(values => values)];
        double margin = 0.1 * (all.Max() - all.Min());
        (double low, double high) = (all.Min() - margin, all.Max() + margin);
        ChartSeries[] curves = [.. Enumerable.Range(0, points).Select(point => Curve(results.Run.Problem, reference[point], point, low, high))];
        double top = 1.35 * curves.SelectMany(curve => curve.Y).Max();
        return [.. results.Methods.Select(method => HistogramChart.Render(
            [.. Enumerable.Range(0, points).Select(point => Column(method.Draws, point, 0))], curves, low, high, top, Bins, Options(method, "z", string.Empty)))];
    }

    private static ChartSeries Curve(InferenceProblem problem, double[] reference, int point, double low, double high)
    {
        string name = $"exact law of point {point + 1}";
        if (problem is { IsGaussian: true, Moments: { } moments })
        {
            double mean = moments.Means.ElementAt(point);
            double variance = moments.Covariances.ElementAt(point);
            double[] x = [.. Enumerable.Range(0, CurvePoints).Select(i => low + ((high - low) * i / (CurvePoints - 1)))];
            return new ChartSeries(name, x, [.. x.Select(at => Math.Exp(-0.5 * (at - mean) * (at - mean) / variance) / Math.Sqrt(2 * Math.PI * variance))]);
        }

        double[] heights = HistogramChart.Heights(reference, low, high, Bins);
        return new ChartSeries(name, [.. Enumerable.Range(0, Bins).Select(bin => low + ((high - low) * (bin + 0.5) / Bins))], heights);
    }

    private static IReadOnlyList<string> InThePlane(InferenceResults results)
    {
        InferenceProblem problem = results.Run.Problem;
        int points = Math.Min(PointsInPanel, problem.Points);
        ChartSeries[] reference = Dots(results.Reference, points, ReferenceDots);
        (double, double)[] extent = Extent(reference);
        ChartSeries[] contours = problem is { IsGaussian: true, Moments: { } moments }
            ? [.. Enumerable.Range(0, points).SelectMany(point => Levels.Select(level => Ellipse(moments, point, level)))]
            : [];
        return [.. results.Methods.Select(method => DrawsChart.Render(
            Dots(method.Draws, points, results.Run.Configuration.Shown), contours, contours.Length == 0 ? reference : [], extent, Options(method, "z1", "z2")))];
    }

    /// <summary>Laws that are no Gaussians and may lie over each other: a row for each method, a column for each point.</summary>
    private static IReadOnlyList<string> PointByPoint(InferenceResults results, int points)
    {
        ChartSeries[] reference = Dots(results.Reference, points, ReferenceDots);
        (double, double)[] extent = Extent(reference);
        return [.. results.Methods.SelectMany(method => Dots(method.Draws, points, results.Run.Configuration.Shown).Select((draws, point) => DrawsChart.Render(
            [draws], [], [reference[point]], extent, new ChartOptions(method.Name, string.Empty, $"point {point + 1}", Width: PointWidth, Height: PointHeight))))];
    }

    /// <summary>The corners of a square about all dots: a unit is about as long across as upwards, so that a tilt is seen as what it is.</summary>
    private static (double X, double Y)[] Extent(ChartSeries[] dots)
    {
        double[] x = [.. dots.SelectMany(one => one.X)];
        double[] y = [.. dots.SelectMany(one => one.Y)];
        double half = 0.55 * Math.Max(x.Max() - x.Min(), y.Max() - y.Min());
        (double middleX, double middleY) = ((x.Max() + x.Min()) / 2, (y.Max() + y.Min()) / 2);
        return [(middleX - half, middleY - half), (middleX + half, middleY + half)];
    }

    private static ChartOptions Options(MethodResult method, string xLabel, string yLabel) => new(method.Name, xLabel, yLabel, Width: Width, Height: Height);

    /// <summary>m + level L (cos t, sin t) with L Lᵀ the covariance of the first two dimensions.</summary>
    private static ChartSeries Ellipse(LawMoments moments, int point, double level)
    {
        int d = moments.Means.Shape[1];
        double[] c = moments.Covariances.Slice(0, point, 1).ToArray();
        double l11 = Math.Sqrt(c[0]);
        double l21 = c[d] / l11;
        double l22 = Math.Sqrt(c[d + 1] - (l21 * l21));
        (double x, double y) = (moments.Means.ElementAt(point * d), moments.Means.ElementAt((point * d) + 1));
        double[] turns = [.. Enumerable.Range(0, 60).Select(i => 2 * Math.PI * i / 60)];
        return new ChartSeries(
            $"exact law of point {point + 1}, {level:F0} sd",
            [.. turns.Select(t => x + (level * l11 * Math.Cos(t)))],
            [.. turns.Select(t => y + (level * ((l21 * Math.Cos(t)) + (l22 * Math.Sin(t)))))]);
    }

    /// <summary>Draws at equal distances in the order in which they were made.</summary>
    private static ChartSeries[] Dots(Tensor draws, int points, int most)
    {
        int count = draws.Shape[0];
        int shown = Math.Min(most, count);
        int[] rows = [.. Enumerable.Range(0, shown).Select(i => (int)((long)i * count / shown))];
        return [.. Enumerable.Range(0, points).Select(point => new ChartSeries($"point {point + 1}", At(Column(draws, point, 0)), At(Column(draws, point, 1))))];

        double[] At(double[] values) => [.. rows.Select(row => values[row])];
    }

    private static double[] Column(Tensor draws, int point, int dimension) => draws.Slice(1, point, 1).Slice(2, dimension, 1).ToArray();
}
