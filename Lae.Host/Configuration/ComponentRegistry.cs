using Lae.Composition;

namespace Lae.Host.Configuration;

/// <summary>All components that configuration can choose, by contract and name.</summary>
internal sealed class ComponentRegistry
{
    private readonly Dictionary<Type, List<ComponentDescriptor>> byContract = [];

    public ComponentRegistry(IEnumerable<ComponentDescriptor> components)
    {
        foreach (ComponentDescriptor component in components)
        {
            if (!byContract.TryGetValue(component.Contract, out List<ComponentDescriptor>? known))
            {
                byContract.Add(component.Contract, known = []);
            }

            if (known.Exists(other => string.Equals(other.Name, component.Name, StringComparison.OrdinalIgnoreCase)))
            {
                throw new InvalidOperationException($"Two components of {component.Contract.Name} are called {component.Name}.");
            }

            known.Add(component);
        }
    }

    /// <summary>Every component, in order of registration within each contract.</summary>
    public IEnumerable<ComponentDescriptor> All => byContract.Values.SelectMany(known => known);

    public bool IsContract(Type type) => byContract.ContainsKey(type);

    public IReadOnlyList<ComponentDescriptor> Of(Type contract) => byContract.TryGetValue(contract, out List<ComponentDescriptor>? known) ? known : [];

    public ComponentDescriptor? Find(Type contract, string name) =>
        Of(contract).FirstOrDefault(component => string.Equals(component.Name, name, StringComparison.OrdinalIgnoreCase));

    /// <summary>The component whose options record a value is, if there is one: then the value shows how configuration would write it.</summary>
    public ComponentDescriptor? WithOptions(Type contract, Type options) => Of(contract).FirstOrDefault(component => component.Options == options);
}
