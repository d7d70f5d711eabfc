using Lae.Numerics.Engines;

namespace Lae.Numerics;

/// <summary>Differentiable quadratic forms: what the log density of a Gaussian is made of.</summary>
public static class QuadraticForms
{
    /// <summary>
    /// xᵢᵀ A xᵢ for every row. Where A is symmetric bit for bit, the gradient in x costs no matrix product beside that of the value. A matrix that is symmetric only up to rounding,
    /// as products are, becomes so as (A + Aᵀ) / 2.
    /// </summary>
    /// <param name="x">[rows, size].</param>
    /// <param name="a">A, [size, size]; it need not be symmetric.</param>
    /// <returns>[rows], with the bits of <see cref="Reductions.DotRows"/> of x A and x.</returns>
    /// <exception cref="ArgumentException">Shapes do not fit, or number types differ.</exception>
    public static Tensor QuadraticForm(this Tensor x, Tensor a)
    {
        if (x.Rank != 2 || a.Rank != 2 || a.Shape[0] != a.Shape[1] || x.Shape[1] != a.Shape[0])
        {
            throw new ArgumentException($"Rows [n, d] and a square matrix [d, d] are needed, not {x.Shape} and {a.Shape}.");
        }

        (int rows, int size) = (x.Shape[0], x.Shape[1]);
        Tensor product = Raw.MatrixProduct(new MatrixProductPlan(rows, size, size, TransposeA: false, TransposeB: false, Accumulate: false), x, a);
        Tensor y = Raw.DotRows(rows, size, product, x);
        return GradientFlow.Wants(x) || GradientFlow.Wants(a) ? Track(x, a, product, y) : y;
    }

    private static Tensor Track(Tensor x, Tensor a, Tensor product, Tensor y) => y.Tracked((x, a, product), Rule, x, a);

    private static void Rule((Tensor X, Tensor A, Tensor Product) of, Tensor g, GradientFlow flow)
    {
        (Tensor x, Tensor a, Tensor product) = of;
        (int rows, int size) = (x.Shape[0], x.Shape[1]);
        Tensor? weighted = null;

        // asked of the tensor without a node, which stays where leaves come and go: the elements of a constant are looked at once
        if (flow.Needs(x) && a.Untracked.IsSymmetric)
        {
            flow.Add(x, Column(g * 2) * product);
        }
        else if (flow.Needs(x))
        {
            flow.Add(x, Column(g) * product);
            weighted = Column(g) * x.Untracked;
            flow.AddProduct(x, new MatrixProductPlan(rows, size, size, TransposeA: false, TransposeB: true, Accumulate: false), weighted, a.Untracked);
        }

        if (flow.Needs(a))
        {
            weighted ??= Column(g) * x.Untracked;
            flow.AddProduct(a, new MatrixProductPlan(size, size, rows, TransposeA: true, TransposeB: false, Accumulate: false), x.Untracked, weighted);
        }
    }

    private static Tensor Column(Tensor g) => g.Reshape(g.Count, 1);
}
