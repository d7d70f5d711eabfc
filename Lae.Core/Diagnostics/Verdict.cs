using System.Globalization;

namespace Lae.Diagnostics;

/// <summary>
/// Whether draws can be believed, in plain words. Limits:
/// <list type="bullet">
/// <item>R̂ above 1.01: warn; above 1.05: do not use;</item>
/// <item>bulk or tail effective sample size of all chains together below 400: warn; below 100: do not use;</item>
/// <item>acceptance at an edge of a quantity below 0.4 of its mean: warn, or as grave as what follows from it; see <see cref="EdgeAcceptance"/>;</item>
/// <item>more than 1 divergent transition in 200: warn; more than a tenth: do not use. A few come up at the far end of a tail in sound runs too, and what chains miss there is of that order of mass;</item>
/// <item>E-BFMI of a chain below 0.3: warn;</item>
/// <item>mean acceptance of a chain below a third of its target and 0.2: warn; below 0.02: do not use;</item>
/// <item>draws that are not finite, a chain that never moved, fewer than 20 draws in a chain, a mode that no chain visited: do not use;</item>
/// <item>a kernel without an accept test, a single chain: warn.</item>
/// </list>
/// Sources: 1.01 and 400 of Vehtari, Gelman, Simpson, Carpenter and Bürkner, Bayesian Analysis 16 (2021); 0.3 of Betancourt, arXiv 1604.00695 (2016). The others are Lae's own.
/// </summary>
public sealed class Verdict
{
    private const double SuspectReduction = 1.01;
    private const double BadReduction = 1.05;
    private const double EnoughSize = 400;
    private const double LeastSize = 100;
    private const double LeastEnergyFraction = 0.3;
    private const double LowAcceptance = 0.2;
    private const double CollapsedAcceptance = 0.02;
    private const double FewDivergences = 0.005;
    private const double LowEdge = 0.4;
    private const double ManyDivergences = 0.1;
    private const double MostlyDivergences = 0.5;
    private const int LeastLength = 20;

    private const string NarrowCure =
        "In a hierarchical model use the non-centred parametrisation, theta = mu + tau · theta_raw with theta_raw standard normal (\"Centred\": false of a HierarchicalNormal target). Otherwise take a smaller step, by a higher target acceptance (Warmup:TargetAcceptance 0.95 or 0.99) or a smaller StepSize.";

    private const string ShorterCure = "Take a much smaller step (StepSize of the Kernel, a tenth to begin with), or leave StepSize out so that the warm-up chooses it.";

    private const int ReasonsInText = 3;

    private Verdict(IReadOnlyList<VerdictReason> reasons)
    {
        // the gravest first; the order of finding within a level
        Reasons = [.. reasons.OrderByDescending(reason => reason.Level)];
        Level = Reasons.Count == 0 ? VerdictLevel.Good : Reasons[0].Level;
    }

    /// <summary>The gravest level of all reasons.</summary>
    public VerdictLevel Level { get; }

    /// <summary>What speaks against the draws, the gravest first; none if they are good.</summary>
    public IReadOnlyList<VerdictReason> Reasons { get; }

    /// <summary>One line: <c>good</c>, <c>warn: …</c> or <c>do not use these draws: R-hat 1.21 for tau</c>.</summary>
    public string Text
    {
        get
        {
            string[] problems = [.. Reasons.Where(reason => reason.Level == Level).Select(reason => reason.Problem)];
            string said = string.Join("; ", problems.Take(ReasonsInText)) + (problems.Length > ReasonsInText ? $"; and {problems.Length - ReasonsInText} more" : "");
            return Level switch
            {
                VerdictLevel.Good => "good",
                VerdictLevel.Warn => $"warn: {said}",
                _ => $"do not use these draws: {said}",
            };
        }
    }

    /// <summary>Judges draws.</summary>
    /// <param name="summary">What the draws show.</param>
    /// <param name="sampler">How the kernel fared; null if nothing is known of it.</param>
    /// <returns>The verdict.</returns>
    public static Verdict Of(DrawSummary summary, SamplerFigures? sampler = null)
    {
        List<VerdictReason> reasons = [];
        sampler ??= new SamplerFigures();
        AddIf(reasons, NotFinite(summary));
        AddIf(reasons, Stuck(summary));
        AddIf(reasons, TooFew(summary));
        AddIf(reasons, Unvisited(sampler));
        AddIf(reasons, Rejected(sampler));
        AddIf(reasons, Divergent(summary, sampler));

        // chains that stand still, ran away or cannot enter a part of the posterior cannot agree: to run longer, the cure of what follows, would be the wrong one
        VerdictReason? edge = RefusedAtAnEdge(sampler);
        VerdictReason? root = reasons.Find(reason => reason.Level == VerdictLevel.DoNotUse) ?? edge;
        List<VerdictReason> following = [];
        if (summary.StuckChains.Count < summary.Chains)
        {
            AddIf(following, After(root, Disagreement(summary)));
            AddIf(following, After(root, SmallSize(summary, "bulk", one => one.EssBulk, "mean and sd")));
            AddIf(following, After(root, SmallSize(summary, "tail", one => one.EssTail, "5 % and 95 % quantiles")));
        }

        // a cause is as grave as what it causes, and so is read before it
        AddIf(reasons, edge is null || root != edge ? edge : edge with { Level = following.Select(reason => reason.Level).Append(edge.Level).Max() });
        reasons.AddRange(following);
        AddIf(reasons, Energy(sampler));
        AddIf(reasons, Biased(sampler));
        AddIf(reasons, Alone(summary));
        return new Verdict(reasons);
    }

    /// <summary>What the figures of one parameter alone say of its draws, by the limits above.</summary>
    /// <param name="one">Its figures; a figure that does not exist says nothing, but for a mean that is not finite.</param>
    /// <returns>The level.</returns>
    public static VerdictLevel LevelOf(ParameterSummary one) =>
        !double.IsFinite(one.Mean) || one.RHat > BadReduction || one.EssBulk < LeastSize || one.EssTail < LeastSize ? VerdictLevel.DoNotUse
        : one.RHat > SuspectReduction || one.EssBulk < EnoughSize || one.EssTail < EnoughSize ? VerdictLevel.Warn
        : VerdictLevel.Good;

    private static void AddIf(List<VerdictReason> reasons, VerdictReason? reason)
    {
        if (reason is not null)
        {
            reasons.Add(reason);
        }
    }

    private static VerdictReason? After(VerdictReason? root, VerdictReason? reason) => root is null || reason is null ? reason
        : reason with { Cure = $"First cure this: {root.Problem}. It is a likely cause, and a longer run alone does not help." };

    private static VerdictReason? NotFinite(DrawSummary summary) => summary.NotFinite.Count == 0 ? null : new VerdictReason(
        VerdictLevel.DoNotUse,
        $"draws of {Names(summary.NotFinite)} are not finite numbers",
        "The chains ran away to infinity, or the model computed something that is not a number (NaN).",
        "Take a smaller step (StepSize of the Kernel), and check the model where it breaks: logarithms of 0 or of negative numbers, divisions by 0.");

    private static VerdictReason? Stuck(DrawSummary summary) => summary.StuckChains.Count == 0 ? null : new VerdictReason(
        VerdictLevel.DoNotUse,
        summary.StuckChains.Count == summary.Chains
            ? summary.Chains == 1 ? "the chain never moved" : $"none of the {summary.Chains} chains ever moved"
            : $"{Count(summary.StuckChains.Count, "chain")} of {summary.Chains} never moved ({(summary.StuckChains.Count == 1 ? "chain" : "chains")} {Names([.. summary.StuckChains.Select(chain => Plain(chain + 1))])})",
        "Every move was refused, so all draws of a chain are the point where it started: they say nothing of the answer.",
        ShorterCure);

    private static VerdictReason? TooFew(DrawSummary summary) => summary.Length >= LeastLength ? null : new VerdictReason(
        VerdictLevel.DoNotUse,
        $"only {Count(summary.Length, "draw")} in each chain",
        "So few draws cannot even be judged.",
        "Run longer (Transitions): 1,000 draws in each of 4 chains are a usual start.");

    private static VerdictReason? Unvisited(SamplerFigures sampler) => sampler.UnvisitedModes == 0 ? null : new VerdictReason(
        VerdictLevel.DoNotUse,
        $"{Count(sampler.UnvisitedModes, "mode")} that no chain visited",
        "A mode is a region of likely values. There are others than those that the chains visited, so these draws show only a part of the answer.",
        "Use replica exchange (Kernel of Type ReplicaExchange), start chains in every mode (Start), or constrain the model so that one mode remains.");

    private static VerdictReason? Disagreement(DrawSummary summary)
    {
        ParameterSummary[] above = [.. summary.Parameters.Where(one => one.RHat > SuspectReduction).OrderByDescending(one => one.RHat)];
        if (above.Length == 0)
        {
            return null;
        }

        double worst = above[0].RHat;
        string others = above.Length == 1 ? "" : $" and above {Plain(SuspectReduction)} for {Count(above.Length - 1, "other parameter")}";
        return new VerdictReason(
            worst > BadReduction ? VerdictLevel.DoNotUse : VerdictLevel.Warn,
            $"R-hat {Reduction(worst)} for {above[0].Name}{others}",
            $"R-hat is 1.00 where all chains give the same answer. Here the chains, or the first and the second half of a chain, {(worst > BadReduction ? "give different answers" : "differ a little")} for {above[0].Name}: they have not forgotten where they started, or sit in different modes (regions of likely values).",
            "Look at the trace plot. If the lines wander slowly, run longer (Transitions, and the Warmup). If they stay at different levels, a longer run does not help: use replica exchange (Kernel of Type ReplicaExchange), or write the model in other variables. " + NonCentred);
    }

    private static VerdictReason? SmallSize(DrawSummary summary, string part, Func<ParameterSummary, double> size, string what)
    {
        ParameterSummary[] below = [.. summary.Parameters.Where(one => size(one) < EnoughSize).OrderBy(size)];
        if (below.Length == 0)
        {
            return null;
        }

        double worst = size(below[0]);
        string others = below.Length == 1 ? "" : $" and below {Plain(EnoughSize)} for {Count(below.Length - 1, "other parameter")}";
        long times = (long)Math.Ceiling(EnoughSize / Math.Max(worst, 1));
        return new VerdictReason(
            worst < LeastSize ? VerdictLevel.DoNotUse : VerdictLevel.Warn,
            $"{part} ESS {Plain(Math.Floor(worst))} for {below[0].Name}{others}",
            $"Successive draws resemble each other, so that many are worth one (ESS, the effective sample size): the {what} of {below[0].Name} are as uncertain as from {Count((long)Math.Floor(worst), "independent draw")}; {Plain(EnoughSize)} or more are wanted.",
            summary.Parameters.Any(one => one.RHat > BadReduction)
                ? "Make the chains agree first (see R-hat). If they only wander slowly, " + Longer(summary, times, "run") + "."
                : Longer(summary, times, "Run") + ", or with a kernel that moves farther in a transition. " + NonCentred);
    }

    /// <summary>The commonest cause of slow chains whose cure is in the model: a group's scale that is small squeezes the groups' means.</summary>
    private const string NonCentred = "For groups about a common mean (a hierarchical model) the non-centred form, theta = mu + tau * z (\"Centred\": false of a HierarchicalNormal target), helps more than a longer run.";

    private static string Longer(DrawSummary summary, long times, string verb) => string.Create(
        CultureInfo.InvariantCulture, $"{verb} about {times:N0} times longer (Transitions: some {RoundUp(times * summary.Length):N0} draws in each of {Count(summary.Chains, "chain")})");

    private static VerdictReason? Divergent(DrawSummary summary, SamplerFigures sampler)
    {
        double share = sampler.Divergences / (double)(sampler.Transitions ?? ((long)summary.Chains * summary.Length));
        if (!(share > FewDivergences))
        {
            return null;
        }

        return new VerdictReason(
            share > ManyDivergences ? VerdictLevel.DoNotUse : VerdictLevel.Warn,
            string.Create(CultureInfo.InvariantCulture, $"{Count(sampler.Divergences, "divergent transition")} ({share:P1} of all)"),
            share > MostlyDivergences
                ? "The step is too long everywhere: most moves leave the likely values altogether and are refused."
                : "The step is too long for a narrow part of the posterior, so the chains hardly enter it: values there are missing from the draws, and the means may be wrong.",
            share > MostlyDivergences ? ShorterCure : NarrowCure);
    }

    private static VerdictReason? RefusedAtAnEdge(SamplerFigures sampler) => sampler.EdgeAcceptance is not { } edge || !(edge.Acceptance < LowEdge * edge.MeanAcceptance) ? null : new VerdictReason(
        VerdictLevel.Warn,
        string.Create(CultureInfo.InvariantCulture, $"acceptance {edge.Acceptance:0.00} where {edge.Quantity} is {(edge.IsSmallest ? "smallest" : "largest")}, {edge.MeanAcceptance:0.00} on average"),
        "The step that suits the rest of the posterior is too long there: the chains seldom enter that region, and then stand still in it. Its values are missing from the draws or repeated, and the means may be wrong.",
        NarrowCure);

    private static VerdictReason? Rejected(SamplerFigures sampler)
    {
        if (sampler.Acceptance is not { Count: > 0 } acceptance)
        {
            return null;
        }

        double least = acceptance.Min();
        double low = sampler.TargetAcceptance is { } target ? Math.Min(LowAcceptance, target / 3) : LowAcceptance / 2;
        if (least >= low)
        {
            return null;
        }

        int many = acceptance.Count(one => one < low);
        return new VerdictReason(
            least < CollapsedAcceptance ? VerdictLevel.DoNotUse : VerdictLevel.Warn,
            string.Create(CultureInfo.InvariantCulture, $"acceptance collapsed to {least:0.###} in {Count(many, "chain")} of {acceptance.Count}"),
            "Nearly all moves are refused, so the chain stands still most of the time: the step is too long.",
            "Take a smaller step (StepSize of the Kernel, a tenth to begin with), or leave StepSize out so that the warm-up chooses it.");
    }

    private static VerdictReason? Energy(SamplerFigures sampler)
    {
        double[] low = [.. (sampler.EnergyFractions ?? []).Where(one => one < LeastEnergyFraction)];
        return low.Length == 0 ? null : new VerdictReason(
            VerdictLevel.Warn,
            string.Create(CultureInfo.InvariantCulture, $"E-BFMI {low.Min():0.00} in {Count(low.Length, "chain")} of {sampler.EnergyFractions!.Count}"),
            "The chains get to the rare, outer values of the posterior too slowly (the E-BFMI should be above 0.3), so these may be missing from the draws.",
            "In a hierarchical model use the non-centred parametrisation, theta = mu + tau · theta_raw with theta_raw standard normal (\"Centred\": false of a HierarchicalNormal target). Otherwise run a longer warm-up (Warmup:Transitions), or write the model in variables with lighter tails.");
    }

    private static VerdictReason? Biased(SamplerFigures sampler) => !sampler.IsUnadjusted ? null : new VerdictReason(
        VerdictLevel.Warn,
        "the kernel has no accept test",
        "The draws come from a distribution that is a little beside the posterior, the more so the longer the step, and no figure here can show how much.",
        "Run again with half the StepSize and see whether mean and sd stay the same within the error, or use a kernel with an accept test (such as MALA, MALT or NUTS).");

    private static VerdictReason? Alone(DrawSummary summary) => summary.Chains > 1 ? null : new VerdictReason(
        VerdictLevel.Warn,
        "a single chain",
        "One chain can only be compared with itself: if it never found a region of likely values, nothing shows it.",
        "Run 4 chains or more (Chains) from different starts (Start:Spread above 0).");

    private static string Reduction(double value) => value > 100 ? "above 100"
        : value.ToString(value < BadReduction ? "0.000" : "0.00", CultureInfo.InvariantCulture);

    private static string Plain(double number) => number.ToString("0.##", CultureInfo.InvariantCulture);

    private static string Count(long count, string what) => string.Create(CultureInfo.InvariantCulture, $"{count:N0} {what}{(count == 1 ? "" : "s")}");

    /// <summary>Two digits, upwards: a figure to plan with.</summary>
    private static double RoundUp(double number)
    {
        double unit = Math.Pow(10, Math.Max(0, Math.Floor(Math.Log10(number)) - 1));
        return Math.Ceiling(number / unit) * unit;
    }

    private static string Names(IReadOnlyList<string> names) => string.Join(", ", names.Take(5)) + (names.Count > 5 ? $" and {names.Count - 5} more" : "");
}
