using Lae.Numerics;
using Lae.Randomness;

namespace Lae.Models;

/// <summary>
/// A Sylvester flow layer with Householder reflections:
/// <code>
///     f(z) = z + Q R t,    t = tanh(R̃ Qᵀz + b),    Q = H_1 … H_h,   H_k = I − 2 v_k v_kᵀ/‖v_k‖²
///     log |det| = Σ_i log(1 + (1 − t_i²) r_ii r̃_ii)
/// </code>
/// R and R̃ are upper triangular; their diagonals are c tanh(·), c = 0.9995, so that r_ii r̃_ii &gt; −1 and f is invertible.
/// Source: van den Berg, Hasenclever, Tomczak and Welling, UAI 2018. Shapes: z [m, d]; condition [m, d² + (3 + h) d]: a square whose upper part is that of R and whose lower part is that of R̃ᵀ,
/// both diagonals, b, v_1 … v_h.
/// </summary>
/// <param name="latentSize">d.</param>
/// <param name="reflections">h.</param>
public sealed class SylvesterFlow(int latentSize, int reflections) : IFlow
{
    private const double InitialScale = 0.1;
    private const double DiagonalBound = 0.9995;

    /// <summary>Below this ‖v‖² is taken for it: v = 0 is no reflection, not a division by 0.</summary>
    private const double LeastSquare = 1e-30;

    private readonly int square = latentSize * latentSize;

    /// <inheritdoc/>
    public int ConditionSize => square + ((3 + reflections) * latentSize);

    /// <summary>The family of posteriors with K such layers.</summary>
    /// <param name="layers">K, in [1, 64].</param>
    /// <param name="reflections">h, Householder reflections of each layer, in [1, 64].</param>
    /// <param name="amortized">Whether the layers depend on the observation.</param>
    /// <returns>A family.</returns>
    public static IPosteriorFamily Family(int layers = 3, int reflections = 4, bool amortized = true)
    {
        if (reflections is < 1 or > 64)
        {
            throw new ArgumentOutOfRangeException(nameof(reflections), reflections, "Must be in [1, 64].");
        }

        return new FlowPosterior("Sylvester flow layer", layers, amortized, (latentSize, _) => new SylvesterFlow(latentSize, reflections));
    }

    /// <inheritdoc/>
    public Tensor InitialCondition(RandomKey key, DType dtype)
    {
        double[] normals = new double[ConditionSize];
        RowDraws.Normal(key, 0, 0, 1, normals.Length, normals);
        int vectors = square + (3 * latentSize);
        return Tensor.FromArray([.. normals.Select((value, index) => index < vectors ? InitialScale * value : value)], ConditionSize).Cast(dtype);
    }

    /// <inheritdoc/>
    public TensorTree Initialize(RandomKey key, DType dtype) => TensorTree.Empty;

    /// <inheritdoc/>
    public FlowResult Apply(TensorTree parameters, Tensor condition, Tensor z)
    {
        int m = z.Shape[0];
        Tensor both = condition.Slice(1, 0, square).Reshape(m, latentSize, latentSize);
        Tensor r = Diagonal(condition, 0);
        Tensor rTilde = Diagonal(condition, 1);
        Tensor b = Part(condition, 2);
        Tensor y = z;
        for (int k = 0; k < reflections; k++)
        {
            y = Reflect(condition, k, y);
        }

        // R̃ y = Σ_j (lower part)_ji y_j + r̃_i y_i
        Tensor inner = (both * Triangle(upper: false, z.DType) * y.Reshape(m, latentSize, 1)).Sum(1) + (rTilde * y);
        Tensor t = (inner + b).Tanh();
        Tensor moved = (both * Triangle(upper: true, z.DType) * t.Reshape(m, 1, latentSize)).Sum(2) + (r * t);
        return new FlowResult(z + Rotate(condition, moved), (((1 - t.Square()) * r * rTilde) + 1).Log().Sum(1));
    }

    /// <summary>r_ii r̃_ii, [m, d]: what must be above −1.</summary>
    internal Tensor Products(Tensor condition) => Diagonal(condition, 0) * Diagonal(condition, 1);

    /// <summary>Q y of every row, [m, d].</summary>
    internal Tensor Rotate(Tensor condition, Tensor y)
    {
        for (int k = reflections - 1; k >= 0; k--)
        {
            y = Reflect(condition, k, y);
        }

        return y;
    }

    private Tensor Part(Tensor condition, int index) => condition.Slice(1, square + (index * latentSize), latentSize);

    private Tensor Diagonal(Tensor condition, int index) => DiagonalBound * Part(condition, index).Tanh();

    private Tensor Reflect(Tensor condition, int k, Tensor y)
    {
        Tensor v = Part(condition, 3 + k);
        Tensor length = Elementwise.Maximum(Reductions.DotRows(v, v), Tensor.Scalar(LeastSquare, v.DType));
        return y - (v * (2 * Reductions.DotRows(v, y) / length).Reshape(y.Shape[0], 1));
    }

    /// <summary>1 above the diagonal (or below it) and 0 elsewhere, [d, d].</summary>
    private Tensor Triangle(bool upper, DType dtype)
    {
        double[] ones = new double[square];
        for (int row = 0; row < latentSize; row++)
        {
            for (int column = 0; column < latentSize; column++)
            {
                ones[(row * latentSize) + column] = (upper ? column > row : column < row) ? 1 : 0;
            }
        }

        return Tensor.FromArray(ones, latentSize, latentSize).Cast(dtype);
    }
}
