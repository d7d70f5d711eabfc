using Lae.Diagnostics;
using Lae.Host.Reports;

namespace Lae.Tests.Host.Reports;

/// <summary>The terminal summary: it fits, the worst come first where there are many, and the verdict ends it.</summary>
public sealed class SamplingTerminalTests
{
    private static readonly string[] Two = ["mu", "a_rather_long_name_of_a_coefficient[12,3]"];

    [Theory]
    [InlineData(60)]
    [InlineData(80)]
    [InlineData(132)]
    public void EveryLineFits(int width)
    {
        string[] lines = Lines(Outcomes.Of(Two, (parameter, chain, _, normal) => (1000 * normal) + (parameter * chain * 3e4)), width);
        Assert.All(lines, line => Assert.True(line.Length < width, line));
        Assert.Contains(lines, line => line.Contains("R-hat", StringComparison.Ordinal) && line.Contains("mean", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("! a_rat", StringComparison.Ordinal) && line.Contains("[12,3]", StringComparison.Ordinal));
    }

    [Fact]
    public void ColumnsAreAligned()
    {
        string[] lines = Lines(Outcomes.Of(Two, (parameter, _, _, normal) => normal * Math.Pow(10, 3 * parameter)), 132);
        int head = Array.FindIndex(lines, line => line.Contains("R-hat", StringComparison.Ordinal));
        Assert.Single(lines[head..(head + 3)].Select(line => line.Length).Distinct());
        Assert.Equal(Two.Length, lines[(head + 1)..].TakeWhile(line => line.Length > 0).Count());
    }

    [Fact]
    public void TheVerdictEndsItWithMeaningAndCure()
    {
        string[] good = Lines(Outcomes.Of(Two), 80);
        Assert.Equal(["Verdict: good: you can use these draws", "The chains agree with each other, and there are enough draws for the digits", "shown.", ""], good[^4..]);
        Assert.DoesNotContain(good, line => line.StartsWith('!'));

        SamplingOutcome outcome = Outcomes.Of(Two, (parameter, chain, _, normal) => normal + (parameter * chain));
        string bad = string.Join(' ', Lines(outcome, 80).Select(line => line.Trim()));
        Assert.Contains("Verdict: do not use these draws", bad, StringComparison.Ordinal);
        Assert.All(outcome.Verdict.Reasons, reason => Assert.Contains($"- {reason.Problem} what it means: {reason.Meaning} what to do: {reason.Cure}", bad, StringComparison.Ordinal));
    }

    [Fact]
    public void OfManyParametersTheWorstComeFirst()
    {
        string[] names = [.. Enumerable.Range(1, 100).Select(i => $"theta[{i}]")];
        string[] lines = Lines(Outcomes.Of(names, (parameter, chain, _, normal) => normal + (parameter == 56 ? 5 * chain : 0), length: 200), 80);
        int head = Array.FindIndex(lines, line => line.Contains("R-hat", StringComparison.Ordinal));
        Assert.StartsWith("! theta[57] ", lines[head + 1], StringComparison.Ordinal);
        Assert.Contains("20 of 100 parameters, the worst first; all of them are in report.html and", lines);
    }

    [Fact]
    public void FiguresThatDoNotExistAreDashesOrLeaveTheirColumnOut()
    {
        string[] broken = Lines(Outcomes.Of(Two, (parameter, _, draw, normal) => parameter == 1 && draw == 7 ? double.NaN : normal), 132);
        Assert.Contains(broken, line => line.StartsWith("! a_rather", StringComparison.Ordinal) && line.Count(character => character == '–') == 9);

        StreamingScaleReduction stream = Streamed();
        DrawSummary figures = DrawSummary.OfStream(["mu"], stream);
        string[] streamed = Lines(new SamplingOutcome("test", "target", "kernel", figures, Verdict.Of(figures)), 132);
        Assert.DoesNotContain(streamed, line => line.Contains("5 %", StringComparison.Ordinal) || line.Contains("tail ESS", StringComparison.Ordinal) || line.Contains('–'));
        Assert.Contains(streamed, line => line.Contains("bulk ESS", StringComparison.Ordinal));
    }

    internal static StreamingScaleReduction Streamed()
    {
        StreamingScaleReduction stream = StreamingScaleReduction.Empty(4, 1);
        Random random = new(3);
        for (int draw = 0; draw < 1_000; draw++)
        {
            stream = stream.Add(Lae.Numerics.Tensor.FromArray([.. Enumerable.Range(0, 4).Select(_ => random.NextDouble())], 4, 1));
        }

        return stream;
    }

    private static string[] Lines(SamplingOutcome outcome, int width)
    {
        using StringWriter writer = new() { NewLine = "\n" };
        SamplingTerminal.Write(writer, outcome, width);
        return writer.ToString().Split('\n');
    }
}
