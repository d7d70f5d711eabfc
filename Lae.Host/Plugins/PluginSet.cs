using Lae.Host.Configuration;

namespace Lae.Host.Plugins;

/// <summary>The key of every configuration that names plug-ins: what is read before anything else, since it decides which types there are.</summary>
internal sealed record PluginSet
{
    /// <summary>The sentence of <c>--help</c>.</summary>
    public const string Description = "assemblies (.dll) whose public ILaePlugin classes register more types; trusted code: it runs with all your rights";

    /// <summary>Full paths of the assemblies, in order.</summary>
    [InputFile]
    public string[] Plugins { get; init; } = [];

    /// <summary>The plug-ins that a configuration names.</summary>
    /// <param name="source">The configuration.</param>
    /// <param name="registry">Any registry: paths choose no component.</param>
    /// <exception cref="ConfigurationException">A file is missing.</exception>
    public static PluginSet Of(ConfigurationSource source, ComponentRegistry registry) =>
        new ComponentBinder(registry, source.Files).Bind<PluginSet>(source.Root.Part(nameof(Plugins))).Value;
}
