using Lae.Kernels;
using Lae.Numerics;
using Lae.Running;

namespace Lae.Benchmarks.Efficiency;

/// <summary>What a kernel did.</summary>
/// <param name="Gradients">Gradients of a chain until the error stays below the threshold; null if it did not within the budget.</param>
/// <param name="PerTransition">Gradients of a transition, mean over chains.</param>
/// <param name="LastError">The median error at the end of the run.</param>
/// <param name="Spent">Gradients of a chain in the whole run.</param>
internal sealed record EfficiencyFigure(double? Gradients, double PerTransition, double LastError, double Spent);

/// <summary>
/// Runs chains side by side and finds the first gradient count from which the median over chains of
/// <code>
///     max_i (mean of x_i² over the chain so far − E x_i²)² / Var x_i²,    Var x_i² = 2 (E x_i²)²
/// </code>
/// stays below 0.01. The mean is over every transition from the start: the burn-in is in it. The error falls as 1/n, so a run ends when it has stayed below for as many gradients as it took to get
/// there, and 1,000 more; or when its budget is spent.
/// </summary>
internal sealed class EfficiencyMeasure(EfficiencyProblem problem, Tensor start, double budget) : IKernelVisitor<EfficiencyFigure>
{
    public const double Threshold = 0.01;

    public EfficiencyFigure Visit<TState>(Kernel<TState> kernel)
        where TState : class, IKernelState<TState>
    {
        int chains = start.Shape[0];
        double[] variances = problem.Variances;
        double[] sums = new double[chains * variances.Length];
        double[] errors = new double[chains];
        double spent = 1;
        double reached = 1;
        double error = double.PositiveInfinity;
        long transitions = 0;
        using CancellationTokenSource end = new();

        void Receive(Draw draw)
        {
            transitions++;
            spent += Gradients(draw.Info);
            Add(draw.Position.ToArray());
            error = Median(errors);
            if (!(error < Threshold))
            {
                reached = spent;
            }

            if (spent > (2 * reached) + 1000 || spent > budget)
            {
                end.Cancel();
            }
        }

        void Add(double[] x)
        {
            int d = variances.Length;
            for (int chain = 0; chain < chains; chain++)
            {
                double worst = 0;
                for (int i = 0; i < d; i++)
                {
                    double value = x[(chain * d) + i];
                    double sum = sums[(chain * d) + i] += value * value;
                    double gap = (sum / (transitions * variances[i])) - 1;
                    worst = double.MaxMagnitude(worst, gap * gap / 2);
                }

                errors[chain] = worst;
            }
        }

        try
        {
            ChainRunner.Run(kernel, RunState.Start(kernel, start, EfficiencyProblem.Key), new RunOptions(long.MaxValue / 2), Receive, cancellation: end.Token);
        }
        catch (NonFiniteStateException)
        {
            return new EfficiencyFigure(null, spent / Math.Max(1, transitions), double.NaN, spent);
        }

        double perTransition = (spent - 1) / transitions;
        bool stayed = error < Threshold && spent > 1.2 * reached;
        return new EfficiencyFigure(stayed ? reached + perTransition : null, perTransition, error, spent);
    }

    /// <summary>Gradients of a transition: a kernel whose chains spend different numbers tells each chain's own.</summary>
    private static double Gradients(StepInfo info)
    {
        foreach (string name in (ReadOnlySpan<string>)["gradients", "leapfrogs"])
        {
            if (info.Extras is not null && info.Extras.TryGet(name, out Tensor? own))
            {
                return own.Mean().ToDouble();
            }
        }

        return info.GradientCount;
    }

    private static double Median(double[] values)
    {
        double[] sorted = [.. values.Order()];
        return 0.5 * (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]);
    }
}
