using System.Numerics;
using Lae.Numerics;
using Lae.Numerics.Engines;

namespace Lae.Tests.Numerics;

/// <summary>The default engine with a count of what it was asked to do.</summary>
internal sealed class CountingEngine : IEngine
{
    private readonly Dictionary<string, int> calls = [];

    public CountingEngine()
    {
        IEngine inner = Workspace.Default.Engine;
        Float32 = new Primitives<float>(inner.Float32, calls);
        Float64 = new Primitives<double>(inner.Float64, calls);
    }

    public string Name => "Counting";

    public int Threads => 1;

    public IPrimitives<float> Float32 { get; }

    public IPrimitives<double> Float64 { get; }

    /// <summary>All calls so far.</summary>
    public int Total => calls.Values.Sum();

    /// <summary>Calls of a primitive, or of an elementwise operation or reduction by its own name.</summary>
    public int this[string name] => calls.GetValueOrDefault(name);

    public void Reset() => calls.Clear();

    private sealed class Primitives<T>(IPrimitives<T> inner, Dictionary<string, int> calls) : IPrimitives<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public void Unary(UnaryOperation operation, ReadOnlySpan<T> x, Span<T> y) => Count(operation.ToString()).Unary(operation, x, y);

        public void Binary(BinaryOperation operation, BroadcastPlan plan, ReadOnlySpan<T> a, ReadOnlySpan<T> b, Span<T> y) =>
            Count(operation.ToString()).Binary(operation, plan, a, b, y);

        public void Choose(OperandLayout layout, int rows, int columns, ReadOnlySpan<T> condition, ReadOnlySpan<T> a, ReadOnlySpan<T> b, Span<T> y) =>
            Count(nameof(Choose)).Choose(layout, rows, columns, condition, a, b, y);

        public void ScaleShift(T scale, T shift, ReadOnlySpan<T> x, Span<T> y) => Count(nameof(ScaleShift)).ScaleShift(scale, shift, x, y);

        public void ScaleAdd(T scale, ReadOnlySpan<T> x, ReadOnlySpan<T> z, Span<T> y) => Count(nameof(ScaleAdd)).ScaleAdd(scale, x, z, y);

        public void CopyStrided(StridedCopyPlan plan, ReadOnlySpan<T> source, Span<T> destination) =>
            Count(nameof(CopyStrided)).CopyStrided(plan, source, destination);

        public void GatherRows(int columns, ReadOnlySpan<int> indices, ReadOnlySpan<T> x, Span<T> y) =>
            Count(nameof(GatherRows)).GatherRows(columns, indices, x, y);

        public void ScatterAddRows(int columns, ReadOnlySpan<int> indices, ReadOnlySpan<T> x, Span<T> y) =>
            Count(nameof(ScatterAddRows)).ScatterAddRows(columns, indices, x, y);

        public void Reduce(Reduction reduction, int outer, int length, int inner, ReadOnlySpan<T> x, Span<T> y) =>
            Count(reduction.ToString()).Reduce(reduction, outer, length, inner, x, y);

        public void DotRows(int rows, int columns, ReadOnlySpan<T> a, ReadOnlySpan<T> b, Span<T> y) => Count(nameof(DotRows)).DotRows(rows, columns, a, b, y);

        public void MatrixProduct(MatrixProductPlan plan, ReadOnlySpan<T> a, ReadOnlySpan<T> b, Span<T> c) =>
            Count(nameof(MatrixProduct)).MatrixProduct(plan, a, b, c);

        public void Convolve(ConvolutionPlan plan, ReadOnlySpan<T> x, ReadOnlySpan<T> kernel, Span<T> y) =>
            Count(nameof(Convolve)).Convolve(plan, x, kernel, y);

        public void ConvolveInputGradient(ConvolutionPlan plan, ReadOnlySpan<T> gradient, ReadOnlySpan<T> kernel, Span<T> x) =>
            Count(nameof(ConvolveInputGradient)).ConvolveInputGradient(plan, gradient, kernel, x);

        public void ConvolveKernelGradient(ConvolutionPlan plan, ReadOnlySpan<T> x, ReadOnlySpan<T> gradient, Span<T> kernel) =>
            Count(nameof(ConvolveKernelGradient)).ConvolveKernelGradient(plan, x, gradient, kernel);

        public void LayerNormalize(int rows, int columns, T epsilon, ReadOnlySpan<T> x, Span<T> y, Span<T> inverseDeviation) =>
            Count(nameof(LayerNormalize)).LayerNormalize(rows, columns, epsilon, x, y, inverseDeviation);

        public void LayerNormalizeGradient(
            int rows, int columns, ReadOnlySpan<T> y, ReadOnlySpan<T> inverseDeviation, ReadOnlySpan<T> gradient, Span<T> x) =>
            Count(nameof(LayerNormalizeGradient)).LayerNormalizeGradient(rows, columns, y, inverseDeviation, gradient, x);

        public int Cholesky(int size, ReadOnlySpan<T> a, Span<T> l) => Count(nameof(Cholesky)).Cholesky(size, a, l);

        public void TriangularSolve(int size, int columns, bool transpose, ReadOnlySpan<T> l, ReadOnlySpan<T> b, Span<T> x) =>
            Count(nameof(TriangularSolve)).TriangularSolve(size, columns, transpose, l, b, x);

        public void SymmetricEigen(int size, ReadOnlySpan<T> a, Span<T> values, Span<T> vectors) =>
            Count(nameof(SymmetricEigen)).SymmetricEigen(size, a, values, vectors);

        public bool AllFinite(ReadOnlySpan<T> x) => Count(nameof(AllFinite)).AllFinite(x);

        public void DiscretizedLogistic(
            T inverseScale, T halfBin, T low, T high, ReadOnlySpan<T> x, ReadOnlySpan<T> mean,
            Span<T> logProbability, Span<T> meanGradient, Span<T> inverseScaleGradient)
        {
            Count(meanGradient.IsEmpty ? "no mean gradient" : "mean gradient");
            Count(inverseScaleGradient.IsEmpty ? "no inverse scale gradient" : "inverse scale gradient");
            inner.DiscretizedLogistic(inverseScale, halfBin, low, high, x, mean, logProbability, meanGradient, inverseScaleGradient);
        }

        public void LangevinProposal(T drift, T diffusion, ReadOnlySpan<T> x, ReadOnlySpan<T> gradient, ReadOnlySpan<T> noise, Span<T> y) =>
            Count(nameof(LangevinProposal)).LangevinProposal(drift, diffusion, x, gradient, noise, y);

        private IPrimitives<T> Count(string name)
        {
            calls[name] = calls.GetValueOrDefault(name) + 1;
            return inner;
        }
    }
}
