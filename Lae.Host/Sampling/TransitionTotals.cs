using Lae.Kernels;
using Lae.Numerics;

namespace Lae.Host.Sampling;

/// <summary>What all transitions of a run together tell, kept draws or not.</summary>
internal sealed class TransitionTotals
{
    private double[] acceptance = [];
    private long decisions;
    private double gradients;

    /// <summary>Transitions that every chain made.</summary>
    public long Transitions { get; private set; }

    /// <summary>Chains that diverged, counted once for each transition.</summary>
    public long Divergences { get; private set; }

    /// <summary>Whether the kernel tells of divergences.</summary>
    public bool CanDiverge { get; private set; }

    /// <summary>Whether the kernel makes an accept test.</summary>
    public bool Decides { get; private set; }

    /// <summary>The mean acceptance probability over the transitions that made a test; null for a kernel that always moves.</summary>
    public double? Acceptance => Decides ? acceptance.Average() / decisions : null;

    /// <summary>The mean acceptance probability of each chain; null for a kernel that always moves.</summary>
    public IReadOnlyList<double>? AcceptanceOfChains => Decides ? [.. acceptance.Select(sum => sum / decisions)] : null;

    /// <summary>Gradients of a chain in a transition, on average.</summary>
    public double GradientsPerTransition => Transitions == 0 ? double.NaN : gradients / Transitions;

    /// <summary>The totals so far, for a checkpoint.</summary>
    public TensorTree ToTree() => TensorTree.Of(
        ("acceptance", Tensor.FromArray((double[])acceptance.Clone(), acceptance.Length)),
        ("counts", Tensor.FromArray(new[] { decisions, gradients, Transitions, Divergences, Decides ? 1 : 0, CanDiverge ? 1 : 0 }, 6)));

    /// <summary>The totals that a checkpoint kept.</summary>
    /// <param name="tree">What <see cref="ToTree"/> made.</param>
    public static TransitionTotals FromTree(TensorTree tree)
    {
        double[] counts = tree["counts"].ToArray();
        return new TransitionTotals
        {
            acceptance = tree["acceptance"].ToArray(),
            decisions = (long)counts[0],
            gradients = counts[1],
            Transitions = (long)counts[2],
            Divergences = (long)counts[3],
            Decides = counts[4] != 0,
            CanDiverge = counts[5] != 0,
        };
    }

    /// <summary>Takes note of a transition.</summary>
    /// <param name="info">What happened in it.</param>
    public void Add(StepInfo info)
    {
        Transitions++;
        gradients += info.ChainGradients is { } own ? own.ToArray().Average() : info.GradientCount;
        if (info.AcceptanceProbability is { } probability)
        {
            Decides = true;
            decisions++;
            Array.Resize(ref acceptance, probability.Count);
            for (int chain = 0; chain < acceptance.Length; chain++)
            {
                acceptance[chain] += probability.ElementAt(chain);
            }
        }

        if (info.Divergent is not null)
        {
            CanDiverge = true;
            foreach (double flag in info.Divergent.ToArray())
            {
                Divergences += flag != 0 ? 1 : 0;
            }
        }
    }
}
