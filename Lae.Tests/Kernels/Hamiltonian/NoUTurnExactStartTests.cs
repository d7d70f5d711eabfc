using Lae.Kernels;
using Lae.Numerics;
using Lae.Randomness;
using Lae.Running;
using Lae.Targets;
using Lae.Tests.Kernels.Mutants;
using Lae.Tests.Laws;
using MathNet.Numerics;

namespace Lae.Tests.Kernels;

/// <summary>
/// NUTS has no closed form: 20,000 chains that start from the exact law must still have it after 1 and after 20 transitions. Every empirical distribution function lies within the
/// Dvoretzky, Kiefer and Wolfowitz band, so wide that all comparisons of this class together fail by chance once in a million seeds.
/// </summary>
public sealed class NoUTurnExactStartTests
{
    private const int ChainCount = 20_000;
    private const int Comparisons = 100;
    private static readonly RandomKey Key = RandomKey.FromSeed(20_261_122);
    private static readonly double Band = Math.Sqrt(Math.Log(2 * Comparisons / 1e-6) / (2 * ChainCount));

    private static readonly MassMatrix Mass = MassMatrix.Dense(Tensor.FromArray([1.2, 0.4, 0.4, 0.9], 2, 2));

    public static TheoryData<string, double> Targets { get; } = new() { { "Gaussian", 1.3 }, { "banana", 0.9 }, { "mixture", 1.1 } };

    [Theory]
    [MemberData(nameof(Targets))]
    [Proves("I-16", "NUTS")]
    public void NUTS_keeps_the_target(string name, double stepSize)
    {
        (double gap, double acceptance) = Worst(name, stepSize, NoUTurnMutants.NoUTurnBug.None);
        Assert.InRange(gap, 0, Band);
        Assert.InRange(acceptance, 0.4, 0.9);
    }

    [Theory]
    [InlineData(NoUTurnMutants.NoUTurnBug.WeightsDropped)]
    [InlineData(NoUTurnMutants.NoUTurnBug.OneEndOnly)]
    [InlineData(NoUTurnMutants.NoUTurnBug.NoTestWithinDoublings)]
    public void A_damaged_sampler_does_not(NoUTurnMutants.NoUTurnBug bug) => Assert.Contains(Targets, row => Worst((string)row[0], (double)row[1], bug).Gap > Band);

    private static (double Gap, double Acceptance) Worst(string name, double stepSize, NoUTurnMutants.NoUTurnBug bug)
    {
        Problem problem = Problem.Named(name);
        Kernel<LangevinState> kernel = NoUTurnMutants.Create(problem.Exact.Target, new NoUTurnSettings(stepSize, 5, mass: Mass), bug);
        RunResult<LangevinState> once = ChainRunner.Run(kernel, RunState.Start(kernel, problem.Exact.Draw(Key.FoldIn(1), ChainCount), Key), new RunOptions(1));
        RunResult<LangevinState> twenty = ChainRunner.Run(kernel, once.Final, new RunOptions(19, 20));
        double gap = new[] { once, twenty }.Max(run => problem.Gap(run.Draws[^1].Position.ToArray()));
        return (gap, once.Draws[0].Info.MeanAcceptance);
    }

    /// <summary>A target in two dimensions, and functions of a position whose law under it is uniform.</summary>
    private sealed record Problem(ExactTarget Exact, params Func<double, double, double>[] Uniforms)
    {
        public static Problem Named(string name)
        {
            // of a standard normal pair: both, their sum and difference, and the squared length
            Func<double, double, double>[] normal = [(a, _) => Normal(a), (_, b) => Normal(b), (a, b) => Normal((a + b) / Math.Sqrt(2)), (a, b) => Normal((a - b) / Math.Sqrt(2)), (a, b) => 1 - Math.Exp(-0.5 * ((a * a) + (b * b)))];
            switch (name)
            {
                case "banana":
                    return new Problem(Banana.Create(2, 0.5, 1.5), [.. normal.Select(f => (Func<double, double, double>)((x, y) => f(x / 1.5, y - (0.5 * ((x * x) - 2.25)))))]);
                case "mixture":
                    double[] means = [-1.5, -1, 1.5, 0.5];
                    double[] deviations = [0.8, 1, 1, 0.6];
                    ExactTarget mixture = GaussianMixture.Create([0.4, 0.6], Tensor.FromArray(means, 2, 2), Tensor.FromArray(deviations, 2, 2));
                    return new Problem(mixture, (x, y) => Along(x, y, 1, 0), (x, y) => Along(x, y, 0, 1), (x, y) => Along(x, y, 1, 1), (x, y) => Along(x, y, 1, -1));

                    double Along(double x, double y, double a, double b) => Enumerable.Range(0, 2).Sum(k => new[] { 0.4, 0.6 }[k]
                        * Normal(((a * (x - means[2 * k])) + (b * (y - means[(2 * k) + 1]))) / Math.Sqrt(Math.Pow(a * deviations[2 * k], 2) + Math.Pow(b * deviations[(2 * k) + 1], 2))));
                default:
                    // x = L z with precision A = (L Lᵀ)⁻¹
                    Tensor root = Tensor.FromArray([1.0, 0, 0.6, 0.5], 2, 2);
                    Tensor precision = Tensor.FromArray([(0.36 + 0.25) / 0.25, -0.6 / 0.25, -0.6 / 0.25, 1 / 0.25], 2, 2);
                    Target gaussian = GaussianTarget.Dense(Tensor.FromArray([0.0, 0]), precision);
                    return new Problem(
                        new ExactTarget(gaussian, 0, (key, rows) => Draw(key, rows).MatMul(root, transposeB: true)),
                        [.. normal.Select(f => (Func<double, double, double>)((x, y) => f(x, (y - (0.6 * x)) / 0.5)))]);
            }
        }

        /// <summary>The largest distance of an empirical distribution function from the uniform one.</summary>
        public double Gap(double[] positions) => Uniforms.Max(uniform =>
        {
            double[] u = [.. Enumerable.Range(0, positions.Length / 2).Select(i => uniform(positions[2 * i], positions[(2 * i) + 1])).Order()];
            return Enumerable.Range(0, u.Length).Max(i => Math.Max(Math.Abs(u[i] - ((double)i / u.Length)), Math.Abs(u[i] - ((i + 1.0) / u.Length))));
        });

        private static double Normal(double z) => 0.5 * SpecialFunctions.Erfc(-z / Math.Sqrt(2));

        private static Tensor Draw(RandomKey key, int rows)
        {
            double[] values = new double[2 * rows];
            RowDraws.Normal(key, 0, 0, rows, 2, values);
            return Tensor.FromArray(values, rows, 2);
        }
    }
}
