using System.Collections.Concurrent;
using System.Runtime.CompilerServices;

namespace Lae.Kernels;

/// <summary>The layouts of states that are made of other states of one layout: each is made once, and not anew for every state.</summary>
/// <param name="derive">The layout of the outer state from the inner layout and the number of inner states. A pure function.</param>
internal sealed class DerivedLayouts(Func<IReadOnlyList<StateLeaf>, int, IReadOnlyList<StateLeaf>> derive)
{
    private readonly ConditionalWeakTable<IReadOnlyList<StateLeaf>, ConcurrentDictionary<int, IReadOnlyList<StateLeaf>>> known = [];

    /// <summary>The layout of the outer state.</summary>
    /// <param name="inner">The layout of an inner state; where it is one object for all states of a kernel, so is what is made of it.</param>
    /// <param name="count">How many inner states.</param>
    public IReadOnlyList<StateLeaf> Of(IReadOnlyList<StateLeaf> inner, int count = 1)
    {
        ConcurrentDictionary<int, IReadOnlyList<StateLeaf>> byCount = known.GetValue(inner, static _ => []);
        return byCount.TryGetValue(count, out IReadOnlyList<StateLeaf>? layout) ? layout : byCount.GetOrAdd(count, derive(inner, count));
    }
}
