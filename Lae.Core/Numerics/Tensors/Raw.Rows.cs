namespace Lae.Numerics;

/// <summary>Rows and columns that are chosen, copied and placed.</summary>
internal static partial class Raw
{
    /// <summary>Rows chosen by index; no gradient flows.</summary>
    public static Tensor GatherRows(Tensor x, ReadOnlySpan<int> rows)
    {
        int columns = x.Shape.Extent(1, x.Rank);
        Tensor y = Tensor.Uninitialized(x.Workspace, x.Shape.With(0, rows.Length), x.DType);
        if (x.DType == DType.Float32)
        {
            x.Workspace.Engine.Float32.GatherRows(columns, rows, x.Read<float>(), y.Write<float>());
        }
        else
        {
            x.Workspace.Engine.Float64.GatherRows(columns, rows, x.Read<double>(), y.Write<double>());
        }

        return y;
    }

    /// <summary>Copies the rows of x from one on into given rows of a tensor that is still being made.</summary>
    public static void PlaceRows(Tensor x, int first, ReadOnlySpan<int> rows, Tensor destination)
    {
        int columns = x.Shape.Extent(1, x.Rank);
        if (Same(x, destination) == DType.Float32)
        {
            Copy(x.Read<float>(), destination.Write<float>(), rows);
        }
        else
        {
            Copy(x.Read<double>(), destination.Write<double>(), rows);
        }

        void Copy<T>(ReadOnlySpan<T> from, Span<T> to, ReadOnlySpan<int> places)
        {
            for (int i = 0; i < places.Length; i++)
            {
                from.Slice((first + i) * columns, columns).CopyTo(to[(places[i] * columns)..]);
            }
        }
    }

    /// <summary>Copies the rows whose condition is 0, [rows], over those of a tensor of the same shape that is still being made.</summary>
    public static void PutBackRows(Tensor condition, Tensor x, Tensor destination)
    {
        Same(condition, x);
        int columns = x.Shape.Extent(1, x.Rank);
        if (Same(x, destination) == DType.Float32)
        {
            PutBackRows(columns, condition.Read<float>(), x.Read<float>(), destination.Write<float>());
        }
        else
        {
            PutBackRows(columns, condition.Read<double>(), x.Read<double>(), destination.Write<double>());
        }
    }

    private static void PutBackRows<T>(int columns, ReadOnlySpan<T> condition, ReadOnlySpan<T> x, Span<T> destination)
        where T : unmanaged, System.Numerics.INumberBase<T>
    {
        const int Most = 256;
        Span<int> rows = stackalloc int[Most];
        for (int start = 0; start < condition.Length; start += Most)
        {
            // which rows are meant is a matter of chance that no processor guesses: they are found without a branch, then copied
            int count = 0;
            for (int row = start; row < Math.Min(start + Most, condition.Length); row++)
            {
                rows[count] = row;
                count += Convert.ToInt32(T.IsZero(condition[row]));
            }

            foreach (int row in rows[..count])
            {
                x.Slice(row * columns, columns).CopyTo(destination[(row * columns)..]);
            }
        }
    }

    /// <summary>Puts one number into given rows of a tensor that is still being made, [rows].</summary>
    public static void FillRows(Tensor destination, ReadOnlySpan<int> rows, double value)
    {
        foreach (int row in rows)
        {
            if (destination.DType == DType.Float32)
            {
                destination.Write<float>()[row] = (float)value;
            }
            else
            {
                destination.Write<double>()[row] = value;
            }
        }
    }

    /// <summary>Copies a vector into a column of a matrix that is still being made, [rows, columns].</summary>
    public static void PlaceColumn(Tensor x, int column, Tensor destination)
    {
        if (Same(x, destination) == DType.Float32)
        {
            Copy(x.Read<float>(), destination.Write<float>());
        }
        else
        {
            Copy(x.Read<double>(), destination.Write<double>());
        }

        void Copy<T>(ReadOnlySpan<T> from, Span<T> to)
        {
            int columns = destination.Shape[1];
            for (int row = 0; row < from.Length; row++)
            {
                to[(row * columns) + column] = from[row];
            }
        }
    }
}
