using System.Globalization;
using System.Text.Json;
using Lae.Numerics;
using Lae.Targets;
using MathNet.Numerics.LinearAlgebra;

namespace Lae.Tests.Targets.Posteriors;

/// <summary>The posteriors of <c>../shared/data/posteriordb</c>, made of Lae's own models.</summary>
internal static class PosteriorDb
{
    public static IReadOnlyDictionary<string, Func<Posterior>> All { get; } = new Dictionary<string, Func<Posterior>>(StringComparer.Ordinal)
    {
        ["eight_schools-eight_schools_centered"] = () => EightSchools(centred: true),
        ["eight_schools-eight_schools_noncentered"] = () => EightSchools(centred: false),
        ["sblrc-blr"] = () =>
        {
            JsonElement data = Data("sblrc");
            Matrix<double> x = Matrix<double>.Build.DenseOfRows(data.GetProperty("X").EnumerateArray().Select(row => row.EnumerateArray().Select(value => value.GetDouble())));
            return LinearRegression.Create(x, Numbers(data, "y"), Same(5, Prior.Normal(0, 10)), Prior.HalfNormal(10));
        },
        ["kidiq-kidscore_momiq"] = () =>
        {
            JsonElement data = Data("kidiq");
            return Regression(Numbers(data, "kid_score"), Prior.HalfCauchy(2.5), Numbers(data, "mom_iq"));
        },
        ["earnings-logearn_height"] = () =>
        {
            JsonElement data = Data("earnings");
            return Regression(Logs(data, "earn"), Prior.Flat, Numbers(data, "height"));
        },
        ["mesquite-logmesquite"] = () =>
        {
            JsonElement data = Data("mesquite");
            return Regression(
                Logs(data, "weight"), Prior.Flat,
                Logs(data, "diam1"), Logs(data, "diam2"), Logs(data, "canopy_height"), Logs(data, "total_height"), Logs(data, "density"), Numbers(data, "group"));
        },
        ["arK-arK"] = () =>
        {
            double[] y = Numbers(Data("arK"), "y");
            Matrix<double> x = Matrix<double>.Build.Dense(y.Length - 5, 6, (t, k) => k == 0 ? 1 : y[t + 5 - k]);
            return LinearRegression.Create(x, y[5..], Same(6, Prior.Normal(0, 10)), Prior.HalfCauchy(2.5), ["alpha", "beta[1]", "beta[2]", "beta[3]", "beta[4]", "beta[5]"]);
        },
        ["garch-garch11"] = () => Garch.Create(Numbers(Data("garch"), "y"), Data("garch").GetProperty("sigma1").GetDouble()),
        ["gp_pois_regr-gp_regr"] = () => GaussianProcessRegression.Create(
            Numbers(Data("gp_pois_regr"), "x"), Numbers(Data("gp_pois_regr"), "y"), Prior.Gamma(25, 4), Prior.HalfNormal(2), Prior.HalfNormal(1), noiseIsVariance: true),
        ["low_dim_gauss_mix-low_dim_gauss_mix"] = () => NormalMixtureModel.Create(
            Numbers(Data("low_dim_gauss_mix"), "y"), Prior.Normal(0, 2), Prior.HalfNormal(2), Prior.Beta(5, 5)),
        ["german_credit-logistic"] = GermanCredit,
    };

    public static JsonElement Read(string relative)
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllText(FactIfFileAttribute.Locate($"data/posteriordb/{relative}")));
        return document.RootElement.Clone();
    }

    public static double[] Numbers(JsonElement element, string name) => [.. element.GetProperty(name).EnumerateArray().Select(value => value.GetDouble())];

    public static Posterior EightSchools(bool centred) => HierarchicalNormal.Create(
        [28, 8, -3, 7, -1, 1, 18, 12], [15, 10, 16, 11, 9, 11, 10, 18], Prior.Normal(0, 5), Prior.HalfCauchy(5), centred);

    private static JsonElement Data(string name) => Read($"data/{name}.json");

    private static double[] Logs(JsonElement data, string name) => Array.ConvertAll(Numbers(data, name), Math.Log);

    private static Prior[] Same(int count, Prior prior) => [.. Enumerable.Repeat(prior, count)];

    private static Posterior Regression(double[] response, Prior scalePrior, params double[][] columns) => LinearRegression.Create(
        Matrix<double>.Build.Dense(response.Length, columns.Length + 1, (row, column) => column == 0 ? 1 : columns[column - 1][row]),
        response, Same(columns.Length + 1, Prior.Flat), scalePrior);

    private static Posterior GermanCredit()
    {
        double[][] rows = [.. File.ReadLines(FactIfFileAttribute.Locate("data/posteriordb/data/german_credit.txt"))
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(text => double.Parse(text, CultureInfo.InvariantCulture)).ToArray())
            .Where(row => row.Length > 0)];
        double[,] design = new double[rows.Length, 25];
        for (int column = 0; column < 24; column++)
        {
            double mean = rows.Average(row => row[column]);
            double deviation = Math.Sqrt(rows.Sum(row => Math.Pow(row[column] - mean, 2)) / (rows.Length - 1));
            for (int row = 0; row < rows.Length; row++)
            {
                design[row, 0] = 1;
                design[row, column + 1] = (rows[row][column] - mean) / deviation;
            }
        }

        return LogisticRegression.Create(
            Tensor.FromArray([.. design.Cast<double>()], rows.Length, 25),
            Tensor.FromArray([.. rows.Select(row => row[24] == 2 ? 1.0 : 0)]),
            [Prior.Normal(0, 10), .. Same(24, Prior.Normal(0, 1))],
            ["a", .. Enumerable.Range(1, 24).Select(i => $"b[{i}]")]);
    }
}
