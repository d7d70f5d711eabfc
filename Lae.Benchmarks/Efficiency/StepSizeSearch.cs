using Lae.Kernels;
using Lae.Numerics;
using Lae.Running;

namespace Lae.Benchmarks.Efficiency;

/// <summary>How the step size of a kernel that has no tuning of its own is found.</summary>
internal static class StepSizeSearch
{
    private const int Chains = 50;

    /// <summary>
    /// The step size at which the mean acceptance of 50 chains that start in the target's law, over 20 transitions, is the one asked for, by ten halvings of an interval on a log scale; an end of the interval if there is none such in it. With the acceptance there.
    /// </summary>
    public static (double Step, double Acceptance) ByAcceptance(EfficiencyProblem problem, Func<double, IKernel> create, double acceptance, double smallest, double largest)
    {
        for (int round = 0; round < 10; round++)
        {
            double middle = Math.Sqrt(smallest * largest);
            (smallest, largest) = At(middle) > acceptance ? (middle, largest) : (smallest, middle);
        }

        return (smallest, At(smallest));

        double At(double step) => create(step).Accept(new Acceptance(problem.Exact(Chains)));
    }

    /// <summary>
    /// The best of a few step sizes by the measure itself, with 50 chains from starts of their own: the largest first, each with the best count so far as its budget. More than a person
    /// could do who does not know the answer: the rows that are found so are at their best.
    /// </summary>
    public static double ByMeasure(EfficiencyProblem problem, Func<double, IKernel> create, IEnumerable<double> candidates, double budget)
    {
        double best = double.PositiveInfinity;
        double? chosen = null;
        double last = double.NaN;
        foreach (double candidate in candidates.OrderDescending())
        {
            last = candidate;
            EfficiencyFigure figure = create(candidate).Accept(new EfficiencyMeasure(problem, EfficiencyProblem.Start(Chains, stream: 1), Math.Min(budget, 1.25 * best)));
            if (figure.Gradients < best)
            {
                best = figure.Gradients.Value;
                chosen = candidate;
            }
        }

        return chosen ?? last;
    }

    private sealed class Acceptance(Tensor start) : IKernelVisitor<double>
    {
        public double Visit<TState>(Kernel<TState> kernel)
            where TState : class, IKernelState<TState> =>
            ChainRunner.Run(kernel, RunState.Start(kernel, start, EfficiencyProblem.Key.FoldIn(2)), new RunOptions(20)).Draws.Average(draw => draw.Info.MeanAcceptance);
    }
}
