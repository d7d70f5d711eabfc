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
    public RunOptions(long transitions, int thinning = 1, IEngine? engine = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(transitions);
        ArgumentOutOfRangeException.ThrowIfLessThan(thinning, 1);
        Transitions = transitions;
        Thinning = thinning;
        Engine = engine;
    }

    /// <summary>Transitions to do.</summary>
    public long Transitions { get; }

    /// <summary>Every how many transitions a draw is kept.</summary>
    public int Thinning { get; }

    /// <summary>Who computes; the default engine if null.</summary>
    public IEngine? Engine { get; }
}

/// <summary>How far a run has come.</summary>
/// <param name="Done">Transitions done in this call.</param>
/// <param name="Total">Transitions asked for in this call.</param>
/// <param name="Info">What happened last, detached.</param>
public sealed record RunProgress(long Done, long Total, StepInfo Info);
