using System.Diagnostics;
using System.Globalization;
using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Lae.Numerics.Engines;
using Lae.Numerics.Engines.Managed;

namespace Lae.Benchmarks;

/// <summary>The matrix product in float32 on one thread: a square one, and those of the autoencoder's layers with either side transposed.</summary>
[Config(typeof(Figures))]
public class MatrixProductBenchmarks
{
    private readonly ManagedEngine engine = new(1);
    private float[] a = [];
    private float[] b = [];
    private float[] c = [];

    /// <summary>The products that are measured.</summary>
    public static IEnumerable<ProductShape> Shapes => ProductShape.All;

    /// <summary>The product of this run.</summary>
    [ParamsSource(nameof(Shapes))]
    public ProductShape Shape { get; set; } = ProductShape.All[0];

    [GlobalSetup]
    public void Fill()
    {
        MatrixProductPlan plan = Shape.Plan;
        (a, b, c) = (ProductShape.Matrix(plan.M * plan.K), ProductShape.Matrix(plan.K * plan.N), new float[plan.M * plan.N]);
    }

    [Benchmark]
    public void MatrixProduct() => engine.Float32.MatrixProduct(Shape.Plan, a, b, c);

    private sealed class Figures : ManualConfig
    {
        public Figures()
        {
            // In process: the generated project would have to be restored.
            AddJob(Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance));
            AddColumn(new Rate());
        }
    }

    private sealed class Rate : IColumn
    {
        public string Id => nameof(Rate);

        public string ColumnName => "GFLOP/s";

        public bool AlwaysShow => true;

        public ColumnCategory Category => ColumnCategory.Custom;

        public int PriorityInCategory => 0;

        public bool IsNumeric => true;

        public UnitType UnitType => UnitType.Dimensionless;

        public string Legend => "Billions of additions and multiplications a second, at the mean time";

        public bool IsAvailable(Summary summary) => true;

        public bool IsDefault(Summary summary, BenchmarkCase benchmarkCase) => false;

        public string GetValue(Summary summary, BenchmarkCase benchmarkCase) => GetValue(summary, benchmarkCase, summary.Style);

        public string GetValue(Summary summary, BenchmarkCase benchmarkCase, SummaryStyle style) =>
            benchmarkCase.Parameters["Shape"] is ProductShape shape && summary[benchmarkCase]?.ResultStatistics is { } statistics
                ? (shape.Operations / statistics.Mean).ToString("F1", CultureInfo.InvariantCulture)
                : "-";
    }
}

/// <summary>A product with the name under which a table shows it.</summary>
public sealed record ProductShape(MatrixProductPlan Plan)
{
    /// <summary>The shapes that count.</summary>
    public static IReadOnlyList<ProductShape> All { get; } =
    [
        new(new MatrixProductPlan(1024, 1024, 1024, false, false, false)),
        new(new MatrixProductPlan(1024, 1024, 1024, false, true, false)),
        new(new MatrixProductPlan(1024, 1024, 1024, true, false, false)),
        new(new MatrixProductPlan(100, 1024, 784, false, false, false)),
        new(new MatrixProductPlan(100, 1024, 784, false, true, false)),
        new(new MatrixProductPlan(100, 1024, 1024, false, false, false)),
        new(new MatrixProductPlan(100, 1024, 1024, false, true, false)),
        new(new MatrixProductPlan(1024, 1024, 100, true, false, false)),
        new(new MatrixProductPlan(1024, 784, 100, true, false, false)),
        new(new MatrixProductPlan(1000, 100, 100, false, false, false)),
        new(new MatrixProductPlan(100, 1024, 8, false, false, false)),
        new(new MatrixProductPlan(1000, 1, 100, false, false, false)),
        new(new MatrixProductPlan(1000, 2, 100, false, false, false)),
        new(new MatrixProductPlan(1, 1024, 784, false, false, false)),
        new(new MatrixProductPlan(1, 1024, 784, false, true, false)),
        new(new MatrixProductPlan(20, 20, 20, false, false, false)),
        new(new MatrixProductPlan(3, 2, 5, false, false, false)),
    ];

    /// <summary>Additions and multiplications.</summary>
    public double Operations => 2.0 * Plan.M * Plan.N * Plan.K;

    /// <inheritdoc/>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Plan.M}x{Plan.K}{(Plan.TransposeA ? "T" : "")} {Plan.K}x{Plan.N}{(Plan.TransposeB ? "T" : "")}");

    /// <summary>Numbers of both signs, none of them denormal.</summary>
    public static float[] Matrix(int count)
    {
        float[] values = new float[count];
        for (int i = 0; i < count; i++)
        {
            values[i] = ((i * 7919 % 1009) - 504) / 512f;
        }

        return values;
    }
}

/// <summary>The same figures in a few seconds, best of several, for work on the kernel.</summary>
internal static class MatrixProductFigures
{
    public static void Print()
    {
        ManagedEngine engine = new(1);
        foreach (ProductShape shape in ProductShape.All)
        {
            MatrixProductPlan plan = shape.Plan;
            float[] a = ProductShape.Matrix(plan.M * plan.K);
            float[] b = ProductShape.Matrix(plan.K * plan.N);
            float[] c = new float[plan.M * plan.N];
            int repeats = (int)Math.Clamp(4e8 / shape.Operations, 1, 20000);
            double best = double.PositiveInfinity;
            for (int round = 0; round < 12; round++)
            {
                long start = Stopwatch.GetTimestamp();
                for (int i = 0; i < repeats; i++)
                {
                    engine.Float32.MatrixProduct(plan, a, b, c);
                }

                best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalMicroseconds / repeats);
            }

            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{shape,-28} {best,12:F2} us {shape.Operations / best / 1e3,8:F1} GFLOP/s"));
        }
    }
}
