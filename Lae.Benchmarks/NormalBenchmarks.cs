using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using Lae.Randomness;

namespace Lae.Benchmarks;

/// <summary>Standard normals and uniforms for 1,000 rows on one thread, in millions of draws per second.</summary>
[MemoryDiagnoser]
[Config(typeof(Rates))]
public class NormalBenchmarks
{
    private const int Rows = 1000;
    private readonly RandomKey key = RandomKey.FromSeed(1);
    private float[] singles = [];
    private double[] doubles = [];

    [Params(1, 2, 100)]
    public int Columns { get; set; }

    [GlobalSetup]
    public void Allocate()
    {
        singles = new float[Rows * Columns];
        doubles = new double[Rows * Columns];
    }

    [Benchmark(Baseline = true)]
    public void NormalSingle() => RowDraws.Normal(key, 0, 0, Rows, Columns, singles);

    [Benchmark]
    public void NormalDouble() => RowDraws.Normal(key, 0, 0, Rows, Columns, doubles);

    [Benchmark]
    public void UniformSingle() => RowDraws.Uniform(key, 0, 0, Rows, Columns, singles);

    [Benchmark]
    public void UniformDouble() => RowDraws.Uniform(key, 0, 0, Rows, Columns, doubles);

    private sealed class Rates : ManualConfig
    {
        public Rates() => AddColumn(new DrawRate());
    }

    private sealed class DrawRate : IColumn
    {
        public string Id => nameof(DrawRate);

        public string ColumnName => "M/s";

        public string Legend => "Millions of draws per second (from the mean)";

        public bool AlwaysShow => true;

        public ColumnCategory Category => ColumnCategory.Custom;

        public int PriorityInCategory => 0;

        public bool IsNumeric => true;

        public UnitType UnitType => UnitType.Dimensionless;

        public bool IsAvailable(Summary summary) => true;

        public bool IsDefault(Summary summary, BenchmarkCase benchmarkCase) => false;

        public string GetValue(Summary summary, BenchmarkCase benchmarkCase)
        {
            double? nanoseconds = summary[benchmarkCase]?.ResultStatistics?.Mean;
            int draws = Rows * (int)benchmarkCase.Parameters[nameof(Columns)];
            return nanoseconds is double mean ? $"{1000.0 * draws / mean:F0}" : "?";
        }

        public string GetValue(Summary summary, BenchmarkCase benchmarkCase, SummaryStyle style) => GetValue(summary, benchmarkCase);
    }
}
