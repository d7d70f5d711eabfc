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

    private (long Step, IReadOnlyDictionary<string, double> Figures)? last;

    /// <summary>Time spent so far.</summary>
    public TimeSpan Elapsed { get; private set; }

    /// <summary>The figures of a state on the whole test set, where they are those that were taken last: an evaluation at the end would find the same bits.</summary>
    /// <param name="step">The step of the state.</param>
    /// <returns>The figures; null where others were taken last.</returns>
    public IReadOnlyDictionary<string, double>? Whole(long step) => last is { } taken && taken.Step == step && x.Shape[0] == run.Test.Rows ? taken.Figures : null;

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
        StageMemory.Release();
        IReadOnlyDictionary<string, double> figures = run.Model.Evaluate(
            RunKeys.Evaluation(run.Configuration.Seed), state.Parameters, x, run.Configuration.Evaluation.Bound);
        foreach ((string name, double value) in figures)
        {
            if (!double.IsFinite(value))
            {
                throw new NonFiniteStateException($"the test figure {name}", state.Step);
            }
        }

        StageMemory.Release();
        log.Append(new TrainingLogEntry(state.Step, epoch, figures));
        last = (state.Step, figures);
        Elapsed += clock.GetElapsedTime(begun);
    }

    private static Tensor First(Tensor rows, int wanted) => wanted == 0 || wanted >= rows.Shape[0] ? rows : rows.Slice(0, 0, wanted);
}
