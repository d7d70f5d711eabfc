using System.Numerics.Tensors;

namespace Lae.Targets;

/// <summary>
/// X = Q R by columns in order, each made orthogonal to those before it twice over, so that residuals are right to rounding. A column that leaves less than 1e-10 of itself is a combination of those
/// before it, and adds nothing to Q. Cost: rows × columns². Source: Giraud, Langou and Rozložník (2005), The loss of orthogonality in the Gram–Schmidt orthogonalization process.
/// </summary>
internal sealed class GramSchmidt
{
    /// <summary>The residual, as a share of the column, below which it counts as a combination of others.</summary>
    private const double Exact = 1e-10;

    private readonly double[][] shares;

    private GramSchmidt(int[] independent, double[][] basis, double[][] shares)
    {
        Independent = independent;
        Basis = basis;
        this.shares = shares;
    }

    /// <summary>The columns that are no combination of those before them, in order.</summary>
    public IReadOnlyList<int> Independent { get; }

    /// <summary>Q: orthonormal columns, as many as there are independent ones.</summary>
    public IReadOnlyList<double[]> Basis { get; }

    /// <summary>Makes the factorization.</summary>
    /// <param name="columns">X, all of one length.</param>
    public static GramSchmidt Of(IReadOnlyList<double[]> columns)
    {
        List<int> independent = [];
        List<double[]> basis = [];
        double[][] shares = new double[columns.Count][];
        for (int j = 0; j < columns.Count; j++)
        {
            double[] rest = [.. columns[j]];
            shares[j] = new double[basis.Count];
            double whole = TensorPrimitives.Norm<double>(rest);
            Remove(rest, basis, shares[j]);
            Remove(rest, basis, shares[j]);
            double norm = TensorPrimitives.Norm<double>(rest);
            if (norm > Exact * whole)
            {
                TensorPrimitives.Divide(rest, norm, rest);
                independent.Add(j);
                basis.Add(rest);
                shares[j] = [.. shares[j], norm];
            }
        }

        return new GramSchmidt([.. independent], [.. basis], shares);
    }

    /// <summary>R_kj, with a row for each element of the basis and a column for each column of X.</summary>
    public double Triangle(int k, int j) => k < shares[j].Length ? shares[j][k] : 0;

    /// <summary>The coefficients of the independent columns that make Q b.</summary>
    /// <param name="b">[basis], or fewer for the first elements.</param>
    public double[] Solve(ReadOnlySpan<double> b)
    {
        double[] x = b.ToArray();
        for (int k = x.Length - 1; k >= 0; k--)
        {
            double[] column = shares[Independent[k]];
            x[k] /= column[k];
            for (int i = 0; i < k; i++)
            {
                x[i] -= column[i] * x[k];
            }
        }

        return x;
    }

    /// <summary>The coefficients of the independent columns before it that make a dependent column.</summary>
    /// <param name="dependent">Its number.</param>
    public double[] Combination(int dependent) => Solve(shares[dependent]);

    /// <summary>Qᵀ y, and what is left of y.</summary>
    /// <param name="y">[rows].</param>
    public (double[] Shares, double[] Residual) Project(ReadOnlySpan<double> y)
    {
        double[] rest = y.ToArray();
        double[] found = new double[Basis.Count];
        Remove(rest, Basis, found);
        Remove(rest, Basis, found);
        return (found, rest);
    }

    private static void Remove(double[] rest, IReadOnlyList<double[]> basis, double[] shares)
    {
        for (int k = 0; k < basis.Count; k++)
        {
            double share = TensorPrimitives.Dot<double>(basis[k], rest);
            shares[k] += share;
            TensorPrimitives.MultiplyAdd(basis[k], -share, rest, rest);
        }
    }
}
