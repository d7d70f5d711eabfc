using System.Reflection;

namespace Lae.Tests.Laws.Table;

/// <summary>What the tests of an assembly say that they prove and reject.</summary>
internal sealed class LawTable
{
    private const char Range = '…';

    private readonly Dictionary<(string Law, string Kernel), SortedSet<string>> proofs = [];
    private readonly Dictionary<string, SortedSet<string>> rejections = new(StringComparer.Ordinal);

    /// <param name="assembly">The tests; examples of wrong attributes among them are left out.</param>
    public LawTable(Assembly assembly)
        : this(assembly.GetTypes().Where(type => !typeof(IExample).IsAssignableFrom(type)))
    {
    }

    /// <param name="types">Classes of tests.</param>
    public LawTable(params IEnumerable<Type> types)
    {
        foreach (MethodInfo method in types.SelectMany(type => type.GetMethods(BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.DeclaredOnly)))
        {
            string test = $"{method.DeclaringType!.Name}.{method.Name}";
            foreach (ProvesAttribute proof in method.GetCustomAttributes<ProvesAttribute>())
            {
                IReadOnlyList<string> laws = Laws(proof.Law);
                Unknown.AddRange(laws.Count == 0 ? [$"{test}: law {proof.Law}"] : []);
                Unknown.AddRange(proof.Kernels.Where(name => KernelCatalogue.All.All(kernel => kernel.Name != name)).Select(name => $"{test}: kernel {name}"));
                Unknown.AddRange(proof.Kernels.Count == 0 ? [$"{test}: no kernel for {proof.Law}"] : []);
                foreach ((string law, string kernel) in laws.SelectMany(_ => proof.Kernels, (law, kernel) => (law, kernel)))
                {
                    Add(proofs, (law, kernel), test);
                }
            }

            foreach (string bug in method.GetCustomAttributes<RejectsAttribute>().SelectMany(rejection => rejection.Bugs))
            {
                Unknown.AddRange(PlantedBugs.All.Any(known => known.Name == bug) ? [] : [$"{test}: bug {bug}"]);
                Add(rejections, bug, test);
            }
        }
    }

    /// <summary>Marks a class that is no test, but an example of wrong attributes.</summary>
    internal interface IExample;

    /// <summary>Names that no catalogue has, each with the test that uses it.</summary>
    public List<string> Unknown { get; } = [];

    /// <summary>The tests that prove a law of a kernel.</summary>
    public IReadOnlyCollection<string> Proofs(LawRow law, KernelColumn kernel) => proofs.TryGetValue((law.Id, kernel.Name), out SortedSet<string>? tests) ? tests : [];

    /// <summary>The tests that reject a bug.</summary>
    public IReadOnlyCollection<string> Rejections(PlantedBug bug) => rejections.TryGetValue(bug.Name, out SortedSet<string>? tests) ? tests : [];

    /// <summary>Cells that are neither proved nor explained.</summary>
    public IEnumerable<string> Unexplained() =>
        from kernel in KernelCatalogue.All
        from law in LawCatalogue.All
        where Proofs(law, kernel).Count == 0 && Reasons.Of(law, kernel) is null
        select $"{law.Id} of {kernel.Name}";

    /// <summary>Bugs that no test rejects.</summary>
    public IEnumerable<string> Unrejected() => PlantedBugs.All.Where(bug => Rejections(bug).Count == 0).Select(bug => bug.Name);

    private static IReadOnlyList<string> Laws(string name)
    {
        string[] ends = name.Split(Range);
        string[] ids = [.. LawCatalogue.All.Select(law => law.Id)];
        (int first, int last) = (Array.IndexOf(ids, ends[0]), Array.IndexOf(ids, ends[^1]));
        return first < 0 || last < first || ends.Length > 2 ? [] : ids[first..(last + 1)];
    }

    private static void Add<TKey>(Dictionary<TKey, SortedSet<string>> map, TKey key, string test)
        where TKey : notnull
    {
        if (!map.TryGetValue(key, out SortedSet<string>? tests))
        {
            map.Add(key, tests = new SortedSet<string>(StringComparer.Ordinal));
        }

        tests.Add(test);
    }
}
