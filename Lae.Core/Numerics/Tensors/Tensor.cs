using System.Globalization;
using System.Runtime.CompilerServices;

namespace Lae.Numerics;

/// <summary>
/// A dense, immutable, row-major array of float32 or float64 numbers with up to six axes. Operations are pure functions that
/// return new tensors; they are found as operators here and as extension methods beside this type.
/// </summary>
/// <remarks>The fields are written by <see cref="Of"/> alone: the object of a tensor whose memory went back to a pooled workspace becomes another tensor after a while (<see cref="Workspace.Reused"/>).</remarks>
public sealed partial class Tensor
{
    private TensorBuffer buffer = null!;
    private int generation;
    private int offset;
    private Shape shape;
    private Tensor? plain;

    private Tensor()
    {
    }

    /// <summary>The number type.</summary>
    public DType DType => buffer.DType;

    /// <summary>The extents.</summary>
    public Shape Shape => shape;

    /// <summary>Number of axes.</summary>
    public int Rank => shape.Rank;

    /// <summary>Number of elements.</summary>
    public int Count => shape.Count;

    /// <summary>Where the tensor lives and computes.</summary>
    public Workspace Workspace => buffer.Workspace;

    /// <summary>Whether a gradient is being recorded through this tensor.</summary>
    public bool IsTracked => Node is not null;

    internal TensorBuffer Buffer => buffer;

    internal GradientNode? Node { get; private set; }

    /// <summary>Whether another tensor has the same extents.</summary>
    internal bool HasShapeOf(Tensor other) => Shape.Same(in shape, in other.shape);

    /// <summary>The same value, through which no gradient flows.</summary>
    public Tensor Untracked => Node is null ? this : plain ?? Of(buffer, generation, offset, shape, node: null);

    /// <summary>A tensor from single-precision values.</summary>
    /// <param name="values">Row-major values, copied.</param>
    /// <param name="sizes">Extents whose product is the number of values; none: one axis.</param>
    /// <returns>A float32 tensor in the default workspace.</returns>
    public static Tensor FromArray(float[] values, params int[] sizes) => FromSpan<float>(Workspace.Default, values, ShapeOf(values.Length, sizes));

    /// <summary>A tensor from double-precision values.</summary>
    /// <param name="values">Row-major values, copied.</param>
    /// <param name="sizes">Extents whose product is the number of values; none: one axis.</param>
    /// <returns>A float64 tensor in the default workspace.</returns>
    public static Tensor FromArray(double[] values, params int[] sizes) => FromSpan<double>(Workspace.Default, values, ShapeOf(values.Length, sizes));

    /// <summary>A tensor of one repeated value.</summary>
    /// <param name="value">The value, rounded to the type.</param>
    /// <param name="shape">The extents.</param>
    /// <param name="dtype">The number type.</param>
    /// <param name="workspace">Where it lives; the default workspace if null.</param>
    /// <returns>A new tensor.</returns>
    public static Tensor Full(double value, Shape shape, DType dtype, Workspace? workspace = null)
    {
        Tensor result = Uninitialized(workspace ?? Workspace.Default, shape, dtype);
        if (dtype == DType.Float32)
        {
            result.Write<float>().Fill((float)value);
        }
        else
        {
            result.Write<double>().Fill(value);
        }

        return result;
    }

    /// <summary>A tensor of zeros.</summary>
    /// <param name="shape">The extents.</param>
    /// <param name="dtype">The number type.</param>
    /// <param name="workspace">Where it lives; the default workspace if null.</param>
    /// <returns>A new tensor.</returns>
    public static Tensor Zeros(Shape shape, DType dtype, Workspace? workspace = null) => Full(0, shape, dtype, workspace);

    /// <summary>A tensor of ones.</summary>
    /// <param name="shape">The extents.</param>
    /// <param name="dtype">The number type.</param>
    /// <param name="workspace">Where it lives; the default workspace if null.</param>
    /// <returns>A new tensor.</returns>
    public static Tensor Ones(Shape shape, DType dtype, Workspace? workspace = null) => Full(1, shape, dtype, workspace);

    /// <summary>A tensor with no axes.</summary>
    /// <param name="value">The value, rounded to the type.</param>
    /// <param name="dtype">The number type.</param>
    /// <param name="workspace">Where it lives; the default workspace if null.</param>
    /// <returns>A new tensor.</returns>
    public static Tensor Scalar(double value, DType dtype, Workspace? workspace = null) => Full(value, Shape.Scalar, dtype, workspace);

    /// <summary>The identity matrix.</summary>
    /// <param name="size">Rows and columns, 0 or more.</param>
    /// <param name="dtype">The number type.</param>
    /// <param name="workspace">Where it lives; the default workspace if null.</param>
    /// <returns>[size, size].</returns>
    public static Tensor Identity(int size, DType dtype, Workspace? workspace = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(size);
        return Diagonal(Ones(new Shape(size), dtype, workspace));
    }

    /// <summary>The matrix with a given diagonal and zeros beside it. No gradient flows through it.</summary>
    /// <param name="diagonal">[n].</param>
    /// <returns>[n, n].</returns>
    public static Tensor Diagonal(Tensor diagonal)
    {
        int size = diagonal.Rank == 1 ? diagonal.Count : throw new ArgumentException($"A diagonal has one axis, not shape {diagonal.Shape}.", nameof(diagonal));
        Tensor result = Zeros(new Shape(size, size), diagonal.DType, diagonal.Workspace);
        for (int i = 0; i < size; i++)
        {
            if (diagonal.DType == DType.Float32)
            {
                result.Write<float>()[(i * size) + i] = diagonal.Read<float>()[i];
            }
            else
            {
                result.Write<double>()[(i * size) + i] = diagonal.Read<double>()[i];
            }
        }

        return result;
    }

    /// <summary>A tensor from a span.</summary>
    /// <typeparam name="T">float or double.</typeparam>
    /// <param name="workspace">Where it lives.</param>
    /// <param name="values">Row-major values, copied.</param>
    /// <param name="shape">Extents whose product is the number of values.</param>
    /// <returns>A new tensor.</returns>
    public static Tensor FromSpan<T>(Workspace workspace, ReadOnlySpan<T> values, Shape shape)
        where T : unmanaged
    {
        if (values.Length != shape.Count)
        {
            throw new ArgumentException($"{values.Length} values do not fill the shape {shape}.", nameof(values));
        }

        Tensor result = Uninitialized(workspace, shape, DTypeOf<T>());
        values.CopyTo(result.Write<T>());
        return result;
    }

    /// <summary>The elements, row-major, as a view that is valid as long as the tensor.</summary>
    /// <typeparam name="T">float or double, as the tensor's type.</typeparam>
    /// <returns>A span of <see cref="Count"/> elements.</returns>
    public ReadOnlySpan<T> AsSpan<T>()
        where T : unmanaged
    {
        if (DTypeOf<T>() != DType)
        {
            throw new InvalidOperationException($"A {DType} tensor was read as {typeof(T).Name}; convert it with Cast first.");
        }

        return Read<T>();
    }

    /// <summary>The elements as doubles, row-major.</summary>
    /// <returns>A new array.</returns>
    public double[] ToArray()
    {
        double[] values = new double[Count];
        if (DType == DType.Float64)
        {
            Read<double>().CopyTo(values);
        }
        else
        {
            System.Numerics.Tensors.TensorPrimitives.ConvertChecked(Read<float>(), values);
        }

        return values;
    }

    /// <summary>The elements as singles, row-major, rounded if the tensor is float64.</summary>
    /// <returns>A new array.</returns>
    public float[] ToSingleArray()
    {
        float[] values = new float[Count];
        if (DType == DType.Float32)
        {
            Read<float>().CopyTo(values);
        }
        else
        {
            System.Numerics.Tensors.TensorPrimitives.ConvertChecked(Read<double>(), values);
        }

        return values;
    }

    /// <summary>The value of a tensor with one element.</summary>
    /// <returns>The element as a double.</returns>
    public double ToDouble() => Count == 1
        ? ElementAt(0)
        : throw new InvalidOperationException($"A tensor of shape {Shape} is not one number.");

    /// <summary>One element, by its position in row-major order.</summary>
    /// <param name="position">In [0, Count).</param>
    /// <returns>The element as a double.</returns>
    public double ElementAt(int position)
    {
        if ((uint)position >= (uint)Count)
        {
            throw new ArgumentOutOfRangeException(nameof(position), position, $"Must be in [0, {Count}).");
        }

        return DType == DType.Float32 ? Read<float>()[position] : Read<double>()[position];
    }

    /// <summary>A copy in another workspace; no gradient flows through it.</summary>
    /// <param name="workspace">Where the copy lives.</param>
    /// <returns>A new tensor.</returns>
    public Tensor CopyTo(Workspace workspace) => DType == DType.Float32
        ? FromSpan(workspace, Read<float>(), shape)
        : FromSpan(workspace, Read<double>(), shape);

    /// <summary>A copy of rows that follow each other, in another workspace, and of nothing else; no gradient flows through it.</summary>
    /// <param name="workspace">Where the copy lives.</param>
    /// <param name="start">The first row (index of the first axis), 0 or more.</param>
    /// <param name="count">How many, 0 or more; the last must exist.</param>
    /// <returns>A new tensor, [count, …].</returns>
    public Tensor CopyRowsTo(Workspace workspace, int start, int count)
    {
        int all = Rank > 0 ? shape[0] : throw new InvalidOperationException("A scalar has no rows.");
        ArgumentOutOfRangeException.ThrowIfNegative(start);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(start, all - count);
        Tensor rows = Uninitialized(workspace, shape.With(0, count), DType);
        Raw.CopyRange(0, count, this, start, rows, 0);
        return rows;
    }

    /// <summary>This value in memory that no workspace takes back: itself if it lives there already, else a copy.</summary>
    /// <returns>An untracked tensor.</returns>
    public Tensor Detach() => Workspace.IsPooled ? CopyTo(Workspace.Heap) : Untracked;

    /// <summary>The type and the shape, and the values of small tensors.</summary>
    /// <returns>Text.</returns>
    public override string ToString()
    {
        string values = Count <= 16 && buffer.Generation == generation
            ? $" {{{string.Join(", ", ToArray().Select(value => value.ToString("R", CultureInfo.InvariantCulture)))}}}"
            : string.Empty;
        return $"{DType}{Shape}{values}";
    }

    internal static DType DTypeOf<T>() => typeof(T) == typeof(float)
        ? DType.Float32
        : typeof(T) == typeof(double) ? DType.Float64 : throw new NotSupportedException($"Tensors hold float or double, not {typeof(T).Name}.");

    /// <summary>Throws if the memory of the tensor was taken back.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void RequireValid()
    {
        if (buffer.Generation != generation)
        {
            ThrowReturned();
        }
    }

    /// <summary>The elements for reading, without a check of the type: for code that has dispatched on it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal ReadOnlySpan<T> Read<T>()
        where T : unmanaged
    {
        RequireValid();
        return buffer.Elements<T>().AsSpan(offset, shape.Count);
    }

    /// <summary>The elements for writing, by the operation that makes the tensor, before anyone else sees it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal Span<T> Write<T>()
        where T : unmanaged => buffer.Elements<T>().AsSpan(offset, shape.Count);

    /// <summary>The same buffer under another shape and node.</summary>
    internal Tensor View(Shape newShape, GradientNode? node) => Of(buffer, generation, offset, newShape, node);

    /// <summary>The same buffer as a leaf, whose gradient is asked for.</summary>
    internal Tensor Leaf() => Beside(GradientNode<ValueTuple>.Of(Workspace, default, null));

    /// <summary>The result of an operation with the rule that carries its gradient back.</summary>
    /// <param name="context">What the rule needs.</param>
    /// <param name="rule">The rule: best a static function, which is made once.</param>
    /// <param name="inputs">The arguments, tracked or not.</param>
    internal Tensor Tracked<TContext>(TContext context, GradientRule<TContext> rule, params ReadOnlySpan<Tensor> inputs) =>
        Beside(GradientNode<TContext>.Of(Workspace, context, rule, inputs));

    /// <summary>The same value with a node, which knows this tensor as itself without one.</summary>
    private Tensor Beside(GradientNode node)
    {
        Tensor tracked = View(shape, node);
        tracked.plain = Untracked;
        return tracked;
    }

    /// <summary>Lets go of what the tensor was made from, before its object becomes another tensor.</summary>
    internal void Release(Workspace workspace)
    {
        Node?.Return(workspace);
        Node = null;
        plain = null;
    }

    private static Tensor Of(TensorBuffer buffer, int generation, int offset, Shape shape, GradientNode? node)
    {
        Tensor tensor = buffer.Workspace.Reused() ?? new Tensor();
        tensor.buffer = buffer;
        tensor.generation = generation;
        tensor.offset = offset;
        tensor.shape = shape;
        tensor.Node = node;
        tensor.symmetry = Symmetry.Unknown;
        buffer.Remember(tensor);
        return tensor;
    }

    private static Shape ShapeOf(int count, int[] sizes) => sizes.Length == 0 ? new Shape(count) : new Shape(sizes);

    private void ThrowReturned() => throw new ObjectDisposedException(
        nameof(Tensor),
        $"A tensor of shape {shape} was used after its workspace took its memory back; keep values across transitions with Detach().");
}
