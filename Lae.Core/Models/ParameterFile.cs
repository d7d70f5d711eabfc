using System.Globalization;
using Lae.Formats;
using Lae.Numerics;

namespace Lae.Models;

/// <summary>Trees of tensors as safetensors: the names are those of the tree, the values go through bit for bit.</summary>
public static class ParameterFile
{
    /// <summary>Writes a tree.</summary>
    /// <param name="stream">Where to; it stays open.</param>
    /// <param name="tree">Tensors of any shape.</param>
    /// <param name="metadata">Texts that travel with them.</param>
    public static void Write(Stream stream, TensorTree tree, IReadOnlyDictionary<string, string>? metadata = null) =>
        Safetensors.Write(stream, new SafetensorsFile([.. tree.Select(pair => Entry(pair.Key, pair.Value))], metadata));

    /// <summary>The tensors of a file, in the names, order, shapes and types of another tree.</summary>
    /// <param name="file">A file.</param>
    /// <param name="form">The tree whose form the file must have.</param>
    /// <param name="sourceName">What messages call the file.</param>
    /// <returns>A tree of the values of the file.</returns>
    /// <exception cref="DataFormatException">A tensor is missing, is more than there should be, or has another shape or type.</exception>
    public static TensorTree Conform(SafetensorsFile file, TensorTree form, string sourceName)
    {
        HashSet<string> expected = [.. form.Names];
        SafetensorsEntry? foreign = file.Entries.FirstOrDefault(entry => !expected.Contains(entry.Name));
        return foreign is null
            ? TensorTree.Of(form.Select(pair => (pair.Key, Tensor(file, pair.Key, pair.Value, sourceName))))
            : throw new DataFormatException(sourceName, Quoted(foreign.Name), "expected only the tensors of the model, found this one, which the model does not have");
    }

    private static Tensor Tensor(SafetensorsFile file, string name, Tensor form, string sourceName)
    {
        if (!file.TryGetEntry(name, out SafetensorsEntry? entry))
        {
            throw new DataFormatException(sourceName, Quoted(name), "expected this tensor of the model, found none");
        }

        SafetensorsType type = form.DType == DType.Float32 ? SafetensorsType.F32 : SafetensorsType.F64;
        if (entry.Type != type || !entry.Shape.SequenceEqual(form.Shape.ToArray()))
        {
            throw new DataFormatException(sourceName, Quoted(name), string.Create(
                CultureInfo.InvariantCulture, $"expected {type} {form.Shape} as in the model, found {entry.Type} [{string.Join(", ", entry.Shape)}]"));
        }

        return form.DType == DType.Float32
            ? Numerics.Tensor.FromSpan<float>(form.Workspace, entry.ToFloat32(), form.Shape)
            : Numerics.Tensor.FromSpan<double>(form.Workspace, entry.ToFloat64(), form.Shape);
    }

    private static SafetensorsEntry Entry(string name, Tensor tensor) => tensor.DType == DType.Float32
        ? SafetensorsEntry.FromFloat32(name, tensor.Shape.ToArray(), tensor.AsSpan<float>())
        : SafetensorsEntry.FromFloat64(name, tensor.Shape.ToArray(), tensor.AsSpan<double>());

    private static string Quoted(string name) => $"\"{name}\"";
}
