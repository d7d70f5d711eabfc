using Lae.Numerics.Engines;
using Lae.Numerics.Engines.Managed;

namespace Lae.Numerics;

/// <summary>
/// An engine, and the memory in which its results live. An operation computes where its arguments are: in their workspace, by
/// that workspace's engine. An unpooled workspace leaves memory to the garbage collector and may be used by any thread; a
/// pooled one takes memory back when its owner says so (<see cref="Collect"/>), and belongs to one thread at a time.
/// </summary>
/// <remarks>
/// A runner owns a pooled workspace. After each transition it collects: every buffer allocated since a mark
/// that is not among the tensors to keep goes back to the pool. User code never disposes anything, and a tensor
/// used after its buffer went back throws <see cref="ObjectDisposedException"/>, until 512 others lost theirs and its object becomes
/// another tensor.
/// </remarks>
public sealed class Workspace
{
    private const int CapacityClasses = 109;
    private const int LargerClasses = 4;

    /// <summary>How many tensors lose their memory before the object of one becomes another tensor: so long a tensor that is used too late throws, which is many transitions of a kernel.</summary>
    private const int LeastRetired = 512;

    private readonly Stack<TensorBuffer>?[] free = new Stack<TensorBuffer>?[2 * CapacityClasses];
    private readonly List<TensorBuffer> live = [];
    private readonly Queue<Tensor> retired = new();
    private readonly List<object?> nodes = [];
    private readonly Stack<BackwardPass> passes = new();
    private readonly Workspace? heap;
    private long collection;

    private Workspace(IEngine engine, bool pooled)
    {
        Engine = engine;
        IsPooled = pooled;
        heap = pooled ? new Workspace(engine, pooled: false) : null;
    }

    /// <summary>The workspace of tensors that were made without naming one: the default engine, memory left to the garbage collector.</summary>
    public static Workspace Default { get; } = new(ManagedEngine.Default, pooled: false);

    /// <summary>Who computes.</summary>
    public IEngine Engine { get; }

    /// <summary>Whether memory is taken back by <see cref="Collect"/>.</summary>
    public bool IsPooled { get; }

    /// <summary>The unpooled workspace of the same engine: where results go that outlive the run.</summary>
    public Workspace Heap => heap ?? this;

    /// <summary>The number of buffers in use.</summary>
    public int LiveCount => live.Count;

    /// <summary>A pooled workspace.</summary>
    /// <param name="engine">Who computes; the default engine if null.</param>
    /// <returns>A new workspace.</returns>
    public static Workspace Pooled(IEngine? engine = null) => new(engine ?? Default.Engine, pooled: true);

    /// <summary>A workspace that leaves its memory to the garbage collector.</summary>
    /// <param name="engine">Who computes.</param>
    /// <returns>A new workspace.</returns>
    public static Workspace Unpooled(IEngine engine) => new(engine, pooled: false);

    /// <summary>A mark: what is allocated from here on can be collected apart from what was there before.</summary>
    /// <returns>The mark to give to <see cref="Collect"/>.</returns>
    public int Mark() => live.Count;

    /// <summary>Takes back every buffer allocated since the mark, except those of the tensors to keep. Does nothing when unpooled.</summary>
    /// <param name="mark">What <see cref="Mark"/> returned, in [0, LiveCount].</param>
    /// <param name="keep">Tensors that stay valid; those of other workspaces and from before the mark do so anyway.</param>
    /// <exception cref="ObjectDisposedException">A tensor to keep was taken back before; nothing is collected then.</exception>
    public void Collect(int mark, params ReadOnlySpan<Tensor> keep) => Collecting(mark).Keep(keep).Finish();

    /// <summary>The same where the tensors to keep are in several places, so that no list is made of them. Nothing else is done in the workspace before it is finished.</summary>
    internal Collection Collecting(int mark)
    {
        if (!IsPooled)
        {
            return new Collection(this, mark);
        }

        if ((uint)mark > (uint)live.Count)
        {
            throw new ArgumentOutOfRangeException(nameof(mark), mark, $"Must be in [0, {live.Count}]: marks nest, and an outer collection ends the inner ones.");
        }

        collection++;
        return new Collection(this, mark);
    }

    /// <summary>A collection that is being told what to keep.</summary>
    internal readonly ref struct Collection(Workspace workspace, int mark)
    {
        /// <summary>Tensors that stay valid.</summary>
        public Collection Keep(params ReadOnlySpan<Tensor> tensors)
        {
            foreach (Tensor tensor in tensors)
            {
                if (workspace.IsPooled && ReferenceEquals(tensor.Workspace, workspace))
                {
                    tensor.RequireValid();
                    TensorBuffer buffer = tensor.Buffer;
                    buffer.Kept = buffer.Mark == workspace.collection ? buffer.Kept + 1 : 1;
                    buffer.Mark = workspace.collection;
                }
            }

            return this;
        }

        /// <summary>Takes back everything else.</summary>
        public void Finish()
        {
            if (workspace.IsPooled)
            {
                workspace.TakeBack(mark);
            }
        }
    }

    private void TakeBack(int mark)
    {
        int kept = mark;
        for (int i = mark; i < live.Count; i++)
        {
            TensorBuffer buffer = live[i];
            if (buffer.Mark == collection)
            {
                live[kept++] = buffer;
            }
            else
            {
                Recycle(buffer);
            }
        }

        live.RemoveRange(kept, live.Count - kept);
    }

    /// <summary>The workspace of an operation on tensors of these two: a pooled one before an unpooled, a chosen one before the default.</summary>
    internal static Workspace Of(Workspace a, Workspace b)
    {
        if (ReferenceEquals(a, b))
        {
            return a;
        }

        if (a.IsPooled && b.IsPooled)
        {
            throw new InvalidOperationException("An operation on tensors of two pooled workspaces: detach one of them first.");
        }

        return a.IsPooled || (!b.IsPooled && ReferenceEquals(b, Default)) ? a : b;
    }

    internal TensorBuffer Allocate(DType dtype, int count)
    {
        if (!IsPooled)
        {
            return new TensorBuffer(this, dtype, count);
        }

        (int index, int capacity) = CapacityClass(count);
        Stack<TensorBuffer> home = free[(2 * index) + (int)dtype] ??= new Stack<TensorBuffer>();
        if (!home.TryPop(out TensorBuffer? buffer))
        {
            buffer = Larger(dtype, index) ?? new TensorBuffer(this, dtype, capacity) { Home = home };
        }

        buffer.HandedOut = BackwardPass.Begun;
        buffer.Kept = 0;
        live.Add(buffer);
        return buffer;
    }

    /// <summary>A free buffer of a larger class, at most twice as large; null if there is none. Where sizes vary from one transition to the next, as with the number of chains still under way, no class needs buffers for the worst of all.</summary>
    private TensorBuffer? Larger(DType dtype, int index)
    {
        TensorBuffer? buffer = null;
        for (int other = index + 1; buffer is null && other <= Math.Min(index + LargerClasses, CapacityClasses - 1); other++)
        {
            free[(2 * other) + (int)dtype]?.TryPop(out buffer);
        }

        return buffer;
    }

    /// <summary>Whether memory was handed out by this pooled workspace since the mark.</summary>
    internal bool HandedOutSince(int mark, TensorBuffer buffer) => IsPooled && live.LastIndexOf(buffer) >= mark;

    /// <summary>Takes one buffer back at once, if it was allocated since the mark: for the gradients of a backward pass.</summary>
    internal void Release(int mark, TensorBuffer buffer)
    {
        int index = live.LastIndexOf(buffer);
        if (index >= mark)
        {
            live.RemoveAt(index);
            Recycle(buffer);
        }
    }

    /// <summary>Four classes to a doubling, so that a pool serves varying sizes and wastes at most a quarter: the number of the class, and its size.</summary>
    private static (int Index, int Capacity) CapacityClass(int count)
    {
        if (count <= 16)
        {
            return (0, 16);
        }

        int shift = 29 - System.Numerics.BitOperations.LeadingZeroCount((uint)(count - 1));
        long quarters = (count + (1L << shift) - 1) >> shift;
        return (((shift - 2) * 4) + (int)quarters - 4, (int)Math.Min(quarters << shift, Array.MaxLength));
    }

    /// <summary>The object of a tensor whose memory went back long ago; null where there is none.</summary>
    internal Tensor? Reused()
    {
        if (retired.Count <= LeastRetired)
        {
            return null;
        }

        Tensor tensor = retired.Dequeue();
        tensor.Release(this);
        return tensor;
    }

    /// <summary>The object of a node whose tensor's object was used again; null where there is none of this type.</summary>
    internal GradientNode<TContext>? ReusedNode<TContext>() =>
        NodeNumber<TContext>.Value < nodes.Count && nodes[NodeNumber<TContext>.Value] is Stack<GradientNode<TContext>> stack && stack.TryPop(out GradientNode<TContext>? node) ? node : null;

    /// <summary>Takes the object of a node back.</summary>
    internal void Return<TContext>(GradientNode<TContext> node)
    {
        while (nodes.Count <= NodeNumber<TContext>.Value)
        {
            nodes.Add(null);
        }

        Stack<GradientNode<TContext>> stack = (Stack<GradientNode<TContext>>)(nodes[NodeNumber<TContext>.Value] ??= new Stack<GradientNode<TContext>>());
        stack.Push(node);
    }

    /// <summary>A pass that is not under way.</summary>
    internal BackwardPass RentPass() => IsPooled && passes.TryPop(out BackwardPass? pass) ? pass : new BackwardPass();

    /// <summary>Takes a pass back that is over.</summary>
    internal void Return(BackwardPass pass)
    {
        if (IsPooled)
        {
            passes.Push(pass);
        }
    }

    /// <summary>The place of the nodes of one type among those of a workspace.</summary>
    private static class NodeNumber<TContext>
    {
        public static readonly int Value = NodeNumbers.Next();
    }

    private static class NodeNumbers
    {
        private static int last = -1;

        public static int Next() => Interlocked.Increment(ref last);
    }

    private void Recycle(TensorBuffer buffer)
    {
        buffer.Generation++;
        buffer.Forget(retired);
        buffer.PendingUses = 0;
        buffer.Sole = null;
        buffer.Home!.Push(buffer);
    }
}
