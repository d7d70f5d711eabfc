using Lae.Numerics;

namespace Lae.Kernels;

/// <summary>The info of several transitions that count as one.</summary>
internal static class InfoAverage
{
    /// <summary>The info of a transition that does nothing: it takes no part in an average.</summary>
    public static StepInfo Nothing { get; } = new(GradientCount: 0);

    /// <summary>Gradients add up; acceptance is averaged; energy error and extras are those of the last; a chain diverged if it did once.</summary>
    public static StepInfo Of(ReadOnlySpan<StepInfo> transitions)
    {
        ReadOnlySpan<StepInfo> infos = WithoutNothing(transitions);
        if (infos.IsEmpty)
        {
            return Nothing;
        }

        StepInfo last = infos[^1];
        (int gradients, Tensor? ofChains) = StepInfo.TotalGradients(infos);
        return last with
        {
            GradientCount = gradients,
            ChainGradients = ofChains,
            AcceptanceProbability = Mean(infos, static info => info.AcceptanceProbability),
            Accepted = Mean(infos, static info => info.Accepted),
            Divergent = AnyDivergent(infos),
        };
    }

    /// <summary>A transition that cannot diverge (null) hides no divergence of another; null if none can.</summary>
    public static Tensor? AnyDivergent(ReadOnlySpan<StepInfo> infos)
    {
        Tensor? result = null;
        foreach (StepInfo info in infos)
        {
            result = result is null || info.Divergent is null ? result ?? info.Divergent : Elementwise.Maximum(result, info.Divergent);
        }

        return result;
    }

    private static ReadOnlySpan<StepInfo> WithoutNothing(ReadOnlySpan<StepInfo> transitions)
    {
        foreach (StepInfo info in transitions)
        {
            if (ReferenceEquals(info, Nothing))
            {
                return transitions.ToArray().Where(static other => !ReferenceEquals(other, Nothing)).ToArray();
            }
        }

        return transitions;
    }

    /// <summary>Null if one of the transitions does not have the quantity.</summary>
    private static Tensor? Mean(ReadOnlySpan<StepInfo> infos, Func<StepInfo, Tensor?> quantity)
    {
        Tensor? result = quantity(infos[0]);
        for (int i = 1; i < infos.Length && result is not null; i++)
        {
            result = quantity(infos[i]) is { } next ? Elementwise.Add(result, next) : null;
        }

        return result is null || infos.Length == 1 ? result : result * (1.0 / infos.Length);
    }
}
