using Lae.Numerics;

namespace Lae.Adaptation;

/// <summary>
/// The covariance of the positions of a window, as an immutable value: variances, or all of the matrix, as the window itself decides. With the regularised C of the first half of the window, dense and diagonal, and the scatter S
/// of the second half about its own mean, the matrix is taken if
/// <code>
///     log det C + tr(C⁻¹ S)
/// </code>
/// (minus twice the Gaussian log likelihood of a position of the second half, less constants) is smaller for it than for its diagonal. Few positions for the dimension, or positions that hardly move, make a matrix that predicts badly; so
/// nothing need be assumed of how many of them are independent. Beyond 512 dimensions only variances are learned, since a matrix costs the square of the dimension in every step. What comes out is the covariance of the whole window, regularised.
/// </summary>
public sealed class WindowCovariance
{
    private const int MostDense = 512;
    private readonly CovarianceKind kind;
    private readonly int half;
    private readonly int transitions;
    private readonly CovarianceEstimate first;
    private readonly CovarianceEstimate second;

    private WindowCovariance(CovarianceKind kind, int half, int transitions, CovarianceEstimate first, CovarianceEstimate second)
    {
        this.kind = kind;
        this.half = half;
        this.transitions = transitions;
        this.first = first;
        this.second = second;
    }

    /// <summary>No positions yet.</summary>
    /// <param name="kind">What is to be learned.</param>
    /// <param name="dimension">Columns of a position.</param>
    /// <param name="transitions">How many will be added, 1 or more.</param>
    /// <returns>An empty estimate.</returns>
    public static WindowCovariance Empty(CovarianceKind kind, int dimension, int transitions)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(transitions, 1);
        bool isDense = kind == CovarianceKind.Dense || (kind == CovarianceKind.Auto && dimension is > 1 and <= MostDense);
        CovarianceEstimate none = CovarianceEstimate.Empty(isDense);
        return new WindowCovariance(kind, transitions / 2, 0, none, none);
    }

    /// <summary>The estimate with the positions of one transition more.</summary>
    /// <param name="position">[chains, dimension].</param>
    /// <returns>A new estimate, in memory that no workspace takes back.</returns>
    public WindowCovariance Add(Tensor position)
    {
        Tensor rows = position.Detach().Cast(DType.Float64);
        return transitions < half
            ? new WindowCovariance(kind, half, transitions + 1, first.Add(rows), second)
            : new WindowCovariance(kind, half, transitions + 1, first, second.Add(rows));
    }

    /// <summary>The regularised covariance (<see cref="CovarianceEstimate.Raised"/>).</summary>
    /// <returns>[dimension], the variances, or [dimension, dimension], in double precision.</returns>
    public Tensor Regularized()
    {
        CovarianceEstimate all = first.Count == 0 ? second : second.Count == 0 ? first : first.Merge(second);
        Tensor covariance = all.Raised();
        return kind == CovarianceKind.Auto && covariance.Rank == 2 && !DensePredictsBetter() ? Diagonal(covariance).Detach() : covariance;
    }

    private bool DensePredictsBetter()
    {
        if (first.Count < 2 || second.Count < 2)
        {
            return false;
        }

        Tensor scatter = second.MeanScatter();
        Tensor dense = first.Raised();
        Tensor variances = Diagonal(dense);
        double diagonal = (variances.Log() + (Diagonal(scatter) / variances)).Sum().ToDouble();
        try
        {
            Tensor root = dense.Cholesky();
            Tensor half = root.TriangularSolve(scatter);
            Tensor whitened = root.TriangularSolve(half.Transpose());
            return (2 * Diagonal(root).Log().Sum().ToDouble()) + Diagonal(whitened).Sum().ToDouble() < diagonal;
        }
        catch (ArithmeticException)
        {
            return false; // a matrix that is singular up to rounding scales nothing
        }
    }

    private static Tensor Diagonal(Tensor matrix) => (matrix * Tensor.Identity(matrix.Shape[0], matrix.DType)).Sum(1);
}
