using Lae.Diagnostics;

namespace Lae.Host.Reports;

/// <summary>The verdict as it is said to a person.</summary>
internal static class VerdictWords
{
    /// <summary>What to do with the draws, in a few words.</summary>
    /// <param name="level">The level.</param>
    public static string Headline(VerdictLevel level) => level switch
    {
        VerdictLevel.Good => "good: you can use these draws",
        VerdictLevel.Warn => "warn: use these draws with care",
        _ => "do not use these draws",
    };

    /// <summary>What that rests on.</summary>
    /// <param name="outcome">The run.</param>
    public static string Ground(SamplingOutcome outcome) => outcome.Verdict.Level switch
    {
        VerdictLevel.Good => "The chains agree with each other, and there are enough draws for the digits shown.",
        VerdictLevel.Warn => "The figures may be right, but look at this first:",
        _ => "The figures are not the answer to the question. What is wrong:",
    };
}
