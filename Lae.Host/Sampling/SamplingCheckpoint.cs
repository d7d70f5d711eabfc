using System.Globalization;
using Lae.Formats;
using Lae.Host.Runs;
using Lae.Models;
using Lae.Numerics;

namespace Lae.Host.Sampling;

/// <summary>Where a run of <c>lae sample</c> stands: with the configuration all that is needed to go on. The key is that of the seed.</summary>
/// <param name="Step">Transitions done after the warm-up, burn-in included.</param>
/// <param name="Draws">Draws of each chain that are kept, and on the disk.</param>
/// <param name="Seconds">Time that sampling has taken so far, over all processes.</param>
/// <param name="Warmup">What the warm-up found.</param>
/// <param name="Chains">The state of the chains.</param>
/// <param name="Totals">What transitions told.</param>
/// <param name="Kept">What is kept of the draws outside the store.</param>
/// <param name="Positions">Positions of the chains, spread over the run.</param>
internal sealed record SamplingCheckpoint(long Step, long Draws, double Seconds, WarmupFigures Warmup, TensorTree Chains, TensorTree Totals, TensorTree Kept, TensorTree Positions)
{
    private const string ChainsPart = "chains";
    private const string TotalsPart = "totals";
    private const string KeptPart = "kept";
    private const string PositionsPart = "sampled";
    private const string WarmupPart = "warmup";
    private const string StepKey = "step";
    private const string DrawsKey = "draws";
    private const string SecondsKey = "seconds";

    /// <summary>Keeps a checkpoint in place of the one before.</summary>
    /// <param name="path">The file.</param>
    public void Write(string path)
    {
        TensorTree tree = Chains.Prefixed(ChainsPart).Join(Totals.Prefixed(TotalsPart)).Join(Kept.Prefixed(KeptPart)).Join(Positions.Prefixed(PositionsPart)).Join(Warmup.ToTree().Prefixed(WarmupPart));
        Dictionary<string, string> metadata = new()
        {
            [StepKey] = Step.ToString(CultureInfo.InvariantCulture),
            [DrawsKey] = Draws.ToString(CultureInfo.InvariantCulture),
            [SecondsKey] = Seconds.ToString("R", CultureInfo.InvariantCulture),
        };
        AtomicFile.Write(path, stream => ParameterFile.Write(stream, tree, metadata));
    }

    /// <summary>Reads a checkpoint.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="DataFormatException">A damaged file, or one of another kind.</exception>
    public static SamplingCheckpoint Read(string path)
    {
        using FileStream stream = File.OpenRead(path);
        SafetensorsFile file = Safetensors.Read(stream, path);
        TensorTree tree = TensorTree.Of(file.Entries.Select(entry => (entry.Name, ToTensor(entry, path))));
        try
        {
            return new SamplingCheckpoint(
                (long)Number(file, StepKey, path),
                (long)Number(file, DrawsKey, path),
                Number(file, SecondsKey, path),
                WarmupFigures.FromTree(tree.Under(WarmupPart)),
                tree.Under(ChainsPart),
                tree.Under(TotalsPart),
                tree.Under(KeptPart),
                tree.Under(PositionsPart));
        }
        catch (Exception exception) when (exception is KeyNotFoundException or ArgumentException)
        {
            throw new DataFormatException(path, "content", $"expected the checkpoint of a sampling run: {exception.Message}");
        }
    }

    /// <summary>Refuses chains of another form than those of the run.</summary>
    /// <param name="form">The state of the run's own chains.</param>
    /// <param name="path">The file.</param>
    /// <exception cref="DataFormatException">A tensor is missing, or has another shape or type.</exception>
    public void RequireChains(TensorTree form, string path)
    {
        foreach ((string name, Tensor expected) in form)
        {
            if (!Chains.TryGet(name, out Tensor? found) || found.DType != expected.DType || found.Shape != expected.Shape)
            {
                throw new DataFormatException(path, $"\"{ChainsPart}.{name}\"", $"expected {expected.DType} {expected.Shape} as in the chains of this configuration, found {(found is null ? "none" : $"{found.DType} {found.Shape}")}");
            }
        }
    }

    private static Tensor ToTensor(SafetensorsEntry entry, string path) => entry.Type switch
    {
        SafetensorsType.F64 => Tensor.FromArray(entry.ToFloat64(), [.. entry.Shape]),
        SafetensorsType.F32 => Tensor.FromArray(entry.ToFloat32(), [.. entry.Shape]),
        _ => throw new DataFormatException(path, entry.Name, $"expected F32 or F64, found {entry.Type}"),
    };

    private static double Number(SafetensorsFile file, string key, string path) =>
        file.Metadata.TryGetValue(key, out string? text) && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number)
            ? number
            : throw new DataFormatException(path, "metadata", $"expected the number \"{key}\" of a sampling checkpoint");
}
