using System.Reflection;
using Lae.Composition;
using Lae.Host.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Lae.Host.Plugins;

/// <summary>Loads the assembly of a plug-in and lets it register its components. Whatever is wrong with it is one line that names the file.</summary>
internal static class PluginLoader
{
    /// <summary>The components that an assembly registers.</summary>
    /// <param name="path">The full path of the assembly.</param>
    /// <param name="configurationPath">The key that names it, for messages.</param>
    /// <returns>A list of services of its own.</returns>
    /// <exception cref="ConfigurationException">It is no assembly, has no plug-in, was built against another Lae.Core, or fails to register.</exception>
    public static IServiceCollection Load(string path, string configurationPath)
    {
        ServiceCollection services = [];
        foreach (Type type in PluginTypes(path, configurationPath))
        {
            try
            {
                ((ILaePlugin)Activator.CreateInstance(type)!).Register(services);
            }
#pragma warning disable CA1031 // A stranger's code may throw anything; it is told as what it is.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                Exception cause = exception is TargetInvocationException { InnerException: { } inner } ? inner : exception;
                throw new ConfigurationException(null, configurationPath, $"{path}: the plug-in {type.FullName} failed to register: {cause.GetType().Name}: {cause.Message}", exception);
            }
        }

        return services;
    }

    private static Type[] PluginTypes(string path, string configurationPath)
    {
        Assembly assembly = Open(path, configurationPath);
        AssemblyName core = typeof(ILaePlugin).Assembly.GetName();
        Version? asked = Array.Find(assembly.GetReferencedAssemblies(), name => name.Name == core.Name)?.Version;
        if (asked is not null && asked != core.Version)
        {
            throw new ConfigurationException(null, configurationPath, $"{path}: built against {core.Name} {asked}, and this program has {core.Version}; build it anew");
        }

        try
        {
            Type[] plugins = [.. assembly.GetExportedTypes().Where(type => type is { IsAbstract: false, IsClass: true } && typeof(ILaePlugin).IsAssignableFrom(type))];
            Type? unmakeable = Array.Find(plugins, type => type.GetConstructor(Type.EmptyTypes) is null);
            return plugins.Length == 0 ? throw new ConfigurationException(null, configurationPath, $"{path}: no public class in it implements {nameof(ILaePlugin)}")
                : unmakeable is not null ? throw new ConfigurationException(null, configurationPath, $"{path}: {unmakeable.FullName} has no public constructor without parameters")
                : plugins;
        }
        catch (Exception exception) when (exception is TypeLoadException or FileNotFoundException or FileLoadException or BadImageFormatException)
        {
            throw new ConfigurationException(null, configurationPath, $"{path}: its types cannot be loaded; it may have been built against another {core.Name}, or lack a library beside it: {exception.Message}", exception);
        }
    }

    private static Assembly Open(string path, string configurationPath)
    {
        try
        {
            AssemblyName.GetAssemblyName(path); // tells a file that is no assembly from one whose own libraries are missing
            return new PluginLoadContext(path).LoadFromAssemblyPath(path);
        }
        catch (Exception exception) when (exception is BadImageFormatException or IOException or UnauthorizedAccessException or InvalidOperationException)
        {
            throw new ConfigurationException(null, configurationPath, $"{path}: not a .NET assembly that can be loaded: {exception.Message}", exception);
        }
    }
}
