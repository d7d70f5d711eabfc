using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Lae.Targets;

namespace Lae.Composition;

/// <summary>Options of a mixture of two normal laws with unknown parameters.</summary>
[Description("mixture of two normal laws: y ~ theta N(mu_1, sigma_1^2) + (1 - theta) N(mu_2, sigma_2^2), mu_1 < mu_2")]
public sealed record NormalMixtureOptions
{
    /// <summary>The data.</summary>
    [Description("the data, with named columns")]
    [Required]
    public IColumnSource? Data { get; init; }

    /// <summary>The column of the observations. Default y.</summary>
    [Description("the column of the observations")]
    public string Observations { get; init; } = "y";

    /// <summary>The prior of both mu; if null, normal about the mean with twice the deviation of the observations.</summary>
    [Description("the prior of both mu; without it Normal about the mean, with twice the deviation of the observations")]
    public Prior? LocationPrior { get; init; }

    /// <summary>The prior of both sigma; if null, half-normal with the deviation of the observations.</summary>
    [Description("the prior of both sigma; without it HalfNormal with the deviation of the observations")]
    public Prior? ScalePrior { get; init; }

    /// <summary>The prior of theta, on (0, 1); if null, Beta(2, 2).</summary>
    [Description("the prior of theta; without it Beta(2, 2)")]
    public Prior? WeightPrior { get; init; }

    /// <summary>The posterior that these options stand for.</summary>
    /// <returns>A posterior of mu, sigma and theta.</returns>
    public PosteriorOfData ToPosterior()
    {
        double[] y = DataColumns.Read(Data!, (nameof(Observations), Observations))[0];
        double spread = DefaultScale.Of(y);
        Prior location = PriorRange.Real(LocationPrior ?? Prior.Normal(RegressionDesign.Rounded(y.Average(), spread), RegressionDesign.Rounded(2 * spread)), nameof(LocationPrior));
        Prior scale = PriorRange.Positive(ScalePrior ?? Prior.HalfNormal(RegressionDesign.Rounded(spread)), nameof(ScalePrior));
        Prior weight = WeightPrior ?? Prior.Beta(2, 2);
        return new PosteriorOfData(
            NormalMixtureModel.Create(y, location, scale, weight), [], [$"{y.Length} observations. Priors: every mu {location}, every sigma {scale}, theta {weight}."]);
    }
}
