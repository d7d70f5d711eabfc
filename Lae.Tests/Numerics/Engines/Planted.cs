using System.Numerics;
using Lae.Numerics.Engines;

namespace Lae.Tests.Numerics.Engines;

/// <summary>A deliberate error, by which a test shows that its property can fail.</summary>
internal enum Fault
{
    /// <summary>The lowest bit of the last element is turned.</summary>
    LastBit,

    /// <summary>The last element is off by a thousandth.</summary>
    LastElement,
}

/// <summary>Right primitives whose results are then spoiled.</summary>
internal sealed class Planted<T>(IPrimitives<T> inner, Fault fault) : IPrimitives<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public void Unary(UnaryOperation operation, ReadOnlySpan<T> x, Span<T> y)
    {
        inner.Unary(operation, x, y);
        Spoil(y);
    }

    public void Binary(BinaryOperation operation, BroadcastPlan plan, ReadOnlySpan<T> a, ReadOnlySpan<T> b, Span<T> y)
    {
        inner.Binary(operation, plan, a, b, y);
        Spoil(y);
    }

    public void Choose(OperandLayout layout, int rows, int columns, ReadOnlySpan<T> condition, ReadOnlySpan<T> a, ReadOnlySpan<T> b, Span<T> y)
    {
        inner.Choose(layout, rows, columns, condition, a, b, y);
        Spoil(y);
    }

    public void ScaleShift(T scale, T shift, ReadOnlySpan<T> x, Span<T> y)
    {
        inner.ScaleShift(scale, shift, x, y);
        Spoil(y);
    }

    public void ScaleAdd(T scale, ReadOnlySpan<T> x, ReadOnlySpan<T> z, Span<T> y)
    {
        inner.ScaleAdd(scale, x, z, y);
        Spoil(y);
    }

    public void CopyStrided(StridedCopyPlan plan, ReadOnlySpan<T> source, Span<T> destination)
    {
        inner.CopyStrided(plan, source, destination);
        Spoil(destination);
    }

    public void GatherRows(int columns, ReadOnlySpan<int> indices, ReadOnlySpan<T> x, Span<T> y)
    {
        inner.GatherRows(columns, indices, x, y);
        Spoil(y);
    }

    public void ScatterAddRows(int columns, ReadOnlySpan<int> indices, ReadOnlySpan<T> x, Span<T> y)
    {
        inner.ScatterAddRows(columns, indices, x, y);
        Spoil(y);
    }

    public void Reduce(Reduction reduction, int outer, int length, int span, ReadOnlySpan<T> x, Span<T> y)
    {
        inner.Reduce(reduction, outer, length, span, x, y);
        Spoil(y);
    }

    public void DotRows(int rows, int columns, ReadOnlySpan<T> a, ReadOnlySpan<T> b, Span<T> y)
    {
        inner.DotRows(rows, columns, a, b, y);
        Spoil(y);
    }

    public void MatrixProduct(MatrixProductPlan plan, ReadOnlySpan<T> a, ReadOnlySpan<T> b, Span<T> c)
    {
        inner.MatrixProduct(plan, a, b, c);
        Spoil(c);
    }

    public void Convolve(ConvolutionPlan plan, ReadOnlySpan<T> x, ReadOnlySpan<T> kernel, Span<T> y)
    {
        inner.Convolve(plan, x, kernel, y);
        Spoil(y);
    }

    public void ConvolveInputGradient(ConvolutionPlan plan, ReadOnlySpan<T> gradient, ReadOnlySpan<T> kernel, Span<T> x)
    {
        inner.ConvolveInputGradient(plan, gradient, kernel, x);
        Spoil(x);
    }

    public void ConvolveKernelGradient(ConvolutionPlan plan, ReadOnlySpan<T> x, ReadOnlySpan<T> gradient, Span<T> kernel)
    {
        inner.ConvolveKernelGradient(plan, x, gradient, kernel);
        Spoil(kernel);
    }

    public void LayerNormalize(int rows, int columns, T epsilon, ReadOnlySpan<T> x, Span<T> y, Span<T> inverseDeviation)
    {
        inner.LayerNormalize(rows, columns, epsilon, x, y, inverseDeviation);
        Spoil(y);
        Spoil(inverseDeviation);
    }

    public void LayerNormalizeGradient(int rows, int columns, ReadOnlySpan<T> y, ReadOnlySpan<T> inverseDeviation, ReadOnlySpan<T> gradient, Span<T> x)
    {
        inner.LayerNormalizeGradient(rows, columns, y, inverseDeviation, gradient, x);
        Spoil(x);
    }

    public int Cholesky(int size, ReadOnlySpan<T> a, Span<T> l)
    {
        int result = inner.Cholesky(size, a, l);
        Spoil(l);
        return result;
    }

    public void TriangularSolve(int size, int columns, bool transpose, ReadOnlySpan<T> l, ReadOnlySpan<T> b, Span<T> x)
    {
        inner.TriangularSolve(size, columns, transpose, l, b, x);
        Spoil(x);
    }

    public void SymmetricEigen(int size, ReadOnlySpan<T> a, Span<T> values, Span<T> vectors)
    {
        inner.SymmetricEigen(size, a, values, vectors);
        Spoil(values);
        Spoil(vectors);
    }

    public bool AllFinite(ReadOnlySpan<T> x)
    {
        return !inner.AllFinite(x);
    }

    public void DiscretizedLogistic(T inverseScale, T halfBin, T low, T high, ReadOnlySpan<T> x, ReadOnlySpan<T> mean, Span<T> logProbability, Span<T> meanGradient, Span<T> inverseScaleGradient)
    {
        inner.DiscretizedLogistic(inverseScale, halfBin, low, high, x, mean, logProbability, meanGradient, inverseScaleGradient);
        Spoil(logProbability);
        Spoil(meanGradient);
        Spoil(inverseScaleGradient);
    }

    public void LangevinProposal(T drift, T diffusion, ReadOnlySpan<T> x, ReadOnlySpan<T> gradient, ReadOnlySpan<T> noise, Span<T> y)
    {
        inner.LangevinProposal(drift, diffusion, x, gradient, noise, y);
        Spoil(y);
    }

    private void Spoil(Span<T> values)
    {
        if (!values.IsEmpty)
        {
            values[^1] = fault == Fault.LastBit ? T.BitIncrement(values[^1]) : values[^1] + T.CreateChecked(1e-3);
        }
    }
}
