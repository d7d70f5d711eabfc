using Lae.Numerics.Engines;
using Lae.Numerics.Engines.Reference;

namespace Lae.Tests.Kernels.Mutants;

/// <summary>An engine that sums a matrix product in as many parts as it has threads: its bits depend on their number, which no engine's may.</summary>
internal sealed class UnevenEngine(int threads) : IEngine
{
    public string Name => "Uneven";

    public int Threads => threads;

    public IPrimitives<float> Float32 { get; } = new ReferenceEngine().Float32;

    public IPrimitives<double> Float64 { get; } = new Primitives(new ReferenceEngine().Float64, threads);

    private sealed class Primitives(IPrimitives<double> inner, int threads) : IPrimitives<double>
    {
        public void MatrixProduct(MatrixProductPlan plan, ReadOnlySpan<double> a, ReadOnlySpan<double> b, Span<double> c)
        {
            if (plan.TransposeA || plan.TransposeB || plan.Accumulate)
            {
                inner.MatrixProduct(plan, a, b, c);
                return;
            }

            for (int i = 0; i < plan.M * plan.N; i++)
            {
                double sum = 0;
                for (int part = 0; part < threads; part++)
                {
                    double partial = 0;
                    for (int k = part; k < plan.K; k += threads)
                    {
                        partial += a[(i / plan.N * plan.K) + k] * b[(k * plan.N) + (i % plan.N)];
                    }

                    sum += partial;
                }

                c[i] = sum;
            }
        }

        public void Unary(UnaryOperation operation, ReadOnlySpan<double> x, Span<double> y) => inner.Unary(operation, x, y);

        public void Binary(BinaryOperation operation, BroadcastPlan plan, ReadOnlySpan<double> a, ReadOnlySpan<double> b, Span<double> y) =>
            inner.Binary(operation, plan, a, b, y);

        public void Choose(OperandLayout layout, int rows, int columns, ReadOnlySpan<double> condition, ReadOnlySpan<double> a, ReadOnlySpan<double> b, Span<double> y) =>
            inner.Choose(layout, rows, columns, condition, a, b, y);

        public void ScaleShift(double scale, double shift, ReadOnlySpan<double> x, Span<double> y) => inner.ScaleShift(scale, shift, x, y);

        public void ScaleAdd(double scale, ReadOnlySpan<double> x, ReadOnlySpan<double> z, Span<double> y) => inner.ScaleAdd(scale, x, z, y);

        public void CopyStrided(StridedCopyPlan plan, ReadOnlySpan<double> source, Span<double> destination) => inner.CopyStrided(plan, source, destination);

        public void GatherRows(int columns, ReadOnlySpan<int> indices, ReadOnlySpan<double> x, Span<double> y) => inner.GatherRows(columns, indices, x, y);

        public void ScatterAddRows(int columns, ReadOnlySpan<int> indices, ReadOnlySpan<double> x, Span<double> y) => inner.ScatterAddRows(columns, indices, x, y);

        public void Reduce(Reduction reduction, int outer, int length, int innerLength, ReadOnlySpan<double> x, Span<double> y) =>
            inner.Reduce(reduction, outer, length, innerLength, x, y);

        public void DotRows(int rows, int columns, ReadOnlySpan<double> a, ReadOnlySpan<double> b, Span<double> y) => inner.DotRows(rows, columns, a, b, y);

        public void Convolve(ConvolutionPlan plan, ReadOnlySpan<double> x, ReadOnlySpan<double> kernel, Span<double> y) => inner.Convolve(plan, x, kernel, y);

        public void ConvolveInputGradient(ConvolutionPlan plan, ReadOnlySpan<double> gradient, ReadOnlySpan<double> kernel, Span<double> x) =>
            inner.ConvolveInputGradient(plan, gradient, kernel, x);

        public void ConvolveKernelGradient(ConvolutionPlan plan, ReadOnlySpan<double> x, ReadOnlySpan<double> gradient, Span<double> kernel) =>
            inner.ConvolveKernelGradient(plan, x, gradient, kernel);

        public void LayerNormalize(int rows, int columns, double epsilon, ReadOnlySpan<double> x, Span<double> y, Span<double> inverseDeviation) =>
            inner.LayerNormalize(rows, columns, epsilon, x, y, inverseDeviation);

        public void LayerNormalizeGradient(
            int rows, int columns, ReadOnlySpan<double> y, ReadOnlySpan<double> inverseDeviation, ReadOnlySpan<double> gradient, Span<double> x) =>
            inner.LayerNormalizeGradient(rows, columns, y, inverseDeviation, gradient, x);

        public int Cholesky(int size, ReadOnlySpan<double> a, Span<double> l) => inner.Cholesky(size, a, l);

        public void TriangularSolve(int size, int columns, bool transpose, ReadOnlySpan<double> l, ReadOnlySpan<double> b, Span<double> x) =>
            inner.TriangularSolve(size, columns, transpose, l, b, x);

        public void SymmetricEigen(int size, ReadOnlySpan<double> a, Span<double> values, Span<double> vectors) => inner.SymmetricEigen(size, a, values, vectors);

        public bool AllFinite(ReadOnlySpan<double> x) => inner.AllFinite(x);

        public void DiscretizedLogistic(
            double inverseScale, double halfBin, double low, double high, ReadOnlySpan<double> x, ReadOnlySpan<double> mean,
            Span<double> logProbability, Span<double> meanGradient, Span<double> inverseScaleGradient) =>
            inner.DiscretizedLogistic(inverseScale, halfBin, low, high, x, mean, logProbability, meanGradient, inverseScaleGradient);
    }
}
