namespace Lae.Formats.Charts;

/// <summary>The texts, axes and size of a chart.</summary>
/// <param name="Title">The line above the chart; empty for none.</param>
/// <param name="XLabel">What the horizontal axis shows.</param>
/// <param name="YLabel">What the vertical axis shows.</param>
/// <param name="XScale">The spacing of the horizontal axis.</param>
/// <param name="YScale">The spacing of the vertical axis.</param>
/// <param name="Width">Pixels across, 200 to 4000, with legend. Default 640.</param>
/// <param name="Height">Pixels down, 150 to 4000. Default 400.</param>
public sealed record ChartOptions(
    string Title = "",
    string XLabel = "",
    string YLabel = "",
    AxisScale XScale = AxisScale.Linear,
    AxisScale YScale = AxisScale.Linear,
    int Width = 640,
    int Height = 400);
