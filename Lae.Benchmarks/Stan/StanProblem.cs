using System.Globalization;
using System.Text.Json;
using Lae.Numerics;
using Lae.Targets;
using Lae.Tests.Targets.Posteriors;
using MathNet.Numerics.LinearAlgebra;

namespace Lae.Benchmarks.Stan;

/// <summary>Mean and standard deviation of a parameter, as well as they are known.</summary>
/// <param name="Mean">The mean.</param>
/// <param name="Sd">The standard deviation.</param>
/// <param name="MeanError">The standard error of the mean; 0 if it is exact.</param>
/// <param name="SdError">The standard error of the standard deviation; 0 if it is exact.</param>
internal sealed record ReferenceFigures(double Mean, double Sd, double MeanError, double SdError);

/// <summary>A posterior that both sides sample: Lae's target, Stan's model with its data, and what is known of it.</summary>
/// <param name="Name">As in <c>../shared/data/posteriordb</c>, or the Gaussian's.</param>
/// <param name="Posterior">Lae's side, with the names of what is reported.</param>
/// <param name="Model">The file of Stan's model, under <c>Peers</c>.</param>
/// <param name="Data">Stan's data, in R's dump format.</param>
/// <param name="Reference">One for each name.</param>
internal sealed record StanProblem(string Name, Posterior Posterior, string Model, string Data, IReadOnlyList<ReferenceFigures> Reference)
{
    private const int GaussianDimension = 100;

    private static readonly (string Name, string Model, Func<string> Data)[] Files =
    [
        ("eight_schools-eight_schools_centered", "eight_schools_centered", EightSchools),
        ("eight_schools-eight_schools_noncentered", "eight_schools_noncentered", EightSchools),
        ("sblrc-blr", "blr", () => Regression("sblrc-blr", hasIntercept: false)),
        ("kidiq-kidscore_momiq", "regression_cauchy", () => Regression("kidiq-kidscore_momiq")),
        ("earnings-logearn_height", "regression_flat", () => Regression("earnings-logearn_height")),
        ("mesquite-logmesquite", "regression_flat", () => Regression("mesquite-logmesquite")),
        ("arK-arK", "arK", () => Regression("arK-arK")),
        ("garch-garch11", "garch11", () => Of(("T", PosteriorDb.Numbers(PosteriorDb.Data("garch"), "y").Length), ("sigma1", PosteriorDb.Data("garch").GetProperty("sigma1").GetDouble())) + Of("y", PosteriorDb.Numbers(PosteriorDb.Data("garch"), "y"))),
        ("gp_pois_regr-gp_regr", "gp_regr", () => Series("gp_pois_regr", "x", "y")),
        ("low_dim_gauss_mix-low_dim_gauss_mix", "low_dim_gauss_mix", () => Series("low_dim_gauss_mix", "y")),
        ("german_credit-logistic", "logistic", () => Regression("german_credit-logistic")),
    ];

    /// <summary>The given posteriors, and the 100-dimensional Gaussians of condition 100 and 1,000.</summary>
    public static IEnumerable<StanProblem> All()
    {
        foreach ((string name, string model, Func<string> data) in Files)
        {
            Posterior posterior = PosteriorDb.All[name]();
            JsonElement reference = PosteriorDb.Read($"reference/{name}.json").GetProperty("parameters");
            yield return new StanProblem(name, posterior, model, data(), [.. posterior.Names.Select(parameter => Figures(reference.GetProperty(parameter)))]);
        }

        yield return Gaussian(100);
        yield return Gaussian(1000);
    }

    /// <summary>Mean 0, axes along the coordinates, variances evenly spaced on a log scale around 1: the Gaussian of docs/efficiency.md, as the diagonal scale of Stan likes it best.</summary>
    private static StanProblem Gaussian(double condition)
    {
        double[] variances = [.. Enumerable.Range(0, GaussianDimension).Select(i => Math.Pow(condition, -0.5 + ((double)i / (GaussianDimension - 1))))];
        Target target = GaussianTarget.Diagonal(Tensor.Zeros(new Shape(GaussianDimension), DType.Float64), Tensor.FromArray([.. variances.Select(variance => 1 / variance)]));
        return new StanProblem(
            string.Create(CultureInfo.InvariantCulture, $"Gaussian, d = 100, condition {condition:N0}"),
            Posterior.Of(target),
            "gaussian",
            Of(("D", GaussianDimension)) + Of("s", [.. variances.Select(Math.Sqrt)]),
            [.. variances.Select(variance => new ReferenceFigures(0, Math.Sqrt(variance), 0, 0))]);
    }

    /// <summary>The reference draws are all but independent: the error of their standard deviation follows from their number.</summary>
    private static ReferenceFigures Figures(JsonElement parameter)
    {
        double sd = parameter.GetProperty("sd").GetDouble();
        double root = Math.Sqrt(parameter.GetProperty("ess").GetDouble());
        return new ReferenceFigures(parameter.GetProperty("mean").GetDouble(), sd, sd / root, sd / (Math.Sqrt(2) * root));
    }

    private static string EightSchools() => Of(("J", 8)) + Of("y", [28, 8, -3, 7, -1, 1, 18, 12]) + Of("sigma", [15, 10, 16, 11, 9, 11, 10, 18]);

    private static string Series(string name, params string[] columns)
    {
        JsonElement data = PosteriorDb.Data(name);
        return Of(("N", data.GetProperty(columns[0]).GetArrayLength())) + string.Concat(columns.Select(column => Of(column, PosteriorDb.Numbers(data, column))));
    }

    /// <summary>Stan gets the intercept as a parameter of its own, not as a column of ones.</summary>
    private static string Regression(string name, bool hasIntercept = true)
    {
        (Matrix<double> design, double[] response) = PosteriorDb.RegressionData(name);
        Matrix<double> x = hasIntercept ? design.RemoveColumn(0) : design;
        return Of(("N", x.RowCount), ("D", x.ColumnCount)) + Of("y", response)
            + string.Create(CultureInfo.InvariantCulture, $"X <- structure(c({Joined(x.ToColumnMajorArray())}), .Dim = c({x.RowCount}L, {x.ColumnCount}L))\n");
    }

    private static string Of(params (string Name, double Value)[] numbers) => string.Concat(numbers.Select(number => string.Create(CultureInfo.InvariantCulture, $"{number.Name} <- {number.Value:R}\n")));

    private static string Of(string name, double[] values) => $"{name} <- c({Joined(values)})\n";

    private static string Joined(double[] values) => string.Join(", ", values.Select(value => value.ToString("R", CultureInfo.InvariantCulture)));
}
