using Lae.Kernels;
using Lae.Numerics;
using Lae.Randomness;
using Lae.Running;
using Lae.Targets;
using Lae.Tests.Kernels.Mutants;
using MathNet.Numerics;
using MathNet.Numerics.LinearAlgebra;

namespace Lae.Tests.Kernels;

/// <summary>
/// The one test with draws in it: 20,000 chains that start from the exact law must still have it after 1 and after 20 transitions. Every empirical distribution function
/// lies within the Dvoretzky, Kiefer and Wolfowitz band; the band is so wide that all comparisons of this class together fail by chance once in a million seeds. It sees what
/// the exact laws cannot: noise used twice, streams that are correlated, a decision that is not made.
/// </summary>
public sealed class ExactStartTests
{
    private const int ChainCount = 20_000;
    private const int Comparisons = 40;
    private static readonly RandomKey Key = RandomKey.FromSeed(20_261_122);
    private static readonly double Band = Math.Sqrt(Math.Log(2 * Comparisons / 1e-6) / (2 * ChainCount));

    private static readonly GaussianProblem Problem = new(2, 6, 0.5, 1.2, 1.8, PreconditionerKind.Dense, 5);

    [Fact]
    public void MALA_keeps_a_Gaussian() =>
        Assert.InRange(WorstGaussian(Problem.Adjusted, Problem.Temperature * Problem.Precision.Inverse()), 0, Band);

    [Fact]
    public void ULA_keeps_its_own_stationary_law() => Assert.InRange(WorstGaussian(Problem.Unadjusted, Problem.StationaryCovariance), 0, Band);

    [Fact]
    public void MALA_keeps_the_logistic_law() => Assert.InRange(WorstLogistic(target => MetropolisLangevin.Create(target, new LangevinSettings(1.5))), 0, Band);

    [Fact]
    public void Accepting_always_is_seen_on_both()
    {
        Kernel<LangevinState> gaussian = LangevinMutants.Adjusted(Problem.Target, Problem.Settings, LangevinMutants.AdjustedBug.AlwaysAccept);
        Assert.True(WorstGaussian(gaussian, Problem.Temperature * Problem.Precision.Inverse()) > Band);
        Assert.True(WorstLogistic(target => LangevinMutants.Adjusted(target, new LangevinSettings(1.5), LangevinMutants.AdjustedBug.AlwaysAccept)) > Band);
    }

    [Fact]
    public void Noise_used_again_in_the_next_transition_is_seen() => Assert.True(WorstGaussian(WithSource(s => new NoiseSource(Key, 0, s.Chains, Workspace.Default)), Problem.StationaryCovariance) > Band);

    [Fact]
    public void Noise_shared_by_the_chains_is_seen()
    {
        Kernel<LangevinState> shared = WithSource(s => new NoiseSource(Key, s.Step, Chains.Range(1), Workspace.Default));
        Assert.True(WorstGaussian(shared, Problem.StationaryCovariance) > Band);
    }

    /// <summary>ULA whose noise comes from another source; a source with one chain gives all of them its row.</summary>
    private static Kernel<LangevinState> WithSource(Func<NoiseSource, NoiseSource> change)
    {
        Kernel<LangevinState> correct = Problem.Unadjusted;
        return new Kernel<LangevinState>("other noise", correct.Dimension, correct.DType, correct.Initialize, correct.Refresh, Draw, correct.Advance);

        Noise Draw(NoiseSource source) => correct.DrawNoise(change(source)).Map(leaf => leaf.BroadcastTo(new Shape(source.Chains.Count, leaf.Shape[1])));
    }

    /// <summary>The worst gap of both coordinates, their sum and difference, after 1 and 20 transitions from N(m, S).</summary>
    private static double WorstGaussian(Kernel<LangevinState> kernel, Matrix<double> covariance)
    {
        Tensor start = Tensor.FromArray(Problem.Mean.ToArray()) + Draw(2, normal: true).MatMul(GaussianProblem.ToTensor(covariance.Cholesky().Factor), transposeB: true);
        return After(kernel, start).Max(draws => Directions().Max(direction => Gap(
            draws.EnumerateRows().Select(row => row * direction),
            Problem.Mean * direction,
            Math.Sqrt(direction * covariance * direction),
            z => 0.5 * SpecialFunctions.Erfc(-z / Math.Sqrt(2)))));

        static IEnumerable<Vector<double>> Directions() =>
            new[] { (1.0, 0.0), (0.0, 1.0), (1.0, 1.0), (1.0, -1.0) }.Select(pair => Vector<double>.Build.Dense([pair.Item1, pair.Item2]));
    }

    /// <summary>The worst gap of the two coordinates on the product of two standard logistic laws, log π = x − 2 ln(1 + eˣ).</summary>
    private static double WorstLogistic(Func<Target, Kernel<LangevinState>> create)
    {
        Target target = Target.FromFunction(2, x => (x - (2 * x.Softplus())).Sum(1), name: "logistic");
        Tensor u = Draw(2, normal: false);
        return After(create(target), (u / (1 - u)).Log()).Max(draws => Enumerable.Range(0, 2).Max(i => Gap(draws.Column(i), 0, 1, z => 1 / (1 + Math.Exp(-z)))));
    }

    private static IEnumerable<Matrix<double>> After(Kernel<LangevinState> kernel, Tensor start)
    {
        RunResult<LangevinState> once = ChainRunner.Run(kernel, RunState.Start(kernel, start, Key), new RunOptions(1));
        RunResult<LangevinState> twenty = ChainRunner.Run(kernel, once.Final, new RunOptions(19, 20));
        return [GaussianProblem.ToMatrix(once.Draws[^1].Position), GaussianProblem.ToMatrix(twenty.Draws[^1].Position)];
    }

    private static Tensor Draw(int columns, bool normal)
    {
        double[] values = new double[ChainCount * columns];
        // not folded from the key of the run: FoldIn(1) is the key of transition 1, whose noise would be the very draws of the start
        RandomKey key = RandomKey.FromSeed(20_261_123);
        if (normal)
        {
            RowDraws.Normal(key, 0, 0, ChainCount, columns, values);
        }
        else
        {
            RowDraws.Uniform(key, 0, 0, ChainCount, columns, values);
        }

        return Tensor.FromArray(values, ChainCount, columns);
    }

    /// <summary>The largest distance between the empirical and the exact distribution function.</summary>
    private static double Gap(IEnumerable<double> draws, double mean, double deviation, Func<double, double> distribution)
    {
        double[] sorted = [.. draws.Order()];
        double worst = 0;
        for (int i = 0; i < sorted.Length; i++)
        {
            double exact = distribution((sorted[i] - mean) / deviation);
            worst = Math.Max(worst, Math.Max(Math.Abs(exact - ((double)i / sorted.Length)), Math.Abs(exact - ((i + 1.0) / sorted.Length))));
        }

        return worst;
    }
}
