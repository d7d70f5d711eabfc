using Lae.Kernels;
using Lae.Models;
using Lae.Numerics;

namespace Lae.Host.Runs;

/// <summary>Takes test figures at ends of epochs, for curves of models over epochs and seconds; the time that this takes is not counted as training.</summary>
/// <param name="run">The run.</param>
/// <param name="log">Where the figures go.</param>
/// <param name="clock">Times.</param>
internal sealed class TestCurve(PreparedRun run, MetricsLog log, TimeProvider clock)
{
    private readonly Tensor x = First(run.Observations(run.Test), run.Configuration.Evaluation.CurveObservations);

    /// <summary>Time spent so far.</summary>
    public TimeSpan Elapsed { get; private set; }

    /// <summary>Brings the figures to the disk: before a checkpoint that relies on them.</summary>
    public void Flush() => log.Flush();

    /// <summary>Takes the figures, if it is time to.</summary>
    /// <param name="epoch">Epochs done.</param>
    /// <param name="state">The state after the last of them.</param>
    /// <exception cref="NonFiniteStateException">A figure is NaN or infinite.</exception>
    public void EpochEnded(int epoch, TrainingState state)
    {
        if (epoch % run.Configuration.Evaluation.EveryEpochs != 0)
        {
            return;
        }

        long begun = clock.GetTimestamp();
        IReadOnlyDictionary<string, double> figures = run.Model.Evaluate(
            RunKeys.Evaluation(run.Configuration.Seed), state.Parameters.Map(leaf => leaf.CopyTo(run.Workspace)), x);
        foreach ((string name, double value) in figures)
        {
            if (!double.IsFinite(value))
            {
                throw new NonFiniteStateException($"the test figure {name}", state.Step);
            }
        }

        // an evaluation has memory of its own, hundreds of megabytes, and training asks for so little that nothing would collect it before the next one
        GC.Collect();
        log.Append(new TrainingLogEntry(state.Step, epoch, figures));
        Elapsed += clock.GetElapsedTime(begun);
    }

    private static Tensor First(Tensor rows, int wanted) => wanted == 0 || wanted >= rows.Shape[0] ? rows : rows.Slice(0, 0, wanted);
}
