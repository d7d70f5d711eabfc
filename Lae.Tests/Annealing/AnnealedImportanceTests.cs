using Lae.Annealing;
using Lae.Kernels;
using Lae.Numerics;
using Lae.Numerics.Engines.Managed;
using Lae.Randomness;
using Lae.Targets;
using Lae.Tests.Kernels;
using Lae.Tests.Laws;
using MathNet.Numerics.LinearAlgebra;
using static Lae.Tests.Kernels.GaussianProblem;

namespace Lae.Tests.Annealing;

/// <summary>Annealed importance sampling against constants that are known: exactly where nothing is left to chance, within its own standard error elsewhere, forward and reverse.</summary>
public sealed class AnnealedImportanceTests
{
    private static readonly RandomKey Key = RandomKey.FromSeed(20_261_122);

    [Fact]
    public void From_a_distribution_to_a_multiple_of_itself_the_constant_is_exact()
    {
        ExactTarget start = Broad(3, 1.3, 0.7);
        AnnealedImportanceSettings settings = new(InverseTemperatures.Sigmoid(8), 50, 2);
        LogNormalizingConstant forward = AnnealedImportanceSampling.Forward(start, Raised(start, 5.25).Target, Mala(0.3), settings, Key).Estimate;
        LogNormalizingConstant reverse = AnnealedImportanceSampling.Reverse(start, Raised(start, 5.25), Mala(0.3), settings, Key).Estimate;
        Assert.All([forward, reverse], estimate =>
        {
            Assert.Equal(0.7 + 5.25, estimate.Value, 1e-12);
            Assert.InRange(estimate.StandardError, 0, 1e-13);
            Assert.Equal(50, estimate.EffectiveSampleSize, 1e-9);
        });
    }

    [Fact]
    public void Without_motion_the_weight_is_that_of_importance_sampling_whatever_the_schedule() => Generated.ForAll(
        All,
        p =>
        {
            ExactTarget start = Broad(p.Dimension, 4, 0);
            AnnealedImportanceSettings settings = new(InverseTemperatures.Power(1 + (p.Seed % 7), 2), 20);
            AnnealedImportanceResult result = AnnealedImportanceSampling.Forward(
                start, p.Target, (target, _) => Combinators.Identity(MetropolisLangevin.Create(target, new LangevinSettings(1))), settings, Key);
            Tensor x = result.Positions;
            double[] expected = (p.Target.Evaluate(x).LogDensity - start.Target.Evaluate(x).LogDensity).ToArray();
            Assert.All(expected.Zip(result.LogWeights.ToArray()), pair => Assert.Equal(pair.First, pair.Second, 1e-11 * (1 + Math.Abs(pair.First))));
        },
        30);

    [Fact]
    public void The_weights_of_exact_transitions_have_the_mean_that_a_Gaussian_gives_them()
    {
        // from N(0, s²) to exp(−x²/2) in two steps with perfect mixing between: E w and E w² are products of Gaussian integrals
        const int Count = 200_000;
        Target end = Target.FromGradient(1, x => new LogDensityAndGradient(x.Square().Sum(1) * -0.5, -x));
        double[] weights =
        [
            .. AnnealedImportanceSampling.Forward(Broad(1, 1.5, 0), end, Exact(1.5, 1e9), new AnnealedImportanceSettings([0, 0.5, 1], Count), Key).LogWeights.ToArray().Select(Math.Exp),
        ];
        double mean = weights.Average();
        double error = Math.Sqrt(weights.Sum(w => (w - mean) * (w - mean)) / Count / Count);
        Assert.InRange(mean, Math.Sqrt(2 * Math.PI) - (6 * error), Math.Sqrt(2 * Math.PI) + (6 * error));
        double first = 1 / 2.25;
        double half = 0.5 * (first + 1);
        double expected = Relative(first, half) * Relative(half, 1);
        Assert.InRange(weights.Sum(w => w * w) / Count / (mean * mean), expected * 0.995, expected * 1.005);

        // E (w/E w)² of one step from precision a to b
        static double Relative(double a, double b) => b / Math.Sqrt(a * ((2 * b) - a));
    }

    [Theory]
    [InlineData("Gaussian")]
    [InlineData("mixture")]
    [InlineData("banana")]
    public void Log_Z_is_within_four_of_its_own_standard_errors_forward_and_reverse(string name)
    {
        (ExactTarget start, ExactTarget target, Func<Target, double, Kernel<LangevinState>> builder, AnnealedImportanceSettings settings) = Problem(name);
        LogNormalizingConstant forward = AnnealedImportanceSampling.Forward(start, target.Target, builder, settings, Key).Estimate;
        LogNormalizingConstant reverse = AnnealedImportanceSampling.Reverse(start, target, builder, settings, Key.FoldIn(1)).Estimate;
        Assert.All([forward, reverse], estimate =>
        {
            Assert.InRange(estimate.StandardError, 1e-4, 0.2);
            Assert.InRange(estimate.Value, target.LogNormalizingConstant - (4 * estimate.StandardError), target.LogNormalizingConstant + (4 * estimate.StandardError));
            Assert.True(estimate.EffectiveSampleSize > 100, $"ESS {estimate.EffectiveSampleSize}");
        });
    }

    [Fact]
    public void The_standard_error_is_honest()
    {
        // 2,000 repetitions of 100 chains each, as one batch: a chain does not depend on the others
        const int Repetitions = 2000;
        const int Each = 100;
        ExactTarget start = Broad(2, 1.15, 0.5);
        ExactTarget target = Raised(Broad(2, 0.9, 0), 2.5);
        AnnealedImportanceSettings settings = new(InverseTemperatures.Linear(4), Repetitions * Each);
        double[] forward = AnnealedImportanceSampling.Forward(start, target.Target, Mala(0.8), settings, Key).LogWeights.ToArray();
        double[] reverse = AnnealedImportanceSampling.Reverse(start, target, Mala(0.8), settings, Key).LogWeights.ToArray();
        Assert.InRange(Coverage(i => LogNormalizingConstant.OfForward(forward.AsSpan(i * Each, Each), 0.5)), 0.92, 0.97);
        Assert.InRange(Coverage(i => LogNormalizingConstant.OfReverse(reverse.AsSpan(i * Each, Each), 0.5)), 0.92, 0.97);

        // an error that is a third too small is seen
        Assert.True(Coverage(i => LogNormalizingConstant.OfForward(forward.AsSpan(i * Each, Each), 0.5) is var e ? e with { StandardError = e.StandardError / 1.5 } : e) < 0.92);

        static double Coverage(Func<int, LogNormalizingConstant> estimate) =>
            Enumerable.Range(0, Repetitions).Select(estimate).Average(e => Math.Abs(e.Value - 2.5) <= 1.959964 * e.StandardError ? 1.0 : 0.0);
    }

    [Fact]
    public void Planted_bugs_move_the_estimate_by_many_standard_errors()
    {
        ExactTarget start = Broad(2, 2.5, 0);
        ExactTarget target = Raised(Broad(2, 0.8, 0), 2);
        AnnealedImportanceSettings settings = new(InverseTemperatures.Linear(10), 4000);

        // a kernel that does not keep the densities of the way, a start from another law, a constant of the start that is forgotten
        LogNormalizingConstant unadjusted = AnnealedImportanceSampling.Forward(start, target.Target, (t, _) => UnadjustedLangevin.Create(t, new LangevinSettings(0.6)), settings, Key).Estimate;
        LogNormalizingConstant elsewhere = AnnealedImportanceSampling.Forward(start with { Draw = Broad(2, 2, 0).Draw }, target.Target, Mala(0.3), settings, Key).Estimate;
        LogNormalizingConstant forgotten = AnnealedImportanceSampling.Forward(Raised(start, 0.5) with { LogNormalizingConstant = 0 }, target.Target, Mala(0.3), settings, Key).Estimate;
        Assert.All([unadjusted, elsewhere, forgotten, ByHand(late: true)], estimate => Assert.True(Math.Abs(estimate.Value - 2) > 5 * estimate.StandardError, $"{estimate}"));
        LogNormalizingConstant control = ByHand(late: false);
        Assert.InRange(control.Value, 2 - (4 * control.StandardError), 2 + (4 * control.StandardError));

        // with perfect mixing; late takes the weight after the move
        LogNormalizingConstant ByHand(bool late)
        {
            Target[] way = [.. settings.Schedule.Select(beta => Tempering.Bridge(start.Target, target.Target, beta))];
            Tensor[] draws = [.. settings.Schedule.Select((beta, k) => Noise(500 + k, 4000, 2) * (1 / Math.Sqrt(((1 - beta) / 6.25) + (beta / 0.64))))];
            Tensor logs = Enumerable.Range(1, way.Length - 1).Select(k => draws[late ? k : k - 1] is var x ? way[k].Evaluate(x).LogDensity - way[k - 1].Evaluate(x).LogDensity : x).Aggregate((a, b) => a + b);
            return LogNormalizingConstant.OfForward(logs.ToArray());
        }
    }

    [Fact]
    [Proves("R-1", "AIS")]
    [Proves("R-5", "AIS")]
    [Proves("R-6", "AIS")]
    public void R1_R5_R6_a_chain_depends_on_the_key_and_its_number_alone()
    {
        (ExactTarget start, ExactTarget target, Func<Target, double, Kernel<LangevinState>> builder, _) = Problem("banana");
        double[] Weights(int chains, RandomKey key) =>
            AnnealedImportanceSampling.Forward(start, target.Target, builder, new AnnealedImportanceSettings(InverseTemperatures.Sigmoid(6), chains, 2), key).LogWeights.ToArray();
        double[] many = Weights(9, Key);
        Assert.Equal(many, Weights(9, Key));
        Assert.Equal(many[..4], Weights(4, Key));
        Assert.Equal(many[..1], Weights(1, Key));
        Assert.NotEqual(many, Weights(9, Key.FoldIn(3)));
    }

    [Fact]
    [Proves("R-7", "AIS")]
    public void R7_threads_change_nothing()
    {
        (ExactTarget start, ExactTarget target, Func<Target, double, Kernel<LangevinState>> builder, _) = Problem("Gaussian");
        double[][] all = [.. new[] { 1, 2, 8 }.Select(threads => AnnealedImportanceSampling.Forward(
            start, target.Target, builder,
            new AnnealedImportanceSettings(InverseTemperatures.Linear(4), 12, engine: new ManagedEngine(threads, ManagedEngine.WidestRegister, isEager: true)),
            Key).LogWeights.ToArray())];
        Assert.Equal(all[0], all[1]);
        Assert.Equal(all[0], all[2]);
    }

    [Fact]
    [Proves("R-8", "AIS")]
    public void R8_it_costs_a_gradient_at_each_density_and_those_of_the_transitions()
    {
        int rows = 0;
        ExactTarget start = Broad(2, 2, 0);
        Target counted = Target.FromGradient(2, x =>
        {
            rows += x.Shape[0];
            return start.Target.Evaluate(x * 2);
        });
        AnnealedImportanceSampling.Forward(start, counted, Mala(0.1), new AnnealedImportanceSettings(InverseTemperatures.Linear(5), 7, 3), Key);

        // at the start β = 0 only the first target is evaluated; then five densities, and three transitions at four of them
        Assert.Equal(7 * (5 + (3 * 4)), rows);
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(double.NegativeInfinity)]
    [Proves("R-9", "AIS")]
    public void R9_a_weight_that_is_not_finite_stops_it(double value)
    {
        ExactTarget start = Broad(2, 2, 0);
        Target wrong = Target.FromGradient(2, x => start.Target.Evaluate(x) is var at ? at with { LogDensity = at.LogDensity + value } : at);
        NonFiniteStateException stop = Assert.Throws<NonFiniteStateException>(() =>
            AnnealedImportanceSampling.Forward(start, wrong, Mala(0.1), new AnnealedImportanceSettings(InverseTemperatures.Linear(3), 5), Key));
        Assert.Contains("log weight", stop.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_estimate_is_that_of_the_weights_in_plain_numbers() => Generated.ForAll(FsCheck.Fluent.Gen.Choose(0, 1_000_000), seed =>
    {
        double[] logs = Noise(seed, 1, 2 + (seed % 40)).ToArray();
        int n = logs.Length;
        double[] w = [.. logs.Select(Math.Exp)];
        double mean = w.Average();
        double error = Math.Sqrt(w.Sum(x => (x - mean) * (x - mean)) / (n - 1) / n) / mean;
        double ess = w.Sum() * w.Sum() / w.Sum(x => x * x);
        LogNormalizingConstant found = LogNormalizingConstant.OfForward([.. logs.Select(l => l - 900)], 3);
        Assert.Equal(Math.Log(mean) + 3 - 900, found.Value, 1e-10);
        Assert.Equal(error, found.StandardError, 1e-10 * (1 + error));
        Assert.Equal(Math.Sqrt(((n / ess) - 1) / (n - 1)), found.StandardError, 1e-7);
        Assert.Equal(ess, found.EffectiveSampleSize, 1e-9 * ess);
        Assert.Equal(3 - Math.Log(mean), LogNormalizingConstant.OfReverse(logs, 3).Value, 1e-12);
    });

    [Fact]
    [Proves("R-12", "AIS")]
    public void R12_schedules_rise_from_0_to_1()
    {
        Assert.Equal([0, 0.25, 0.5, 0.75, 1], InverseTemperatures.Linear(4).ToArray());
        Assert.Equal([0, 0.0625, 0.25, 0.5625, 1], InverseTemperatures.Power(4, 2).ToArray());
        double[] sigmoid = [.. InverseTemperatures.Sigmoid(4)];
        double Sigma(double x) => 1 / (1 + Math.Exp(-x));
        Assert.Equal((Sigma(-2) - Sigma(-4)) / (Sigma(4) - Sigma(-4)), sigmoid[1], 1e-15);
        Assert.Equal(0.5, sigmoid[2], 1e-15);
        Assert.All(sigmoid.Zip(sigmoid.Reverse()), pair => Assert.Equal(1, pair.First + pair.Second, 1e-14));
        Assert.All([InverseTemperatures.Linear(1), InverseTemperatures.Sigmoid(1, 9), InverseTemperatures.Power(200, 3), InverseTemperatures.Sigmoid(333)], schedule =>
        {
            Assert.Equal((0.0, 1.0), (schedule[0], schedule[^1]));
            Assert.All(schedule.Zip(schedule.Skip(1)), pair => Assert.True(pair.First < pair.Second));
        });
        Assert.Throws<ArgumentOutOfRangeException>(() => InverseTemperatures.Linear(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => InverseTemperatures.Power(3, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => InverseTemperatures.Sigmoid(3, double.NaN));
        Assert.Throws<ArgumentException>(() => new AnnealedImportanceSettings([0, 0.5, 0.5, 1], 3));
        Assert.Throws<ArgumentException>(() => new AnnealedImportanceSettings([0.1, 1], 3));
        Assert.Throws<ArgumentOutOfRangeException>(() => new AnnealedImportanceSettings([0, 1], 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => LogNormalizingConstant.OfForward([0, double.NaN]));
        Assert.Throws<ArgumentException>(() => LogNormalizingConstant.OfForward([]));
    }

    private static Func<Target, double, Kernel<LangevinState>> Mala(double stepSize) => (target, _) => MetropolisLangevin.Create(target, new LangevinSettings(stepSize));

    /// <summary>Exact transitions of the way from N(0, s²) to a standard normal law in one dimension.</summary>
    private static Func<Target, double, Kernel<LangevinState>> Exact(double deviation, double time) => (target, beta) => ExactKernels.OrnsteinUhlenbeck(
        target, Vector<double>.Build.Dense(1), Matrix<double>.Build.Dense(1, 1, ((1 - beta) / (deviation * deviation)) + beta), 1, time);

    private static ExactTarget Broad(int dimension, double deviation, double logConstant)
    {
        Target target = GaussianTarget.Diagonal(Tensor.Zeros(new Shape(dimension), DType.Float64), Tensor.Full(1 / (deviation * deviation), new Shape(dimension), DType.Float64));
        return Raised(new ExactTarget(target, 0, (key, rows) => Draws(key, rows, dimension) * deviation), logConstant);
    }

    private static Tensor Draws(RandomKey key, int rows, int dimension)
    {
        double[] values = new double[rows * dimension];
        RowDraws.Normal(key, 0, 0, rows, dimension, values);
        return Tensor.FromArray(values, rows, dimension);
    }

    /// <summary>The same law with a log density that is higher by a constant, which is its log Z.</summary>
    private static ExactTarget Raised(ExactTarget exact, double constant) => exact with
    {
        Target = Target.FromGradient(exact.Target.Dimension, x => exact.Target.Evaluate(x) is var at ? at with { LogDensity = at.LogDensity + constant } : at, name: exact.Target.Name),
        LogNormalizingConstant = exact.LogNormalizingConstant + constant,
    };

    private static (ExactTarget Start, ExactTarget Target, Func<Target, double, Kernel<LangevinState>> Builder, AnnealedImportanceSettings Settings) Problem(string name)
    {
        switch (name)
        {
            case "Gaussian":
                Matrix<double> precision = Positive(20, 0.5, 4, 3);
                Tensor mean = Noise(4, 1, 20).Reshape(20);
                Tensor root = ToTensor(precision.Inverse().Cholesky().Factor);
                ExactTarget gaussian = new(GaussianTarget.Dense(mean, ToTensor(precision)), 0, (key, rows) => mean + Draws(key, rows, 20).MatMul(root, transposeB: true));
                return (Broad(20, 1.3, 0), Raised(gaussian, -7.3), Preconditioned, new AnnealedImportanceSettings(InverseTemperatures.Sigmoid(300), 600));

                // by the covariance of each density of the way
                Kernel<LangevinState> Preconditioned(Target t, double beta)
                {
                    Matrix<double> covariance = ((beta * precision) + ((1 - beta) / 1.69 * Matrix<double>.Build.DenseIdentity(20))).Inverse();
                    return MetropolisLangevin.Create(t, new LangevinSettings(0.4, 1, Preconditioner.Dense(ToTensor(0.5 * (covariance + covariance.Transpose())))));
                }

            case "mixture":
                ExactTarget mixture = GaussianMixture.Create([1, 2, 1], Tensor.FromArray([-2.0, 0, 2, 1, 0, -2.5], 3, 2), Tensor.FromArray([0.6, 0.8, 0.7, 0.5, 0.9, 0.6], 3, 2));
                return (Broad(2, 2.5, 0), Raised(mixture, 4.1), (t, beta) => MetropolisLangevin.Create(t, new LangevinSettings(0.25 + (0.9 * (1 - beta)))), new AnnealedImportanceSettings(InverseTemperatures.Linear(30), 1500, 2));
            default:
                return (Broad(2, 2.5, 0), Raised(Banana.Create(2, 0.4, 1.2), 11), (t, beta) => MetropolisLangevin.Create(t, new LangevinSettings(0.2 + (0.8 * (1 - beta)))), new AnnealedImportanceSettings(InverseTemperatures.Linear(30), 1500, 2));
        }
    }
}
