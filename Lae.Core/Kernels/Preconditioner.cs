using Lae.Numerics;
using Lae.Targets;

namespace Lae.Kernels;

/// <summary>
/// A constant preconditioner P = S Sᵀ of Langevin steps, symmetric positive definite: identity, diagonal or dense. Vectors are rows.
/// </summary>
public sealed class Preconditioner
{
    private readonly Tensor? matrix;
    private readonly Tensor? root;

    private Preconditioner(Tensor? matrix, Tensor? root)
    {
        this.matrix = matrix;
        this.root = root;
    }

    /// <summary>P = I.</summary>
    public static Preconditioner Identity { get; } = new(null, null);

    /// <summary>Whether P = I.</summary>
    public bool IsIdentity => matrix is null;

    /// <summary>Whether P, and its root, have nothing beside the diagonal because they were given so.</summary>
    internal bool IsDiagonal => matrix is null || matrix.Rank == 1;

    /// <summary>Rows and columns of P; null for the identity, which fits any.</summary>
    public int? Dimension => matrix?.Shape[0];

    /// <summary>P with a given diagonal, and zeros beside it.</summary>
    /// <param name="diagonal">[dimension], positive and finite.</param>
    /// <returns>A preconditioner.</returns>
    public static Preconditioner Diagonal(Tensor diagonal)
    {
        if (diagonal.Rank != 1)
        {
            throw new ArgumentException($"A diagonal has one axis, not shape {diagonal.Shape}.", nameof(diagonal));
        }

        foreach (double value in diagonal.ToArray())
        {
            if (!(value > 0) || !double.IsFinite(value))
            {
                throw new ArgumentOutOfRangeException(nameof(diagonal), value, "A preconditioner must be positive and finite.");
            }
        }

        return new Preconditioner(diagonal.Detach(), diagonal.Detach().Sqrt());
    }

    /// <summary>A dense P, with its Cholesky factor as root.</summary>
    /// <param name="matrix">[dimension, dimension], symmetric positive definite.</param>
    /// <returns>A preconditioner.</returns>
    /// <exception cref="ArgumentException">The matrix is not square, or not symmetric up to rounding.</exception>
    /// <exception cref="ArithmeticException">The matrix is not positive definite.</exception>
    public static Preconditioner Dense(Tensor matrix)
    {
        SymmetricMatrix.Require(matrix, nameof(matrix));
        return new Preconditioner(matrix.Detach(), matrix.Detach().Cholesky());
    }

    /// <summary>P applied to every row.</summary>
    /// <param name="vectors">[chains, dimension].</param>
    /// <returns>[chains, dimension].</returns>
    public Tensor Apply(Tensor vectors) => matrix is null ? vectors : matrix.Rank == 1 ? vectors * matrix : vectors.MatMul(matrix);

    /// <summary>S applied to every row, where P = S Sᵀ.</summary>
    /// <param name="vectors">[chains, dimension].</param>
    /// <returns>[chains, dimension].</returns>
    public Tensor ApplyRoot(Tensor vectors) => root is null ? vectors : root.Rank == 1 ? vectors * root : vectors.MatMul(root, transposeB: true);

    /// <summary>Sᵀ applied to every row: of a gradient ∇ log π(x) it makes the gradient in y, where x = S y.</summary>
    /// <param name="vectors">[chains, dimension].</param>
    /// <returns>[chains, dimension].</returns>
    public Tensor ApplyRootTransposed(Tensor vectors) => root is null ? vectors : root.Rank == 1 ? vectors * root : vectors.MatMul(root);

    /// <summary>vᵀ P v of every row.</summary>
    /// <param name="vectors">[chains, dimension].</param>
    /// <returns>[chains].</returns>
    public Tensor QuadraticForm(Tensor vectors) => Reductions.DotRows(vectors, Apply(vectors));

    /// <summary>Throws unless P can be applied to positions of a target: a diagonal of one number would broadcast to any dimension, and mean something else.</summary>
    /// <param name="target">The target.</param>
    /// <exception cref="ArgumentException">Dimension or number type do not match.</exception>
    internal void RequireFits(Target target)
    {
        if (matrix is not null && (matrix.Shape[0] != target.Dimension || matrix.DType != target.DType))
        {
            throw new ArgumentException(
                $"A preconditioner of {matrix.DType}[{matrix.Shape[0]}] does not fit target '{target.Name}' of {target.DType}[{target.Dimension}].", nameof(target));
        }
    }
}
