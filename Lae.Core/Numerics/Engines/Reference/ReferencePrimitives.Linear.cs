namespace Lae.Numerics.Engines.Reference;

/// <summary>Matrix products, convolutions, layer normalisation and factorisations.</summary>
internal sealed partial class ReferencePrimitives<T>
{
    public void MatrixProduct(MatrixProductPlan plan, ReadOnlySpan<T> a, ReadOnlySpan<T> b, Span<T> c)
    {
        for (int m = 0; m < plan.M; m++)
        {
            for (int n = 0; n < plan.N; n++)
            {
                T sum = plan.Accumulate ? c[(m * plan.N) + n] : T.Zero;
                for (int k = 0; k < plan.K; k++)
                {
                    T left = plan.TransposeA ? a[(k * plan.M) + m] : a[(m * plan.K) + k];
                    T right = plan.TransposeB ? b[(n * plan.K) + k] : b[(k * plan.N) + n];
                    sum = T.FusedMultiplyAdd(left, right, sum);
                }

                c[(m * plan.N) + n] = plan.AddAtEnd ? c[(m * plan.N) + n] + sum : sum;
            }
        }
    }

    public void Convolve(ConvolutionPlan plan, ReadOnlySpan<T> x, ReadOnlySpan<T> kernel, Span<T> y)
    {
        y.Clear();
        foreach ((int input, int weight, int output) in Taps(plan))
        {
            y[output] = T.FusedMultiplyAdd(x[input], kernel[weight], y[output]);
        }
    }

    public void ConvolveInputGradient(ConvolutionPlan plan, ReadOnlySpan<T> gradient, ReadOnlySpan<T> kernel, Span<T> x)
    {
        x.Clear();
        foreach ((int input, int weight, int output) in Taps(plan))
        {
            x[input] = T.FusedMultiplyAdd(gradient[output], kernel[weight], x[input]);
        }
    }

    public void ConvolveKernelGradient(ConvolutionPlan plan, ReadOnlySpan<T> x, ReadOnlySpan<T> gradient, Span<T> kernel)
    {
        kernel.Clear();
        foreach ((int input, int weight, int output) in Taps(plan))
        {
            kernel[weight] = T.FusedMultiplyAdd(x[input], gradient[output], kernel[weight]);
        }
    }

    public void LayerNormalize(int rows, int columns, T epsilon, ReadOnlySpan<T> x, Span<T> y, Span<T> inverseDeviation)
    {
        T count = T.CreateChecked(columns);
        for (int row = 0; row < rows; row++)
        {
            ReadOnlySpan<T> values = x.Slice(row * columns, columns);
            T sum = T.Zero;
            foreach (T value in values)
            {
                sum += value;
            }

            T mean = sum / count;
            T squares = T.Zero;
            foreach (T value in values)
            {
                squares += (value - mean) * (value - mean);
            }

            T scale = T.One / T.Sqrt((squares / count) + epsilon);
            inverseDeviation[row] = scale;
            for (int column = 0; column < columns; column++)
            {
                y[(row * columns) + column] = (values[column] - mean) * scale;
            }
        }
    }

    public void LayerNormalizeGradient(int rows, int columns, ReadOnlySpan<T> y, ReadOnlySpan<T> inverseDeviation, ReadOnlySpan<T> gradient, Span<T> x)
    {
        T count = T.CreateChecked(columns);
        for (int row = 0; row < rows; row++)
        {
            int start = row * columns;
            T mean = T.Zero;
            T along = T.Zero;
            for (int i = start; i < start + columns; i++)
            {
                mean += gradient[i];
                along += gradient[i] * y[i];
            }

            mean /= count;
            along /= count;
            for (int i = start; i < start + columns; i++)
            {
                x[i] = inverseDeviation[row] * (gradient[i] - mean - (y[i] * along));
            }
        }
    }

    public int Cholesky(int size, ReadOnlySpan<T> a, Span<T> l)
    {
        l.Clear();
        for (int row = 0; row < size; row++)
        {
            for (int column = 0; column <= row; column++)
            {
                T sum = a[(row * size) + column];
                for (int k = 0; k < column; k++)
                {
                    sum = T.FusedMultiplyAdd(-l[(row * size) + k], l[(column * size) + k], sum);
                }

                if (row != column)
                {
                    l[(row * size) + column] = sum / l[(column * size) + column];
                }
                else if (sum > T.Zero && T.IsFinite(sum))
                {
                    l[(row * size) + row] = T.Sqrt(sum);
                }
                else
                {
                    return row;
                }
            }
        }

        return -1;
    }

    public void TriangularSolve(int size, int columns, bool transpose, ReadOnlySpan<T> l, ReadOnlySpan<T> b, Span<T> x)
    {
        for (int step = 0; step < size; step++)
        {
            int row = transpose ? size - 1 - step : step;
            for (int column = 0; column < columns; column++)
            {
                T sum = b[(row * columns) + column];
                for (int done = 0; done < step; done++)
                {
                    int k = transpose ? size - 1 - done : done;
                    T factor = transpose ? l[(k * size) + row] : l[(row * size) + k];
                    sum = T.FusedMultiplyAdd(-factor, x[(k * columns) + column], sum);
                }

                x[(row * columns) + column] = sum / l[(row * size) + row];
            }
        }
    }

    /// <summary>Every (input, kernel, output) triple of flat positions that a convolution multiplies.</summary>
    private static IEnumerable<(int Input, int Weight, int Output)> Taps(ConvolutionPlan p)
    {
        for (int image = 0; image < p.Batch; image++)
        {
            for (int to = 0; to < p.OutputChannels; to++)
            {
                for (int row = 0; row < p.OutputHeight; row++)
                {
                    for (int column = 0; column < p.OutputWidth; column++)
                    {
                        int output = (((((image * p.OutputChannels) + to) * p.OutputHeight) + row) * p.OutputWidth) + column;
                        for (int from = 0; from < p.InputChannels; from++)
                        {
                            for (int i = 0; i < p.KernelHeight; i++)
                            {
                                for (int j = 0; j < p.KernelWidth; j++)
                                {
                                    int y = (row * p.Stride) + i - p.Padding;
                                    int x = (column * p.Stride) + j - p.Padding;
                                    if (y >= 0 && y < p.InputHeight && x >= 0 && x < p.InputWidth)
                                    {
                                        int input = (((((image * p.InputChannels) + from) * p.InputHeight) + y) * p.InputWidth) + x;
                                        int weight = (((((to * p.InputChannels) + from) * p.KernelHeight) + i) * p.KernelWidth) + j;
                                        yield return (input, weight, output);
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}
