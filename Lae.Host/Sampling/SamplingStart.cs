using System.Globalization;
using Lae.Formats;
using Lae.Formats.Zarr;
using Lae.Host.Runs;
using Lae.Kernels;
using Lae.Numerics;

namespace Lae.Host.Sampling;

/// <summary>The state in which a run begins, or goes on from its checkpoint.</summary>
/// <param name="run">The run.</param>
/// <param name="folder">Its folder.</param>
internal sealed class SamplingStart(PreparedSampling run, RunFolder folder)
{
    private int Chains => run.Configuration.Chains;

    private ZarrFolder Store => new(folder.Draws);

    /// <summary>The state before the first transition; the checkpoint of it is on the disk.</summary>
    /// <param name="chains">The chains at their start.</param>
    /// <param name="warmup">What the warm-up found.</param>
    /// <param name="created">When the run began.</param>
    public SamplingState Begin(IChainSession chains, WarmupFigures warmup, DateTimeOffset created)
    {
        SamplingState state = new(chains, NewKeeper(chains, warmup, created), new TransitionTotals(), warmup, new PositionSample(Chains));
        state.Save(folder);
        return state;
    }

    /// <summary>The state that the checkpoint holds. Draws that were written after it are taken back: they come again, bit for bit.</summary>
    /// <param name="checkpoint">The checkpoint.</param>
    /// <exception cref="DataFormatException">Checkpoint or store are damaged, or of another configuration.</exception>
    public SamplingState Continue(SamplingCheckpoint checkpoint)
    {
        IChainSession chains = run.Start(Frozen(checkpoint), run.StartingPositions());
        checkpoint.RequireChains(chains.ToTree(), folder.Checkpoint);
        chains = chains.At(checkpoint.Chains, checkpoint.Step);
        try
        {
            IDrawKeeper keeper = run.Configuration.Keep == KeptDraws.Figures
                ? FigureKeeper.Continue(run.Posterior, Chains, checkpoint.Kept)
                : StoreKeeper.Continue(Store, run.Posterior, TransitionStatistics.In(InferenceReader.Open(Store), StepSize(checkpoint.Warmup)), Chains, checkpoint.Draws);
            return new SamplingState(chains, keeper, TransitionTotals.FromTree(checkpoint.Totals), checkpoint.Warmup, PositionSample.FromTree(Chains, checkpoint.Positions), checkpoint.Seconds);
        }
        catch (Exception exception) when (exception is ArgumentException or KeyNotFoundException)
        {
            throw new DataFormatException(folder.Path, "checkpoint", $"it does not fit the draws on the disk: {exception.Message}");
        }
    }

    private IKernel Frozen(SamplingCheckpoint checkpoint)
    {
        try
        {
            return run.Frozen(checkpoint.Warmup.Tuning);
        }
        catch (Exception exception) when (exception is ArgumentException or KeyNotFoundException)
        {
            throw new DataFormatException(folder.Checkpoint, "warmup", $"it is not what a warm-up of this kernel finds: {exception.Message}");
        }
    }

    private IDrawKeeper NewKeeper(IChainSession chains, WarmupFigures warmup, DateTimeOffset created)
    {
        if (run.Configuration.Keep == KeptDraws.Figures)
        {
            return FigureKeeper.Begin(run.Posterior, Chains);
        }

        // what a run that was killed before its first checkpoint left holds no draw
        if (Directory.Exists(folder.Draws))
        {
            Directory.Delete(folder.Draws, recursive: true);
        }

        return StoreKeeper.Begin(Store, run.Posterior, TransitionStatistics.Of(chains.Peek(), StepSize(warmup)), Chains, Attributes(run, created.ToString("O", CultureInfo.InvariantCulture)));
    }

    private double? StepSize(WarmupFigures warmup) => warmup.StepSize ?? run.GivenStepSize;

    /// <summary>What the groups of the store say of their origin.</summary>
    /// <param name="run">The run.</param>
    /// <param name="created">When it began.</param>
    /// <param name="seconds">Time of sampling; null while it is not known.</param>
    public static InferenceAttributes Attributes(PreparedSampling run, string created, double? seconds = null) => new(
        created,
        RunEnvironment.LaeVersion,
        run.Configuration.Warmup.Transitions,
        seconds,
        new Dictionary<string, string> { ["kernel"] = run.Kernel.Name, ["target"] = run.Target.Name, ["seed"] = run.Configuration.Seed.ToString(CultureInfo.InvariantCulture) });
}
