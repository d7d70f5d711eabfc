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
/// Corrected kernels have no closed form as chains: 20,000 chains that start from the exact law must still have it after 1 and after 20 transitions. Every empirical distribution function lies within the
/// Dvoretzky, Kiefer and Wolfowitz band, so wide that all comparisons of this class together fail by chance once in a million seeds.
/// </summary>
public sealed class HamiltonianExactStartTests
{
    private const int ChainCount = 20_000;
    private const int Comparisons = 300;
    private static readonly RandomKey Key = RandomKey.FromSeed(20_261_122);

    /// <summary>Not a key folded from that of the run: FoldIn(k) is the key of transition k, whose momenta would be the very draws of the start.</summary>
    private static readonly RandomKey StartKey = RandomKey.FromSeed(20_261_123);
    private static readonly double Band = Math.Sqrt(Math.Log(2 * Comparisons / 1e-6) / (2 * ChainCount));

    private static readonly MassMatrix Mass = MassMatrix.Dense(Tensor.FromArray([1.2, 0.4, 0.4, 0.9], 2, 2));

    [Theory]
    [InlineData("NUTS", "Gaussian", 0.6)]
    [InlineData("NUTS", "banana", 0.9)]
    [InlineData("NUTS", "mixture", 1.1)]
    [InlineData("HMC", "Gaussian", 0.62)]
    [InlineData("HMC", "banana", 0.9)]
    [InlineData("HMC", "mixture", 0.95)]
    [InlineData("HMC two-stage", "Gaussian", 0.85)]
    [InlineData("HMC two-stage", "banana", 1.2)]
    [InlineData("GHMC", "Gaussian", 0.62)]
    [InlineData("GHMC", "banana", 0.9)]
    [InlineData("GHMC", "mixture", 0.95)]
    [InlineData("MALT", "Gaussian", 0.56)]
    [InlineData("MALT", "banana", 0.9)]
    [InlineData("MALT", "mixture", 0.95)]
    [Proves("I-16", "HMC", "HMC two-stage", "GHMC", "MALT", "NUTS")]
    public void The_target_is_kept(string kernel, string target, double stepSize)
    {
        Problem problem = Problem.Named(target);
        (double gap, double acceptance) = Create(kernel, problem.Exact.Target, stepSize).Accept(new Run(problem));
        Assert.True(gap <= Band && acceptance is > 0.4 and < 0.75, $"gap {gap:G4}, band {Band:G4}, acceptance {acceptance:G3}");
    }

    [Theory]
    [InlineData(NoUTurnMutants.NoUTurnBug.WeightsDropped)]
    [InlineData(NoUTurnMutants.NoUTurnBug.NoTestWithinDoublings)]
    public void A_damaged_NUTS_is_seen(NoUTurnMutants.NoUTurnBug bug) => Rejects(target => NoUTurnMutants.Create(target, new NoUTurnSettings(0.9, 5, mass: Mass), bug));

    [Theory]
    [InlineData(HamiltonianMutants.HamiltonianBug.NoKineticEnergy)]
    [InlineData(HamiltonianMutants.HamiltonianBug.KineticEnergyIgnoresMass)]
    [InlineData(HamiltonianMutants.HamiltonianBug.RatioFlipped)]
    [InlineData(HamiltonianMutants.HamiltonianBug.AlwaysAccept)]
    public void A_damaged_HMC_is_seen(HamiltonianMutants.HamiltonianBug bug) => Rejects(target => HamiltonianMutants.Hamiltonian(target, new HamiltonianSettings(0.9, 3, mass: Mass), bug));

    [Theory]
    [InlineData(HamiltonianMutants.GeneralizedBug.NoFlip)]
    [InlineData(HamiltonianMutants.GeneralizedBug.NoKineticEnergy)]
    [InlineData(HamiltonianMutants.GeneralizedBug.AlwaysAccept)]
    [InlineData(HamiltonianMutants.GeneralizedBug.RefreshmentCounted)]
    public void A_damaged_GHMC_is_seen(HamiltonianMutants.GeneralizedBug bug) => Rejects(target => HamiltonianMutants.Generalized(target, Trajectory(0.9), bug));

    [Theory]
    [InlineData(HamiltonianMutants.TrajectoryBug.LastStepOnly)]
    [InlineData(HamiltonianMutants.TrajectoryBug.RefreshmentsCounted)]
    [InlineData(HamiltonianMutants.TrajectoryBug.AlwaysAccept)]
    public void A_damaged_MALT_is_seen(HamiltonianMutants.TrajectoryBug bug) => Rejects(target => HamiltonianMutants.Trajectories(target, Trajectory(0.9), bug));

    private static void Rejects(Func<Target, IKernel> create)
    {
        Problem problem = Problem.Named("banana");
        (double gap, _) = create(problem.Exact.Target).Accept(new Run(problem));
        Assert.True(gap > Band, $"gap {gap:G4}, band {Band:G4}");
    }

    private static LangevinTrajectorySettings Trajectory(double stepSize) => new(new HamiltonianSettings(stepSize, 3, mass: Mass), 0.3);

    private static IKernel Create(string name, Target target, double stepSize) => name switch
    {
        "HMC" => HamiltonianMonteCarlo.Create(target, new HamiltonianSettings(stepSize, 3, mass: Mass)),
        "HMC two-stage" => HamiltonianMonteCarlo.Create(target, new HamiltonianSettings(stepSize, 3, mass: Mass, integrator: TwoStage.Integrator)),
        "GHMC" => GeneralizedHamiltonian.Create(target, Trajectory(stepSize)),
        "MALT" => MetropolisLangevinTrajectories.Create(target, Trajectory(stepSize)),
        _ => NoUTurn.Create(target, new NoUTurnSettings(stepSize, 5, mass: Mass)),
    };

    /// <summary>The worst gap after 1 and after 20 transitions, and the mean acceptance of the first.</summary>
    private sealed class Run(Problem problem) : IKernelVisitor<(double Gap, double Acceptance)>
    {
        public (double Gap, double Acceptance) Visit<TState>(Kernel<TState> kernel)
            where TState : class, IKernelState<TState>
        {
            RunResult<TState> once = ChainRunner.Run(kernel, RunState.Start(kernel, problem.Exact.Draw(StartKey, ChainCount), Key), new RunOptions(1));
            RunResult<TState> twenty = ChainRunner.Run(kernel, once.Final, new RunOptions(19, 20));
            return (new[] { once, twenty }.Max(run => problem.Gap(run.Draws[^1].Position.ToArray())), once.Draws[0].Info.MeanAcceptance);
        }
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
            double[] u = new double[positions.Length / 2];
            for (int i = 0; i < u.Length; i++)
            {
                u[i] = uniform(positions[2 * i], positions[(2 * i) + 1]);
            }

            Array.Sort(u);
            double worst = 0;
            for (int i = 0; i < u.Length; i++)
            {
                worst = Math.Max(worst, Math.Max(u[i] - ((double)i / u.Length), ((i + 1.0) / u.Length) - u[i]));
            }

            return worst;
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
