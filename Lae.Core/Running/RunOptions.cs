using Lae.Kernels;
using Lae.Numerics.Engines;

namespace Lae.Running;

/// <summary>How a run is to go.</summary>
public sealed record RunOptions
{
    /// <summary>Options with checked ranges.</summary>
    /// <param name="transitions">Transitions to do, 0 or more.</param>
    /// <param name="thinning">Every how many transitions a draw is kept, 1 or more; counted from the start of the run, also across a resumption.</param>
    /// <param name="engine">Who computes; the default engine if null.</param>
    /// <param name="groups">
    /// In how many groups the chains are moved, each by a thread of its own; 0 or more. With 1 the threads of the engine share the work inside operations instead. With 0, the default, the run measures in its
    /// beginning whether as many groups as the engine has threads are faster than one, and goes on with the faster. No number of groups, which are never more than there are chains, changes a bit of a draw. The target and the
    /// kernel are called from several threads at once where there are several groups: they must be pure functions.
    /// </param>
    public RunOptions(long transitions, int thinning = 1, IEngine? engine = null, int groups = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(groups);
        ArgumentOutOfRangeException.ThrowIfNegative(transitions);
        ArgumentOutOfRangeException.ThrowIfLessThan(thinning, 1);
        Transitions = transitions;
        Thinning = thinning;
        Engine = engine;
        Groups = groups;
    }

    /// <summary>Transitions to do.</summary>
    public long Transitions { get; }

    /// <summary>Every how many transitions a draw is kept.</summary>
    public int Thinning { get; }

    /// <summary>Who computes; the default engine if null.</summary>
    public IEngine? Engine { get; }

    /// <summary>In how many groups the chains are moved; 0 to let the run find out what is faster.</summary>
    public int Groups { get; }
}

/// <summary>How far a run has come.</summary>
/// <param name="Done">Transitions done in this call.</param>
/// <param name="Total">Transitions asked for in this call.</param>
/// <param name="Info">What happened last, detached.</param>
public sealed record RunProgress(long Done, long Total, StepInfo Info);
