using Lae.Composition;
using Lae.Host.Configuration;
using Lae.Host.Data;
using Microsoft.Extensions.DependencyInjection;

namespace Lae.Host.Plugins;

/// <summary>All components that a configuration can choose: those of Lae, those that the calling program adds, and those of the plug-ins that the configuration itself names.</summary>
/// <param name="configure">Adds the components of the calling program; null for none.</param>
internal sealed class ComponentCatalogue(Action<IServiceCollection>? configure)
{
    /// <summary>The components that are there without any plug-in.</summary>
    /// <exception cref="InvalidOperationException">Two have one name.</exception>
    public ComponentRegistry WithoutPlugins() => new(Descriptors(Services()));

    /// <summary>The components for a configuration; its plug-ins are loaded.</summary>
    /// <param name="source">The configuration.</param>
    /// <exception cref="ConfigurationException">A plug-in cannot be used.</exception>
    public ComponentRegistry For(ConfigurationSource source)
    {
        IServiceCollection services = Services();
        ComponentRegistry known = new(Descriptors(services));
        string[] paths = PluginSet.Of(source, known).Plugins;
        List<ComponentDescriptor> all = [.. Descriptors(services)];
        for (int i = 0; i < paths.Length; i++)
        {
            string key = $"{nameof(PluginSet.Plugins)}:{i}";
            foreach (ComponentDescriptor component in Descriptors(PluginLoader.Load(paths[i], key)))
            {
                if (all.Exists(other => other.Contract == component.Contract && string.Equals(other.Name, component.Name, StringComparison.OrdinalIgnoreCase)))
                {
                    throw new ConfigurationException(null, key, $"{paths[i]}: it registers {component.Contract.Name} \"{component.Name}\", and there is one of this name already");
                }

                all.Add(component);
            }
        }

        return new ComponentRegistry(all);
    }

    private ServiceCollection Services()
    {
        ServiceCollection services = [];
        services.AddLae().AddDataSources();
        configure?.Invoke(services);
        return services;
    }

    private static IEnumerable<ComponentDescriptor> Descriptors(IServiceCollection services)
    {
        using ServiceProvider provider = services.BuildServiceProvider();
        return [.. provider.GetServices<ComponentDescriptor>()];
    }
}
