using System.Globalization;
using Lae.Datasets;
using Lae.Formats.Charts;
using Lae.Numerics;

namespace Lae.Host.Reports;

/// <summary>Encodings of the test observations in the plane, coloured by class: the first two principal components where there are more than two coordinates.</summary>
internal static class LatentsChart
{
    private const int Size = 640;

    /// <summary>What the picture shows.</summary>
    /// <param name="latentSize">Dimension of the latent variable.</param>
    /// <param name="data">The observations.</param>
    public static string Caption(int latentSize, Dataset data)
    {
        string form = latentSize switch
        {
            1 => "The latent coordinate of each observation, over its number",
            2 => "The two latent coordinates of each observation",
            _ => $"The first two principal components of the {latentSize} latent coordinates of each observation",
        };
        return data.Labels is null ? $"{form}." : $"{form}, by class.";
    }

    /// <summary>The SVG document.</summary>
    /// <param name="encodings">[n, latentSize].</param>
    /// <param name="data">The n observations.</param>
    public static string Draw(Tensor encodings, Dataset data)
    {
        (double[] x, double[] y, string xLabel, string yLabel) = Plane(encodings);
        IReadOnlyList<ChartSeries> series = data.Labels is { } labels
            ? ChartSeries.ByClass(x, y, labels.ToArray(), data.LabelNames)
            : [new ChartSeries("observations", x, y)];
        return ScatterChart.Render(series, new ChartOptions(string.Empty, xLabel, yLabel, Width: Size + 80, Height: Size));
    }

    private static (double[] X, double[] Y, string XLabel, string YLabel) Plane(Tensor encodings)
    {
        int count = encodings.Shape[0];
        int dimension = encodings.Shape[1];
        if (dimension == 1)
        {
            return ([.. Enumerable.Range(1, count).Select(row => (double)row)], encodings.ToArray(), "observation", "z1");
        }

        if (dimension == 2)
        {
            return (Column(encodings, 0), Column(encodings, 1), "z1", "z2");
        }

        (Tensor projected, double[] fractions) = PrincipalComponents.Of(encodings, 2);
        return (Column(projected, 0), Column(projected, 1), Label(1, fractions[0]), Label(2, fractions[1]));
    }

    private static double[] Column(Tensor points, int column) => points.Slice(1, column, 1).ToArray();

    private static string Label(int component, double fraction) =>
        string.Create(CultureInfo.InvariantCulture, $"principal component {component} ({100 * fraction:F0} % of the variance)");
}
