using System.Diagnostics;
using System.Globalization;
using System.Text;
using Lae.Adaptation;
using Lae.Benchmarks.Efficiency;
using Lae.Diagnostics;
using Lae.Kernels;
using Lae.Numerics;
using Lae.Randomness;
using Lae.Running;

namespace Lae.Benchmarks.Logistic;

/// <summary>The command <c>logistic</c>: ULA and MALA on a small logistic regression by Lae, by plain C# and by PyTorch, in turns, written to docs/logistic.md.</summary>
internal static class LogisticTable
{
    private const int Rows = 1000;
    private const int Columns = 5;
    private const int Steps = 20_000;
    private const double UlaStep = 0.002;
    private const double MalaStep = 0.004;

    public static int Run(string[] args)
    {
        int rounds = args is [_, "--rounds", string text] && int.TryParse(text, CultureInfo.InvariantCulture, out int given) && given > 0 ? given : args.Length == 1 ? 5 : 0;
        if (rounds == 0)
        {
            Console.Error.WriteLine("Usage: logistic [--rounds <1 or more, 5 if not given>]");
            return 1;
        }

        LogisticProblem problem = new(Rows, Columns, seed: 20261122);
        string data = Path.GetTempFileName();
        problem.Write(data);
        List<TorchPeer> peers = [];
        try
        {
            string script = Path.Combine(EfficiencyTable.Root(), "Lae.Benchmarks", "Peers", "logistic.py");
            peers.AddRange(new[] { (1, true), (2, false), (2, true) }.Select(setting => TorchPeer.Start(script, data, problem, setting.Item1, setting.Item2)).OfType<TorchPeer>());
            if (peers.Count == 0)
            {
                Console.WriteLine("PyTorch is not installed for /usr/bin/python3 (apt-get install python3-torch): its rows are left out.");
            }

            List<Contender> contenders = [.. Lae(problem), .. Scalar(problem), .. peers.SelectMany(Torch)];
            foreach (Contender contender in contenders)
            {
                contender.WarmUp();
            }

            for (int round = 1; round <= rounds; round++)
            {
                foreach (Contender contender in contenders)
                {
                    Console.WriteLine($"round {round} of {rounds}: {contender.Measure(round)}");
                }
            }

            string? failure = contenders.Select(contender => contender.Disagreement(contenders.First(own => own.Kernel == contender.Kernel))).FirstOrDefault(text => text is not null);
            string page = Page(contenders, peers, rounds, Large());
            Console.WriteLine(page);
            if (failure is not null)
            {
                Console.Error.WriteLine(failure);
                return 1;
            }

            string path = Path.Combine(EfficiencyTable.Root(), "docs", "logistic.md");
            File.WriteAllText(path, page);
            Console.WriteLine($"{path} written.");
            return 0;
        }
        finally
        {
            peers.ForEach(peer => peer.Dispose());
            File.Delete(data);
        }
    }

    private static IEnumerable<Contender> Lae(LogisticProblem problem)
    {
        yield return Of(UnadjustedLangevin.Create(problem.Target, new LangevinSettings(UlaStep)));
        yield return Of(MetropolisLangevin.Create(problem.Target, new LangevinSettings(MalaStep)));

        static Contender Of(Kernel<LangevinState> kernel) => Contender.Timed(kernel.Name, "Lae", (steps, seed) =>
        {
            RunState<LangevinState> start = RunState.Start(kernel, Tensor.Zeros(new Shape(1, Columns), DType.Float64), RandomKey.FromSeed((ulong)seed));
            double[] draws = new double[steps * Columns];
            double accepted = 0;
            ChainRunner.Run(kernel, start, new RunOptions(steps), draw =>
            {
                draw.Position.AsSpan<double>().CopyTo(draws.AsSpan((int)(draw.Step - 1) * Columns));
                accepted += draw.Info.Accepted?.AsSpan<double>()[0] ?? 1;
            });
            return new ChainFigures(draws, accepted / steps);
        });
    }

    private static IEnumerable<Contender> Scalar(LogisticProblem problem)
    {
        yield return Contender.Timed("ULA", "plain C#", (steps, seed) => new ScalarChain(problem, seed).Ula(steps, UlaStep));
        yield return Contender.Timed("MALA", "plain C#", (steps, seed) => new ScalarChain(problem, seed).Mala(steps, MalaStep));
    }

    private static IEnumerable<Contender> Torch(TorchPeer peer)
    {
        foreach ((string kernel, double stepSize) in new[] { ("ULA", UlaStep), ("MALA", MalaStep) })
        {
            foreach ((string key, string words) in new[] { ("analytic", "PyTorch, equal work"), ("autograd", "PyTorch, autograd"), ("least", "PyTorch, least work") })
            {
                yield return Contender.Peer(kernel, words, peer.Settings, (steps, seed) => peer.Run(kernel.ToLowerInvariant(), key, steps, stepSize, seed));
            }
        }
    }

    /// <summary>Seconds of warm-up and of sampling for 100,000 rows and 20 columns by the default kernel.</summary>
    private static string Large()
    {
        LogisticProblem problem = new(100_000, 20, seed: 20261123);
        Stopwatch clock = Stopwatch.StartNew();
        WarmupResult<LangevinState> warm = Warmup.Run(TunableKernels.Malt(problem.Target), Tensor.Zeros(new Shape(4, 20), DType.Float64), RandomKey.FromSeed(1));
        double warmUp = clock.Elapsed.TotalSeconds;
        clock.Restart();
        long gradients = 0;
        double acceptance = 0;
        ChainRunner.Run(warm.Kernel, RunState.Start(warm.Kernel, warm.Position, RandomKey.FromSeed(2)), new RunOptions(1000), draw =>
        {
            gradients += draw.Info.GradientCount;
            acceptance += draw.Info.MeanAcceptance / 1000;
        });
        return string.Create(
            CultureInfo.InvariantCulture,
            $"MALT, tuned by `Warmup` on 100,000 rows × 20 columns, 4 chains: 1,000 transitions of warm-up in {warmUp:F1} s ({warm.GradientCount:N0} gradients a chain), 1,000 draws in {clock.Elapsed.TotalSeconds:F1} s ({gradients:N0} gradients a chain, acceptance {acceptance:F2}).");
    }

    private static string Page(List<Contender> contenders, List<TorchPeer> peers, int rounds, string large)
    {
        StringBuilder page = new();
        string torch = peers.Count == 0 ? "PyTorch was not installed" : $"PyTorch {peers[0].Version} (Debian), OPENBLAS_CORETYPE=SkylakeX, each row at its best of {string.Join("; ", peers.Select(peer => peer.Settings))}";
        page.Append(CultureInfo.InvariantCulture, $"""
            # One chain on a small logistic regression

            Written by `dotnet run -c Release --project Lae.Benchmarks -- logistic`. {Machine.Description}; {torch}.

            N = {Rows:N0} data, d = {Columns} coefficients with priors N(0, 10²), float64, one chain, {Steps:N0} steps of size {UlaStep} (ULA) or {MalaStep} (MALA) from 0, every draw kept in an array. Each does its run in turn, {rounds} times after a
            warm-up, each time after a run that is not timed; the median counts. All have the same data from one file; posterior means agree with Lae's within 5 Monte Carlo standard errors of the difference, acceptances within 0.03.

            Plain C# is arrays and loops with `Math.Exp` and `Math.Log`, no registers written by hand, and no log density in ULA. "Equal work" in PyTorch computes log density and gradient by formulas and draws noise at each step, as Lae does; "autograd" has the
            gradient by differentiation; "least work" is the shortest loop that we could find: no log density in ULA, and the noise of all steps drawn in one call.

            | kernel | who | seconds | steps a second | time / Lae's | acceptance | fastest, slowest |
            |---|---|---|---|---|---|---|

            """);
        foreach (string kernel in new[] { "ULA", "MALA" })
        {
            Contender[] own = [.. contenders.Where(contender => contender.Kernel == kernel).GroupBy(contender => contender.Name).Select(group => group.MinBy(contender => contender.Median)!)];
            foreach (Contender row in own)
            {
                page.AppendLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"| {kernel} | {row.Name}{(row.Settings is null ? "" : $" ({row.Settings})")} | {row.Median:F3} | {Steps / row.Median:N0} | {row.Median / own[0].Median:F1} | {row.Acceptance:F3} | {row.Fastest:F3}, {row.Slowest:F3} |"));
            }
        }

        page.AppendLine().AppendLine(large);
        return page.ToString();
    }

    /// <summary>One row: a way to run a chain, with the times of its rounds.</summary>
    private sealed class Contender(string kernel, string name, string? settings, bool isManaged, Func<int, int, (double Seconds, double[] Mean, double[]? Draws, double Acceptance)> run)
    {
        /// <summary>The compiler of .NET compiles anew, and in the background, what has run for a while.</summary>
        private const double ManagedWarmUpSeconds = 2;

        private readonly List<double> seconds = [];
        private double[] mean = [];
        private double[] error = [];

        public string Kernel { get; } = kernel;

        public string Name { get; } = name;

        public string? Settings { get; } = settings;

        public double Acceptance { get; private set; }

        public double Median => seconds.Order().ElementAt(seconds.Count / 2);

        public double Fastest => seconds.Min();

        public double Slowest => seconds.Max();

        public static Contender Timed(string kernel, string name, Func<int, int, ChainFigures> run) => new(kernel, name, null, isManaged: true, (steps, seed) =>
        {
            Stopwatch clock = Stopwatch.StartNew();
            ChainFigures figures = run(steps, seed);
            return (clock.Elapsed.TotalSeconds, Means(figures.Draws), figures.Draws, figures.Acceptance);
        });

        public static Contender Peer(string kernel, string name, string settings, Func<int, int, TorchAnswer> run) => new(kernel, name, settings, isManaged: false, (steps, seed) =>
            run(steps, seed) is var answer ? (answer.Seconds, answer.Mean, null, answer.Acceptance) : default);

        public void WarmUp()
        {
            Stopwatch clock = Stopwatch.StartNew();
            do
            {
                run(isManaged ? Steps : Steps / 10, 99);
            }
            while (isManaged && clock.Elapsed.TotalSeconds < ManagedWarmUpSeconds);
        }

        public string Measure(int round)
        {
            // who has the turn finds caches and clock as another left them, which weighs most on the shortest run
            run(Steps, round);
            (double time, mean, double[]? draws, Acceptance) = run(Steps, round);
            seconds.Add(time);
            if (draws is not null)
            {
                error = [.. Enumerable.Range(0, Columns).Select(j => MonteCarloError.OfMean(ChainDraws.Of(Column(draws, j))))];
            }

            return string.Create(CultureInfo.InvariantCulture, $"{Kernel}, {Name}{(Settings is null ? "" : $" ({Settings})")}: {time:F3} s");
        }

        /// <summary>How the last run differs from another by more than chance; null if it does not.</summary>
        public string? Disagreement(Contender other)
        {
            for (int j = 0; j < Columns; j++)
            {
                double allowed = 5 * Math.Sqrt(2) * other.error[j];
                if (!(Math.Abs(mean[j] - other.mean[j]) <= allowed))
                {
                    return string.Create(CultureInfo.InvariantCulture, $"{Kernel}, {Name} ({Settings}): the mean of coefficient {j + 1} is {mean[j]:G6}, that of {other.Name} {other.mean[j]:G6}; {allowed:G2} is allowed.");
                }
            }

            return Math.Abs(Acceptance - other.Acceptance) <= 0.03
                ? null
                : string.Create(CultureInfo.InvariantCulture, $"{Kernel}, {Name} ({Settings}): acceptance {Acceptance:F3}, {other.Name} has {other.Acceptance:F3}.");
        }

        private static double[] Means(double[] draws) => [.. Enumerable.Range(0, Columns).Select(j => Column(draws, j).Average())];

        private static double[] Column(double[] draws, int j) => [.. Enumerable.Range(0, draws.Length / Columns).Select(k => draws[(k * Columns) + j])];
    }
}
