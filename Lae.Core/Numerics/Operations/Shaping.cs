using Lae.Numerics.Engines;

namespace Lae.Numerics;

/// <summary>Differentiable changes of shape and order: reshape, transpose, slice, join, gather, broadcast.</summary>
public static class Shaping
{
    /// <summary>The same elements under another shape; no copy.</summary>
    /// <param name="x">Any shape.</param>
    /// <param name="sizes">Extents with the same product; one of them may be −1 and is then worked out.</param>
    /// <returns>The new shape.</returns>
    public static Tensor Reshape(this Tensor x, params ReadOnlySpan<int> sizes)
    {
        int open = sizes.IndexOf(-1);
        if (open < 0)
        {
            return Reshape(x, new Shape(sizes));
        }

        Span<int> resolved = stackalloc int[sizes.Length];
        sizes.CopyTo(resolved);
        resolved[open] = 1;
        int rest = new Shape(resolved).Count;
        if (rest == 0 || x.Count % rest != 0)
        {
            throw new ArgumentException($"{x.Count} elements do not fill the extents asked for.", nameof(sizes));
        }

        resolved[open] = x.Count / rest;
        return Reshape(x, new Shape(resolved));
    }

    /// <summary>The same elements under another shape; no copy.</summary>
    /// <param name="x">Any shape.</param>
    /// <param name="shape">A shape with the same number of elements.</param>
    /// <returns>The new shape.</returns>
    public static Tensor Reshape(this Tensor x, Shape shape)
    {
        if (shape.Count != x.Count)
        {
            throw new ArgumentException($"The {x.Count} elements of shape {x.Shape} do not fill {shape}.", nameof(shape));
        }

        return GradientFlow.Wants(x) ? Track(x, shape) : x.View(shape, node: null);

        static Tensor Track(Tensor x, Shape shape) =>
            x.View(shape, node: null).Tracked(x, static (x, g, flow) => flow.Add(x, g.View(x.Shape, node: null)), x);
    }

    /// <summary>All elements along one axis.</summary>
    /// <param name="x">Any shape.</param>
    /// <returns>[Count].</returns>
    public static Tensor Flatten(this Tensor x) => x.Rank == 1 ? x : Reshape(x, new Shape(x.Count));

    /// <summary>The transpose of a matrix.</summary>
    /// <param name="x">[m, n].</param>
    /// <returns>[n, m].</returns>
    public static Tensor Transpose(this Tensor x) => x.Rank == 2
        ? Permute(x, 1, 0)
        : throw new ArgumentException($"A matrix is needed, not shape {x.Shape}; for more axes use Permute.", nameof(x));

    /// <summary>The axes in another order.</summary>
    /// <param name="x">Any shape.</param>
    /// <param name="axes">Axis i of the result is axis axes[i] of x; each axis once.</param>
    /// <returns>The permuted shape.</returns>
    public static Tensor Permute(this Tensor x, params ReadOnlySpan<int> axes)
    {
        int[] order = axes.ToArray();
        if (order.Length != x.Rank || order.Distinct().Count() != x.Rank || order.Any(axis => axis < 0 || axis >= x.Rank))
        {
            throw new ArgumentException($"[{string.Join(", ", order)}] is no order of the axes of {x.Shape}.", nameof(axes));
        }

        int[] strides = Broadcasting.Strides(x.Shape);
        int[] sizes = [.. order.Select(axis => x.Shape[axis])];
        Tensor y = Tensor.Uninitialized(x.Workspace, new Shape(sizes), x.DType);
        Raw.CopyStrided(new StridedCopyPlan(sizes, 0, [.. order.Select(axis => strides[axis])], 0, Broadcasting.Strides(y.Shape)), x, y);
        return GradientFlow.Wants(x) ? Track(x, y, order) : y;

        static Tensor Track(Tensor x, Tensor y, int[] order)
        {
            int[] inverse = new int[order.Length];
            for (int i = 0; i < order.Length; i++)
            {
                inverse[order[i]] = i;
            }

            return y.Tracked((x, inverse), static (of, g, flow) => flow.Add(of.x, g.Permute(of.inverse)), x);
        }
    }

    /// <summary>A range of one axis.</summary>
    /// <param name="x">At least one axis.</param>
    /// <param name="axis">The axis; negative counts from the end.</param>
    /// <param name="start">First index taken, in [0, extent].</param>
    /// <param name="count">Number of indices taken, in [0, extent − start].</param>
    /// <returns>The shape with the axis cut to <paramref name="count"/>.</returns>
    public static Tensor Slice(this Tensor x, int axis, int start, int count)
    {
        int resolved = x.Shape.Axis(axis);
        int extent = x.Shape[resolved];
        if (start < 0 || start > extent)
        {
            throw new ArgumentOutOfRangeException(nameof(start), start, $"Must be in [0, {extent}].");
        }

        if (count < 0 || count > extent - start)
        {
            throw new ArgumentOutOfRangeException(nameof(count), count, $"Must be in [0, {extent - start}].");
        }

        Tensor y = Tensor.Uninitialized(x.Workspace, x.Shape.With(resolved, count), x.DType);
        Raw.CopyRange(resolved, count, x, start, y, 0);
        return GradientFlow.Wants(x) ? Track(x, y, resolved, start, count) : y;

        static Tensor Track(Tensor x, Tensor y, int axis, int start, int count)
        {
            return y.Tracked((x, axis, start, count), Rule, x);

            static void Rule((Tensor X, int Axis, int Start, int Count) of, Tensor g, GradientFlow flow)
            {
                Tensor spread = Tensor.Zeros(of.X.Shape, of.X.DType, g.Workspace);
                Raw.CopyRange(of.Axis, of.Count, g, 0, spread, of.Start);
                flow.Add(of.X, spread);
            }
        }
    }

    /// <summary>Tensors joined along one axis.</summary>
    /// <param name="axis">The axis; negative counts from the end.</param>
    /// <param name="parts">At least one tensor; the shapes agree but for the axis.</param>
    /// <returns>The common shape with the extents of the axis added up.</returns>
    public static Tensor Join(int axis, params IReadOnlyList<Tensor> parts)
    {
        if (parts.Count == 0)
        {
            throw new ArgumentException("There is nothing to join.", nameof(parts));
        }

        int resolved = parts[0].Shape.Axis(axis);
        int total = 0;
        Workspace workspace = parts[0].Workspace;
        for (int i = 0; i < parts.Count; i++)
        {
            Tensor part = parts[i];
            if (part.Rank != parts[0].Rank || part.Shape.With(resolved, 0) != parts[0].Shape.With(resolved, 0))
            {
                throw new ArgumentException($"The shapes {parts[0].Shape} and {part.Shape} differ beside axis {resolved}.", nameof(parts));
            }

            Raw.Same(parts[0], part);
            total += part.Shape[resolved];
            workspace = Workspace.Of(workspace, part.Workspace);
        }

        Tensor y = Tensor.Uninitialized(workspace, parts[0].Shape.With(resolved, total), parts[0].DType);
        int start = 0;
        bool isTracked = false;
        for (int i = 0; i < parts.Count; i++)
        {
            int extent = parts[i].Shape[resolved];
            Raw.CopyRange(resolved, extent, parts[i], 0, y, start);
            start += extent;
            isTracked |= GradientFlow.Wants(parts[i]);
        }

        return isTracked ? Track([.. parts], y, resolved) : y;

        static Tensor Track(Tensor[] parts, Tensor y, int axis)
        {
            return y.Tracked((parts, axis), Rule, parts);

            static void Rule((Tensor[] Parts, int Axis) of, Tensor g, GradientFlow flow)
            {
                int start = 0;
                foreach (Tensor part in of.Parts)
                {
                    if (flow.Needs(part))
                    {
                        flow.Add(part, g.Slice(of.Axis, start, part.Shape[of.Axis]));
                    }

                    start += part.Shape[of.Axis];
                }
            }
        }
    }

    /// <summary>Rows chosen by index.</summary>
    /// <param name="x">At least one axis.</param>
    /// <param name="rows">Indices in [0, extent of axis 0); repeats are welcome.</param>
    /// <returns>The shape with axis 0 of extent rows.Count.</returns>
    public static Tensor GatherRows(this Tensor x, IReadOnlyList<int> rows) => GatherRowsAt(x, rows switch
    {
        int[] array => array.AsSpan(),
        ArraySegment<int> segment => segment.AsSpan(),
        _ => [.. rows],
    });

    /// <summary>Rows chosen by index, which are copied where a gradient needs them.</summary>
    internal static Tensor GatherRowsAt(this Tensor x, ReadOnlySpan<int> rows)
    {
        int extent = x.Shape[0];
        foreach (int row in rows)
        {
            if ((uint)row >= (uint)extent)
            {
                throw new ArgumentOutOfRangeException(nameof(rows), row, $"Must be in [0, {extent}).");
            }
        }

        Tensor y = Raw.GatherRows(x, rows);
        return GradientFlow.Wants(x) ? Track(x, y, rows.ToArray(), x.Shape.Extent(1, x.Rank)) : y;

        static Tensor Track(Tensor x, Tensor y, int[] indices, int columns)
        {
            return y.Tracked((x, indices, columns), Rule, x);

            static void Rule((Tensor X, int[] Indices, int Columns) of, Tensor g, GradientFlow flow)
            {
                Tensor spread = Tensor.Zeros(of.X.Shape, of.X.DType, g.Workspace);
                if (of.X.DType == DType.Float32)
                {
                    g.Workspace.Engine.Float32.ScatterAddRows(of.Columns, of.Indices, g.Read<float>(), spread.Write<float>());
                }
                else
                {
                    g.Workspace.Engine.Float64.ScatterAddRows(of.Columns, of.Indices, g.Read<double>(), spread.Write<double>());
                }

                flow.Add(of.X, spread);
            }
        }
    }

    /// <summary>A broadcast written out: extents of 1 (or absent) repeated to a shape.</summary>
    /// <param name="x">A shape that broadcasts to the one asked for.</param>
    /// <param name="shape">The shape asked for.</param>
    /// <returns>The shape asked for.</returns>
    public static Tensor BroadcastTo(this Tensor x, Shape shape)
    {
        if (!Broadcasting.Reaches(x.Shape, shape))
        {
            throw new ArgumentException($"The shape {x.Shape} does not broadcast to {shape}.", nameof(shape));
        }

        return x.Shape == shape ? x : GradientFlow.Wants(x) ? Track(x, shape) : Broadcasting.Expand(x, shape);

        static Tensor Track(Tensor x, Shape shape) =>
            Broadcasting.Expand(x, shape).Tracked(x, static (x, g, flow) => flow.Add(x, Broadcasting.SumTo(g, x.Shape)), x);
    }
}
