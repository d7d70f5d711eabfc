namespace Lae.Formats.Charts;

/// <summary>
/// Ten colours that stay apart for people with colour-vision deficiencies and in gray.
/// Source: M. A. Petroff, Accessible color sequences for data visualization, arXiv:2107.02270, the sequence of ten.
/// </summary>
internal static class ChartColours
{
    public const string Background = "#ffffff";
    public const string Text = "#333333";
    public const string FaintText = "#5f6368";
    public const string Axis = "#8a8f94";
    public const string Grid = "#e8eaed";

    public const string Band = "#eef3f9";
    public const string Bar = "#b9d4ee";
    public const string Alarm = "#bd1f01";

    private static readonly string[] Series =
        ["#3f90da", "#ffa90e", "#bd1f01", "#94a4a2", "#832db6", "#a96b59", "#e76300", "#b9ac70", "#717581", "#92dadd"];

    public static int Count => Series.Length;

    public static string Of(int series) => Series[series % Series.Length];
}
