using Lae.Numerics.Engines;

namespace Lae.Numerics;

/// <summary>Differentiable matrix products with either side transposed.</summary>
public static class MatrixProducts
{
    /// <summary>op(a) op(b).</summary>
    /// <param name="a">[m, k], or [k, m] when transposed.</param>
    /// <param name="b">[k, n], or [n, k] when transposed.</param>
    /// <param name="transposeA">Use aᵀ.</param>
    /// <param name="transposeB">Use bᵀ.</param>
    /// <returns>[m, n].</returns>
    public static Tensor MatMul(this Tensor a, Tensor b, bool transposeA = false, bool transposeB = false)
    {
        if (a.Rank != 2 || b.Rank != 2 || a.Shape[transposeA ? 0 : 1] != b.Shape[transposeB ? 1 : 0])
        {
            throw new ArgumentException(
                $"The matrix product of {a.Shape}{(transposeA ? "ᵀ" : string.Empty)} and {b.Shape}{(transposeB ? "ᵀ" : string.Empty)} is not defined.");
        }

        Tensor c = Raw.MatrixProduct(PlanOf(a, b, transposeA, transposeB), a, b);
        return GradientFlow.Wants(a) || GradientFlow.Wants(b) ? Track(a, b, c, transposeA, transposeB) : c;

        static Tensor Track(Tensor a, Tensor b, Tensor c, bool transposeA, bool transposeB)
        {
            return c.Tracked((a, b, transposeA, transposeB), Rule, a, b);

            static void Rule((Tensor A, Tensor B, bool TransposeA, bool TransposeB) of, Tensor g, GradientFlow flow)
            {
                (Tensor a, Tensor b, bool transposeA, bool transposeB) = of;
                (Tensor u, Tensor v) = (a.Untracked, b.Untracked);
                if (flow.Needs(a))
                {
                    AddProduct(flow, a, transposeA ? v : g, transposeA ? g : v, transposeA && transposeB, transposeA || !transposeB);
                }

                if (flow.Needs(b))
                {
                    AddProduct(flow, b, transposeB ? g : u, transposeB ? u : g, transposeB || !transposeA, transposeB && transposeA);
                }
            }

            static void AddProduct(GradientFlow flow, Tensor to, Tensor a, Tensor b, bool transposeA, bool transposeB) => flow.AddProduct(to, PlanOf(a, b, transposeA, transposeB), a, b);
        }
    }

    private static MatrixProductPlan PlanOf(Tensor a, Tensor b, bool transposeA, bool transposeB) => new(
        a.Shape[transposeA ? 1 : 0], b.Shape[transposeB ? 0 : 1], a.Shape[transposeA ? 0 : 1], transposeA, transposeB, Accumulate: false);
}
