using System.Runtime.ExceptionServices;
using Lae.Kernels;
using Lae.Numerics;
using Lae.Numerics.Engines;
using Lae.Randomness;

namespace Lae.Running;

/// <summary>What a group of chains kept of a transition, in the group's own memory, valid until its next block begins.</summary>
/// <typeparam name="TState">The state type.</typeparam>
/// <param name="Step">Transitions done when it was kept.</param>
/// <param name="State">The state after it; null where nobody wants states.</param>
/// <param name="Info">What happened; where there is no state, in memory that no workspace takes back.</param>
internal readonly record struct KeptTransition<TState>(long Step, TState? State, StepInfo Info)
    where TState : class, IKernelState<TState>;

/// <summary>Which transitions of a block are kept, and what of them.</summary>
/// <param name="Every">Those whose number is a multiple; 0 keeps none.</param>
/// <param name="States">Whether their states are kept, or only what happened.</param>
internal readonly record struct Keeping(int Every, bool States);

/// <summary>What ended a block early.</summary>
/// <param name="Step">The number of the transition that failed, from 1.</param>
/// <param name="Leaf">The first leaf that was not finite; −1 where something else was thrown.</param>
/// <param name="Exception">What was thrown.</param>
internal sealed record GroupFailure(long Step, int Leaf, ExceptionDispatchInfo Exception);

/// <summary>
/// Some of the chains of a run, with an engine and memory of their own, so that they can be moved while other groups are moved by other threads. It does a block of transitions at a time and keeps those that are to be
/// handed out: memory is that of one block, however long the run.
/// </summary>
/// <typeparam name="TState">The state type.</typeparam>
internal sealed class ChainGroup<TState>
    where TState : class, IKernelState<TState>
{
    private readonly Chains chains;
    private readonly Workspace workspace;
    private readonly List<KeptTransition<TState>> kept = [];
    private readonly List<Tensor> leaves = [];
    private readonly NoiseAhead ahead;

    /// <param name="state">The state of these chains, in any memory.</param>
    /// <param name="key">The key of the run.</param>
    /// <param name="chains">These chains, a row each.</param>
    /// <param name="engine">Who computes, for this group alone.</param>
    public ChainGroup(TState state, RandomKey key, Chains chains, IEngine engine)
    {
        this.chains = chains;
        ahead = new NoiseAhead(key, chains);
        workspace = Workspace.Pooled(engine);
        State = state.Map(leaf => leaf.CopyTo(workspace));
    }

    /// <summary>Where the chains are.</summary>
    public TState State { get; private set; }

    /// <summary>What was kept of the last block, in order.</summary>
    public IReadOnlyList<KeptTransition<TState>> Kept => kept;

    /// <summary>What ended the last block early; null if it went well.</summary>
    public GroupFailure? Failure { get; private set; }

    /// <summary>The memory of this group.</summary>
    public Workspace Workspace => workspace;

    /// <summary>Puts the chains where others are.</summary>
    /// <param name="state">A state in this group's memory, which it keeps.</param>
    public void Place(TState state)
    {
        State = state;
        kept.Clear();
    }

    /// <summary>Does transitions; what they throw is kept as the <see cref="Failure"/>, since other groups may have failed before it.</summary>
    /// <param name="kernel">The kernel.</param>
    /// <param name="step">Transitions of the run done before.</param>
    /// <param name="count">How many to do.</param>
    /// <param name="keeping">Which transitions to keep.</param>
    public void Advance(Kernel<TState> kernel, long step, int count, Keeping keeping)
    {
        kept.Clear();
        Failure = null;
        Keep(0, info: null);
        int mark = 0;
        for (int i = 0; i < count; i++, step++)
        {
            if (i % NoiseAhead.MostTransitions == 0)
            {
                ahead.Begin(step, Math.Min(count - i, NoiseAhead.MostTransitions));
            }

            try
            {
                Transition<TState> next = kernel.Transition(ahead.Source(step, workspace), State);
                if (i == 0 || !next.KeepsFinite)
                {
                    next.State.RequireFinite(step + 1);
                }

                State = next.State;
                bool keeps = keeping.Every > 0 && (step + 1) % keeping.Every == 0;
                if (keeps && !keeping.States)
                {
                    // states that are not kept stay in the memory that is nearest
                    kept.Add(new KeptTransition<TState>(step + 1, null, next.Info.Detach()));
                }

                Keep(mark, keeps && keeping.States ? next.Info : null);
                if (keeps && keeping.States)
                {
                    kept.Add(new KeptTransition<TState>(step + 1, next.State, next.Info));
                    mark = workspace.Mark();
                }
            }
#pragma warning disable CA1031 // Whatever a kernel throws belongs to the caller of the run.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                Failure = new GroupFailure(step + 1, LeafOf(exception), ExceptionDispatchInfo.Capture(exception));
                return;
            }
        }
    }

    /// <summary>Takes all memory back, so that what was lent of it and is read too late says so.</summary>
    public void End()
    {
        kept.Clear();
        workspace.Collect(0);
    }

    /// <summary>Takes back what was allocated since the mark, but the state and what an info holds.</summary>
    private void Keep(int mark, StepInfo? info)
    {
        leaves.Clear();
        int count = State.Layout.Count;
        for (int i = 0; i < count; i++)
        {
            leaves.Add(State.Leaf(i));
        }

        if (info is not null)
        {
            leaves.Add(State.Position);
            if (State is IHasLogDensity { KnowsLogDensity: true } known)
            {
                leaves.Add(known.LogDensity);
            }

            info.AddTo(leaves);
        }

        workspace.Collect(mark, System.Runtime.InteropServices.CollectionsMarshal.AsSpan(leaves));
    }

    private int LeafOf(Exception exception)
    {
        for (int i = 0; exception is NonFiniteStateException stop && i < State.Layout.Count; i++)
        {
            if (State.Layout[i].Name == stop.Quantity)
            {
                return i;
            }
        }

        return -1;
    }
}
