using Lae.Kernels;
using Lae.Numerics;

namespace Lae.Models;

/// <summary>
/// The curvature of every datapoint's posterior at one latent point, and what whitens it:
/// <code>
///     H_i = I + J_iᵀ D_i J_i,    J_i = ∂ decoder / ∂z at z_i,    D_i = diag(−∂² log p(x_i | output) / ∂output²) ≥ 0
///     H_i = C_i C_iᵀ,            W_i = C_i⁻¹:    w = W_i⁻ᵀ (z − z_i) has the covariance I where z has H_i⁻¹
/// </code>
/// the generalised Gauss–Newton matrix of −log p(z, x) for a prior of unit precision: exact for a linear decoder under a Gaussian likelihood, and positive definite always. Columns of J are differences of the decoder at distance 2⁻⁷, so it costs d_z decodings without a
/// gradient. Source: Schraudolph, Fast curvature matrix-vector products, Neural Computation 2002. Shapes: z [n, d_z], W [n, d_z, d_z].
/// </summary>
public static class GaussNewton
{
    /// <summary>A power of 2, so that no rounding is in the distance; small beside the prior's deviation 1, and large beside the rounding of float32.</summary>
    private const double Distance = 1.0 / 128;

    /// <summary>H at every row.</summary>
    /// <param name="z">[n, d_z].</param>
    /// <param name="decode">The decoder's output, from [m, d_z] to [m, columns], row by row.</param>
    /// <param name="curvature">D at the output [n, columns], not negative, in the same shape.</param>
    /// <returns>[n, d_z, d_z], float64, symmetric.</returns>
    public static Tensor Precision(Tensor z, Func<Tensor, Tensor> decode, Func<Tensor, Tensor> curvature)
    {
        (int n, int size) = (z.Shape[0], z.Shape[1]);
        Tensor output = decode(z);
        Tensor root = curvature(output).Sqrt().ScaleShift(1 / Distance, 0);
        Tensor steps = (Distance * Tensor.Identity(size, z.DType, z.Workspace)).Reshape(size, 1, size).BroadcastTo(new Shape(size, n, size)).Reshape(size * n, size);
        Tensor moved = decode(Shaping.Join(0, [.. Enumerable.Repeat(z, size)]) + steps);
        Tensor[] columns = [.. Enumerable.Range(0, size).Select(j => (moved.Slice(0, j * n, n) - output) * root)];
        double[] h = new double[n * size * size];
        for (int j = 0; j < size; j++)
        {
            for (int k = 0; k <= j; k++)
            {
                double[] products = Reductions.DotRows(columns[j], columns[k]).ToArray();
                for (int i = 0; i < n; i++)
                {
                    h[(((i * size) + j) * size) + k] = h[(((i * size) + k) * size) + j] = products[i] + (j == k ? 1 : 0);
                }
            }
        }

        return Tensor.FromSpan<double>(z.Workspace, h, new Shape(n, size, size));
    }

    /// <summary>W = C⁻¹ of every row, C the lower Cholesky factor of H.</summary>
    /// <param name="precision">H, [n, d_z, d_z], symmetric and positive definite.</param>
    /// <returns>[n, d_z, d_z], float64, lower triangular.</returns>
    /// <exception cref="NonFiniteStateException">A matrix is not finite.</exception>
    /// <exception cref="ArithmeticException">A matrix is not positive definite.</exception>
    public static Tensor Whitening(Tensor precision)
    {
        if (!precision.AllFinite())
        {
            throw new NonFiniteStateException("the curvature at a latent point", step: 0);
        }

        (int n, int size) = (precision.Shape[0], precision.Shape[1]);
        Tensor identity = Tensor.Identity(size, precision.DType, precision.Workspace);
        return Shaping.Join(0, [.. Enumerable.Range(0, n).Select(
            i => precision.Slice(0, i, 1).Reshape(size, size).Cholesky().TriangularSolve(identity).Reshape(1, size, size))]);
    }

    /// <summary>A matrix of each row times the row.</summary>
    /// <param name="matrices">[n, d_z, d_z].</param>
    /// <param name="rows">[n, d_z].</param>
    /// <returns>[n, d_z].</returns>
    public static Tensor Times(Tensor matrices, Tensor rows) => (matrices * rows.Reshape(rows.Shape[0], 1, rows.Shape[1]).BroadcastTo(matrices.Shape)).Sum(2);
}
