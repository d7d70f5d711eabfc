using System.Globalization;
using System.Text.Json;
using Lae.Numerics;
using Lae.Targets;
using Lae.Tests.Kernels;
using MathNet.Numerics.LinearAlgebra;

namespace Lae.Tests.Targets.Posteriors;

/// <summary>The models: gradients and differences of the log density as Stan computed them, parameters as Stan reports them, and gradients against central differences.</summary>
public sealed class PosteriorTests
{
    [FactIfFile("data/posteriordb/log-density/sblrc-blr.json")]
    public void Densities_gradients_and_transforms_agree_with_Stan()
    {
        int compared = 0;
        foreach ((string name, Func<Posterior> create) in PosteriorDb.All.Where(pair => !pair.Key.StartsWith("german", StringComparison.Ordinal)))
        {
            Posterior posterior = create();
            double? shift = null;
            foreach (JsonProperty point in PosteriorDb.Read($"log-density/{name}.json").GetProperty("points").EnumerateObject())
            {
                double[] u = PosteriorDb.Numbers(point.Value, "u");
                Tensor position = Tensor.FromArray(u, 1, u.Length);
                LogDensityAndGradient here = posterior.Target.Evaluate(position);
                double[] expected = PosteriorDb.Numbers(point.Value, "grad_with_jacobian");
                double scale = expected.Max(Math.Abs);
                Assert.All(expected.Zip(here.Gradient.ToArray()), pair => Assert.True(Math.Abs(pair.First - pair.Second) <= 1e-9 * scale, $"{name} at {point.Name}: {pair.Second:R}, Stan has {pair.First:R}"));
                double difference = here.LogDensity.ToArray()[0] - point.Value.GetProperty("log_prob_with_jacobian").GetDouble();
                Assert.True(Math.Abs(difference - (shift ?? difference)) <= 1e-9 * (1 + Math.Abs(here.LogDensity.ToArray()[0])), $"{name} at {point.Name}: the difference to Stan is {difference:R} and {shift:R}");
                shift ??= difference;
                AssertParameters(posterior, position, point.Value.GetProperty("constrained"), name);
                compared++;
            }
        }

        Assert.Equal(30, compared);
    }

    [Fact]
    public void Gradients_are_those_of_the_log_density()
    {
        Matrix<double> design = GaussianProblem.Normals(1, 20, 3);
        double[] response = [.. GaussianProblem.Normals(2, 1, 20).Row(0)];
        Tensor labels = Tensor.FromArray([.. response.Select(value => value > 0 ? 1.0 : 0)]);
        Posterior[] posteriors =
        [
            LinearRegression.Create(design, response, [Prior.Flat, Prior.StudentT(3, 0.5, 2), Prior.Normal(1, 2)], Prior.Exponential(0.7)),
            LogisticRegression.Create(GaussianProblem.ToTensor(design), labels, [Prior.Normal(0, 2), Prior.StudentT(4, 0, 1), Prior.Flat]),
            HierarchicalNormal.Create(response[..4], [1, 2, 0.5, 3], Prior.Normal(0, 3), Prior.HalfCauchy(2), centred: true),
            HierarchicalNormal.Create(response[..4], [1, 2, 0.5, 3], Prior.StudentT(5, 0, 3), Prior.HalfNormal(2)),
            Garch.Create(response, 0.8),
            GaussianProcessRegression.Create([0, 0.4, 1.1, 2], response[..4], Prior.Gamma(3, 2), Prior.HalfNormal(1), Prior.HalfNormal(1)),
            GaussianProcessRegression.Create([0, 0.4, 1.1, 2], response[..4], Prior.Gamma(3, 2), Prior.HalfNormal(1), Prior.HalfNormal(1), noiseIsVariance: true),
            NormalMixtureModel.Create(response, Prior.Normal(0, 2), Prior.HalfNormal(2), Prior.Beta(2, 3)),
            Autoregression.Create(response, 2, Prior.Normal(0, 2), Prior.Cauchy(0, 1), Prior.LogNormal(0, 1)),
            FactorAnalysis.Create(design, 2, Prior.Normal(0, 2), Prior.InverseGamma(3, 2)),
            FactorAnalysis.Create(design, 1, Prior.StudentT(4, 0, 2), Prior.HalfNormal(2), isIsotropic: true),
            new Posterior(FactorScores.Create(design, Matrix<double>.Build.Dense(3, 2, [1, 0.5, -1, 0.3, 2, 0]), [0.1, 0, -0.2], [1, 0.5, 2]).Target, FactorScores.Names(20, 2), static z => z),
            Posterior.Of(Funnel.Create(4, 1.5).Target),
        ];
        foreach (Posterior posterior in posteriors)
        {
            int d = posterior.Target.Dimension;
            Tensor at = GaussianProblem.Noise(3, 5, d) * 0.7;
            for (int i = 0; i < d; i++)
            {
                int column = i;
                Tensor step = Tensor.FromArray([.. Enumerable.Range(0, d).Select(j => j == column ? 1e-5 : 0)]);
                double[] difference = ((posterior.Target.Evaluate(at + step).LogDensity - posterior.Target.Evaluate(at - step).LogDensity) * (1 / 2e-5)).ToArray();
                double[] found = posterior.Target.Evaluate(at).Gradient.Slice(1, i, 1).ToArray();
                Assert.All(found.Zip(difference), pair => Assert.True(Math.Abs(pair.First - pair.Second) <= 1e-6 * (1 + Math.Abs(pair.First)), $"{posterior.Target.Name} [{column}]: {pair}"));
            }
        }
    }

    [Fact]
    public void Linear_regression_is_the_sum_over_its_rows()
    {
        Matrix<double> design = GaussianProblem.Normals(4, 12, 2);
        double[] response = [.. GaussianProblem.Normals(5, 1, 12).Row(0)];
        Posterior posterior = LinearRegression.Create(design, response, [Prior.Normal(0, 3), Prior.Normal(1, 2)], Prior.HalfNormal(2));
        double[] u = [0.4, -0.7, 0.3];
        double sigma = Math.Exp(u[2]);
        double expected = u[2] + Log(0, 3, u[0]) + Log(1, 2, u[1]) + Log(0, 2, sigma) + Math.Log(2)
            + Enumerable.Range(0, 12).Sum(row => Log((design[row, 0] * u[0]) + (design[row, 1] * u[1]), sigma, response[row]));
        Assert.Equal(expected, posterior.Target.Evaluate(Tensor.FromArray(u, 1, 3)).LogDensity.ToArray()[0], 1e-11);

        static double Log(double mean, double deviation, double x) =>
            -Math.Log(deviation) - (0.5 * Math.Log(2 * Math.PI)) - (0.5 * Math.Pow((x - mean) / deviation, 2));
    }

    [Fact]
    public void Priors_integrate_to_one_and_their_derivatives_are_right()
    {
        (Prior Prior, double Low, double High)[] cases =
        [
            (Prior.Normal(1, 0.5), -9, 11), (Prior.HalfNormal(2), 0, 30), (Prior.HalfCauchy(0.01), 0, 1e4), (Prior.StudentT(6, 0.5, 0.7), -200, 200),
            (Prior.Gamma(3, 2), 0, 40), (Prior.Exponential(1.5), 0, 40), (Prior.Beta(2, 3), 0, 1), (Prior.LogNormal(0.2, 0.6), 0, 60), (Prior.InverseGamma(4, 3), 0, 300),
        ];
        foreach ((Prior prior, double low, double high) in cases)
        {
            // the midpoint rule on a grid that is fine near the origin
            const int Cells = 400_000;
            double total = 0;
            for (int i = 0; i < Cells; i++)
            {
                (double a, double b) = (Grid(i), Grid(i + 1));
                total += (b - a) * Math.Exp(prior.Evaluate(0.5 * (a + b)).LogDensity);
            }

            Assert.True(Math.Abs(total - 1) < 1e-5, string.Create(CultureInfo.InvariantCulture, $"{prior}: {total:R}"));
            double x = low + (0.3 * (Math.Min(high, low + 3) - low));
            Assert.Equal((prior.Evaluate(x + 1e-6).LogDensity - prior.Evaluate(x - 1e-6).LogDensity) / 2e-6, prior.Evaluate(x).Derivative, 1e-5);

            double Grid(int i) => low < 0 ? low + ((high - low) * i / Cells) : high * Math.Pow((double)i / Cells, 4);
        }

        (double cauchy, double slope) = Prior.Cauchy(0.3, 0.7).Evaluate(-1.1);
        (double student, double studentSlope) = Prior.StudentT(1, 0.3, 0.7).Evaluate(-1.1);
        Assert.Equal(student, cauchy, 1e-14);
        Assert.Equal(studentSlope, slope, 1e-14);
    }

    [Fact]
    public void Bad_data_are_refused()
    {
        Matrix<double> twice = Matrix<double>.Build.Dense(5, 2, (row, _) => row + 1);
        double[] y = [1, 2, 3, 4, 6];
        Assert.Contains("linear combination", Assert.Throws<ArgumentException>(() => LinearRegression.Create(twice, y, [Prior.Flat, Prior.Flat], Prior.Flat)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => LinearRegression.Create(twice, [1, 2], [Prior.Flat, Prior.Flat], Prior.Flat));
        Assert.Throws<ArgumentException>(() => LinearRegression.Create(twice, [1, 2, 3, 4, double.NaN], [Prior.Flat, Prior.Flat], Prior.Flat));
        Assert.Throws<ArgumentException>(() => LogisticRegression.Create(Tensor.Ones(new Shape(2, 1), DType.Float64), Tensor.FromArray([0.0, 2]), [Prior.Flat]));
        Assert.Throws<ArgumentException>(() => HierarchicalNormal.Create([1, 2], [1, 0], Prior.Flat, Prior.Flat));
        Assert.Throws<ArgumentException>(() => Garch.Create([1], 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Garch.Create([1, 2], 0));
        Assert.Throws<ArgumentException>(() => GaussianProcessRegression.Create([1], [1, 2], Prior.Flat, Prior.Flat, Prior.Flat));
        Assert.Throws<ArgumentException>(() => NormalMixtureModel.Create([], Prior.Flat, Prior.Flat, Prior.Flat));
        Assert.Throws<ArgumentOutOfRangeException>(() => Prior.Normal(0, -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Prior.Normal(double.NaN, 1));
        Assert.Throws<ArgumentException>(() => new Posterior(GaussianTarget.Standard(2), ["a", "a"], u => u));
        Assert.Throws<ArgumentException>(() => Posterior.Of(GaussianTarget.Standard(2)).Report(Tensor.Zeros(new Shape(1, 3), DType.Float64)));
    }

    private static void AssertParameters(Posterior posterior, Tensor position, JsonElement constrained, string name)
    {
        double[] reported = posterior.Report(position).ToArray();
        foreach (JsonProperty parameter in constrained.EnumerateObject())
        {
            double[] expected = parameter.Value.ValueKind == JsonValueKind.Array ? PosteriorDb.Numbers(constrained, parameter.Name) : [parameter.Value.GetDouble()];
            for (int i = 0; i < expected.Length; i++)
            {
                int at = posterior.Names.ToList().IndexOf(parameter.Value.ValueKind == JsonValueKind.Array ? $"{parameter.Name}[{i + 1}]" : parameter.Name);
                if (at >= 0)
                {
                    Assert.Equal(expected[i], reported[at], 1e-10 * (1 + Math.Abs(expected[i])));
                }
                else
                {
                    Assert.Equal("theta_trans", parameter.Name);
                    Assert.EndsWith("noncentered", name, StringComparison.Ordinal);
                }
            }
        }
    }
}
