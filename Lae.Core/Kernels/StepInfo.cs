using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Lae.Numerics;

namespace Lae.Kernels;

/// <summary>What a person wants to see of one transition. One concrete type for every kernel.</summary>
/// <param name="GradientCount">Gradients of the target evaluated, for each chain; where chains differ, their mean rounded up.</param>
/// <param name="AcceptanceProbability">[chains], in [0, 1]; null for an unadjusted kernel, which always moves.</param>
/// <param name="Accepted">[chains], 1 or 0 (the share of accepted ones where a transition is made of several); null for an unadjusted kernel.</param>
/// <param name="EnergyError">[chains], minus the log acceptance ratio; null for an unadjusted kernel.</param>
/// <param name="Divergent">[chains], 1 where the energy error of the proposal was not finite, or above 1,000 (and it was rejected); null if it cannot happen.</param>
/// <param name="Extras">More, by name, each with chains along axis 0; null for none.</param>
/// <param name="ChainGradients">[chains], the gradients of each chain where they differ; null where every chain cost GradientCount.</param>
public sealed record StepInfo(
    int GradientCount,
    Tensor? AcceptanceProbability = null,
    Tensor? Accepted = null,
    Tensor? EnergyError = null,
    Tensor? Divergent = null,
    TensorTree? Extras = null,
    Tensor? ChainGradients = null)
{
    /// <summary>The info of an unadjusted step with one gradient.</summary>
    public static StepInfo Unadjusted { get; } = new(GradientCount: 1);

    /// <summary>The mean acceptance probability of all chains; 1 for an unadjusted kernel.</summary>
    public double MeanAcceptance => AcceptanceProbability switch
    {
        null => 1,
        { Count: 1 } one => one.ToDouble(),
        Tensor several => several.Mean().ToDouble(),
    };

    /// <summary>The mean of what chains cost, rounded up.</summary>
    /// <param name="chainGradients">[chains].</param>
    /// <returns>A value for <see cref="GradientCount"/>.</returns>
    public static int MeanGradients(Tensor chainGradients)
    {
        double sum = 0;
        for (int chain = 0; chain < chainGradients.Count; chain++)
        {
            sum += chainGradients.ElementAt(chain);
        }

        return (int)Math.Ceiling(sum / chainGradients.Count);
    }

    /// <summary>The info of a transition that cost every chain some gradients more.</summary>
    internal StepInfo WithMoreGradients(int count) => count == 0 ? this
        : HoldsTensors ? this with { GradientCount = GradientCount + count, ChainGradients = ChainGradients is null ? null : ChainGradients + count }
        : OfGradients(GradientCount + count);

    /// <summary>The info of a transition of which nothing is to be said but what it cost; one object for each of the small numbers, since every transition of an unadjusted kernel has one.</summary>
    internal static StepInfo OfGradients(int count) => (uint)count < (uint)Counts.Length ? Counts[count] : new StepInfo(count);

    private static readonly ImmutableArray<StepInfo> Counts = [.. Enumerable.Range(0, 65).Select(count => new StepInfo(count))];

    private bool HoldsTensors => AcceptanceProbability is not null || Accepted is not null || EnergyError is not null || Divergent is not null || Extras is not null || ChainGradients is not null;

    /// <summary>What several transitions cost together.</summary>
    /// <param name="infos">Their infos, one or more.</param>
    /// <returns>Gradients, and those of each chain where they differ.</returns>
    internal static (int GradientCount, Tensor? ChainGradients) TotalGradients(ReadOnlySpan<StepInfo> infos)
    {
        int common = 0;
        Tensor? own = null;
        foreach (StepInfo info in infos)
        {
            if (info.ChainGradients is null)
            {
                common += info.GradientCount;
            }
            else
            {
                own = own is null ? info.ChainGradients : own + info.ChainGradients;
            }
        }

        return own is null ? (common, null) : (MeanGradients(own) + common, common == 0 ? own : own + common);
    }

    /// <summary>A function of every tensor.</summary>
    /// <param name="function">A pure function.</param>
    /// <returns>A new info, or this one if it holds no tensors.</returns>
    public StepInfo Map(Func<Tensor, Tensor> function) => !HoldsTensors
        ? this
        : new StepInfo(
            GradientCount,
            AcceptanceProbability is null ? null : function(AcceptanceProbability),
            Accepted is null ? null : function(Accepted),
            EnergyError is null ? null : function(EnergyError),
            Divergent is null ? null : function(Divergent),
            Extras?.Map(function),
            ChainGradients is null ? null : function(ChainGradients));

    /// <summary>This info in memory that no workspace takes back.</summary>
    internal StepInfo Detach() => Detach([]);

    /// <summary>This info and a few tensors that belong to it, which are replaced in their places, in memory that no workspace takes back.</summary>
    /// <param name="others">At most two tensors.</param>
    internal StepInfo Detach(Span<Tensor> others)
    {
        Sextet tensors = default;
        others.CopyTo(tensors);
        int count = others.Length;
        foreach (Tensor? figure in (ReadOnlySpan<Tensor?>)[AcceptanceProbability, Accepted, EnergyError, Divergent])
        {
            if (figure is not null)
            {
                tensors[count++] = figure;
            }
        }

        Tensor.DetachTogether(((Span<Tensor>)tensors)[..count]);
        ((Span<Tensor>)tensors)[..others.Length].CopyTo(others);
        if (count == others.Length && Extras is null && ChainGradients is null)
        {
            return this;
        }

        int next = others.Length;
        return new StepInfo(
            GradientCount,
            AcceptanceProbability is null ? null : tensors[next++],
            Accepted is null ? null : tensors[next++],
            EnergyError is null ? null : tensors[next++],
            Divergent is null ? null : tensors[next],
            Extras?.Detach(),
            ChainGradients?.Detach());
    }

    /// <summary>The tensors, for whoever decides what memory stays.</summary>
    /// <param name="leaves">Takes the tensors.</param>
    internal void AddTo(List<Tensor> leaves)
    {
        foreach (Tensor? tensor in (ReadOnlySpan<Tensor?>)[AcceptanceProbability, Accepted, EnergyError, Divergent, ChainGradients])
        {
            if (tensor is not null)
            {
                leaves.Add(tensor);
            }
        }

        if (Extras is not null)
        {
            leaves.AddRange(Extras.Leaves);
        }
    }

    [InlineArray(6)]
    private struct Sextet
    {
        private Tensor first;
    }
}
