using Lae.Numerics;
using Lae.Randomness;

namespace Lae.Models;

/// <summary>
/// A planar flow layer, which moves points along one direction:
/// <code>
///     f(z) = z + û tanh(wᵀz + b),    û = u + (m(wᵀu) − wᵀu) w/‖w‖²,    m(a) = softplus(a + log(e − 1)) − 1
///     log |det| = log(1 + (1 − t²) wᵀû),   t = tanh(wᵀz + b)
/// </code>
/// wᵀû = m(wᵀu) &gt; −1 makes f invertible; m(0) = 0 keeps û bounded as w goes to 0. The determinant is computed as t² + (1 − t²) softplus(·), which does not cancel.
/// Source: Rezende and Mohamed, ICML 2015, appendix A.1, with m shifted. Shapes: z [m, d]; condition (u, w, b) [m, 2d + 1].
/// </summary>
/// <param name="latentSize">d.</param>
public sealed class PlanarFlow(int latentSize) : IFlow
{
    private const double InitialScale = 0.1;

    /// <summary>Below this ‖w‖² is taken for it: w = 0 is a shift, not a division by 0.</summary>
    private const double LeastSquare = 1e-30;

    private static readonly double Shift = Math.Log(Math.E - 1);

    /// <inheritdoc/>
    public int ConditionSize => (2 * latentSize) + 1;

    /// <summary>The family of posteriors with K such layers.</summary>
    /// <param name="layers">K, in [1, 64].</param>
    /// <param name="amortized">Whether u, w and b depend on the observation.</param>
    /// <returns>A family.</returns>
    public static IPosteriorFamily Family(int layers = 3, bool amortized = true) =>
        new FlowPosterior("planar flow layer", layers, amortized, (latentSize, _) => new PlanarFlow(latentSize));

    /// <inheritdoc/>
    public Tensor InitialCondition(RandomKey key, DType dtype)
    {
        double[] normals = new double[2 * latentSize];
        RowDraws.Normal(key, 0, 0, 1, normals.Length, normals);
        return Tensor.FromArray([.. normals.Select(value => InitialScale * value), 0.0], ConditionSize).Cast(dtype);
    }

    /// <inheritdoc/>
    public TensorTree Initialize(RandomKey key, DType dtype) => TensorTree.Empty;

    /// <inheritdoc/>
    public FlowResult Apply(TensorTree parameters, Tensor condition, Tensor z)
    {
        (Tensor u, Tensor w, Tensor b) = Split(condition);
        Tensor t = (Reductions.DotRows(w, z) + b).Tanh();
        Tensor wu = Reductions.DotRows(w, u);
        Tensor softplus = (wu + Shift).Softplus();
        return new FlowResult(z + (Enforced(u, w, wu, softplus) * Column(t)), (t.Square() + ((1 - t.Square()) * softplus)).Log());
    }

    /// <summary>wᵀû of every row: what must be above −1.</summary>
    internal Tensor Product(Tensor condition)
    {
        (Tensor u, Tensor w, _) = Split(condition);
        Tensor wu = Reductions.DotRows(w, u);
        return Reductions.DotRows(w, Enforced(u, w, wu, (wu + Shift).Softplus()));
    }

    private static Tensor Enforced(Tensor u, Tensor w, Tensor wu, Tensor softplus)
    {
        Tensor square = Elementwise.Maximum(Reductions.DotRows(w, w), Tensor.Scalar(LeastSquare, w.DType));
        return u + (w * Column((softplus - 1 - wu) / square));
    }

    private static Tensor Column(Tensor x) => x.Reshape(x.Count, 1);

    private (Tensor U, Tensor W, Tensor B) Split(Tensor condition) => (
        condition.Slice(1, 0, latentSize), condition.Slice(1, latentSize, latentSize), condition.Slice(1, 2 * latentSize, 1).Reshape(condition.Shape[0]));
}
