using System.Collections.Immutable;
using Lae.Datasets;
using Lae.Kernels;
using Lae.Numerics;
using Lae.Numerics.Engines;
using Lae.Randomness;

namespace Lae.Models;

/// <summary>How long and in what portions to train.</summary>
public sealed record TrainingPlan
{
    /// <summary>A plan with checked ranges.</summary>
    /// <param name="epochs">Passes over the data, 0 or more.</param>
    /// <param name="batchSize">Observations a step, 1 or more; the last of an epoch that do not fill a batch wait for the next shuffle.</param>
    /// <param name="logEvery">Steps between log entries, 1 or more.</param>
    public TrainingPlan(int epochs, int batchSize, int logEvery = 100)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(epochs);
        ArgumentOutOfRangeException.ThrowIfLessThan(batchSize, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(logEvery, 1);
        Epochs = epochs;
        BatchSize = batchSize;
        LogEvery = logEvery;
    }

    /// <summary>Passes over the data.</summary>
    public int Epochs { get; }

    /// <summary>Observations a step.</summary>
    public int BatchSize { get; }

    /// <summary>Steps between log entries.</summary>
    public int LogEvery { get; }

    /// <summary>Steps in an epoch.</summary>
    /// <param name="rows">Observations in the training set.</param>
    /// <returns>Full batches, at least 1 (a set smaller than a batch is one batch).</returns>
    public int StepsPerEpoch(int rows) => Math.Max(1, rows / BatchSize);
}

/// <summary>One log entry: figures averaged over the steps since the last entry, and the diagnosis of the last batch.</summary>
/// <param name="Step">Steps done.</param>
/// <param name="Epoch">Epochs begun, from 1.</param>
/// <param name="Figures">Figures by stable names.</param>
public sealed record TrainingLogEntry(long Step, int Epoch, IReadOnlyDictionary<string, double> Figures);

/// <summary>Watches a training run; never changes it.</summary>
public interface ITrainingObserver
{
    /// <summary>After every step.</summary>
    /// <param name="done">Steps done.</param>
    /// <param name="total">Steps of the whole plan.</param>
    void Stepped(long done, long total);

    /// <summary>At every logging interval, and after the last step.</summary>
    /// <param name="entry">The entry.</param>
    void Logged(TrainingLogEntry entry);

    /// <summary>After every epoch.</summary>
    /// <param name="epoch">Epochs done.</param>
    /// <param name="progress">Where the run stands, in memory that no workspace takes back.</param>
    void EpochEnded(int epoch, TrainingProgress progress);
}

/// <summary>Trains a model: draws the batches from the key, and hands each to the model's pure step.</summary>
public static class TrainingLoop
{
    private const ulong ShuffleDomain = 1;
    private const ulong StepDomain = 2;

    /// <summary>Trains from a state to the end of the plan. What comes depends on the key, the data and the state alone, so a resumed run equals an uninterrupted one.</summary>
    /// <param name="model">The model.</param>
    /// <param name="data">[rows, columns].</param>
    /// <param name="plan">How long and in what portions.</param>
    /// <param name="key">The key of the run.</param>
    /// <param name="start">The state to start from, after any step.</param>
    /// <param name="observer">Told of the progress.</param>
    /// <param name="engine">Who computes; the default engine if null.</param>
    /// <param name="cancellation">Ends the training after the step under way.</param>
    /// <returns>The last state; its step tells whether the plan was done.</returns>
    /// <exception cref="NonFiniteStateException">A figure or a parameter became NaN or infinite.</exception>
    public static TrainingState Run(
        ILatentVariableModel model,
        Tensor data,
        TrainingPlan plan,
        RandomKey key,
        TrainingState start,
        ITrainingObserver observer,
        IEngine? engine = null,
        CancellationToken cancellation = default) =>
        Resume(model, data, plan, key, TrainingProgress.At(start), observer, engine, cancellation).State;

    /// <summary>Trains from where a run stands to the end of the plan; log entries too equal those of an uninterrupted run.</summary>
    /// <param name="model">The model.</param>
    /// <param name="data">[rows, columns].</param>
    /// <param name="plan">How long and in what portions.</param>
    /// <param name="key">The key of the run.</param>
    /// <param name="start">Where to start, or to go on.</param>
    /// <param name="observer">Told of the progress.</param>
    /// <param name="engine">Who computes; the default engine if null.</param>
    /// <param name="cancellation">Ends the training after the step under way.</param>
    /// <returns>Where the run stands; the step of its state tells whether the plan was done.</returns>
    /// <exception cref="ArgumentException">Data of another shape than the model's, a number that is not finite, or a pixel outside [−1, 1].</exception>
    /// <exception cref="NonFiniteStateException">A figure, a latent point or a parameter became NaN or infinite.</exception>
    /// <exception cref="ArithmeticException">A matrix that the step needs is singular; the message names the step and the cause.</exception>
    public static TrainingProgress Resume(
        ILatentVariableModel model,
        Tensor data,
        TrainingPlan plan,
        RandomKey key,
        TrainingProgress start,
        ITrainingObserver observer,
        IEngine? engine = null,
        CancellationToken cancellation = default)
    {
        model.Data.CheckedThroughout(data);
        Workspace workspace = Workspace.Pooled(engine);
        Tensor resident = data.CopyTo(workspace);
        return Resume(model, workspace, data.Shape[0], chosen => resident.GatherRows(chosen), plan, key, start, observer, cancellation);
    }

    /// <summary>As <see cref="Resume(ILatentVariableModel, Tensor, TrainingPlan, RandomKey, TrainingProgress, ITrainingObserver, IEngine, CancellationToken)"/>, of rows that are read batch by batch from where
    /// they are: memory does not grow with their number but for 4 bytes of the order of each, and the same rows give the same bits as a resident tensor of float32 does.</summary>
    /// <param name="model">The model.</param>
    /// <param name="data">The observations.</param>
    /// <param name="plan">How long and in what portions.</param>
    /// <param name="key">The key of the run.</param>
    /// <param name="start">Where to start, or to go on.</param>
    /// <param name="observer">Told of the progress.</param>
    /// <param name="engine">Who computes; the default engine if null.</param>
    /// <param name="cancellation">Ends the training after the step under way.</param>
    /// <returns>Where the run stands; the step of its state tells whether the plan was done.</returns>
    /// <exception cref="NonFiniteStateException">A figure, a latent point or a parameter became NaN or infinite.</exception>
    /// <exception cref="ArithmeticException">A matrix that the step needs is singular; the message names the step and the cause.</exception>
    /// <exception cref="Formats.DataFormatException">A row cannot be read.</exception>
    public static TrainingProgress Resume(
        ILatentVariableModel model,
        IRowSource data,
        TrainingPlan plan,
        RandomKey key,
        TrainingProgress start,
        ITrainingObserver observer,
        IEngine? engine = null,
        CancellationToken cancellation = default)
    {
        if (data.Columns != model.Data.Columns)
        {
            throw new ArgumentException($"Model '{model.Name}' trains on rows of {model.Data.Columns}, not of {data.Columns}.", nameof(data));
        }

        Workspace workspace = Workspace.Pooled(engine);
        using ReadAhead batches = new(data);
        return Resume(
            model, workspace, data.Rows, chosen => Tensor.FromSpan(workspace, batches.Take(chosen), new Shape(chosen.Count, data.Columns)), plan, key, start, observer, cancellation);
    }

    private static TrainingProgress Resume(
        ILatentVariableModel model,
        Workspace workspace,
        int rows,
        Func<ArraySegment<int>, Tensor> gather,
        TrainingPlan plan,
        RandomKey key,
        TrainingProgress start,
        ITrainingObserver observer,
        CancellationToken cancellation)
    {
        int stepsPerEpoch = plan.StepsPerEpoch(rows);
        long total = (long)stepsPerEpoch * plan.Epochs;
        int mark = workspace.Mark();
        TrainingState state = start.State.Map(leaf => leaf.CopyTo(workspace));
        FigureAverage average = new(start.Pending);
        int[] order = [];
        while (state.Step < total && !cancellation.IsCancellationRequested)
        {
            int epoch = (int)(state.Step / stepsPerEpoch);
            int within = (int)(state.Step % stepsPerEpoch);
            if (within == 0 || order.Length == 0)
            {
                order = Permutation.Of(key.FoldIn(ShuffleDomain).FoldIn((ulong)epoch), rows);
            }

            int first = within * plan.BatchSize;
            ArraySegment<int> chosen = new(order, first, Math.Min(plan.BatchSize, rows - first));
            Tensor batch = gather(chosen);
            TrainingTransition next = Train(model, key.FoldIn(StepDomain).FoldIn((ulong)state.Step), TrainingBatch.Shuffled(batch, chosen), state);
            state = next.State;
            average.Add(next.Info);
            RequireFinite(next, state.Step);
            observer.Stepped(state.Step, total);
            if (state.Step % plan.LogEvery == 0 || state.Step == total)
            {
                observer.Logged(new TrainingLogEntry(state.Step, epoch + 1, average.Take(model.Diagnose(batch, state))));
            }

            if (state.Step % stepsPerEpoch == 0)
            {
                RequireFinite(state);
                observer.EpochEnded(epoch + 1, new TrainingProgress(state.Map(leaf => leaf.Detach()), average.Pending));
            }

            workspace.Collecting(mark).Keep(state.Parameters.LeafSpan).Keep(state.Optimizer.LeafSpan).Keep(state.Adaptation.LeafSpan).Keep(state.Datapoints.LeafSpan).Finish();
        }

        RequireFinite(state);
        return new TrainingProgress(state.Map(leaf => leaf.Detach()), average.Pending);
    }

    /// <summary>One step; a failure inside it is told with the number of the training step, since the latent chain counts its own.</summary>
    private static TrainingTransition Train(ILatentVariableModel model, RandomKey key, TrainingBatch batch, TrainingState state)
    {
        try
        {
            return model.Train(key, batch, state);
        }
        catch (NonFiniteStateException exception)
        {
            throw new NonFiniteStateException(exception.Quantity, state.Step + 1, exception);
        }
        catch (ArithmeticException exception)
        {
            throw new ArithmeticException($"at step {state.Step + 1}: {exception.Message}", exception);
        }
    }

    private static void RequireFinite(TrainingTransition transition, long step)
    {
        foreach ((string name, double value) in transition.Info)
        {
            if (!double.IsFinite(value))
            {
                throw new NonFiniteStateException(name, step);
            }
        }
    }

    private static void RequireFinite(TrainingState state)
    {
        foreach ((string name, Tensor leaf) in state.ToTree())
        {
            if (!leaf.AllFinite())
            {
                throw new NonFiniteStateException(name, state.Step);
            }
        }
    }

    /// <summary>Means of figures over the steps of a logging interval.</summary>
    private sealed class FigureAverage(FigureSums start)
    {
        private readonly SortedDictionary<string, double> sums = new(start.Sums, StringComparer.Ordinal);
        private int count = start.Count;

        public FigureSums Pending => new(sums.ToImmutableSortedDictionary(StringComparer.Ordinal), count);

        public void Add(IReadOnlyDictionary<string, double> figures)
        {
            count++;
            foreach ((string name, double value) in figures)
            {
                sums[name] = sums.GetValueOrDefault(name) + value;
            }
        }

        public SortedDictionary<string, double> Take(IReadOnlyDictionary<string, double> more)
        {
            SortedDictionary<string, double> result = new(StringComparer.Ordinal);
            foreach ((string name, double sum) in sums)
            {
                result[name] = sum / count;
            }

            foreach ((string name, double value) in more)
            {
                result[name] = value;
            }

            sums.Clear();
            count = 0;
            return result;
        }
    }
}
