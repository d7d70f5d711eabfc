using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Lae.Targets;

namespace Lae.Composition;

/// <summary>Options of Gaussian process regression on a line.</summary>
[Description("Gaussian process regression on a line with mean 0 and the squared-exponential kernel: length rho, amplitude alpha, noise sigma; cost the cube of the rows")]
public sealed record GaussianProcessOptions
{
    /// <summary>The data.</summary>
    [Description("the data, with named columns")]
    [Required]
    public IColumnSource? Data { get; init; }

    /// <summary>The column of the inputs. Default x.</summary>
    [Description("the column of the inputs")]
    public string Input { get; init; } = "x";

    /// <summary>The column of the responses. Default y.</summary>
    [Description("the column of the responses")]
    public string Response { get; init; } = "y";

    /// <summary>The prior of rho; if null, log-normal about a quarter of the inputs' range, with deviation 0.75 of its logarithm.</summary>
    [Description("the prior of rho; without it LogNormal about a quarter of the inputs' range, with deviation 0.75")]
    public Prior? LengthPrior { get; init; }

    /// <summary>The prior of alpha; if null, half-normal with twice the root mean square of the responses.</summary>
    [Description("the prior of alpha; without it HalfNormal with twice the root mean square of the responses")]
    public Prior? AmplitudePrior { get; init; }

    /// <summary>The prior of sigma; if null, half-normal with the root mean square of the responses.</summary>
    [Description("the prior of sigma; without it HalfNormal with the root mean square of the responses")]
    public Prior? NoisePrior { get; init; }

    /// <summary>Whether sigma itself, rather than its square, is the variance of the noise. Default false.</summary>
    [Description("whether sigma itself, rather than its square, is the variance of the noise")]
    public bool NoiseIsVariance { get; init; }

    /// <summary>The posterior that these options stand for.</summary>
    /// <returns>A posterior of rho, alpha and sigma.</returns>
    public PosteriorOfData ToPosterior()
    {
        double[][] columns = DataColumns.Read(Data!, (nameof(Input), Input), (nameof(Response), Response));
        double range = columns[0].Max() - columns[0].Min() is var width and > 0 ? width : 1;
        double size = Math.Sqrt(columns[1].Average(value => value * value)) is var root and > 0 ? root : 1;
        Prior length = PriorRange.Positive(LengthPrior ?? Prior.LogNormal(Math.Round(Math.Log(range / 4), 2), 0.75), nameof(LengthPrior));
        Prior amplitude = PriorRange.Positive(AmplitudePrior ?? Prior.HalfNormal(RegressionDesign.Rounded(2 * size)), nameof(AmplitudePrior));
        Prior noise = PriorRange.Positive(NoisePrior ?? Prior.HalfNormal(RegressionDesign.Rounded(size)), nameof(NoisePrior));
        return new PosteriorOfData(
            GaussianProcessRegression.Create(columns[0], columns[1], length, amplitude, noise, NoiseIsVariance), [], [$"{columns[0].Length} points. Priors: rho {length}, alpha {amplitude}, sigma {noise}."]);
    }
}
