using System.Globalization;
using System.Text;
using System.Text.Json;
using Lae.Adaptation;
using Lae.Diagnostics;
using Lae.Kernels;
using Lae.Numerics;
using Lae.Randomness;
using Lae.Running;
using Lae.Targets;

namespace Lae.Tests.Targets.Posteriors;

/// <summary>
/// Each reference posterior by the default kernel and by NUTS with default settings, 4 chains, 1,000 transitions of warm-up and 1,000 draws, seed 1: means and standard deviations of all parameters within 5 standard errors of the reference,
/// R-hat below 1.01, verdict good. The centred eight schools are the exception: there the verdict must not be good. One run takes all, so that it can write docs/posteriors.md; no seed was tried before this one.
/// </summary>
public sealed class ReferencePosteriorTests
{
    private const int Chains = 4;
    private const int Transitions = 1000;
    private const double MostErrors = 5;
    private const double MostReduction = 1.01;
    private const string Centred = "eight_schools-eight_schools_centered";
    private static readonly RandomKey Key = RandomKey.FromSeed(1);

    [FactIfFile("data/posteriordb/reference/sblrc-blr.json")]
    public void The_default_and_NUTS_agree_with_the_reference_draws()
    {
        List<Row> rows = [];
        foreach ((string name, Func<Posterior> make) in PosteriorDb.All)
        {
            Posterior posterior = make();
            rows.Add(Judged(name, posterior, TunableKernels.Malt(posterior.Target)));
            rows.Add(Judged(name, posterior, TunableKernels.Nuts(posterior.Target)));
        }

        if (Environment.GetEnvironmentVariable("LAE_WRITE_DOCS") == "1")
        {
            File.WriteAllText(Path.Combine(SharedFiles.Root(), "docs", "posteriors.md"), Page(rows));
        }

        Assert.Equal(string.Empty, string.Join("\n", rows.Where(row => !row.IsAsItShouldBe).Select(row => row.Text)));
    }

    private static Row Judged(string name, Posterior posterior, TunableKernel<LangevinState> tunable)
    {
        WarmupResult<LangevinState> warm = Warmup.Run(tunable, Start(posterior.Target.Dimension), Key.FoldIn(1UL << 40), new WarmupSettings(Transitions));
        RunResult<LangevinState> run = ChainRunner.Run(warm.Kernel, RunState.Start(warm.Kernel, warm.Position, Key.FoldIn(1UL << 41)), new RunOptions(Transitions));
        Tensor draws = posterior.Report(run.Positions().Reshape(Transitions * Chains, -1)).Reshape(Transitions, Chains, -1);
        DrawSummary summary = DrawSummary.OfPositions([.. posterior.Names], draws);
        double[] acceptance = [.. Enumerable.Range(0, Chains).Select(chain => run.Draws.Average(draw => draw.Info.AcceptanceProbability!.ElementAt(chain)))];
        SamplerFigures sampler = new(Acceptance: acceptance, TargetAcceptance: warm.Outcome.TargetAcceptance, Divergences: (long)run.Draws.Sum(draw => draw.Info.Divergent!.Sum().ToDouble()));
        JsonElement reference = PosteriorDb.Read($"reference/{name}.json").GetProperty("parameters");
        return new Row(
            name,
            tunable.Name,
            run.Draws.Average(draw => draw.Info.GradientCount),
            warm.GradientCount / (double)Transitions,
            summary.Parameters.Max(one => one.RHat),
            summary.Parameters.Min(one => one.EssBulk),
            summary.Parameters.Min(one => one.EssTail),
            Enumerable.Range(0, posterior.Names.Count).Max(i => WorstErrors(ChainDraws.OfPositions(draws, i), reference.GetProperty(posterior.Names[i]))),
            Verdict.Of(summary, sampler));
    }

    /// <summary>The reference draws are all but independent, so that the error of their standard deviation follows from their number.</summary>
    private static double WorstErrors(ChainDraws draws, JsonElement known)
    {
        double sd = known.GetProperty("sd").GetDouble();
        double root = Math.Sqrt(known.GetProperty("ess").GetDouble());
        return Math.Max(
            Errors(draws.Mean() - known.GetProperty("mean").GetDouble(), MonteCarloError.OfMean(draws), sd / root),
            Errors(draws.StandardDeviation() - sd, MonteCarloError.OfStandardDeviation(draws), sd / (Math.Sqrt(2) * root)));

        static double Errors(double gap, double error, double knownError) => Math.Abs(gap) / Math.Sqrt((error * error) + (knownError * knownError));
    }

    /// <summary>N(0, 1) in every unconstrained coordinate, as the host has it.</summary>
    private static Tensor Start(int dimension)
    {
        double[] values = new double[Chains * dimension];
        RowDraws.Normal(Key.FoldIn(1UL << 42), 0, 0, Chains, dimension, values);
        return Tensor.FromArray(values, Chains, dimension);
    }

    private static string Page(List<Row> rows)
    {
        StringBuilder page = new("""
            # The reference posteriors

            Written by `LAE_WRITE_DOCS=1 dotnet test Lae.Tests --filter ReferencePosterior`, which fails where a line is not as it should be; data, reference draws and what is known of them are in `../shared/data/posteriordb`.

            Default settings, 4 chains that start at N(0, 1) in every unconstrained coordinate, 1,000 transitions of warm-up and 1,000 draws of each chain, seed 1. MALT is the default. Gradients are those of one chain. z is the worst of all
            means and standard deviations, in standard errors of its difference from the reference, and must be below 5; R-hat below 1.01; the verdict good, but for the centred eight schools, in whose funnel neither kernel is at home.

            | posterior | kernel | gradients a draw | gradients a transition of warm-up | worst R-hat | worst bulk ESS | worst tail ESS | worst z | verdict |
            |---|---|---|---|---|---|---|---|---|

            """);
        foreach (Row row in rows)
        {
            page.AppendLine(row.Text);
        }

        return page.ToString().ReplaceLineEndings("\n");
    }

    private sealed record Row(string Name, string Kernel, double Gradients, double WarmupGradients, double Reduction, double Bulk, double Tail, double Errors, Verdict Verdict)
    {
        public bool IsAsItShouldBe => Name == Centred
            ? Verdict.Level != VerdictLevel.Good
            : Verdict.Level == VerdictLevel.Good && Reduction < MostReduction && Errors < MostErrors;

        public string Text => string.Create(
            CultureInfo.InvariantCulture,
            $"| {Name} | {Kernel} | {Gradients:F1} | {WarmupGradients:F1} | {Reduction:F3} | {Bulk:F0} | {Tail:F0} | {Errors:F1} | {(Verdict.Level == VerdictLevel.Good ? "good" : $"{Verdict.Level}: {Verdict.Reasons[0].Problem}")} |");
    }
}
