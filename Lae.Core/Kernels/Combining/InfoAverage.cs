using Lae.Numerics;

namespace Lae.Kernels;

/// <summary>The info of several transitions that count as one.</summary>
internal static class InfoAverage
{
    /// <summary>The info of a transition that does nothing: it takes no part in an average.</summary>
    public static StepInfo Nothing { get; } = new(GradientCount: 0);

    /// <summary>Gradients add up; acceptance is averaged; energy error and extras are those of the last; a chain diverged if it did once.</summary>
    public static StepInfo Of(IReadOnlyList<StepInfo> transitions)
    {
        List<StepInfo> infos = [.. transitions.Where(info => !ReferenceEquals(info, Nothing))];
        if (infos.Count == 0)
        {
            return Nothing;
        }

        StepInfo last = infos[^1];
        (int gradients, Tensor? ofChains) = StepInfo.TotalGradients(infos);
        return last with
        {
            GradientCount = gradients,
            ChainGradients = ofChains,
            AcceptanceProbability = Combine(infos, info => info.AcceptanceProbability, Elementwise.Add, 1.0 / infos.Count),
            Accepted = Combine(infos, info => info.Accepted, Elementwise.Add, 1.0 / infos.Count),
            Divergent = AnyDivergent(infos),
        };
    }

    /// <summary>A transition that cannot diverge (null) hides no divergence of another; null if none can.</summary>
    private static Tensor? AnyDivergent(List<StepInfo> infos)
    {
        Tensor? result = null;
        foreach (StepInfo info in infos)
        {
            result = result is null || info.Divergent is null ? result ?? info.Divergent : Elementwise.Maximum(result, info.Divergent);
        }

        return result;
    }

    /// <summary>Null if one of the transitions does not have the quantity.</summary>
    private static Tensor? Combine(List<StepInfo> infos, Func<StepInfo, Tensor?> quantity, Func<Tensor, Tensor, Tensor> combine, double scale)
    {
        Tensor? result = quantity(infos[0]);
        for (int i = 1; i < infos.Count && result is not null; i++)
        {
            result = quantity(infos[i]) is { } next ? combine(result, next) : null;
        }

        return result is null || scale == 1 ? result : result * scale;
    }
}
