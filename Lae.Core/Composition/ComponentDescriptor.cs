using Microsoft.Extensions.DependencyInjection;

namespace Lae.Composition;

/// <summary>
/// A component that configuration can choose by name: <c>"Type": "Name"</c> in a section, whose other keys fill the options.
/// </summary>
/// <param name="Contract">What the component is, such as an interface of a latent kernel.</param>
/// <param name="Name">The value of <c>"Type"</c>.</param>
/// <param name="Options">The immutable options record, with a parameterless constructor, <c>init</c> properties and validation attributes; a property whose type is itself a contract is a nested section.</param>
/// <param name="Create">Makes the component from valid options.</param>
public sealed record ComponentDescriptor(Type Contract, string Name, Type Options, Func<object, object> Create);

/// <summary>Registration of components by name, over the dependency-injection abstractions only.</summary>
public static class ComponentRegistration
{
    /// <summary>Adds a component that configuration can choose.</summary>
    /// <typeparam name="TContract">What the component is.</typeparam>
    /// <typeparam name="TOptions">Its options.</typeparam>
    /// <param name="services">Where components are registered.</param>
    /// <param name="name">The value of <c>"Type"</c>, unique within the contract.</param>
    /// <param name="create">Makes the component from valid options.</param>
    /// <returns>The same services.</returns>
    public static IServiceCollection AddComponent<TContract, TOptions>(this IServiceCollection services, string name, Func<TOptions, TContract> create)
        where TContract : class
        where TOptions : class, new()
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        services.AddSingleton(new ComponentDescriptor(typeof(TContract), name, typeof(TOptions), options => create((TOptions)options)));
        return services;
    }
}
