using System.Globalization;
using Lae.Formats.Zarr;

namespace Lae.Host.Sampling;

/// <summary>
/// Named quantities as variables of a store: <c>beta[1]</c>, …, <c>beta[5]</c> become one variable <c>beta</c> with an axis of 5, <c>L[1,1]</c>, … one of two axes, <c>beta[age]</c>, <c>beta[bmi]</c> one with labels. Names
/// that form no full box stay variables of their own.
/// </summary>
internal sealed class QuantityLayout
{
    private const string Refused = "/\\:*?\"<>|";

    private readonly int[][] columns;
    private readonly int names;

    private QuantityLayout(IReadOnlyList<InferenceVariable> variables, int[][] columns, int names)
    {
        Variables = variables;
        this.columns = columns;
        this.names = names;
    }

    /// <summary>The variables, in the order in which their names first come.</summary>
    public IReadOnlyList<InferenceVariable> Variables { get; }

    /// <summary>The layout of quantities.</summary>
    /// <param name="names">Distinct names.</param>
    public static QuantityLayout Of(IReadOnlyList<string> names)
    {
        IndexedName[] parsed = [.. names.Select(IndexedName.Parse)];
        List<InferenceVariable> variables = [];
        List<int[]> columns = [];
        HashSet<string> taken = new(StringComparer.Ordinal) { "chain", "draw" };
        foreach (IGrouping<string, int> group in Enumerable.Range(0, names.Count).GroupBy(i => parsed[i].Stem))
        {
            int[] members = [.. group];
            if (Box(members, parsed) is { } box)
            {
                string name = Free(group.Key, taken);
                variables.Add(new InferenceVariable(name, [.. box.Extents.Select((extent, axis) => new InferenceDimension(Free($"{name}_dim_{axis}", taken), extent, box.Labels))]));
                columns.Add(box.Columns);
                continue;
            }

            foreach (int one in members)
            {
                variables.Add(new InferenceVariable(Free(names[one], taken)));
                columns.Add([one]);
            }
        }

        return new QuantityLayout(variables, [.. columns], names.Count);
    }

    /// <summary>The column of every number of a variable.</summary>
    /// <param name="variable">The number of the variable.</param>
    /// <returns>Columns, row by row.</returns>
    public ReadOnlySpan<int> Columns(int variable) => columns[variable];

    /// <summary>Where a quantity is.</summary>
    /// <param name="column">Its number among the names.</param>
    public (int Variable, int Element) Place(int column)
    {
        int variable = Array.FindIndex(columns, own => Array.IndexOf(own, column) >= 0);
        return (variable, Array.IndexOf(columns[variable], column));
    }

    /// <summary>A draw as a store takes it.</summary>
    /// <param name="values">[chains, names] row by row.</param>
    /// <returns>For each variable [chains, size].</returns>
    public IEnumerable<ReadOnlyMemory<double>> Arrange(double[] values)
    {
        foreach (int[] own in columns)
        {
            double[] arranged = new double[values.Length / names * own.Length];
            for (int i = 0; i < arranged.Length; i++)
            {
                arranged[i] = values[(i / own.Length * names) + own[i % own.Length]];
            }

            yield return arranged;
        }
    }

    /// <summary>Columns, extents and labels, if the members are all the places of a box.</summary>
    private static (int[] Columns, int[] Extents, string[]? Labels)? Box(int[] members, IndexedName[] names)
    {
        int rank = names[members[0]].Indices.Length;
        if (rank == 0)
        {
            return members.Length == 1 ? (members, [], null) : null;
        }

        if (members.Any(i => names[i].Indices.Length != rank))
        {
            return null;
        }

        int[][]? numbers = [.. members.Select(i => names[i].Numbers)!];
        if (Array.TrueForAll(numbers, one => one is not null))
        {
            int[] extents = [.. Enumerable.Range(0, rank).Select(axis => numbers.Max(one => one[axis]))];
            int[] columns = new int[members.Length];
            Array.Fill(columns, -1);
            for (int i = 0; i < members.Length; i++)
            {
                long place = 0;
                for (int axis = 0; axis < rank; axis++)
                {
                    place = (place * extents[axis]) + numbers[i][axis] - 1;
                }

                if (place >= columns.Length || columns[place] >= 0)
                {
                    return null;
                }

                columns[place] = members[i];
            }

            return extents.Aggregate(1L, (product, extent) => product * extent) == members.Length ? (columns, extents, null) : null;
        }

        return rank == 1 ? (members, [members.Length], [.. members.Select(i => names[i].Indices[0])]) : null;
    }

    /// <summary>A name that no other variable or axis has, and that any file system takes.</summary>
    private static string Free(string name, HashSet<string> taken)
    {
        string free = string.Concat(name.Select(character => char.IsControl(character) || Refused.Contains(character, StringComparison.Ordinal) ? '_' : character));
        for (free = free.StartsWith('.') || free.Length == 0 ? "_" + free : free; !taken.Add(free); free += "_")
        {
        }

        return free;
    }

    /// <summary>A name with what stands between its brackets.</summary>
    private sealed record IndexedName(string Stem, string[] Indices)
    {
        /// <summary>The indices as numbers from 1; null if one is none.</summary>
        public int[]? Numbers { get; } = Array.TrueForAll(Indices, index => int.TryParse(index, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number > 0)
            ? Array.ConvertAll(Indices, index => int.Parse(index, NumberStyles.None, CultureInfo.InvariantCulture))
            : null;

        public static IndexedName Parse(string name)
        {
            int bracket = name.EndsWith(']') ? name.IndexOf('[', StringComparison.Ordinal) : -1;
            return bracket > 0 ? new IndexedName(name[..bracket], name[(bracket + 1)..^1].Split(',', StringSplitOptions.TrimEntries)) : new IndexedName(name, []);
        }
    }
}
