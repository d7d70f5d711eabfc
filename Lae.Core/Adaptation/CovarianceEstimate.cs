using Lae.Numerics;

namespace Lae.Adaptation;

/// <summary>
/// Mean and covariance of the positions of all chains over the transitions of a window, as an immutable value; only the variances, or all of the matrix. Transitions are merged one after another by
/// <code>
///     n' = n + c,   δ = m_c − m,   m' = m + (c/n') δ,   S' = S + S_c + (n c/n') δ δᵀ
/// </code>
/// with c chains of mean m_c and scatter S_c (Chan, Golub and LeVeque, 1979), so that no digit is lost far from 0.
/// </summary>
public sealed class CovarianceEstimate
{
    private readonly Tensor? mean;
    private readonly Tensor? scatter;

    private CovarianceEstimate(bool isDense, long count, Tensor? mean, Tensor? scatter)
    {
        IsDense = isDense;
        Count = count;
        this.mean = mean;
        this.scatter = scatter;
    }

    /// <summary>Whether the whole matrix is estimated.</summary>
    public bool IsDense { get; }

    /// <summary>Positions so far.</summary>
    public long Count { get; }

    /// <summary>No positions yet.</summary>
    /// <param name="isDense">Whether the whole matrix is to be estimated, at the cost of the square of the dimension.</param>
    /// <returns>An empty estimate.</returns>
    public static CovarianceEstimate Empty(bool isDense) => new(isDense, 0, null, null);

    /// <summary>The estimate with the positions of one transition.</summary>
    /// <param name="position">[chains, dimension].</param>
    /// <returns>A new estimate, in memory that no workspace takes back.</returns>
    public CovarianceEstimate Add(Tensor position)
    {
        Tensor rows = position.Detach();
        int chains = rows.Shape[0];
        Tensor rowMean = rows.Mean(0);
        Tensor centred = rows - rowMean;
        return Merge(new CovarianceEstimate(IsDense, chains, rowMean, IsDense ? centred.MatMul(centred, transposeA: true) : centred.Square().Sum(0)));
    }

    /// <summary>The estimate of the positions of both.</summary>
    /// <param name="other">An estimate of the same kind.</param>
    /// <returns>A new estimate.</returns>
    /// <exception cref="ArgumentException">One is dense, the other not.</exception>
    public CovarianceEstimate Merge(CovarianceEstimate other)
    {
        if (other.IsDense != IsDense)
        {
            throw new ArgumentException("A dense estimate and one of variances cannot be merged.", nameof(other));
        }

        if (mean is null || scatter is null || other.mean is null || other.scatter is null)
        {
            return mean is null ? other : this;
        }

        long total = Count + other.Count;
        Tensor difference = other.mean - mean;
        Tensor between = IsDense ? difference.Reshape(-1, 1).MatMul(difference.Reshape(1, -1)) : difference.Square();
        return new CovarianceEstimate(
            IsDense, total, mean + (difference * ((double)other.Count / total)), scatter + other.scatter + (between * ((double)Count * other.Count / total)));
    }

    /// <summary>The covariance with divisor n, as it is.</summary>
    internal Tensor MeanScatter() => scatter is null ? throw new InvalidOperationException("A covariance needs positions.") : scatter / Count;

    /// <summary>
    /// The covariance with divisor n − 1, drawn towards a small multiple of the identity as Stan does: (n/(n + 5)) C + 10⁻³ (5/(n + 5)) I. Positive definite however few the positions.
    /// </summary>
    /// <returns>[dimension], the variances, or [dimension, dimension].</returns>
    /// <exception cref="InvalidOperationException">There are fewer than two positions.</exception>
    public Tensor Regularized()
    {
        if (scatter is null || Count < 2)
        {
            throw new InvalidOperationException($"A covariance needs two positions or more, not {Count}.");
        }

        double share = Count / (Count + 5.0);
        double floor = 1e-3 * 5 / (Count + 5.0);
        Tensor covariance = scatter * (share / (Count - 1));
        return IsDense ? covariance + (Tensor.Identity(covariance.Shape[0], covariance.DType) * floor) : covariance + floor;
    }

    /// <summary>
    /// The covariance with divisor n − 1, its diagonal raised by the share w = 10⁻³ min(1, (d/n)²) of itself: C + w diag C. Whatever the units of the coordinates, and however elongated the law where positions are many: Stan's multiple
    /// of the identity (<see cref="Regularized"/>) hides a coordinate, or a combination of some, whose variance is far below 10⁻³/n.
    /// </summary>
    /// <returns>[dimension], the variances, or [dimension, dimension].</returns>
    /// <exception cref="InvalidOperationException">There are fewer than two positions.</exception>
    public Tensor Raised()
    {
        if (scatter is null || Count < 2)
        {
            throw new InvalidOperationException($"A covariance needs two positions or more, not {Count}.");
        }

        int d = scatter.Shape[0];
        double share = 1e-3 * Math.Min(1, Math.Pow((double)d / Count, 2));
        Tensor covariance = scatter / (Count - 1);
        Tensor identity = Tensor.Identity(d, covariance.DType);
        double[] variances = (IsDense ? (covariance * identity).Sum(1) : covariance).ToArray();
        Tensor raise = Tensor.FromArray([.. variances.Select(variance => variance == 0 ? OfNone : share * variance)]).Cast(covariance.DType);
        return IsDense ? covariance + (identity * raise) : covariance + raise;
    }

    /// <summary>The variance of a coordinate that never moved, so that it can again.</summary>
    private const double OfNone = 1e-20;
}
