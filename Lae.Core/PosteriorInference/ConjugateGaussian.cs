using Lae.Models;
using Lae.Numerics;
using Lae.Randomness;
using Lae.Targets;

namespace Lae.PosteriorInference;

/// <summary>
/// The conjugate toy, in any dimension d:
/// <code>
///     z ~ N(0, I),   x | z ~ N(z, Σ);    z | x ~ N(S Σ⁻¹ x, S),   S = (I + Σ⁻¹)⁻¹
/// </code>
/// Source: the ICLR 2022 submission, section 5.1 (d = 2, Σ = [[0.7, 0.6], [0.6, 0.8]]). Shapes: x and z [n, d].
/// </summary>
public static class ConjugateGaussian
{
    /// <summary>Points drawn from the model.</summary>
    /// <param name="key">All randomness; point i does not depend on how many there are.</param>
    /// <param name="points">n, 1 or more.</param>
    /// <param name="covariance">Σ, [d, d].</param>
    /// <returns>x, [n, d].</returns>
    public static Tensor Simulate(RandomKey key, int points, Tensor covariance)
    {
        int d = covariance.Shape[0];
        return ExactTarget.Normals(key, points, d, DType.Float64) + ExactTarget.Normals(key, points, d, DType.Float64, stream: 1).MatMul(covariance.Cholesky(), transposeB: true);
    }

    /// <summary>The problem, with exact draws and moments.</summary>
    /// <param name="x">Observations, [n, d], float64.</param>
    /// <param name="covariance">Σ, [d, d], symmetric positive definite, float64.</param>
    /// <returns>A problem.</returns>
    /// <exception cref="ArgumentException">Shapes do not fit, or Σ is not symmetric.</exception>
    /// <exception cref="ArithmeticException">Σ is not positive definite.</exception>
    public static InferenceProblem Create(Tensor x, Tensor covariance)
    {
        SymmetricMatrix.Require(covariance, nameof(covariance));
        int d = covariance.Shape[0];
        if (x.Rank != 2 || x.Shape[1] != d || x.Count == 0)
        {
            throw new ArgumentException($"Observations [n, {d}] are needed, not {x.Shape}.", nameof(x));
        }

        int n = x.Shape[0];
        Tensor precision = Inverse(covariance);
        Tensor posterior = Inverse(Tensor.Identity(d, DType.Float64) + precision);
        Tensor means = x.MatMul(precision).MatMul(posterior);
        Tensor root = posterior.Cholesky();
        double[] diagonal = covariance.Cholesky().ToArray();
        double logConstant = -(0.5 * d * Math.Log(2 * Math.PI)) - Enumerable.Range(0, d).Sum(i => Math.Log(diagonal[(i * d) + i]));
        InferenceProblem problem = InferenceProblem.OfObservations("conjugate Gaussian", d, new ObservedModel(x, LogLikelihood), Draw, isReferenceExact: true);
        return problem with
        {
            Moments = new LawMoments(means.Detach(), Shaping.Join(0, [.. Enumerable.Repeat(posterior.Reshape(1, d, d), n)])),
            IsGaussian = true,
        };

        Tensor LogLikelihood(Tensor z, Tensor observed)
        {
            Tensor residual = observed - z;
            return residual.QuadraticForm(precision).ScaleShift(-0.5, logConstant);
        }

        Tensor Draw(LatentDensity density, RandomKey key, int draws) =>
            means + ExactTarget.Normals(key, draws * n, d, DType.Float64).MatMul(root, transposeB: true).Reshape(draws, n, d);
    }

    private static Tensor Inverse(Tensor matrix)
    {
        Tensor inverseRoot = matrix.Cholesky().TriangularSolve(Tensor.Identity(matrix.Shape[0], DType.Float64));
        return inverseRoot.MatMul(inverseRoot, transposeA: true);
    }
}
