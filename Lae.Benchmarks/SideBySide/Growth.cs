using System.Diagnostics;
using System.Globalization;
using System.Text;
using Lae.Benchmarks.Efficiency;
using Lae.Benchmarks.Logistic;
using Lae.Formats.Charts;
using Lae.Kernels;
using Lae.Models;
using Lae.Networks;
using Lae.Numerics;
using Lae.Numerics.Engines.Managed;
using Lae.Optimizers;
using Lae.Randomness;
using Lae.Running;
using Lae.Targets;

namespace Lae.Benchmarks.SideBySide;

/// <summary>The command <c>growth</c>: time of a step against the size of the work, drawn in docs/images/growth-*.svg and written to docs/growth.md.</summary>
internal static class Growth
{
    private const double LeastSeconds = 0.15;
    private const int Tries = 5;
    private const int Batch = 100;

    /// <summary>A cliff: a step of so many times the size that takes this much longer than its share of work.</summary>
    private const double Cliff = 1.6;

    public static int Run()
    {
        string root = EfficiencyTable.Root();
        Study[] studies =
        [
            new("chains", "chains of ULA in 100 dimensions", "chains", [1, 3, 10, 30, 100, 300, 1000, 3000, 10_000], (size, engine) => Sampling(size, 100, engine)),
            new("dimensions", "dimensions of ULA with 100 chains", "dimensions", [2, 5, 10, 30, 100, 300, 1000, 3000, 10_000], (size, engine) => Sampling(100, size, engine)),
            new("rows", "rows of a logistic regression in 10 dimensions, ULA with 4 chains", "rows", [100, 300, 1000, 3000, 10_000, 30_000, 100_000], Regression),
            new("batch", "rows of a batch, LAE with layers of 256", "rows", [1, 3, 10, 30, 100, 300, 1000], (size, engine) => Training(size, 256, engine)),
            new("width", "units of the hidden layers of an LAE, batches of 100", "units", [16, 32, 64, 128, 256, 512, 1024, 2048], (size, engine) => Training(Batch, size, engine)),
        ];
        StringBuilder page = new();
        page.Append(CultureInfo.InvariantCulture, $"""
            # Growth

            Written by `dotnet run -c Release --project Lae.Benchmarks -- growth`. {Machine.Description}. Microseconds of a step on 1 and 2 threads, the best of {Tries} runs of {LeastSeconds} seconds or more; in float32, the regression in float64.
            "Share" is the time for each unit of size, divided by that of the size before: below 1 where a fixed cost is shared by more, 1 where time grows with the size, above {Cliff} a cliff. (Time grows with the square of the width, so that there it is for each unit squared.)


            """);
        foreach (Study study in studies)
        {
            double[][] times = [.. new[] { 1, 2 }.Select(threads => study.Sizes.Select(size => Time(study.Step(size, new ManagedEngine(threads)))).ToArray())];
            page.Append(CultureInfo.InvariantCulture, $"## {study.Title}\n\n![{study.Title}](images/growth-{study.Name}.svg)\n\n| {study.Unit} | 1 thread, µs | share | 2 threads, µs | share |\n|---|---|---|---|---|\n");
            for (int i = 0; i < study.Sizes.Length; i++)
            {
                page.Append(CultureInfo.InvariantCulture, $"| {study.Sizes[i]:N0} |");
                foreach (double[] time in times)
                {
                    double grown = i == 0 ? 1 : (double)study.Sizes[i] / study.Sizes[i - 1];
                    double share = i == 0 ? double.NaN : time[i] / time[i - 1] / (study.Name == "width" ? grown * grown : grown);
                    page.Append(CultureInfo.InvariantCulture, $" {1e6 * time[i]:G4} | {(i == 0 ? "" : share.ToString(share > Cliff ? "F2 'cliff'" : "F2", CultureInfo.InvariantCulture))} |");
                }

                page.AppendLine();
            }

            page.AppendLine();
            ChartSeries[] series = [.. times.Select((time, i) => new ChartSeries(i == 0 ? "1 thread" : "2 threads", [.. study.Sizes.Select(size => (double)size)], [.. time.Select(value => 1e6 * value)]))];
            File.WriteAllText(
                Path.Combine(root, "docs", "images", $"growth-{study.Name}.svg"),
                LineChart.Render(series, new ChartOptions { Title = study.Title, XLabel = study.Unit, YLabel = "µs a step", XScale = AxisScale.Logarithmic, YScale = AxisScale.Logarithmic }));
            Console.WriteLine($"{study.Title}: {string.Join("  ", times.Select(time => string.Join(' ', time.Select(value => (1e6 * value).ToString("G4", CultureInfo.InvariantCulture)))))}");
        }

        string path = Path.Combine(root, "docs", "growth.md");
        File.WriteAllText(path, page.ToString().TrimEnd() + "\n");
        Console.WriteLine($"{path} written.");
        return 0;
    }

    private static Action<int> Sampling(int chains, int dimensions, ManagedEngine engine)
    {
        Tensor precision = Tensor.FromArray([.. Enumerable.Range(0, dimensions).Select(i => 1 + (9f * i / dimensions))]);
        return Chain(UnadjustedLangevin.Create(GaussianTarget.Diagonal(Tensor.Zeros(new Shape(dimensions), DType.Float32), precision), new LangevinSettings(0.01)), chains, engine);
    }

    private static Action<int> Regression(int rows, ManagedEngine engine) =>
        Chain(UnadjustedLangevin.Create(new LogisticProblem(rows, 10, seed: 20261127).Target, new LangevinSettings(1e-6)), 4, engine);

    private static Action<int> Chain(Kernel<LangevinState> kernel, int chains, ManagedEngine engine)
    {
        RunState<LangevinState> state = RunState.Start(kernel, Tensor.Zeros(new Shape(chains, kernel.Dimension), kernel.DType), RandomKey.FromSeed(1));
        return count => state = ChainRunner.Run(kernel, state, new RunOptions(count, engine: engine), receive: null).Final;
    }

    private static Action<int> Training(int batch, int width, ManagedEngine engine)
    {
        DenseArchitecture dense = new([width, width]);
        LangevinAutoencoder model = new(
            new LangevinAutoencoderParts(
                8, dense, dense, new DiscretizedLogisticLikelihood(256), new DatapointLangevin(), new RegressionUpdate(), 2,
                new StepSizeAdaptation(0.01), new Adam(3e-4), new Adam(3e-2)),
            new DataDescription(784, 256, 1000));
        Workspace workspace = Workspace.Pooled(engine);
        float[] levels = new float[batch * 784];
        RowDraws.Uniform(RandomKey.FromSeed(1), 0, 0, batch, 784, levels);
        Tensor x = Tensor.FromSpan<float>(workspace, [.. levels.Select(u => (2 * MathF.Floor(u * 256) / 255) - 1)], new Shape(batch, 784));
        int mark = workspace.Mark();
        TrainingState state = model.Initialize(RandomKey.FromSeed(2)).Map(leaf => leaf.CopyTo(workspace));
        return count =>
        {
            for (int i = 0; i < count; i++)
            {
                state = model.Train(RandomKey.FromSeed(3).FoldIn((ulong)state.Step), x, state).State;
                workspace.Collect(mark, [.. state.Leaves]);
            }
        };
    }

    /// <summary>Seconds of a step at its best.</summary>
    private static double Time(Action<int> steps)
    {
        int count = 1;
        double seconds = Once(steps, count);
        while (seconds < LeastSeconds)
        {
            count = Math.Max(count + 1, (int)Math.Min(4L * count, 1.2 * LeastSeconds / Math.Max(seconds, 1e-9) * count));
            seconds = Once(steps, count);
        }

        return Enumerable.Range(0, Tries).Min(_ => Once(steps, count)) / count;
    }

    private static double Once(Action<int> steps, int count)
    {
        long began = Stopwatch.GetTimestamp();
        steps(count);
        return Stopwatch.GetElapsedTime(began).TotalSeconds;
    }

    private sealed record Study(string Name, string Title, string Unit, int[] Sizes, Func<int, ManagedEngine, Action<int>> Step);
}
