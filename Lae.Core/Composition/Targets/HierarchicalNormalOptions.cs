using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Lae.Targets;

namespace Lae.Composition;

/// <summary>Options of the hierarchical normal model.</summary>
[Description("hierarchical normal model (eight schools): y_j ~ N(theta_j, sigma_j^2), theta_j ~ N(mu, tau^2)")]
public sealed record HierarchicalNormalOptions
{
    /// <summary>The data, a row for each group.</summary>
    [Description("the data, a row for each group")]
    [Required]
    public IColumnSource? Data { get; init; }

    /// <summary>The column of the responses. Default y.</summary>
    [Description("the column of the responses")]
    public string Response { get; init; } = "y";

    /// <summary>The column of their known standard deviations, positive. Default sigma.</summary>
    [Description("the column of their known standard deviations")]
    public string Deviations { get; init; } = "sigma";

    /// <summary>Whether theta itself is sampled rather than (theta − mu)/tau: slow and often wrong where the groups have few data. Default false.</summary>
    [Description("whether theta itself is sampled rather than (theta - mu)/tau; slow and often wrong where groups have few data")]
    public bool Centred { get; init; }

    /// <summary>The prior of mu; if null, normal about 0 with 10 deviations of the responses.</summary>
    [Description("the prior of mu; without it Normal(0, 10 deviations of the responses)")]
    public Prior? LocationPrior { get; init; }

    /// <summary>The prior of tau; if null, half-normal with twice the deviation of the responses.</summary>
    [Description("the prior of tau; without it HalfNormal with twice the deviation of the responses")]
    public Prior? ScalePrior { get; init; }

    /// <summary>The posterior that these options stand for.</summary>
    /// <returns>A posterior of theta, mu and tau.</returns>
    public PosteriorOfData ToPosterior()
    {
        double[][] columns = DataColumns.Read(Data!, (nameof(Response), Response), (nameof(Deviations), Deviations));
        int wrong = Array.FindIndex(columns[1], sigma => !(sigma > 0));
        if (wrong >= 0)
        {
            throw new OptionException(nameof(Deviations), FormattableString.Invariant($"a standard deviation must be positive, and row {wrong + 1} of \"{Deviations}\" is {columns[1][wrong]}"));
        }

        double spread = DefaultScale.Of(columns[0]);
        Prior location = PriorRange.Real(LocationPrior ?? Prior.Normal(0, RegressionDesign.Rounded(10 * spread)), nameof(LocationPrior));
        Prior scale = PriorRange.Positive(ScalePrior ?? Prior.HalfNormal(RegressionDesign.Rounded(2 * spread)), nameof(ScalePrior));
        return new PosteriorOfData(
            HierarchicalNormal.Create(columns[0], columns[1], location, scale, Centred), [], [$"{columns[0].Length} groups, {(Centred ? "centred" : "non-centred")}. Priors: mu {location}, tau {scale}."]);
    }
}
