namespace Lae.Tests.Laws.Table;

/// <summary>Why a cell has no proof.</summary>
/// <param name="Mark">What the cell shows.</param>
/// <param name="Text">The footnote.</param>
/// <param name="Covers">Whether it is the reason of a cell.</param>
internal sealed record Reason(string Mark, string Text, Func<LawRow, KernelColumn, bool> Covers);

/// <summary>The rules by which a cell that no test proves is explained; the first that covers it is its reason. A cell that none covers must be proved.</summary>
internal static class Reasons
{
    public static IReadOnlyList<Reason> All { get; } =
    [
        new("a", "the closed form of another kernel", static (law, kernel) =>
            law.Subject == Subject.ClosedForm && kernel.Family is not (Family.Combinators or Family.Runner) && !law.Kernels.Contains(kernel.Name)),
        new("b", "it makes no accept test", static (law, kernel) => law.Subject == Subject.Decision && kernel.Family is not (Family.Combinators or Family.Runner) && !kernel.Decides),
        new("c", "it has no momentum", static (law, kernel) => law.Subject == Subject.Dynamics && kernel.Family is not (Family.Combinators or Family.Runner) && !kernel.HasMomentum),
        new("d", "it couples chains or data by design", static (law, kernel) => law.Id is "R-5" or "R-6" && kernel.Name == "replica exchange"),
        new("e", "a law of gradients from parts of the data", static (law, kernel) => law.Subject == Subject.Minibatches && kernel.Family != Family.StochasticGradients),
        new("f", "a law of the amortized encoder", static (law, kernel) => law.Subject == Subject.Amortization && kernel.Family != Family.Amortized),
        new("g", "it has no schedule", static (law, kernel) => law.Subject == Subject.Schedules && !law.Kernels.Contains(kernel.Name)),
        new("h", "a law of what is computed from draws, whatever kernel made them", static (law, kernel) => law.Subject == Subject.Diagnosis && kernel.Family != Family.Runner),
        new("i", "a law of warm-up, whatever kernel it tunes", static (law, kernel) => law.Subject == Subject.WarmUp && kernel.Family != Family.Runner),
        new("j", "it is made of kernels, and adds nothing that the law speaks of", static (law, kernel) =>
            kernel.Family == Family.Combinators && law.Subject is Subject.ClosedForm or Subject.Decision or Subject.Dynamics or Subject.Symmetry && !law.Kernels.Contains(kernel.Name)),
        new("k", "a law of kernels, proved of each", static (law, kernel) => kernel.Family == Family.Runner && law.Subject is not (Subject.Diagnosis or Subject.WarmUp)),
        new("l", "it chooses among the states of a whole path, by no single ratio; the exact-start and the rank test prove it", static (law, kernel) =>
            kernel.Name == "NUTS" && law.Id is "I-15" or "I-16" or "I-20" or "I-26"),
        new("m", "its ratio is that of I-24", static (law, kernel) => kernel.Name == "replica exchange" && law.Subject == Subject.Decision),
        new("n", "with friction in it a step preserves no volume; its substeps without are those of HMC", static (law, kernel) =>
            law.Subject == Subject.Dynamics && kernel.Family is Family.Underdamped or Family.StochasticGradients),
        new("o", "its accept test is of all coordinates together", static (law, kernel) => law.Id == "I-55" && kernel.Decides),
        new("t", "its proposal chooses a sign for each coordinate, which a rotation mixes; a test shows it", static (law, kernel) => law.Id == "I-51" && kernel.Name == "Barker"),
        new("v", "it is one computation from start to end: there is no run to continue, to thin or to watch", static (law, kernel) =>
            kernel.Name == "AIS" && law.Id is "R-2" or "R-3" or "R-4" or "R-10" or "R-11"),
        new("p", "its preconditioner is one of coordinates, which a rotation mixes", static (law, kernel) => law.Id is "I-50" or "I-51" && kernel.Name == "pSGLD"),
        new("q", "its steps are those of the kernel it moves by", static (law, kernel) => law.Subject == Subject.Symmetry && kernel.Family == Family.Tempering),
        new("r", "in the encoder's coordinates it is the ULA or MALA kernel itself, whose cell is proved", static (law, kernel) =>
            kernel.Family == Family.Amortized && law.Subject is Subject.Symmetry or Subject.Decision or Subject.Dynamics),
        new("s", "all coordinates share one direction of length 1, which couples the blocks", static (law, kernel) => law.Id == "I-55" && kernel.Name == "MCLMC"),
    ];

    /// <summary>The reason of a cell; null if there is none.</summary>
    public static Reason? Of(LawRow law, KernelColumn kernel) => All.FirstOrDefault(reason => reason.Covers(law, kernel));
}
