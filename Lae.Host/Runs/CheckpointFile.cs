using System.Collections.Immutable;
using System.Globalization;
using Lae.Formats;
using Lae.Models;
using Lae.Numerics;

namespace Lae.Host.Runs;

/// <summary>A training progress as safetensors: the state's tensors, the sums of figures that wait for the next log entry, and the step in the metadata.</summary>
internal static class CheckpointFile
{
    private const string PendingPrefix = "pending.";
    private const string StepKey = "step";
    private const string CountKey = "pendingCount";

    /// <summary>Keeps a checkpoint in place of the one before.</summary>
    /// <param name="path">The file.</param>
    /// <param name="progress">Where the run stands.</param>
    public static void Write(string path, TrainingProgress progress)
    {
        Dictionary<string, string> metadata = new()
        {
            [StepKey] = progress.State.Step.ToString(CultureInfo.InvariantCulture),
            [CountKey] = progress.Pending.Count.ToString(CultureInfo.InvariantCulture),
        };
        TensorTree pending = TensorTree.Of(progress.Pending.Sums.Select(sum => (PendingPrefix + sum.Key, Tensor.Scalar(sum.Value, DType.Float64))));
        AtomicFile.Write(path, stream => ParameterFile.Write(stream, progress.State.ToTree().Join(pending), metadata));
    }

    /// <summary>Reads a checkpoint.</summary>
    /// <param name="path">The file.</param>
    /// <param name="initial">The initial state of the model, whose form the checkpoint must have.</param>
    /// <exception cref="DataFormatException">A damaged file, or the checkpoint of another model.</exception>
    public static TrainingProgress Read(string path, TrainingState initial)
    {
        using FileStream stream = File.OpenRead(path);
        SafetensorsFile file = Safetensors.Read(stream, path);
        SafetensorsEntry[] sums = [.. file.Entries.Where(entry => entry.Name.StartsWith(PendingPrefix, StringComparison.Ordinal))];
        SafetensorsFile state = new([.. file.Entries.Except(sums)]);
        return new TrainingProgress(
            TrainingState.FromTree(ParameterFile.Conform(state, initial.ToTree(), path), Number(file, StepKey, path)),
            new FigureSums(
                sums.ToImmutableSortedDictionary(entry => entry.Name[PendingPrefix.Length..], entry => entry.ToFloat64()[0], StringComparer.Ordinal),
                (int)Number(file, CountKey, path)));
    }

    private static long Number(SafetensorsFile file, string key, string path) =>
        file.Metadata.TryGetValue(key, out string? text) && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long number)
            ? number
            : throw new DataFormatException(path, "metadata", $"expected the whole number \"{key}\" of a training checkpoint");
}
