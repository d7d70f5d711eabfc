using Lae.Benchmarks.Efficiency;
using Lae.Benchmarks.Growth;

namespace Lae.Benchmarks;

/// <summary>The sections of docs/benchmarks.md.</summary>
internal static class BenchmarkSections
{
    /// <summary>Of the command <c>peers</c>.</summary>
    public const string Peers = "Speed beside PyTorch and OpenBLAS";

    /// <summary>Of the command <c>limits</c>.</summary>
    public const string Limits = "Share of the machine's limits";

    /// <summary>Of the command <c>paths</c>.</summary>
    public const string InstructionSets = "Instruction sets";

    private static readonly string[] Order = [Peers, Limits, InstructionSets, .. GrowthWorks.Axes.Select(axis => axis.Heading)];

    /// <summary>Writes a section.</summary>
    /// <param name="heading">Its heading.</param>
    /// <param name="text">What stands below it.</param>
    public static void Write(string heading, string text)
    {
        string path = Path.Combine(EfficiencyTable.Root(), "docs", "benchmarks.md");
        BenchmarksDocument.Renew(path, Order, heading, text);
        Console.WriteLine($"{path}: '{heading}' written.");
    }
}
