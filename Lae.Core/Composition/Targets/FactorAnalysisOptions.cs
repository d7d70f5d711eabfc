using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Lae.Targets;
using MathNet.Numerics.LinearAlgebra;

namespace Lae.Composition;

/// <summary>Options of a factor analysis, or with one noise for all columns of probabilistic PCA.</summary>
[Description("factor analysis, x = mu + W z + noise: the posterior of loadings W (lower triangular, positive diagonal) and noise deviations, latents and mu integrated out")]
public sealed record FactorAnalysisOptions
{
    /// <summary>The data.</summary>
    [Description("the data, with named columns")]
    [Required]
    public IColumnSource? Data { get; init; }

    /// <summary>The columns, two or more; all of the data if null. Default null.</summary>
    [Description("the columns; without it all of the data")]
    public string[]? Columns { get; init; }

    /// <summary>k, 1 to 100, fewer than columns. Default 1.</summary>
    [Description("the number of factors, fewer than columns")]
    [Range(1, 100)]
    public int Factors { get; init; } = 1;

    /// <summary>Whether one sigma holds for all columns: probabilistic PCA. Default false.</summary>
    [Description("whether one sigma holds for all columns: probabilistic PCA")]
    public bool Isotropic { get; init; }

    /// <summary>Whether columns are divided by their standard deviations first. Default false.</summary>
    [Description("whether columns are divided by their standard deviations first")]
    public bool Standardize { get; init; }

    /// <summary>The prior of each loading; if null, normal about 0 with twice the largest deviation of a column.</summary>
    [Description("the prior of each loading; without it Normal(0, twice the largest deviation of a column)")]
    public Prior? LoadingPrior { get; init; }

    /// <summary>The prior of each sigma; if null, half-normal with the largest deviation of a column.</summary>
    [Description("the prior of each sigma; without it HalfNormal with the largest deviation of a column")]
    public Prior? NoisePrior { get; init; }

    /// <summary>The posterior that these options stand for.</summary>
    /// <returns>A posterior of W and sigma.</returns>
    public PosteriorOfData ToPosterior()
    {
        double[][] columns = DataColumns.ReadAll(Data!, nameof(Columns), Columns);
        DesignColumns scales = DesignColumns.Of(columns, hasIntercept: true);
        int constant = scales.Deviations.ToList().IndexOf(0);
        if (constant >= 0)
        {
            throw new OptionException(nameof(Columns), FormattableString.Invariant($"column {constant + 1} is {columns[constant][0]} in every row, so that its noise has no posterior; leave it out"));
        }

        if (Factors >= columns.Length)
        {
            throw new OptionException(nameof(Factors), $"there must be fewer factors than columns, and there are {columns.Length} columns and {Factors} factors");
        }

        double largest = Standardize ? 1 : scales.Deviations.Max();
        Prior loading = PriorRange.Real(LoadingPrior ?? Prior.Normal(0, RegressionDesign.Rounded(2 * largest)), nameof(LoadingPrior));
        Prior noise = PriorRange.Positive(NoisePrior ?? Prior.HalfNormal(RegressionDesign.Rounded(largest)), nameof(NoisePrior));
        Matrix<double> data = Matrix<double>.Build.Dense(scales.Rows, columns.Length, (i, j) => columns[j][i] / (Standardize ? scales.Deviations[j] : 1));
        return new PosteriorOfData(
            FactorAnalysis.Create(data, Factors, loading, noise, Isotropic), [],
            [$"{scales.Rows} rows of {columns.Length} columns{(Standardize ? ", divided by their standard deviations" : string.Empty)}. Priors: every loading {loading}, {(Isotropic ? "sigma" : "every sigma")} {noise}."]);
    }
}

/// <summary>Options of the latents of a factor analysis with known loadings.</summary>
[Description("the latents z of a factor analysis x = mu + W z + noise with known W, mu and noise (Gaussian, exact)")]
public sealed record FactorScoresOptions
{
    /// <summary>The data.</summary>
    [Description("the data, with named columns")]
    [Required]
    public IColumnSource? Data { get; init; }

    /// <summary>The columns; all of the data if null. Default null.</summary>
    [Description("the columns; without it all of the data")]
    public string[]? Columns { get; init; }

    /// <summary>W, d × k numbers, row by row.</summary>
    [Description("W, d x k numbers, row by row")]
    [MinLength(1)]
    public double[] Loadings { get; init; } = [1];

    /// <summary>mu, d numbers or one. Default 0.</summary>
    [Description("mu, d numbers or one")]
    [MinLength(1)]
    public double[] Mean { get; init; } = [0];

    /// <summary>The noise's standard deviations, d positive numbers or one. Default 1.</summary>
    [Description("the standard deviations of the noise, d positive numbers or one")]
    [MinLength(1)]
    [Range(0.0, 1e300, MinimumIsExclusive = true)]
    public double[] NoiseDeviations { get; init; } = [1];

    /// <summary>The posterior that these options stand for.</summary>
    /// <returns>A posterior of z, row after row.</returns>
    public Posterior ToPosterior()
    {
        double[][] columns = DataColumns.ReadAll(Data!, nameof(Columns), Columns);
        (int rows, int d) = (columns[0].Length, columns.Length);
        if (Loadings.Length % d != 0)
        {
            throw new OptionException(nameof(Loadings), $"there must be as many loadings for each of the {d} columns, not {Loadings.Length} in all");
        }

        int k = Loadings.Length / d;
        Matrix<double> data = Matrix<double>.Build.Dense(rows, d, (i, j) => columns[j][i]);
        Matrix<double> loadings = Matrix<double>.Build.Dense(d, k, (i, j) => Loadings[(i * k) + j]);
        ExactTarget exact = FactorScores.Create(data, loadings, OptionArrays.Filled(Mean, d, nameof(Mean)), OptionArrays.Filled(NoiseDeviations, d, nameof(NoiseDeviations)));
        return new Posterior(exact.Target, FactorScores.Names(rows, k), static z => z);
    }
}
