using Lae.Formats.Charts;
using Lae.Host.Reports;

namespace Lae.Host.Comparing;

/// <summary>The pictures of a comparison: figures by model, and curves of each model over epochs and over seconds.</summary>
internal static class ComparisonCharts
{
    private const int Columns = 2;
    private const int Width = 520;
    private const int Height = 280;

    /// <summary>One chart for each figure: a line for each model, mean ± sd over its seeds.</summary>
    /// <param name="models">The rows of the comparison.</param>
    /// <param name="figures">The figures.</param>
    public static string Figures(IReadOnlyList<ComparedModel> models, IReadOnlyList<string> figures) => ChartPanels.Compose(
        [.. figures.Select(figure => ForestChart.Render([.. models.Select(model => Row(model, figure))], new ChartOptions(figure, Width: Width)))], Columns);

    /// <summary>One chart for each figure of the test log, then of the training log: a curve for each model, the mean over its seeds.</summary>
    /// <param name="models">The rows of the comparison.</param>
    /// <param name="isSeconds">Whether over seconds of training, and not over epochs.</param>
    /// <returns>The SVG document; null where no run logged anything.</returns>
    public static string? Curves(IReadOnlyList<ComparedModel> models, bool isSeconds)
    {
        string[] test = Names(models, isTest: true);
        string[] training = Names(models, isTest: false);
        string[] charts = [.. test.Select(name => Chart(models, name, isTest: true, isSeconds)), .. training.Select(name => Chart(models, name, isTest: false, isSeconds))];
        return charts.Length == 0 ? null : ChartPanels.Compose(charts, Columns);
    }

    private static string[] Names(IReadOnlyList<ComparedModel> models, bool isTest) =>
        [.. models.SelectMany(model => model.Runs).SelectMany(run => isTest ? run.TestLog : run.Log).SelectMany(entry => entry.Figures.Keys).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    private static string Chart(IReadOnlyList<ComparedModel> models, string name, bool isTest, bool isSeconds)
    {
        ChartSeries[] series = [.. models.Select(model => (model.Label, Curve: model.Curve(name, isTest)))
            .Select(one => new ChartSeries(one.Label, isSeconds ? one.Curve.Seconds : one.Curve.Epochs, one.Curve.Values))];
        return LineChart.Render(series, new ChartOptions(isTest ? $"test: {name}" : name, isSeconds ? "seconds of training" : "epochs", Width: Width, Height: Height));
    }

    private static ForestRow Row(ComparedModel model, string figure)
    {
        if (model.Figure(figure) is not { } value)
        {
            return new ForestRow(model.Label, double.NaN, double.NaN, double.NaN, FigureText.None);
        }

        double deviation = double.IsNaN(value.Deviation) ? 0 : value.Deviation;
        return new ForestRow(model.Label, value.Mean - deviation, value.Mean, value.Mean + deviation, FigureText.Rounded(value.Mean, value.Deviation));
    }
}
