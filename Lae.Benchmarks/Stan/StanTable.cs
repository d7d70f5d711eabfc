using System.Globalization;
using System.Text;
using Lae.Tests;

namespace Lae.Benchmarks.Stan;

/// <summary>The command <c>stan</c>: Lae's default against Stan's NUTS on the same cores, in turns in one run; printed, and written to docs/stan.md where all posteriors were run.</summary>
internal static class StanTable
{
    private const int Rounds = 3;

    /// <summary>Seeds 1 to 3 had served while the warm-up was made: no figure should come from them.</summary>
    private const int FirstSeed = 101;

    public static int Run(string[] args)
    {
        string? only = args is [_, "--only", string name, ..] ? name : null;
        string root = SharedFiles.Root();
        using StanProcess stan = new(
            Path.Combine(root, "Lae.Benchmarks", "Peers"), Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.Create), "lae-stan"));
        string version = stan.Version();
        StanProblem[] problems = [.. StanProblem.All().Where(problem => only is null || problem.Name.Contains(only, StringComparison.OrdinalIgnoreCase))];
        foreach (string model in problems.Select(problem => problem.Model).Distinct())
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{model}: compiled, or taken from the cache, in {stan.Compile(model):F0} s (in no figure)"));
        }

        List<Row> rows = [];
        foreach (StanProblem problem in problems)
        {
            // compiles Lae's code as Stan's was
            _ = LaeSide.Default(problem, 1000);
            _ = LaeSide.Unadjusted(problem, 1000);
            List<(SideFigures Stan, SideFigures Default, SideFigures Unadjusted)> runs = [];
            for (int seed = FirstSeed; seed < FirstSeed + Rounds; seed++)
            {
                runs.Add((
                    SideFigures.Of(problem, stan.Sample(problem, seed)),
                    SideFigures.Of(problem, LaeSide.Default(problem, (ulong)seed)),
                    SideFigures.Of(problem, LaeSide.Unadjusted(problem, (ulong)seed))));
            }

            Row row = new(
                problem.Name, SideFigures.Median([.. runs.Select(run => run.Stan)]), SideFigures.Median([.. runs.Select(run => run.Default)]), SideFigures.Median([.. runs.Select(run => run.Unadjusted)]));
            rows.Add(row);
            Console.WriteLine(row.Text);
        }

        string page = Page(rows, version);
        if (only is null)
        {
            File.WriteAllText(Path.Combine(root, "docs", "stan.md"), page);
        }

        int won = rows.Count(row => row.IsWon);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Lae's default is ahead on {won} of {rows.Count}."));
        return rows.Count == 0 ? 1 : 0;
    }

    private static string Page(List<Row> rows, string version)
    {
        StringBuilder page = new();
        page.Append(CultureInfo.InvariantCulture, $$"""
            # Lae's default against Stan's NUTS

            Written by `dotnet run -c Release --project Lae.Benchmarks -- stan`, which needs R with rstan (`r-cran-rstan`, `libboost-dev`) and `../shared/data/posteriordb`.

            **Machine.** {{Machine.Description}}; {{version}}.

            **Stan.** NUTS by rstan, 4 chains × (1,000 warm-up + 1,000 draws), default settings, two chains on each of two cores. Seconds are Stan's own clock, warm-up included (processor time, so
            that other work on the machine does not count against it, while it counts against Lae): neither compiling a model, nor starting R, nor handing the draws over is counted. The models, in `Lae.Benchmarks/Peers`, use Stan's fused regressions (`normal_id_glm`, `bernoulli_logit_glm`).

            **Lae.** The default, MALT with what the warm-up found, {{LaeSide.Chains}} chains × ({{LaeSide.Warmup}} + {{LaeSide.Draws}}) as rows on two cores: the same numbers for every posterior, nothing tuned by hand. Seconds are wall
            clock, warm-up and report of the named quantities included; compiling is left out here too (a run before).

            **Figures.** Both sides' draws go through the same functions: the worst parameter's bulk effective sample size (ESS), per second and per 1,000 gradients, warm-up included (in brackets: after it). z: the worst mean or
            standard deviation, in standard errors of its difference from posteriordb's reference draws (exact values for the Gaussians); below 5 is expected of {{Rounds}} × 2 × parameters numbers. Medians of {{Rounds}} runs that take turns, with seeds {{FirstSeed}} to {{FirstSeed + Rounds - 1}}. Lae is counted as ahead (bold) only where its R-hat is below 1.01 and its z below 5 too.

            **Without an accept test.** MCLMC by `MicrocanonicalTuning`, {{LaeSide.Chains}} chains × ({{10 * LaeSide.Warmup}} + {{10 * LaeSide.Draws}}) steps, one draw in 10. It is biased, so that its bias in means stands beside its ESS, in standard deviations of
            the parameter; a z far above 5 says that the ESS is that of a wrong answer.

            | posterior | Stan ESS/s | Lae ESS/s | Lae / Stan | Stan ESS/1,000 gradients | Lae ESS/1,000 gradients | Stan s | Lae s | Stan ESS | Lae ESS | Stan z | Lae z | Lae R̂ | MCLMC ESS/s | MCLMC bias | MCLMC z |
            |---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|

            """);
        foreach (Row row in rows)
        {
            page.AppendLine(row.Text);
        }

        page.AppendLine().AppendLine(CultureInfo.InvariantCulture, $"Lae's default is ahead on {rows.Count(row => row.IsWon)} of {rows.Count}.");
        return page.ToString().ReplaceLineEndings("\n");
    }

    private sealed record Row(string Name, SideFigures Stan, SideFigures Default, SideFigures Unadjusted)
    {
        private const double MostReduction = 1.01;
        private const double MostErrors = 5;

        /// <summary>More draws per second, and draws that can be used: effective sizes of chains that disagree mean nothing.</summary>
        public bool IsWon => Default.PerSecond > Stan.PerSecond && Default.WorstReduction < MostReduction && Default.WorstZ < MostErrors;

        public string Text => string.Create(CultureInfo.InvariantCulture,
            $"| {Name} | {Stan.PerSecond:N0} | {Default.PerSecond:N0} | {(IsWon ? "**" : "")}{Default.PerSecond / Stan.PerSecond:G3}{(IsWon ? "**" : "")} | {Stan.PerThousand:G3} ({Stan.PerThousandAfter:G3}) | {Default.PerThousand:G3} ({Default.PerThousandAfter:G3}) | {Stan.Seconds:F2} | {Default.Seconds:F2} | {Stan.WorstEss:N0} | {Default.WorstEss:N0} | {Stan.WorstZ:F1} | {Default.WorstZ:F1} | {Default.WorstReduction:F3} | {Unadjusted.PerSecond:N0} | {Unadjusted.WorstBias:G2} | {Unadjusted.WorstZ:F1} |");
    }
}
