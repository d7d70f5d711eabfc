using System.Buffers;
using Lae.Numerics;

namespace Lae.Kernels;

/// <summary>Where trajectories of the isokinetic motion stand, and the sum of their ΔK, [chains].</summary>
internal readonly record struct IsokineticTrajectory(IsokineticPoint Point, Tensor KineticChange)
{
    public static IsokineticTrajectory From(IsokineticPoint start) => new(start, Tensor.Zeros(start.LogDensity.Shape, start.LogDensity.DType, start.LogDensity.Workspace));

    /// <summary>Some steps. Of what they allocate only the last point stays, so that memory does not grow with their number.</summary>
    public IsokineticTrajectory Move(IsokineticMotion motion, int steps)
    {
        IsokineticTrajectory here = this;
        Workspace workspace = KineticChange.Workspace;
        int mark = workspace.Mark();
        for (int i = 0; i < steps; i++)
        {
            (IsokineticPoint point, Tensor change) = motion.Step(here.Point);
            here = new IsokineticTrajectory(point, here.KineticChange + change);
            workspace.Collect(mark, point.Position, point.Direction, point.LogDensity, point.Gradient, here.KineticChange);
        }

        return here;
    }

    /// <summary>Every chain by its own number of steps: the longest first, so that those still under way are always the first rows.</summary>
    public IsokineticTrajectory MoveEach(IsokineticMotion motion, ReadOnlySpan<int> steps)
    {
        int[] rented = ArrayPool<int>.Shared.Rent(steps.Length);
        Span<int> order = rented.AsSpan(0, steps.Length);
        LongestFirst(steps, order);
        IsokineticTrajectory moving = Each(order, static (leaf, rows) => Raw.GatherRows(leaf, rows));
        IsokineticTrajectory ended = Each(order, static (leaf, _) => Tensor.Uninitialized(leaf.Workspace, leaf.Shape, leaf.DType));
        int done = 0;
        for (int count = order.Length; count > 0;)
        {
            int next = steps[order[count - 1]];
            moving = moving.Move(motion, next - done);
            done = next;
            int going = count;
            while (going > 0 && steps[order[going - 1]] == done)
            {
                going--;
            }

            moving.Place(going, order[going..count], ended);
            moving = moving.Each(order[..going], static (leaf, rows) => leaf.Slice(0, 0, rows.Length));
            count = going;
        }

        ArrayPool<int>.Shared.Return(rented);
        return ended;
    }

    /// <summary>The rows in falling order of their steps, those of equal steps in their own.</summary>
    private static void LongestFirst(ReadOnlySpan<int> steps, Span<int> order)
    {
        long[] rented = ArrayPool<long>.Shared.Rent(steps.Length);
        Span<long> keys = rented.AsSpan(0, steps.Length);
        for (int row = 0; row < steps.Length; row++)
        {
            keys[row] = ((long)-steps[row] << 32) | (uint)row;
        }

        keys.Sort();
        for (int i = 0; i < order.Length; i++)
        {
            order[i] = (int)(keys[i] & uint.MaxValue);
        }

        ArrayPool<long>.Shared.Return(rented);
    }

    private delegate Tensor OfRows(Tensor leaf, ReadOnlySpan<int> rows);

    private IsokineticTrajectory Each(ReadOnlySpan<int> rows, OfRows function) => new(
        new IsokineticPoint(function(Point.Position, rows), function(Point.Direction, rows), function(Point.LogDensity, rows), function(Point.Gradient, rows)), function(KineticChange, rows));

    /// <summary>Copies the rows from one on into given rows of trajectories that are still being put together.</summary>
    private void Place(int first, ReadOnlySpan<int> rows, IsokineticTrajectory whole)
    {
        Raw.PlaceRows(Point.Position, first, rows, whole.Point.Position);
        Raw.PlaceRows(Point.Direction, first, rows, whole.Point.Direction);
        Raw.PlaceRows(Point.LogDensity, first, rows, whole.Point.LogDensity);
        Raw.PlaceRows(Point.Gradient, first, rows, whole.Point.Gradient);
        Raw.PlaceRows(KineticChange, first, rows, whole.KineticChange);
    }
}
