using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Lae.Targets;

namespace Lae.Composition;

/// <summary>Options of an autoregression.</summary>
[Description("autoregression AR(K): y_t ~ N(alpha + sum_k beta_k y_(t-k), sigma^2), given the first K")]
public sealed record AutoregressionOptions
{
    /// <summary>The data.</summary>
    [Description("the data, with named columns")]
    [Required]
    public IColumnSource? Data { get; init; }

    /// <summary>The column of the series, in order of time. Default y.</summary>
    [Description("the column of the series, in order of time")]
    public string Series { get; init; } = "y";

    /// <summary>K, 1 to 1,000. Default 1.</summary>
    [Description("K")]
    [Range(1, 1000)]
    public int Lags { get; init; } = 1;

    /// <summary>The prior of alpha; if null, normal about 0 with 10 deviations of the series.</summary>
    [Description("the prior of alpha; without it Normal(0, 10 deviations of the series)")]
    public Prior? InterceptPrior { get; init; }

    /// <summary>The prior of each beta; if null, N(0, 1).</summary>
    [Description("the prior of each beta; without it Normal(0, 1)")]
    public Prior? Prior { get; init; }

    /// <summary>The prior of sigma; if null, exponential with the deviation of the series as its mean.</summary>
    [Description("the prior of sigma; without it Exponential with the deviation of the series as its mean")]
    public Prior? ScalePrior { get; init; }

    /// <summary>The posterior that these options stand for.</summary>
    /// <returns>A posterior of alpha, beta and sigma.</returns>
    public PosteriorOfData ToPosterior()
    {
        double[] y = DataColumns.Read(Data!, (nameof(Series), Series))[0];
        double deviation = DefaultScale.Of(y);
        Prior intercept = PriorRange.Real(InterceptPrior ?? Targets.Prior.Normal(0, RegressionDesign.Rounded(10 * deviation)), nameof(InterceptPrior));
        Prior coefficients = PriorRange.Real(Prior ?? Targets.Prior.Normal(0, 1), nameof(Prior));
        Prior scale = PriorRange.Positive(ScalePrior ?? Targets.Prior.Exponential(RegressionDesign.Rounded(1 / deviation)), nameof(ScalePrior));
        return new PosteriorOfData(
            Autoregression.Create(y, Lags, intercept, coefficients, scale), [], [$"{y.Length} numbers of \"{Series}\". Priors: alpha {intercept}, every beta {coefficients}, sigma {scale}."]);
    }
}

/// <summary>Options of GARCH(1, 1).</summary>
[Description("GARCH(1, 1): y_t ~ N(mu, v_t), v_t = alpha0 + alpha1 (y_(t-1) - mu)^2 + beta1 v_(t-1), with flat priors")]
public sealed record GarchOptions
{
    /// <summary>The data.</summary>
    [Description("the data, with named columns")]
    [Required]
    public IColumnSource? Data { get; init; }

    /// <summary>The column of the series, in order of time. Default y.</summary>
    [Description("the column of the series, in order of time")]
    public string Series { get; init; } = "y";

    /// <summary>√v_1, positive; if null, the deviation of the series.</summary>
    [Description("the square root of v_1; without it the deviation of the series")]
    [Range(0.0, 1e300, MinimumIsExclusive = true)]
    public double? FirstDeviation { get; init; }

    /// <summary>The posterior that these options stand for.</summary>
    /// <returns>A posterior of mu, alpha0, alpha1 and beta1.</returns>
    public PosteriorOfData ToPosterior()
    {
        double[] y = DataColumns.Read(Data!, (nameof(Series), Series))[0];
        double first = FirstDeviation ?? DefaultScale.Of(y);
        return new PosteriorOfData(Garch.Create(y, first), [], [FormattableString.Invariant($"{y.Length} numbers of \"{Series}\"; the square root of the first variance is {first}; flat priors.")]);
    }
}
