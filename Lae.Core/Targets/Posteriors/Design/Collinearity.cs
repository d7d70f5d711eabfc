namespace Lae.Targets;

/// <summary>A column that others determine, wholly or nearly.</summary>
/// <param name="Column">Its number.</param>
/// <param name="Partners">The numbers of those others, the one with the largest share first; none if the column is constant beside an intercept, or 0.</param>
/// <param name="Determined">R², the share of its variance that the others explain; 1 where they determine it.</param>
public sealed record DependentColumn(int Column, IReadOnlyList<int> Partners, double Determined);

/// <summary>
/// Which columns of a design are combinations of others, by X = Q R in a common scale: exactly, where a column leaves less than 1e-10 of itself beside those before it; nearly, where the others explain most of it,
/// R²_j = 1 − 1/(|x_j|² V_jj) with V = R⁻¹ R⁻ᵀ. Cost: rows × columns². Source: Marquardt (1970) for the variance inflation |x_j|² V_jj.
/// </summary>
public sealed class Collinearity
{
    /// <summary>The share of the largest coefficient below which a column is no partner.</summary>
    private const double Noticeable = 1e-3;

    private readonly GramSchmidt factorization;
    private readonly DesignColumns columns;

    private Collinearity(DesignColumns columns, GramSchmidt factorization, DependentColumn[] dependent)
    {
        this.columns = columns;
        this.factorization = factorization;
        Dependent = dependent;
    }

    /// <summary>The columns that are no combination of those before them, in order.</summary>
    public IReadOnlyList<int> Independent => factorization.Independent;

    /// <summary>The columns that are exactly combinations of those before them, in order.</summary>
    public IReadOnlyList<DependentColumn> Dependent { get; }

    /// <summary>Orthonormal columns that span the design.</summary>
    internal IReadOnlyList<double[]> Basis => factorization.Basis;

    /// <summary>Looks for combinations.</summary>
    /// <param name="columns">The columns.</param>
    /// <returns>What there is.</returns>
    public static Collinearity Of(DesignColumns columns)
    {
        GramSchmidt factorization = GramSchmidt.Of(columns.Scaled);
        int[] dependent = [.. Enumerable.Range(0, columns.Count).Except(factorization.Independent)];
        return new Collinearity(columns, factorization, [.. dependent.Select(j => new DependentColumn(j, Partners(factorization, j), 1))]);
    }

    /// <summary>The independent columns of which the others explain at least a share.</summary>
    /// <param name="share">R², in (0, 1). Default 0.99: the others make the variance of its coefficient a hundred times as large.</param>
    /// <returns>Such columns, the most determined first, each with the partner of the largest coefficient.</returns>
    public IReadOnlyList<DependentColumn> Near(double share = 0.99)
    {
        int d = Independent.Count;
        double[][] inverse = [.. Enumerable.Range(0, d).Select(k => factorization.Solve([.. Enumerable.Range(0, d).Select(i => i == k ? 1.0 : 0)]))];
        List<DependentColumn> near = [];
        for (int j = 0; j < d; j++)
        {
            double determined = 1 - (1 / (columns.Rows * Covariance(j, j)));
            if (determined >= share)
            {
                int partner = Enumerable.Range(0, d).Where(k => k != j).MaxBy(k => Math.Abs(Covariance(j, k)));
                near.Add(new DependentColumn(Independent[j], [Independent[partner]], determined));
            }
        }

        return [.. near.OrderByDescending(found => found.Determined).ThenBy(found => found.Column)];

        double Covariance(int j, int k) => inverse.Sum(column => column[j] * column[k]);
    }

    /// <summary>The coefficients of all columns, dependent ones 0, that make a combination of the basis.</summary>
    internal double[] Coefficients(ReadOnlySpan<double> ofBasis)
    {
        double[] all = new double[columns.Count];
        foreach ((int column, double value) in Independent.Zip(factorization.Solve(ofBasis)))
        {
            all[column] = value;
        }

        return all;
    }

    private static int[] Partners(GramSchmidt factorization, int dependent)
    {
        double[] shares = factorization.Combination(dependent);
        double largest = shares.Select(Math.Abs).DefaultIfEmpty(0).Max();
        return largest == 0 ? [] : [.. shares.Select((share, k) => (Size: Math.Abs(share), Column: factorization.Independent[k]))
            .Where(one => one.Size > Noticeable * largest).OrderByDescending(one => one.Size).ThenBy(one => one.Column).Select(one => one.Column)];
    }
}
