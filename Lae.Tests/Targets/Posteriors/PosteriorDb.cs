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
        ["sblrc-blr"] = () => Regression("sblrc-blr", Prior.Normal(0, 10), Prior.HalfNormal(10)),
        ["kidiq-kidscore_momiq"] = () => Regression("kidiq-kidscore_momiq", Prior.Flat, Prior.HalfCauchy(2.5)),
        ["earnings-logearn_height"] = () => Regression("earnings-logearn_height", Prior.Flat, Prior.Flat),
        ["mesquite-logmesquite"] = () => Regression("mesquite-logmesquite", Prior.Flat, Prior.Flat),
        ["arK-arK"] = () => Regression("arK-arK", Prior.Normal(0, 10), Prior.HalfCauchy(2.5), ["alpha", "beta[1]", "beta[2]", "beta[3]", "beta[4]", "beta[5]"]),
        ["garch-garch11"] = () => Garch.Create(Numbers(Data("garch"), "y"), Data("garch").GetProperty("sigma1").GetDouble()),
        ["gp_pois_regr-gp_regr"] = () => GaussianProcessRegression.Create(
            Numbers(Data("gp_pois_regr"), "x"), Numbers(Data("gp_pois_regr"), "y"), Prior.Gamma(25, 4), Prior.HalfNormal(2), Prior.HalfNormal(1), noiseIsVariance: true),
        ["low_dim_gauss_mix-low_dim_gauss_mix"] = () => NormalMixtureModel.Create(
            Numbers(Data("low_dim_gauss_mix"), "y"), Prior.Normal(0, 2), Prior.HalfNormal(2), Prior.Beta(5, 5)),
        ["german_credit-logistic"] = GermanCredit,
    };

    public static JsonElement Read(string relative)
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllText(SharedFiles.Locate($"data/posteriordb/{relative}")));
        return document.RootElement.Clone();
    }

    public static double[] Numbers(JsonElement element, string name) => [.. element.GetProperty(name).EnumerateArray().Select(value => value.GetDouble())];

    public static Posterior EightSchools(bool centred) => HierarchicalNormal.Create(
        [28, 8, -3, 7, -1, 1, 18, 12], [15, 10, 16, 11, 9, 11, 10, 18], Prior.Normal(0, 5), Prior.HalfCauchy(5), centred);

    /// <summary>Design, with its column of ones where there is an intercept, and response of a regression.</summary>
    public static (Matrix<double> Design, double[] Response) RegressionData(string name)
    {
        switch (name)
        {
            case "sblrc-blr":
                JsonElement sblrc = Data("sblrc");
                return (Matrix<double>.Build.DenseOfRows(sblrc.GetProperty("X").EnumerateArray().Select(row => row.EnumerateArray().Select(value => value.GetDouble()))), Numbers(sblrc, "y"));
            case "kidiq-kidscore_momiq":
                return (WithOnes(Numbers(Data("kidiq"), "mom_iq")), Numbers(Data("kidiq"), "kid_score"));
            case "earnings-logearn_height":
                return (WithOnes(Numbers(Data("earnings"), "height")), Logs(Data("earnings"), "earn"));
            case "mesquite-logmesquite":
                JsonElement mesquite = Data("mesquite");
                return (
                    WithOnes(Logs(mesquite, "diam1"), Logs(mesquite, "diam2"), Logs(mesquite, "canopy_height"), Logs(mesquite, "total_height"), Logs(mesquite, "density"), Numbers(mesquite, "group")),
                    Logs(mesquite, "weight"));
            case "arK-arK":
                double[] y = Numbers(Data("arK"), "y");
                return (Matrix<double>.Build.Dense(y.Length - 5, 6, (t, k) => k == 0 ? 1 : y[t + 5 - k]), y[5..]);
            default:
                return GermanCreditData();
        }
    }

    public static JsonElement Data(string name) => Read($"data/{name}.json");

    private static double[] Logs(JsonElement data, string name) => Array.ConvertAll(Numbers(data, name), Math.Log);

    private static Prior[] Same(int count, Prior prior) => [.. Enumerable.Repeat(prior, count)];

    private static Matrix<double> WithOnes(params double[][] columns) =>
        Matrix<double>.Build.Dense(columns[0].Length, columns.Length + 1, (row, column) => column == 0 ? 1 : columns[column - 1][row]);

    private static Posterior Regression(string name, Prior prior, Prior scalePrior, string[]? names = null)
    {
        (Matrix<double> design, double[] response) = RegressionData(name);
        return LinearRegression.Create(design, response, Same(design.ColumnCount, prior), scalePrior, names);
    }

    private static (Matrix<double> Design, double[] Labels) GermanCreditData()
    {
        double[][] rows = [.. File.ReadLines(SharedFiles.Locate("data/posteriordb/data/german_credit.txt"))
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(text => double.Parse(text, CultureInfo.InvariantCulture)).ToArray())
            .Where(row => row.Length > 0)];
        Matrix<double> design = Matrix<double>.Build.Dense(rows.Length, 25, 1);
        for (int column = 0; column < 24; column++)
        {
            double mean = rows.Average(row => row[column]);
            double deviation = Math.Sqrt(rows.Sum(row => Math.Pow(row[column] - mean, 2)) / (rows.Length - 1));
            for (int row = 0; row < rows.Length; row++)
            {
                design[row, column + 1] = (rows[row][column] - mean) / deviation;
            }
        }

        return (design, [.. rows.Select(row => row[24] == 2 ? 1.0 : 0)]);
    }

    private static Posterior GermanCredit()
    {
        (Matrix<double> design, double[] labels) = GermanCreditData();
        return LogisticRegression.Create(
            Tensor.FromArray(design.ToRowMajorArray(), design.RowCount, 25),
            Tensor.FromArray(labels),
            [Prior.Normal(0, 10), .. Same(24, Prior.Normal(0, 1))],
            ["a", .. Enumerable.Range(1, 24).Select(i => $"b[{i}]")]);
    }
}
