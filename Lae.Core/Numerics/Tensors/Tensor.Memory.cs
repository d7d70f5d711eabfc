namespace Lae.Numerics;

/// <summary>Where tensors that are still being made get their memory.</summary>
public sealed partial class Tensor
{
    internal static Tensor Uninitialized(Workspace workspace, Shape shape, DType dtype) => Whole(workspace.Allocate(dtype, shape.Count), shape);

    /// <summary>All of a buffer that was just allocated.</summary>
    internal static Tensor Whole(TensorBuffer buffer, Shape shape) => Of(buffer, buffer.Generation, 0, shape, node: null);

    /// <summary>After a collection that kept this tensor: notes it if its memory was handed out since a backward pass, and nobody else in it was kept.</summary>
    internal void RememberIfSole(long pass) => buffer.Sole = Workspace.IsPooled && buffer.Kept == 1 && buffer.HandedOut > pass ? this : null;

    /// <summary>Notes, on the word of who knows, that this tensor alone lives in its memory.</summary>
    internal void MarkSole() => buffer.Sole = Workspace.IsPooled ? this : null;

    /// <summary>
    /// The result of an operation that reads a tensor for the last time: in its memory, where it alone lives there (it is then not valid any more), else in memory of its own. What was read from it before may be read while the result is written.
    /// </summary>
    internal static Tensor InPlaceOf(Tensor spent, Workspace workspace)
    {
        TensorBuffer buffer = spent.buffer;
        if (spent.offset != 0 || !ReferenceEquals(buffer.Sole, spent) || !ReferenceEquals(buffer.Workspace, workspace))
        {
            return Uninitialized(workspace, spent.shape, spent.DType);
        }

        spent.RequireValid();
        buffer.Sole = null;
        buffer.Generation++;
        return Whole(buffer, spent.shape);
    }

    /// <summary>Whether an element of the other lies in the memory of one of these.</summary>
    internal bool Overlaps(Tensor other) => ReferenceEquals(buffer, other.buffer) && offset < other.offset + other.Count && other.offset < offset + Count;

    /// <summary>
    /// New tensors in the place of these, to be written over by who knows that their memory is read by nobody else: every other tensor that lives there, and these themselves, are not valid any more.
    /// </summary>
    internal static void Renew(Span<Tensor> tensors)
    {
        for (int i = 0; i < tensors.Length; i++)
        {
            tensors[i].RequireValid();
        }

        for (int i = 0; i < tensors.Length; i++)
        {
            TensorBuffer buffer = tensors[i].buffer;
            if (tensors[i].generation == buffer.Generation)
            {
                buffer.Sole = null;
                buffer.Generation++;
            }
        }

        foreach (ref Tensor tensor in tensors)
        {
            tensor = Of(tensor.buffer, tensor.buffer.Generation, tensor.offset, tensor.shape, node: null);
        }
    }

    /// <summary>Tensors of one shape in one piece of memory, which stays as long as one of them is kept: for the small tensors that belong to one thing, of which each would cost as much as all.</summary>
    internal static void UninitializedTogether(Workspace workspace, Shape shape, DType dtype, Span<Tensor> tensors)
    {
        TensorBuffer buffer = workspace.Allocate(dtype, checked(tensors.Length * shape.Count));
        for (int i = 0; i < tensors.Length; i++)
        {
            tensors[i] = Of(buffer, buffer.Generation, i * shape.Count, shape, node: null);
        }
    }

    /// <summary>Two tensors of one type in one piece of memory, which stays as long as one of them is kept.</summary>
    internal static (Tensor First, Tensor Second) UninitializedPair(Workspace workspace, Shape first, Shape second, DType dtype)
    {
        TensorBuffer buffer = workspace.Allocate(dtype, checked(first.Count + second.Count));
        return (Of(buffer, buffer.Generation, 0, first, node: null), Of(buffer, buffer.Generation, first.Count, second, node: null));
    }

    /// <summary>What <see cref="Detach"/> gives of tensors that belong to one thing: small ones of one type in one piece of memory, of which each would cost as much as all.</summary>
    internal static void DetachTogether(Span<Tensor> tensors)
    {
        const int Small = 64;
        bool isOne = tensors.Length > 1;
        int total = 0;
        foreach (Tensor tensor in tensors)
        {
            isOne = isOne && tensor.Count <= Small && tensor.Workspace.IsPooled && tensor.DType == tensors[0].DType;
            total += isOne ? tensor.Count : 0;
        }

        if (!isOne)
        {
            foreach (ref Tensor tensor in tensors)
            {
                tensor = tensor.Detach();
            }

            return;
        }

        TensorBuffer copies = tensors[0].Workspace.Heap.Allocate(tensors[0].DType, total);
        int start = 0;
        foreach (ref Tensor tensor in tensors)
        {
            Tensor copy = Of(copies, copies.Generation, start, tensor.shape, node: null);
            if (copy.DType == DType.Float32)
            {
                tensor.Read<float>().CopyTo(copy.Write<float>());
            }
            else
            {
                tensor.Read<double>().CopyTo(copy.Write<double>());
            }

            tensor = copy;
            start += copy.Count;
        }
    }
}
