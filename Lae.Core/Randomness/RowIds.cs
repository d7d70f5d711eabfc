namespace Lae.Randomness;

/// <summary>The ids of the rows to draw: a list, or a range from <see cref="First"/> on when the list is empty.</summary>
internal readonly ref struct RowIds
{
    public RowIds(ReadOnlySpan<int> list)
    {
        List = list;
        Count = list.Length;
    }

    public RowIds(int first, int count)
    {
        First = first;
        Count = count;
    }

    public ReadOnlySpan<int> List { get; }

    public int First { get; }

    public int Count { get; }

    public uint this[int row] => (uint)(List.IsEmpty ? First + row : List[row]);
}
