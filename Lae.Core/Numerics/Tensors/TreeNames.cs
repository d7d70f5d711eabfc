using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Lae.Numerics;

/// <summary>
/// Names made of the names of a tree: pure functions of them, and the same in every step of a training, so that each is made once. What was made is kept as long as the names that it was made of. Equal lists are one
/// object, so that names which a step takes apart and puts together again are those that it began with.
/// </summary>
internal static class TreeNames
{
    /// <summary>Beyond so many lists all are forgotten and made again: a program that never ends may have names without end.</summary>
    private const int MostLists = 4096;

    private static readonly ConditionalWeakTable<string[], Derived> Known = [];
    private static readonly Dictionary<string[], string[]> Lists = new(new SameNames());

    /// <summary>Which names are under a prefix and a dot, called without it.</summary>
    public static Part Under(ImmutableArray<string> names, string prefix) => Of(names).Under.Get(prefix, names, static (names, prefix) => Some(names, prefix, under: true));

    /// <summary>Which names are not under a prefix and a dot.</summary>
    public static Part Outside(ImmutableArray<string> names, string prefix) => Of(names).Outside.Get(prefix, names, static (names, prefix) => Some(names, prefix, under: false));

    /// <summary>The names with a prefix and a dot before each.</summary>
    public static ImmutableArray<string> Prefixed(ImmutableArray<string> names, string prefix) =>
        Of(names).Prefixed.Get(prefix, names, static (names, prefix) => new Part(One([.. names.Select(name => $"{prefix}.{name}")]), [])).Names;

    /// <summary>The names, and one more.</summary>
    public static ImmutableArray<string> Added(ImmutableArray<string> names, string name) => Of(names).Added.Get(name, names, static (names, name) => new Part(One(names.Add(name)), [])).Names;

    /// <summary>Any other names made of these.</summary>
    /// <param name="names">The names.</param>
    /// <param name="purpose">Tells what is made from whatever else is.</param>
    /// <param name="make">A pure function, the same for one purpose.</param>
    public static ImmutableArray<string> Made(ImmutableArray<string> names, string purpose, Func<ImmutableArray<string>, ImmutableArray<string>> make)
    {
        ConcurrentDictionary<string, Part> made = Of(names).Made.ByText;
        return (made.TryGetValue(purpose, out Part? part) ? part : made.GetOrAdd(purpose, new Part(One(RequireDistinct(make(names))), []))).Names;
    }

    /// <summary>The names of one tree and of another.</summary>
    /// <exception cref="ArgumentException">A name is in both.</exception>
    public static ImmutableArray<string> Joined(ImmutableArray<string> names, ImmutableArray<string> others)
    {
        if (others.IsEmpty)
        {
            return names;
        }

        ConditionalWeakTable<string[], string[]> joined = Of(names).Joined;
        return ImmutableCollectionsMarshal.AsImmutableArray(joined.TryGetValue(Array(others), out string[]? made) ? made : Make(joined, names, others));

        // apart, as its closure would be made in every call
        static string[] Make(ConditionalWeakTable<string[], string[]> joined, ImmutableArray<string> names, ImmutableArray<string> others) =>
            joined.GetValue(Array(others), _ => Array(One(RequireDistinct([.. names, .. others]))));
    }

    /// <summary>The same names, if no two are alike.</summary>
    /// <exception cref="ArgumentException">Two are.</exception>
    public static ImmutableArray<string> RequireDistinct(ImmutableArray<string> names) => names.Distinct(StringComparer.Ordinal).Count() == names.Length
        ? names
        : throw new ArgumentException($"Names must differ: {string.Join(", ", names)}.", nameof(names));

    private static Part Some(ImmutableArray<string> names, string prefix, bool under)
    {
        string start = prefix + ".";
        ImmutableArray<int> places = [.. Enumerable.Range(0, names.Length).Where(i => names[i].StartsWith(start, StringComparison.Ordinal) == under)];
        return new Part(One([.. places.Select(i => under ? names[i][start.Length..] : names[i])]), places);
    }

    /// <summary>The one object of a list.</summary>
    private static ImmutableArray<string> One(ImmutableArray<string> names)
    {
        lock (Lists)
        {
            if (Lists.Count >= MostLists)
            {
                Lists.Clear();
            }

            string[] list = Array(names);
            return Lists.TryAdd(list, list) ? names : ImmutableCollectionsMarshal.AsImmutableArray(Lists[list]);
        }
    }

    private static Derived Of(ImmutableArray<string> names) => Known.GetValue(Array(names), static _ => new Derived());

    private static string[] Array(ImmutableArray<string> names) => ImmutableCollectionsMarshal.AsArray(names)!;

    /// <summary>Some of the names of a tree, or others made of them.</summary>
    /// <param name="Names">As they are called by themselves.</param>
    /// <param name="Places">Their places in the tree, where they are some of its own.</param>
    public sealed record Part(ImmutableArray<string> Names, ImmutableArray<int> Places)
    {
        /// <summary>Whether the places follow each other.</summary>
        public bool IsPiece { get; } = Places.IsEmpty || Places[^1] - Places[0] == Places.Length - 1;
    }

    private sealed class SameNames : IEqualityComparer<string[]>
    {
        public bool Equals(string[]? x, string[]? y) => x.AsSpan().SequenceEqual(y);

        public int GetHashCode(string[] names)
        {
            HashCode hash = default;
            foreach (string name in names)
            {
                hash.Add(name, StringComparer.Ordinal);
            }

            return hash.ToHashCode();
        }
    }

    /// <summary>What was made by one function, by its other argument.</summary>
    private sealed class Memo
    {
        public ConcurrentDictionary<string, Part> ByText { get; } = new(StringComparer.Ordinal);

        public Part Get(string text, ImmutableArray<string> names, Func<ImmutableArray<string>, string, Part> make) =>
            ByText.TryGetValue(text, out Part? part) ? part : ByText.GetOrAdd(text, make(names, text));
    }

    private sealed class Derived
    {
        public Memo Under { get; } = new();

        public Memo Outside { get; } = new();

        public Memo Prefixed { get; } = new();

        public Memo Added { get; } = new();

        public Memo Made { get; } = new();

        public ConditionalWeakTable<string[], string[]> Joined { get; } = [];
    }
}
