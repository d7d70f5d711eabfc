namespace Lae.Diagnostics;

/// <summary>
/// Mean and covariance of vectors that come one by one and are not kept, as an immutable value:
/// <code>
///     n' = n + 1,  δ = x − m,  m' = m + δ/n',  C' = C + δ (x − m')ᵀ
/// </code>
/// Source: Welford, Technometrics 4 (1962); merging of two parts: Chan, Golub and LeVeque (1979).
/// </summary>
public sealed class StreamingMoments
{
    private readonly double[] mean;
    private readonly double[] scatter;

    private StreamingMoments(long count, double[] mean, double[] scatter)
    {
        Count = count;
        this.mean = mean;
        this.scatter = scatter;
    }

    /// <summary>Vectors so far.</summary>
    public long Count { get; }

    /// <summary>Numbers in a vector.</summary>
    public int Dimension => mean.Length;

    /// <summary>The mean, [dimension].</summary>
    public ReadOnlySpan<double> Mean => mean;

    /// <summary>No vectors yet.</summary>
    /// <param name="dimension">1 or more.</param>
    /// <returns>Empty moments.</returns>
    public static StreamingMoments Empty(int dimension)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(dimension, 1);
        return new StreamingMoments(0, new double[dimension], new double[dimension * dimension]);
    }

    /// <summary>The moments with one more vector.</summary>
    /// <param name="x">[dimension].</param>
    /// <returns>New moments.</returns>
    public StreamingMoments Add(ReadOnlySpan<double> x)
    {
        RequireDimension(x.Length, nameof(x));
        double[] newMean = (double[])mean.Clone();
        double[] newScatter = (double[])scatter.Clone();
        for (int i = 0; i < mean.Length; i++)
        {
            newMean[i] += (x[i] - mean[i]) / (Count + 1);
        }

        for (int i = 0; i < mean.Length; i++)
        {
            for (int j = 0; j < mean.Length; j++)
            {
                newScatter[(i * mean.Length) + j] += (x[i] - mean[i]) * (x[j] - newMean[j]);
            }
        }

        return new StreamingMoments(Count + 1, newMean, newScatter);
    }

    /// <summary>The moments of the vectors of two parts.</summary>
    /// <param name="other">Moments of the same dimension.</param>
    /// <returns>New moments.</returns>
    public StreamingMoments Merge(StreamingMoments other)
    {
        RequireDimension(other.Dimension, nameof(other));
        if (Count == 0 || other.Count == 0)
        {
            return Count == 0 ? other : this;
        }

        long total = Count + other.Count;
        double[] newMean = new double[mean.Length];
        double[] newScatter = new double[scatter.Length];
        double weight = (double)Count * other.Count / total;
        for (int i = 0; i < mean.Length; i++)
        {
            newMean[i] = ((Count * mean[i]) + (other.Count * other.mean[i])) / total;
            for (int j = 0; j < mean.Length; j++)
            {
                int at = (i * mean.Length) + j;
                newScatter[at] = scatter[at] + other.scatter[at] + (weight * (mean[i] - other.mean[i]) * (mean[j] - other.mean[j]));
            }
        }

        return new StreamingMoments(total, newMean, newScatter);
    }

    /// <summary>The covariance with divisor count − 1, [dimension, dimension] row by row.</summary>
    /// <returns>A new array; NaN for fewer than two vectors.</returns>
    public double[] Covariance() => Array.ConvertAll(scatter, value => Count > 1 ? value / (Count - 1) : double.NaN);

    private void RequireDimension(int dimension, string name)
    {
        if (dimension != mean.Length)
        {
            throw new ArgumentException($"Vectors of {mean.Length} numbers are counted here, not of {dimension}.", name);
        }
    }
}
