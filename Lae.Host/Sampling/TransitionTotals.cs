using Lae.Kernels;

namespace Lae.Host.Sampling;

/// <summary>What all transitions of a run together tell, kept draws or not.</summary>
internal sealed class TransitionTotals
{
    private double acceptance;
    private double gradients;

    /// <summary>Transitions that every chain made.</summary>
    public long Transitions { get; private set; }

    /// <summary>Chains that diverged, counted once for each transition.</summary>
    public long Divergences { get; private set; }

    /// <summary>Whether the kernel makes an accept test.</summary>
    public bool Decides { get; private set; }

    /// <summary>The mean acceptance probability; null for a kernel that always moves.</summary>
    public double? Acceptance => Decides ? acceptance / Transitions : null;

    /// <summary>Gradients of a chain in a transition, on average.</summary>
    public double GradientsPerTransition => Transitions == 0 ? double.NaN : gradients / Transitions;

    /// <summary>Takes note of a transition.</summary>
    /// <param name="info">What happened in it.</param>
    public void Add(StepInfo info)
    {
        Transitions++;
        gradients += info.GradientCount;
        acceptance += info.MeanAcceptance;
        Decides |= info.AcceptanceProbability is not null;
        if (info.Divergent is not null)
        {
            foreach (double flag in info.Divergent.ToArray())
            {
                Divergences += flag != 0 ? 1 : 0;
            }
        }
    }
}
