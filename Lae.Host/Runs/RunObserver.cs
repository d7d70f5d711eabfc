using Lae.Models;

namespace Lae.Host.Runs;

/// <summary>Writes the log and the checkpoints of a run, and tells the terminal how it goes.</summary>
internal sealed class RunObserver(
    RunFolder folder, MetricsLog log, TestCurve? test, ProgressDisplay display, TimeProvider clock, TimeSpan betweenCheckpoints) : ITrainingObserver
{
    private readonly HashSet<string> warned = [];
    private long saved = clock.GetTimestamp();
    private TrainingProgress? waiting;

    /// <summary>The step of the last checkpoint on the disk; null if there is none.</summary>
    public long? CheckpointStep { get; private set; }

    /// <inheritdoc/>
    public void Stepped(long done, long total) => display.Stepped(done);

    /// <inheritdoc/>
    public void Logged(TrainingLogEntry entry)
    {
        log.Append(entry);
        display.Logged(entry);
        foreach ((string name, string message) in TrainingWarnings.Of(entry.Figures, log.Entries[0].Figures))
        {
            if (warned.Add(name))
            {
                display.Line($"warning {name} at step {entry.Step}: {message}");
            }
        }
    }

    /// <inheritdoc/>
    public void EpochEnded(int epoch, TrainingProgress progress)
    {
        test?.EpochEnded(epoch, progress.State); // before the checkpoint, so that a run that goes on from it has all entries
        waiting = progress;
        if (clock.GetElapsedTime(saved) >= betweenCheckpoints)
        {
            Save(progress);
        }
    }

    /// <summary>Notes a checkpoint that is on the disk already.</summary>
    /// <param name="step">Its step.</param>
    public void Resumed(long step) => CheckpointStep = step;

    /// <summary>Keeps a checkpoint.</summary>
    /// <param name="progress">Where the run stands.</param>
    public void Save(TrainingProgress progress)
    {
        log.Flush();
        test?.Flush();
        CheckpointFile.Write(folder.Checkpoint, progress);
        CheckpointStep = progress.State.Step;
        saved = clock.GetTimestamp();
        waiting = null;
    }

    /// <summary>Keeps the last end of an epoch, if it is not on the disk yet.</summary>
    public void SaveWaiting()
    {
        if (waiting is not null)
        {
            Save(waiting);
        }
    }
}
