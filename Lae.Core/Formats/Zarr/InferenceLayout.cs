namespace Lae.Formats.Zarr;

/// <summary>
/// What a store of draws holds, in the layout of ArviZ's InferenceData: groups of variables [chain, draw, …] that grow, and groups that do not. Immutable.
/// </summary>
public sealed class InferenceLayout
{
    private const int MostDrawsInChunk = 1_000;
    private const long MostBytesInChunk = 4 << 20;

    /// <summary>Makes a layout.</summary>
    /// <param name="chains">1 or more.</param>
    /// <param name="drawn">Groups that grow, at least one: <c>posterior</c>, <c>sample_stats</c>, ….</param>
    /// <param name="fixedGroups">Groups that do not: <c>observed_data</c>, …; null for none.</param>
    /// <param name="drawsInChunk">Draws of all chains that are written together, 1 or more; null for 1,000, or fewer where a variable is so large that a chunk would exceed 4 MiB. The writer holds one chunk of each variable in memory.</param>
    /// <param name="compressed">Whether chunks are zlib streams. Default false: draws are nearly incompressible.</param>
    /// <exception cref="ArgumentException">There is no drawn group, or a name comes twice.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A number is below 1.</exception>
    public InferenceLayout(int chains, IReadOnlyList<InferenceGroup> drawn, IReadOnlyList<FixedGroup>? fixedGroups = null, int? drawsInChunk = null, bool compressed = false)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(chains, 1);
        if (drawsInChunk < 1)
        {
            throw new ArgumentOutOfRangeException(nameof(drawsInChunk), drawsInChunk, "A chunk holds 1 draw or more.");
        }

        fixedGroups ??= [];
        if (drawn.Count == 0 || drawn.Select(one => one.Name).Concat(fixedGroups.Select(one => one.Name)).Distinct(StringComparer.Ordinal).Count() != drawn.Count + fixedGroups.Count)
        {
            throw new ArgumentException("At least one group of draws is needed, and every group has a name of its own.", nameof(drawn));
        }

        long largest = drawn.SelectMany(group => group.Variables).Max(variable => 8L * chains * variable.Size);
        Chains = chains;
        Drawn = [.. drawn];
        Fixed = [.. fixedGroups];
        DrawsInChunk = drawsInChunk ?? (int)Math.Clamp(MostBytesInChunk / largest, 1, MostDrawsInChunk);
        Compressed = compressed;
        if (largest * DrawsInChunk > Array.MaxLength)
        {
            throw new ArgumentOutOfRangeException(nameof(drawsInChunk), drawsInChunk, $"A chunk of {DrawsInChunk} draws exceeds {Array.MaxLength} bytes.");
        }
    }

    /// <summary>Chains.</summary>
    public int Chains { get; }

    /// <summary>Groups that grow.</summary>
    public IReadOnlyList<InferenceGroup> Drawn { get; }

    /// <summary>Groups that do not.</summary>
    public IReadOnlyList<FixedGroup> Fixed { get; }

    /// <summary>Draws that are written together.</summary>
    public int DrawsInChunk { get; }

    /// <summary>Whether chunks are zlib streams.</summary>
    public bool Compressed { get; }

    /// <summary>The variables of all groups, in the order in which draws are handed over.</summary>
    public IEnumerable<InferenceVariable> Variables => Drawn.SelectMany(group => group.Variables);

    /// <summary>Every axis of a group once; refuses names that collide.</summary>
    internal static IReadOnlyList<InferenceDimension> Shared(string group, IEnumerable<string> names, IEnumerable<InferenceDimension> dimensions)
    {
        HashSet<string> variables = new(StringComparer.Ordinal) { InferenceName.Chain, InferenceName.Draw };
        foreach (string name in names)
        {
            if (!variables.Add(name))
            {
                throw new ArgumentException($"The group {group} has {name} twice.", nameof(names));
            }
        }

        if (variables.Count == 2)
        {
            throw new ArgumentException($"The group {group} is empty.", nameof(names));
        }

        Dictionary<string, InferenceDimension> shared = new(StringComparer.Ordinal);
        foreach (InferenceDimension dimension in dimensions)
        {
            if (variables.Contains(dimension.Name))
            {
                throw new ArgumentException($"The group {group} has {dimension.Name} both as an axis and as a variable.", nameof(dimensions));
            }

            if (shared.TryAdd(dimension.Name, dimension))
            {
                continue;
            }

            InferenceDimension before = shared[dimension.Name];
            if (before.Length != dimension.Length || !(before.Labels ?? []).SequenceEqual(dimension.Labels ?? []))
            {
                throw new ArgumentException($"The axis {dimension.Name} has different lengths or labels in the group {group}.", nameof(dimensions));
            }
        }

        return [.. shared.Values];
    }
}
