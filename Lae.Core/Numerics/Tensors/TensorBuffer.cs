using System.Runtime.CompilerServices;

namespace Lae.Numerics;

/// <summary>
/// The memory of one or more tensors. A pooled buffer goes back to its workspace and is used again: its generation then rises, and
/// a tensor of an older generation refuses to be read.
/// </summary>
internal sealed class TensorBuffer
{
    /// <summary>A buffer that is kept for long may get views without end: beyond these they are left to the garbage collector.</summary>
    private const int MostRemembered = 8;

    private readonly Array data;
    private readonly Tensor[]? tensors;
    private int count;

    public TensorBuffer(Workspace workspace, DType dtype, int capacity)
    {
        Workspace = workspace;
        DType = dtype;
        Capacity = capacity;
        data = dtype == DType.Float32
            ? GC.AllocateUninitializedArray<float>(capacity)
            : GC.AllocateUninitializedArray<double>(capacity);
        tensors = workspace.IsPooled ? new Tensor[MostRemembered] : null;
        HandedOut = BackwardPass.Begun;
    }

    public Workspace Workspace { get; }

    public DType DType { get; }

    public int Capacity { get; }

    /// <summary>Where a pooled buffer waits between two uses.</summary>
    public Stack<TensorBuffer>? Home { get; init; }

    /// <summary>Rises when the buffer goes back to the pool.</summary>
    public int Generation { get; set; }

    /// <summary>The collection in which the buffer was last seen to be in use.</summary>
    public long Mark { get; set; }

    /// <summary>The number of the last backward pass that had begun when the memory was handed out.</summary>
    public long HandedOut { get; set; }

    /// <summary>How many tensors to keep were named that live here, in the collection of <see cref="Mark"/>.</summary>
    public int Kept { get; set; }

    /// <summary>The one tensor that lives here, where it is known that there is no other.</summary>
    public Tensor? Sole { get; set; }

    /// <summary>Gradients under way that live here, during a backward pass.</summary>
    public int PendingUses { get; set; }

    /// <summary>Notes a tensor that lives here, whose object can be used again once the memory goes back.</summary>
    public void Remember(Tensor tensor)
    {
        if (tensors is not null && count < tensors.Length)
        {
            tensors[count++] = tensor;
        }
    }

    /// <summary>Hands over the tensors that were remembered.</summary>
    public void Forget(Queue<Tensor> retired)
    {
        for (int i = 0; i < count; i++)
        {
            retired.Enqueue(tensors![i]);
        }

        count = 0;
    }

    public T[] Elements<T>()
        where T : unmanaged => Unsafe.As<T[]>(data);
}
