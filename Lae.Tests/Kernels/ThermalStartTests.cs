using Lae.Kernels;
using Lae.Numerics;
using Lae.Randomness;
using Lae.Running;
using MathNet.Numerics;
using MathNet.Numerics.LinearAlgebra;

namespace Lae.Tests.Kernels;

/// <summary>
/// Draws through the runner, for what no read-off sees: 20,000 chains that start in the stationary law must still have it after 1 and after 20 transitions. OBABO and OABAO start so exactly, since their
/// momenta are thermal: it tests that momenta are drawn at the start, and that streams of the start, of steps and of both O are unrelated. Each empirical distribution function lies in the band of Dvoretzky, Kiefer and Wolfowitz; all comparisons of this class together fail by chance once in a million seeds.
/// </summary>
public sealed class ThermalStartTests
{
    private const int ChainCount = 20_000;
    private const int Comparisons = 32;
    private static readonly RandomKey Key = RandomKey.FromSeed(20_261_122);
    private static readonly double Band = Math.Sqrt(Math.Log(2 * Comparisons / 1e-6) / (2 * ChainCount));
    private static readonly UnderdampedProblem Problem = new(2, 6, 0.5, 1.3, 0.4, 1.8, MassKind.Dense, 5);

    [Theory]
    [InlineData("OBABO")]
    [InlineData("OABAO")]
    public void A_splitting_with_thermal_momenta_keeps_its_stationary_law(string word) =>
        Assert.InRange(Worst(Problem.Kernel(word), Problem.StationaryCovariance(word), state => Shaping.Join(1, [state.Position, state.Momentum])), 0, Band);

    [Fact]
    public void Momenta_that_are_not_drawn_at_the_start_are_seen()
    {
        Kernel<UnderdampedState> correct = Problem.Kernel("OABAO");
        Kernel<UnderdampedState> atRest = new("at rest", 2, DType.Float64, correct.Initialize, correct.Refresh, correct.DrawNoise, correct.Advance);
        Assert.True(Worst(atRest, Problem.StationaryCovariance("OABAO"), state => Shaping.Join(1, [state.Position, state.Momentum])) > Band);
    }

    [Fact]
    public void One_noise_for_both_O_is_seen()
    {
        Kernel<UnderdampedState> correct = Problem.Kernel("OBABO");
        Kernel<UnderdampedState> shared = new("shared", 2, DType.Float64, correct.Initialize, correct.Refresh, Draw, correct.Advance, correct.Thermalize);
        Assert.True(Worst(shared, Problem.StationaryCovariance("OBABO"), state => Shaping.Join(1, [state.Position, state.Momentum])) > Band);

        Noise Draw(NoiseSource source) => correct.DrawNoise(source) is var noise ? new Noise(TensorTree.Of(("xi0", noise[0]), ("xi1", noise[0]))) : noise;
    }

    /// <summary>The worst gap of each coordinate of the state, and of each sum of two neighbours, after 1 and 20 transitions from N(m, S) of the position.</summary>
    private static double Worst<TState>(Kernel<TState> kernel, Matrix<double> covariance, Func<TState, Tensor> coordinates)
        where TState : class, IKernelState<TState>
    {
        double[] values = new double[ChainCount * 2];
        RowDraws.Normal(Key.FoldIn(1), 0, 0, ChainCount, 2, values);
        Matrix<double> root = covariance.SubMatrix(0, 2, 0, 2).Cholesky().Factor;
        Tensor start = Tensor.FromArray(Problem.Mean.ToArray()) + Tensor.FromArray(values, ChainCount, 2).MatMul(GaussianProblem.ToTensor(root), transposeB: true);
        RunResult<TState> once = ChainRunner.Run(kernel, RunState.Start(kernel, start, Key), new RunOptions(1));
        RunResult<TState> twenty = ChainRunner.Run(kernel, once.Final, new RunOptions(19, 20));
        int size = covariance.RowCount;
        Vector<double> mean = Vector<double>.Build.DenseOfEnumerable(Problem.Mean.Concat(new double[size - 2]));
        return new[] { once, twenty }.Max(run =>
        {
            Matrix<double> draws = GaussianProblem.ToMatrix(coordinates(run.Final.State));
            return Enumerable.Range(0, size).Max(i => Math.Max(Gap(Unit(i)), Gap(Unit(i) + Unit((i + 1) % size))));

            Vector<double> Unit(int i) => Vector<double>.Build.Dense(size, j => i == j ? 1 : 0);

            double Gap(Vector<double> direction)
            {
                double deviation = Math.Sqrt(direction * covariance * direction);
                double[] sorted = [.. (draws * direction).Select(value => (value - (mean * direction)) / deviation).Order()];
                double worst = 0;
                for (int i = 0; i < sorted.Length; i++)
                {
                    double exact = 0.5 * SpecialFunctions.Erfc(-sorted[i] / Math.Sqrt(2));
                    worst = Math.Max(worst, Math.Max(Math.Abs(exact - ((double)i / sorted.Length)), Math.Abs(exact - ((i + 1.0) / sorted.Length))));
                }

                return worst;
            }
        });
    }
}
