using System.Runtime.InteropServices;
using Lae.Benchmarks.Logistic;
using Lae.Kernels;
using Lae.Numerics;
using Lae.Numerics.Engines.Managed;
using Lae.Randomness;
using Lae.Running;
using Lae.Targets;

namespace Lae.Benchmarks.SideBySide;

/// <summary>Normals, Langevin dynamics on Gaussians and on logistic regressions, as a user of the library writes them: kernels through <see cref="ChainRunner"/>. Peers/sampling.py has the other side, and the same constants.</summary>
internal static class SamplingWorks
{
    private const int Chains = 1000;
    private const int Dimension = 100;
    private const double UlaStep = 0.01;
    private const double MalaStep = 0.03;
    private const double LogisticStep = 0.004;

    public static Workload Normals<T>()
        where T : unmanaged
    {
        T[] draws = new T[Chains * Dimension];
        ulong turn = 0;
        RandomKey key = RandomKey.FromSeed(1);
        return new Workload(
            "Lae",
            units =>
            {
                for (int i = 0; i < units; i++)
                {
                    RandomKey own = key.FoldIn(turn++);
                    if (typeof(T) == typeof(float))
                    {
                        RowDraws.Normal(own, 0, 0, Chains, Dimension, MemoryMarshal.Cast<T, float>(draws.AsSpan()));
                    }
                    else
                    {
                        RowDraws.Normal(own, 0, 0, Chains, Dimension, MemoryMarshal.Cast<T, double>(draws.AsSpan()));
                    }
                }
            },
            () => new Dictionary<string, double>
            {
                ["meanSquare"] = typeof(T) == typeof(float)
                    ? MemoryMarshal.Cast<T, float>(draws.AsSpan()).ToArray().Average(z => (double)z * z)
                    : MemoryMarshal.Cast<T, double>(draws.AsSpan()).ToArray().Average(z => z * z),
            });
    }

    public static Workload UlaDiagonal(int threads)
    {
        Tensor precision = Tensor.FromArray(Eigenvalues());
        Target target = GaussianTarget.Diagonal(Tensor.Zeros(new Shape(Dimension), DType.Float32), precision);
        return Run(UnadjustedLangevin.Create(target, new LangevinSettings(UlaStep)), ExactStart(dense: false), threads, x => MeanEnergy(x, x * precision));
    }

    public static Workload UlaDense(int threads, bool differentiated) => UlaDense(threads, precision => differentiated
        ? Target.FromFunction(Dimension, x => -0.5 * x.QuadraticForm(precision), DType.Float32)
        : GaussianTarget.Dense(Tensor.Zeros(new Shape(Dimension), DType.Float32), precision));

    /// <summary>The density written as a product and sums of rows, of which differentiation makes a second product.</summary>
    public static Workload UlaDenseComposed(int threads) => UlaDense(
        threads, precision => Target.FromFunction(Dimension, x => -0.5 * Reductions.DotRows(x.MatMul(precision), x), DType.Float32));

    public static Workload MalaDense(int threads)
    {
        Tensor precision = DensePrecision();
        Target target = GaussianTarget.Dense(Tensor.Zeros(new Shape(Dimension), DType.Float32), precision);
        return Run(MetropolisLangevin.Create(target, new LangevinSettings(MalaStep)), ExactStart(dense: true), threads, x => MeanEnergy(x, x.MatMul(precision)), watched: true);
    }

    public static Workload MalaLogistic(int threads)
    {
        LogisticProblem problem = Many();
        return Run(
            MetropolisLangevin.Create(problem.Target, new LangevinSettings(LogisticStep)), Tensor.Zeros(new Shape(64, problem.Columns), DType.Float64), threads,
            x => ("mean", x.Mean().ToDouble()), watched: true);
    }

    public static Workload MalaSingleChain(int threads)
    {
        LogisticProblem problem = Single();
        return Run(
            MetropolisLangevin.Create(problem.Target, new LangevinSettings(LogisticStep)), Tensor.Zeros(new Shape(1, problem.Columns), DType.Float64), threads,
            figure: null, watched: true);
    }

    /// <summary>The data of the 64 chains.</summary>
    public static LogisticProblem Many() => new(1000, 25, seed: 20261127);

    /// <summary>The data of the single chain.</summary>
    public static LogisticProblem Single() => new(1000, 5, seed: 20261122);

    private static Workload UlaDense(int threads, Func<Tensor, Target> targetOf)
    {
        Tensor precision = DensePrecision();
        Target target = targetOf(precision);
        return Run(UnadjustedLangevin.Create(target, new LangevinSettings(UlaStep)), ExactStart(dense: true), threads, x => MeanEnergy(x, x.MatMul(precision)));
    }

    /// <summary>Transitions through the runner; watched, what happened at each is looked at, and where there is no other figure every draw, for the mean over the run.</summary>
    private static Workload Run(Kernel<LangevinState> kernel, Tensor start, int threads, Func<Tensor, (string Name, double Value)>? figure, bool watched = false)
    {
        ManagedEngine engine = new(threads);
        RunState<LangevinState> state = RunState.Start(kernel, start, RandomKey.FromSeed(1));
        Acceptances acceptances = new();
        double sum = 0;
        return new Workload("Lae", figure is null ? Look : Advance, Figures);

        void Advance(int units) => state = ChainRunner.Run(kernel, state, new RunOptions(units, engine: engine), receive: null, watched ? acceptances : null).Final;

        void Look(int units) => state = ChainRunner.Observe(kernel, state, new RunOptions(units, engine: engine), AddUp).Final;

        void AddUp(Draw draw)
        {
            double total = 0;
            foreach (double value in draw.Position.AsSpan<double>())
            {
                total += value;
            }

            sum += total / draw.Position.Count;
            acceptances.Add(draw.Info);
        }

        Dictionary<string, double> Figures()
        {
            (string name, double value) = figure?.Invoke(state.State.Position) ?? ("mean", sum / state.Step);
            Dictionary<string, double> figures = new() { [name] = value };
            if (watched)
            {
                figures["acceptance"] = acceptances.Sum / state.Step;
            }

            return figures;
        }
    }

    private static (string Name, double Value) MeanEnergy(Tensor x, Tensor slope) => ("meanEnergy", (x * slope).Mean().ToDouble());

    private static float[] Eigenvalues() => [.. Enumerable.Range(0, Dimension).Select(i => 1 + (i / 10f))];

    /// <summary>H diag(λ) H with the reflection H = I − 2 v vᵀ, v = 1/√d. The product is symmetric up to rounding; its mean with its transpose is so bit for bit, as a quadratic form wants it.</summary>
    private static Tensor DensePrecision()
    {
        Tensor reflection = Reflection();
        Tensor product = (reflection * Tensor.FromArray([.. Eigenvalues().Select(value => (double)value)])).MatMul(reflection);
        return ((product + product.Transpose()) * 0.5).Cast(DType.Float32);
    }

    private static Tensor Reflection() => Tensor.Identity(Dimension, DType.Float64) - Tensor.Full(2.0 / Dimension, new Shape(Dimension, Dimension), DType.Float64);

    private static Tensor ExactStart(bool dense)
    {
        float[] draws = new float[Chains * Dimension];
        RowDraws.Normal(RandomKey.FromSeed(7), 0, 0, Chains, Dimension, draws);
        Tensor x = Tensor.FromArray(draws, Chains, Dimension) / Tensor.FromArray([.. Eigenvalues().Select(MathF.Sqrt)]);
        return dense ? x.MatMul(Reflection().Cast(DType.Float32)) : x;
    }

    private sealed class Acceptances : IProgress<RunProgress>
    {
        public double Sum { get; private set; }

        public void Report(RunProgress value) => Add(value.Info);

        public void Add(StepInfo info) => Sum += info.MeanAcceptance;
    }
}
