using System.Runtime.InteropServices;
using Lae.Numerics.Engines;
using Lae.Numerics.Engines.Managed;

namespace Lae.Benchmarks.SideBySide;

/// <summary>Matrix products in float32 on one thread: by Lae's engine, and by OpenBLAS through its C interface.</summary>
internal static partial class ProductWorks
{
    private const int RowMajor = 101;
    private const int AsIs = 111;
    private const int Transposed = 112;

    /// <summary>The shapes that count, by name.</summary>
    public static IReadOnlyDictionary<string, ProductShape> Shapes { get; } = new Dictionary<string, ProductShape>(StringComparer.Ordinal)
    {
        ["product-1024"] = new(new MatrixProductPlan(1024, 1024, 1024, false, false, false)),
        ["product-first"] = new(new MatrixProductPlan(100, 1024, 784, false, true, false)),
        ["product-first-back"] = new(new MatrixProductPlan(100, 784, 1024, false, false, false)),
        ["product-first-weight"] = new(new MatrixProductPlan(1024, 784, 100, true, false, false)),
        ["product-hidden"] = new(new MatrixProductPlan(100, 1024, 1024, false, true, false)),
        ["product-hidden-back"] = new(new MatrixProductPlan(100, 1024, 1024, false, false, false)),
        ["product-hidden-weight"] = new(new MatrixProductPlan(1024, 1024, 100, true, false, false)),
    };

    public static Workload? Lae(string name)
    {
        if (!Shapes.TryGetValue(name, out ProductShape? shape))
        {
            return null;
        }

        ManagedEngine engine = new(1);
        return Of("Lae", shape, (a, b, c) => engine.Float32.MatrixProduct(shape.Plan, a, b, c));
    }

    /// <summary>Null where the library is not there.</summary>
    public static Workload? OpenBlas(string name)
    {
        if (!Shapes.TryGetValue(name, out ProductShape? shape) || !NativeLibrary.TryLoad("libopenblas.so.0", out _))
        {
            return null;
        }

        MatrixProductPlan plan = shape.Plan;
        int leadingA = plan.TransposeA ? plan.M : plan.K;
        int leadingB = plan.TransposeB ? plan.K : plan.N;
        return Of($"OpenBLAS ({Marshal.PtrToStringAnsi(Configuration())})", shape, (a, b, c) =>
            Sgemm(RowMajor, plan.TransposeA ? Transposed : AsIs, plan.TransposeB ? Transposed : AsIs, plan.M, plan.N, plan.K, 1, a, leadingA, b, leadingB, 0, c, plan.N));
    }

    private static Workload Of(string version, ProductShape shape, Action<float[], float[], float[]> multiply)
    {
        MatrixProductPlan plan = shape.Plan;
        (float[] a, float[] b, float[] c) = (ProductShape.Matrix(plan.M * plan.K), ProductShape.Matrix(plan.K * plan.N), new float[plan.M * plan.N]);
        return new Workload(
            version,
            units =>
            {
                for (int i = 0; i < units; i++)
                {
                    multiply(a, b, c);
                }
            },
            () => new Dictionary<string, double> { ["sum"] = c.Sum(value => (double)value), ["squares"] = c.Sum(value => (double)value * value) });
    }

    [LibraryImport("libopenblas.so.0", EntryPoint = "cblas_sgemm")]
    private static partial void Sgemm(int order, int transposeA, int transposeB, int m, int n, int k, float alpha, float[] a, int leadingA, float[] b, int leadingB, float beta, float[] c, int leadingC);

    [LibraryImport("libopenblas.so.0", EntryPoint = "openblas_get_config")]
    private static partial IntPtr Configuration();
}
