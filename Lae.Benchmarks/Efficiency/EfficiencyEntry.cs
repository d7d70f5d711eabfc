using System.Globalization;
using Lae.Kernels;

namespace Lae.Benchmarks.Efficiency;

/// <summary>A kernel with the settings that were chosen for it.</summary>
/// <param name="Kernel">The kernel.</param>
/// <param name="Settings">The settings and how they were found, in words.</param>
/// <param name="TuningGradients">Gradients that the finding cost, all chains together; null where the answer was used to find them.</param>
internal sealed record Chosen(IKernel Kernel, string Settings, int? TuningGradients = null);

/// <summary>One row of the efficiency table.</summary>
/// <param name="Name">The kernel, as in the catalogue.</param>
/// <param name="Preconditioned">Whether it works in coordinates of variance 1.</param>
/// <param name="Choose">Chooses its settings for the problem, with a budget of gradients of a chain.</param>
internal sealed record EfficiencyEntry(string Name, bool Preconditioned, Func<EfficiencyProblem, double, Chosen> Choose)
{
    /// <summary>A kernel that decides, its step size by an acceptance, in an interval.</summary>
    public static EfficiencyEntry ByAcceptance(
        string name, bool preconditioned, double acceptance, Func<EfficiencyProblem, double, IKernel> create, string more = "", double smallest = 1e-4, double largest = 10) =>
        new(name, preconditioned, (problem, _) =>
        {
            (double step, double reached) = StepSizeSearch.ByAcceptance(problem, h => create(problem, h), acceptance, smallest, largest);
            return new Chosen(create(problem, step), Invariant($"step {step:G3}, acceptance {reached:F2}{more}"));
        });

    /// <summary>A kernel whose step size is the best of a few.</summary>
    public static EfficiencyEntry ByMeasure(string name, bool preconditioned, Func<EfficiencyProblem, double, IKernel> create, double[] candidates, string more = "") =>
        new(name, preconditioned, (problem, budget) =>
        {
            double step = StepSizeSearch.ByMeasure(problem, h => create(problem, h), candidates, budget);
            return new Chosen(create(problem, step), Invariant($"step {step:G3}, the best of {candidates.Length}{more}"));
        });

    public static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
