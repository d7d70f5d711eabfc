using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Lae.Numerics;
using Lae.Targets;

namespace Lae.Composition;

/// <summary>Options of a Gaussian. One number in place of d stands for d equal ones; d numbers in place of a matrix are its diagonal.</summary>
[Description("N(Mean, Covariance), or by Precision; one number in place of d stands for d equal ones, d numbers in place of a matrix for its diagonal")]
public sealed record GaussianTargetOptions
{
    private const int MostDimensions = 100_000;

    /// <summary>d, 0 to 100,000; 0 takes the length of the mean. Default 0.</summary>
    [Description("dimension d; 0 takes the length of the mean")]
    [Range(0, MostDimensions)]
    public int Dimension { get; init; }

    /// <summary>m, d numbers or one. Default 0.</summary>
    [Description("the mean, d numbers or one")]
    [MinLength(1)]
    public double[] Mean { get; init; } = [0];

    /// <summary>The covariance: d × d numbers row by row, its diagonal, or one number; null where the precision is given.</summary>
    [Description("the covariance: d x d numbers row by row, its diagonal, or one number; without it and the precision, the identity")]
    public double[]? Covariance { get; init; }

    /// <summary>The precision, in the same forms; null where the covariance is given.</summary>
    [Description("the precision in place of the covariance, in the same forms")]
    public double[]? Precision { get; init; }

    /// <summary>The target that these options stand for.</summary>
    /// <returns>A float64 target.</returns>
    /// <exception cref="ArgumentException">Lengths do not fit, both matrices are given, or one is not symmetric.</exception>
    /// <exception cref="ArithmeticException">The matrix is not positive definite.</exception>
    public Target ToTarget()
    {
        int d = Dimension == 0 ? Mean.Length : Dimension;
        if (Covariance is not null && Precision is not null)
        {
            throw new ArgumentException("Give Covariance or Precision, not both.");
        }

        Tensor mean = Tensor.FromArray(OptionArrays.Filled(Mean, d, nameof(Mean)));
        double[] matrix = Covariance ?? Precision ?? [1];
        string name = Covariance is null ? nameof(Precision) : nameof(Covariance);
        if (Dimension == 0 && d == 1 && matrix.Length > 1)
        {
            throw new ArgumentException($"The dimension is not given: a {name} of {matrix.Length} numbers needs Dimension, or a Mean of d numbers.");
        }

        if (d > 1 && matrix.Length == (long)d * d)
        {
            Tensor dense = Tensor.FromArray([.. matrix], d, d);
            return GaussianTarget.Dense(mean, Covariance is null ? dense : Inverse(dense, d));
        }

        double[] diagonal = OptionArrays.Filled(matrix, d, name, $", or {(long)d * d} for the whole matrix");
        double wrong = Array.Find(diagonal, value => !(value > 0));
        return wrong == 0 && diagonal.All(value => value > 0)
            ? GaussianTarget.Diagonal(mean, Tensor.FromArray(Covariance is null ? diagonal : [.. diagonal.Select(value => 1 / value)]))
            : throw new ArgumentException(FormattableString.Invariant($"{name} must be positive, and has {wrong} on its diagonal."));
    }

    /// <summary>A⁻¹ = L⁻ᵀ L⁻¹, exactly symmetric.</summary>
    private static Tensor Inverse(Tensor covariance, int d)
    {
        SymmetricMatrix.Require(covariance, nameof(Covariance));
        Tensor inverseRoot = covariance.Cholesky().TriangularSolve(Tensor.Identity(d, DType.Float64));
        return inverseRoot.MatMul(inverseRoot, transposeA: true);
    }
}

/// <summary>Options of a standard normal target.</summary>
[Description("N(0, I)")]
public sealed record StandardNormalOptions
{
    /// <summary>d, 1 to 1,000,000. Default 2.</summary>
    [Description("dimension d")]
    [Range(1, 1_000_000)]
    public int Dimension { get; init; } = 2;
}
