using Lae.Diagnostics;
using Lae.Formats.Charts;

namespace Lae.Host.Reports;

/// <summary>All pictures of the draws that the report has room for. The draws of a parameter are asked for once, one parameter after the other, and not for all parameters where there are many.</summary>
internal sealed class SamplingPictures
{
    private const int MostParameters = 20;
    private const int MostPairCandidates = 50;
    private const int MostCharacters = 2_500_000;

    private SamplingPictures(IReadOnlyList<ParameterPictures> parameters, string? pairs) => (Parameters, Pairs) = (parameters, pairs);

    /// <summary>The parameters shown, the worst first.</summary>
    public IReadOnlyList<ParameterPictures> Parameters { get; }

    /// <summary>Some parameters against each other; null where there are no two.</summary>
    public string? Pairs { get; }

    /// <summary>Draws them.</summary>
    /// <param name="outcome">A run whose draws were kept.</param>
    /// <param name="read">The draws of a parameter.</param>
    public static SamplingPictures Of(SamplingOutcome outcome, Func<int, ChainDraws> read)
    {
        DrawSummary figures = outcome.Figures;
        HashSet<string> constant = [.. figures.Constant];
        int[] worst = [.. ParameterOrder.WorstFirst(figures).Where(i => !constant.Contains(figures.Parameters[i].Name) || constant.Count == figures.Parameters.Count)];
        HashSet<int> plotted = [.. worst.Take(MostParameters)];
        PairSelection pairs = new();
        Dictionary<int, ParameterPictures> pictures = [];
        foreach (int parameter in worst.Take(Math.Max(MostParameters, MostPairCandidates)).Order())
        {
            ChainDraws draws = read(parameter);
            ParameterSummary one = figures.Parameters[parameter];
            if (plotted.Contains(parameter))
            {
                pictures.Add(parameter, DrawPictures.Draw(one, draws, outcome.Divergent));
            }

            if (double.IsFinite(one.Mean) && one.Sd > 0)
            {
                pairs.Add(parameter, draws);
            }
        }

        List<ParameterPictures> shown = [];
        int characters = 0;
        foreach (ParameterPictures one in worst.Where(plotted.Contains).Select(i => pictures[i]))
        {
            characters += one.Size;
            if (shown.Count > 0 && characters > MostCharacters)
            {
                break;
            }

            shown.Add(one);
        }

        return new SamplingPictures(shown, Pair(outcome, pairs, worst));
    }

    private static string? Pair(SamplingOutcome outcome, PairSelection pairs, int[] worst)
    {
        int[] chosen = pairs.Choose(worst.Where(i => Verdict.LevelOf(outcome.Figures.Parameters[i]) != VerdictLevel.Good));
        bool[]? marks = outcome.Divergent is { } divergent ? Array.ConvertAll(PairSelection.Thin(divergent), value => value > 0) : null;
        return chosen.Length < 2 ? null
            : PairChart.Render([.. chosen.Select(i => outcome.Figures.Parameters[i].Name)], [.. chosen.Select(i => pairs[i])], marks, new ChartOptions("Pairs", Width: 760));
    }
}
