using System.Globalization;
using System.Text.Json.Nodes;

namespace Lae.Tests.Host;

/// <summary>A regression of one's own table: what is wrong with the data is told in one line that names the place, what is doubtful in a warning by name.</summary>
public class RegressionDataTests
{
    private const string Table = "y,age,dose,city\n0,20,1,Rome\n1,31,2.5,Oslo\n0,45,1.5,Rome\n1,52,3,Oslo\n1,38,0.5,Rome\n0,60,2,Oslo\n1,25,2.2,Rome\n0,33,0.7,Oslo\n";

    [Theory]
    [InlineData("0,20,1,", "0,abc,1,", "line 2, column 2 (\"age\"): expected a number, found \"abc\"; leave the column out by naming the Predictors, or declare its levels in Categories")]
    [InlineData("0,20,1,", "0,,1,", "line 2, column 2 (\"age\"): expected a number, found nothing: a missing value; fill it in, or leave the row out")]
    [InlineData("0,45,1.5", "0,45,NA", "line 4, column 3 (\"dose\"): expected a number, found \"NA\": a missing value; fill it in, or leave the row out")]
    [InlineData("0,45,1.5", "2,45,1.5", "line 4, column 1 (\"y\"): expected 0 or 1, found 2; where the outcome has other values than 0 and 1, say by Positive which of them counts as 1")]
    [InlineData("0,45,1.5", "no,45,1.5", "line 4, column 1 (\"y\"): expected a number, found \"no\"; where the outcome has other values than 0 and 1, say by Positive which of them counts as 1")]
    [InlineData("0,45,1.5,Rome", "0,45,1.5", "line 4: expected 4 fields, found 3")]
    public void BadDataNameFileLineAndColumn(string good, string bad, string message)
    {
        using HostRun host = Logistic(Table.Replace(good, bad, StringComparison.Ordinal));
        Assert.Equal($"{host.Path("data.csv")}: {message}", host.Refused(Sample("--Target:Predictors=age,dose")));
    }

    [Theory]
    [InlineData("Target:Predictors:1: there is no column \"dos\" (did you mean \"dose\"?); columns: y, age, dose, city", "--Target:Predictors=age,dos")]
    [InlineData("Target:Predictors:0: there is no column \"log2(dose)\"; columns: y, age, dose, city; functions: log, sqrt, exp, square", "--Target:Predictors=log2(dose)")]
    [InlineData("Target:Outcome: there is no column \"Y\" (did you mean \"y\"?); columns: y, age, dose, city", "--Target:Outcome=Y", "--Target:Predictors=age")]
    [InlineData("Target:Outcome: the outcome must be a column, not \"log(age)\"", "--Target:Outcome=log(age)", "--Target:Predictors=age")]
    [InlineData("Target:Predictors: \"y\" is made of the outcome \"y\" itself", "--Target:Predictors=age,y")]
    [InlineData("Target:Predictors: \"age\" stands twice", "--Target:Predictors=age,age")]
    [InlineData("Target:Prior: HalfNormal(1) is a law of positive numbers, and this quantity may be negative: choose a law of all numbers, such as Normal", "--Target:Predictors=age", "--Target:Prior:Type=HalfNormal")]
    [InlineData("Target:Priors:0:Coefficient: there is no predictor \"agee\" (did you mean \"age\"?)", "--Target:Predictors=age", "--Target:Priors:0:Coefficient=agee", "--Target:Priors:0:Prior:Type=Normal")]
    [InlineData("Target:Names: there are 2 coefficients (intercept, age) and 1 names", "--Target:Predictors=age", "--Target:Names=a")]
    [InlineData("Target:Positive: no row has \"2\" as its \"y\"; there are \"0\", \"1\"", "--Target:Predictors=age", "--Target:Positive=2")]
    public void OptionsThatDoNotFitTheDataNameTheirPath(string message, params string[] settings)
    {
        using HostRun host = Logistic(Table);
        Assert.Equal(message, host.Refused(Sample(settings)));
    }

    [Fact]
    public void MissingFileAndTextAmongAllColumnsAndFunctionsOutOfRange()
    {
        using HostRun host = Logistic(Table.Replace("1,52,3,", "1,52,0,", StringComparison.Ordinal));
        Assert.Contains("Target:Data:Path: there is no file ", host.Refused(Sample("--Target:Data:Path=none.csv")), StringComparison.Ordinal);
        Assert.StartsWith($"{host.Path("data.csv")}: line 2, column 4 (\"city\"): expected a number, found \"Rome\"", host.Refused(Sample()), StringComparison.Ordinal);
        Assert.Equal($"{host.Path("data.csv")}: line 5, column 3 (\"dose\"): log has no finite value at 0", host.Refused(Sample("--Target:Predictors=log(dose)")));
    }

    [Theory]
    [InlineData("Target:Prior: 8 rows do not determine 9 coefficients with flat priors: the posterior is improper; give them proper priors, or name fewer predictors",
        "--Target:Predictors=age,dose,age:dose,log(age),log(dose),sqrt(age),square(age),square(dose)")]
    [InlineData("Target:Predictors: \"square(sqrt(age))\" is a combination of \"age\": with flat priors its coefficient is not determined, and the posterior is improper; leave it out, or give it a proper prior",
        "--Target:Predictors=age,dose,square(sqrt(age))")]
    [InlineData("Target:Predictors: \"one\" has one value in every row: with flat priors its coefficient is not determined, and the posterior is improper; leave it out, or give it a proper prior",
        "--Target:Predictors=age,one")]
    [InlineData("Target:Prior: the outcomes are separable by \"leak\": with flat priors the likelihood grows for ever and the posterior is improper; give proper priors, such as Normal(0, 2.5)",
        "--Target:Predictors=leak")]
    public void WithFlatPriorsAnImproperPosteriorIsRefused(string message, params string[] settings)
    {
        using HostRun host = Logistic(WithColumns());
        Assert.Equal(message, host.Refused(Sample([.. settings, "--Target:Prior:Type=Flat", "--Target:InterceptPrior:Type=Flat"])));
    }

    [Theory]
    [InlineData("ConstantColumn", "\"one\" is 3 in every row: nothing can be learned of its coefficient, which keeps its prior.", "--Target:Predictors=age,one")]
    [InlineData("CollinearColumns", "\"square(sqrt(age))\" is a combination of \"age\"", "--Target:Predictors=age,dose,square(sqrt(age))")]
    [InlineData("NearlyCollinearColumns", "\"age\" is determined to 99.", "--Target:Predictors=age,sqrt(age)")]
    [InlineData("SeparableData", "\"leak\" tells the outcomes apart without an error: ", "--Target:Predictors=leak")]
    [InlineData("SeparableData", "\"rare\" tells the outcomes apart without an error but for rows on the border: ", "--Target:Predictors=rare")]
    [InlineData("BadlyScaledColumns", "\"wide\" has deviation ", "--Target:Predictors=age,wide", "--Target:Standardize=false")]
    [InlineData("BadlyScaledColumns", "\"year\" has mean ", "--Target:Predictors=year", "--Target:Standardize=false")]
    public void DoubtfulDataAreToldByNameAndTheRunGoesOn(string name, string text, params string[] settings)
    {
        using HostRun host = Logistic(WithColumns());
        Assert.True(host.Run([.. Sample(settings), "--out", "out"]) == 0, host.Error);
        JsonNode warning = Assert.Single(JsonNode.Parse(File.ReadAllText(host.Path("out/summary.json")))!["warnings"]!.AsArray())!;
        Assert.Equal(name, warning["name"]!.GetValue<string>());
        Assert.StartsWith(text, warning["text"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Contains($"Warning: {name}: {text}", host.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void GoodDataHaveNoWarningAndCategoriesBecomeIndicators()
    {
        using HostRun host = Logistic(Table);
        Assert.True(host.Run([.. Sample("--Target:Predictors=age,dose,city", "--Target:Categories:0:Column=city", "--Target:Categories:0:Levels=Rome,Oslo"), "--out", "out"]) == 0, host.Error);
        JsonNode summary = JsonNode.Parse(File.ReadAllText(host.Path("out/summary.json")))!;
        Assert.Empty(summary["warnings"]!.AsArray());
        Assert.Equal(["intercept", "age", "dose", "city[Oslo]"], summary["parameters"]!.AsArray().Select(one => one!["name"]!.GetValue<string>()));
        Assert.Equal(
            $"{host.Path("data.csv")}: line 3, column 4 (\"city\"): expected one of the declared levels Rome, Osloo, found \"Oslo\" (did you mean \"Osloo\"?)",
            Refused(host, "--Target:Predictors=city", "--Target:Categories:0:Column=city", "--Target:Categories:0:Levels=Rome,Osloo"));
    }

    /// <summary>With flat priors the posterior does not depend on whether predictors are standardised: its mean, by least squares, is the same in the units of the data.</summary>
    [Fact]
    public void CoefficientsOfStandardizedPredictorsAreReportedInTheUnitsOfTheData()
    {
        using HostRun host = Logistic(WithColumns());
        string[] linear = Sample(
            "--Target:Type=LinearRegression", "--Target:Data:Type=Csv", "--Target:Data:Path=data.csv", "--Target:Outcome=dose", "--Target:Predictors=age,year", "--Target:Prior:Type=Flat", "--Target:InterceptPrior:Type=Flat",
            "--Transitions=1", "--Warmup:Transitions=0", "--Start:Spread=0", "--Start:Centre=1,2,3,0", "--Kernel:StepSize=1e-12");
        Assert.True(host.Run([.. linear, "--out", "out"]) == 0, host.Error);
        double[] found = [.. JsonNode.Parse(File.ReadAllText(host.Path("out/summary.json")))!["parameters"]!.AsArray().Select(one => one!["mean"]!.GetValue<double>())];
        double[] age = [20, 31, 45, 52, 38, 60, 25, 33];
        double[] year = [.. Enumerable.Range(0, 8).Select(i => 2000 + (0.001 * ((i * i) % 7)))];
        (double a, double s) = (age.Average(), Deviation(age));
        (double b, double t) = (year.Average(), Deviation(year));
        Assert.Equal(2 / s, found[1], 1e-5);
        Assert.Equal(3 / t, found[2], 1e-2);
        Assert.Equal((1 - (2 * a / s) - (3 * b / t)) / (3 * b / t), found[0] / (3 * b / t), 1e-5);
        Assert.Equal(1, found[3], 1e-5);

        static double Deviation(double[] values) => Math.Sqrt(values.Sum(value => Math.Pow(value - values.Average(), 2)) / (values.Length - 1));
    }

    private static string Refused(HostRun host, params string[] settings)
    {
        Assert.Equal(2, host.Run([.. Sample(settings), "--out", "other"]));
        return host.OneLine();
    }

    private static string[] Sample(params string[] settings) => ["sample", "--config", "sampling.json", .. settings];

    private static HostRun Logistic(string table)
    {
        HostRun host = new();
        host.Write("data.csv", table);
        host.Write("sampling.json", """
            {
              "Target": { "Type": "LogisticRegression", "Data": { "Type": "Csv", "Path": "data.csv" }, "Outcome": "y" },
              "Kernel": { "Type": "MALA", "StepSize": 1e-5 }, "Start": { "Spread": 0.01 }, "Chains": 2, "Transitions": 5, "Warmup": { "Transitions": 0 }
            }
            """);
        return host;
    }

    /// <summary>The table with a constant, a column that gives the outcome away, one that does so in two rows, one far too wide and one far from 0.</summary>
    private static string WithColumns() => string.Join('\n', Table.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select((line, i) => i == 0
        ? $"{line},one,leak,rare,wide,year"
        : string.Create(CultureInfo.InvariantCulture, $"{line},3,{(line[0] == '1' ? 5 : 1) + (0.1 * i)},{(i is 2 or 4 ? 1 : 0)},{1e6 * ((i * 5) % 8)},{2000 + (0.001 * (((i - 1) * (i - 1)) % 7))}"))) + "\n";
}
