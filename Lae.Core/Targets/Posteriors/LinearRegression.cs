using Lae.Numerics;
using MathNet.Numerics.LinearAlgebra;

namespace Lae.Targets;

/// <summary>
/// Bayesian linear regression, y ~ N(X β, σ²) with independent priors of β and σ. Unconstrained coordinates u = (β, log σ); with X = Q R and β̂ a least squares
/// solution, the data enter through R, β̂ and the residual sum of squares alone, so that an evaluation costs the square of the number of coefficients whatever the number of rows:
/// <code>
///     log π(u) = −N log σ − (RSS + |R (β − β̂)|²)/(2 σ²) − (N/2) log 2π + Σ log p(β_j) + log p(σ) + log σ
/// </code>
/// </summary>
public static class LinearRegression
{
    /// <summary>The posterior, reporting the coefficients and <c>sigma</c>.</summary>
    /// <param name="design">X, [rows, coefficients], finite. A column that others determine needs a proper prior, as do coefficients beyond the number of rows.</param>
    /// <param name="response">y, [rows], finite.</param>
    /// <param name="coefficientPriors">One prior for each coefficient.</param>
    /// <param name="scalePrior">The prior of σ on the positive half line.</param>
    /// <param name="names">Names of the coefficients; <c>beta[1]</c>, … if null.</param>
    /// <returns>A posterior of dimension coefficients + 1.</returns>
    /// <exception cref="ArgumentException">The sizes do not match, or the posterior is improper: the data do not determine a coefficient with a flat prior, or the predictors determine the response exactly.</exception>
    public static Posterior Create(
        Matrix<double> design, IReadOnlyList<double> response, IReadOnlyList<Prior> coefficientPriors, Prior scalePrior, IReadOnlyList<string>? names = null)
    {
        (int rows, int coefficients) = (design.RowCount, design.ColumnCount);
        RequireSizes(design, response, coefficientPriors);
        double[][] columns = design.ToColumnArrays();
        GramSchmidt factorization = GramSchmidt.Of(columns);
        RequireProper(columns, factorization.Independent.Count, coefficientPriors, scalePrior);
        (double[] shares, double[] rest) = factorization.Project([.. response]);
        double residual = rest.Sum(value => value * value);
        int rank = shares.Length;
        if (rows > rank && residual <= 1e-24 * response.Sum(value => value * value))
        {
            throw new ArgumentException("The predictors determine the response exactly: the posterior is improper, as sigma goes to 0.", nameof(response));
        }

        // any least squares solution serves as β̂; of a column that others determine it is 0
        double[] centre = new double[coefficients];
        foreach ((int column, double value) in factorization.Independent.Zip(factorization.Solve(shares)))
        {
            centre[column] = value;
        }

        double[] upper = [.. Enumerable.Range(0, rank * coefficients).Select(i => factorization.Triangle(i / coefficients, i % coefficients))];
        int[] first = [.. factorization.Independent];
        double constant = -0.5 * rows * Math.Log(2 * Math.PI);
        Target target = RowwiseTarget.Create(coefficients + 1, Density, "linear regression");
        return new Posterior(target, [.. names ?? Posterior.Numbered("beta", coefficients), "sigma"], Report);

        double Density(ReadOnlySpan<double> u, Span<double> gradient)
        {
            double sigma = Math.Exp(u[coefficients]);
            double precision = 1 / (sigma * sigma);
            double squares = residual;
            gradient.Clear();
            for (int i = 0; i < rank; i++)
            {
                double along = 0;
                for (int j = first[i]; j < coefficients; j++)
                {
                    along += upper[(i * coefficients) + j] * (u[j] - centre[j]);
                }

                squares += along * along;
                for (int j = first[i]; j < coefficients; j++)
                {
                    gradient[j] -= precision * along * upper[(i * coefficients) + j];
                }
            }

            (double value, double slope) = scalePrior.Evaluate(sigma);
            double result = constant + ((1 - rows) * u[coefficients]) - (0.5 * precision * squares) + value;
            gradient[coefficients] = 1 - rows + (precision * squares) + (slope * sigma);
            for (int j = 0; j < coefficients; j++)
            {
                (value, slope) = coefficientPriors[j].Evaluate(u[j]);
                result += value;
                gradient[j] += slope;
            }

            return result;
        }

        Tensor Report(Tensor u) => Shaping.Join(1, [u.Slice(1, 0, coefficients), u.Slice(1, coefficients, 1).Exp()]);
    }

    private static void RequireSizes(Matrix<double> design, IReadOnlyList<double> response, IReadOnlyList<Prior> priors)
    {
        if (response.Count != design.RowCount || priors.Count != design.ColumnCount)
        {
            throw new ArgumentException(
                $"A design of {design.RowCount} rows and {design.ColumnCount} columns needs as many responses and priors, not {response.Count} and {priors.Count}.", nameof(response));
        }

        if (!design.Enumerate().All(double.IsFinite) || !response.All(double.IsFinite))
        {
            throw new ArgumentException("The data must be finite.", nameof(design));
        }
    }

    /// <summary>The posterior has a finite integral: what the data do not determine, the priors do.</summary>
    private static void RequireProper(double[][] columns, int rank, IReadOnlyList<Prior> priors, Prior scalePrior)
    {
        double[][] free = [.. columns.Where((_, j) => !priors[j].IsProper)];
        int rows = columns[0].Length;
        if (free.Length > rows)
        {
            throw new ArgumentException($"{rows} rows do not determine {free.Length} coefficients with flat priors: the posterior is improper.", nameof(columns));
        }

        if (rank < columns.Length && GramSchmidt.Of(free).Independent.Count < free.Length)
        {
            throw new ArgumentException(
                "A column of the design is a linear combination of others (a constant column beside an intercept, or a copy): with a flat prior its coefficient is not determined.", nameof(columns));
        }

        if (!scalePrior.IsProper && rows - free.Length < 2)
        {
            throw new ArgumentException($"A flat prior of sigma needs two rows more than there are coefficients with flat priors, and {rows} rows have {free.Length}: the posterior is improper.", nameof(columns));
        }
    }
}
