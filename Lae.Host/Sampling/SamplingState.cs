using Lae.Host.Runs;

namespace Lae.Host.Sampling;

/// <summary>A run on its way: chains, what was kept of their draws, and what their transitions told.</summary>
/// <param name="chains">The chains.</param>
/// <param name="keeper">Takes the draws.</param>
/// <param name="totals">What transitions told, after the warm-up.</param>
/// <param name="warmup">What the warm-up found.</param>
/// <param name="positions">Positions of the chains, spread over the run.</param>
/// <param name="seconds">Time that sampling has taken in processes before this one.</param>
internal sealed class SamplingState(IChainSession chains, IDrawKeeper keeper, TransitionTotals totals, WarmupFigures warmup, PositionSample positions, double seconds = 0)
{
    /// <summary>The chains.</summary>
    public IChainSession Chains => chains;

    /// <summary>What was kept.</summary>
    public IDrawKeeper Keeper => keeper;

    /// <summary>What transitions told, after the warm-up.</summary>
    public TransitionTotals Totals => totals;

    /// <summary>What the warm-up found.</summary>
    public WarmupFigures Warmup => warmup;

    /// <summary>Positions of the chains, spread over the run.</summary>
    public PositionSample Positions => positions;

    /// <summary>Time that sampling has taken, over all processes.</summary>
    public double Seconds { get; set; } = seconds;

    /// <summary>Brings the draws to the disk, and then the checkpoint, which so never knows of more than is there.</summary>
    /// <param name="folder">The run folder.</param>
    public void Save(RunFolder folder)
    {
        keeper.Flush();
        new SamplingCheckpoint(chains.Step, keeper.Count, Seconds, warmup, chains.ToTree(), totals.ToTree(), keeper.ToTree(), positions.ToTree()).Write(folder.Checkpoint);
    }
}
