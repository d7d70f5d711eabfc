using Lae.Numerics;
using Lae.Targets;

namespace Lae.Kernels;

/// <summary>
/// A constant mass matrix M = R Rᵀ of Hamiltonian and underdamped kernels, symmetric positive definite: identity, diagonal or dense. Momenta p are rows, p ~ N(0, T M), with
/// velocity M⁻¹ p and kinetic energy pᵀ M⁻¹ p / 2. The best mass is the inverse of the target's covariance (<see cref="FromCovariance"/>).
/// </summary>
public sealed class MassMatrix
{
    private readonly Tensor? inverse;
    private readonly Tensor? root;

    private MassMatrix(Tensor? inverse, Tensor? root)
    {
        this.inverse = inverse;
        this.root = root;
    }

    /// <summary>M = I.</summary>
    public static MassMatrix Identity { get; } = new(null, null);

    /// <summary>Whether M = I.</summary>
    public bool IsIdentity => inverse is null;

    /// <summary>Rows and columns of M; null for the identity, which fits any.</summary>
    public int? Dimension => inverse?.Shape[0];

    /// <summary>M with a given diagonal, and zeros beside it.</summary>
    /// <param name="diagonal">[dimension], positive and finite.</param>
    /// <returns>A mass matrix.</returns>
    public static MassMatrix Diagonal(Tensor diagonal)
    {
        if (diagonal.Rank != 1)
        {
            throw new ArgumentException($"A diagonal has one axis, not shape {diagonal.Shape}.", nameof(diagonal));
        }

        foreach (double value in diagonal.ToArray())
        {
            if (!(value > 0) || !double.IsFinite(value))
            {
                throw new ArgumentOutOfRangeException(nameof(diagonal), value, "A mass must be positive and finite.");
            }
        }

        return new MassMatrix(diagonal.Detach().Reciprocal(), diagonal.Detach().Sqrt());
    }

    /// <summary>A dense M.</summary>
    /// <param name="matrix">[dimension, dimension], symmetric positive definite.</param>
    /// <returns>A mass matrix.</returns>
    /// <exception cref="ArgumentException">The matrix is not square, or not symmetric up to rounding.</exception>
    /// <exception cref="ArithmeticException">The matrix is not positive definite.</exception>
    public static MassMatrix Dense(Tensor matrix)
    {
        SymmetricMatrix.Require(matrix, nameof(matrix));
        Tensor root = matrix.Detach().Cholesky();
        return new MassMatrix(Inverse(root), root);
    }

    /// <summary>The mass matrix C⁻¹ of a target whose covariance is C, estimated in a warm-up or known.</summary>
    /// <param name="covariance">C: its diagonal [dimension], or all of it [dimension, dimension], symmetric positive definite.</param>
    /// <returns>A mass matrix.</returns>
    /// <exception cref="ArithmeticException">The covariance is not positive definite.</exception>
    public static MassMatrix FromCovariance(Tensor covariance)
    {
        if (covariance.Rank == 1)
        {
            return Diagonal(covariance.Reciprocal());
        }

        SymmetricMatrix.Require(covariance, nameof(covariance));
        Tensor mass = Inverse(covariance.Detach().Cholesky());
        return new MassMatrix(covariance.Detach(), mass.Cholesky());
    }

    /// <summary>M⁻¹ p of every row.</summary>
    /// <param name="momentum">p, [chains, dimension].</param>
    /// <returns>[chains, dimension].</returns>
    public Tensor Velocity(Tensor momentum) => inverse is null ? momentum : inverse.Rank == 1 ? momentum * inverse : momentum.MatMul(inverse);

    /// <summary>R ξ of every row, a momentum of law N(0, M) where ξ is standard normal.</summary>
    /// <param name="xi">ξ, [chains, dimension].</param>
    /// <returns>[chains, dimension].</returns>
    public Tensor ApplyRoot(Tensor xi) => root is null ? xi : root.Rank == 1 ? xi * root : xi.MatMul(root, transposeB: true);

    /// <summary>pᵀ M⁻¹ p / 2 of every row.</summary>
    /// <param name="momentum">p, [chains, dimension].</param>
    /// <returns>[chains].</returns>
    public Tensor KineticEnergy(Tensor momentum) => KineticEnergy(momentum, Velocity(momentum));

    /// <summary>The same where M⁻¹ p is known.</summary>
    internal static Tensor KineticEnergy(Tensor momentum, Tensor velocity) => Reductions.DotRows(momentum, velocity) * 0.5;

    /// <summary>Throws unless M can be applied to momenta of a target.</summary>
    /// <param name="target">The target.</param>
    /// <exception cref="ArgumentException">Dimension or number type do not match.</exception>
    internal void RequireFits(Target target)
    {
        if (inverse is not null && (inverse.Shape[0] != target.Dimension || inverse.DType != target.DType))
        {
            throw new ArgumentException(
                $"A mass matrix of {inverse.DType}[{inverse.Shape[0]}] does not fit target '{target.Name}' of {target.DType}[{target.Dimension}].", nameof(target));
        }
    }

    /// <summary>(R Rᵀ)⁻¹, exactly symmetric: a product of a matrix with its transpose has one order of sums for both halves.</summary>
    private static Tensor Inverse(Tensor root)
    {
        Tensor inverseRoot = root.TriangularSolve(Tensor.Identity(root.Shape[0], root.DType));
        return inverseRoot.MatMul(inverseRoot, transposeA: true);
    }
}
