using Lae.Diagnostics;
using Lae.Host.Reports;

namespace Lae.Tests.Host.Reports;

/// <summary>Runs for reports: autoregressions with what is planted in them.</summary>
internal static class Outcomes
{
    /// <summary>A run of the named parameters, whose draws are independent standard normal but for what is changed.</summary>
    /// <param name="names">The parameters.</param>
    /// <param name="change">The value of parameter, chain, draw in place of the normal one.</param>
    /// <param name="length">Draws in each of four chains.</param>
    /// <param name="sampler">How the kernel fared.</param>
    public static SamplingOutcome Of(string[] names, Func<int, int, int, double, double>? change = null, int length = 1_000, SamplerFigures? sampler = null)
    {
        ChainDraws[] draws = [.. names.Select((_, parameter) => Draws(parameter, length, change))];
        DrawSummary figures = DrawSummary.Of(names, i => draws[i]);
        sampler ??= new SamplerFigures(Acceptance: [0.8, 0.8, 0.8, 0.8]);
        return new SamplingOutcome("test", "target", "kernel", figures, Verdict.Of(figures, sampler)) { Draws = i => draws[i], Sampler = sampler, GradientsPerTransition = 1 };
    }

    /// <summary>Draws of one parameter in four chains.</summary>
    private static ChainDraws Draws(int parameter, int length, Func<int, int, int, double, double>? change)
    {
        Random random = new(17 + parameter);
        double Normal() => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
        return ChainDraws.Of([.. Enumerable.Range(0, 4).Select(chain => (IReadOnlyList<double>)[.. Enumerable.Range(0, length).Select(
            draw => Normal() is var normal && change is not null ? change(parameter, chain, draw, normal) : normal)])]);
    }
}
