using System.Reflection;
using System.Runtime.Loader;

namespace Lae.Host.Plugins;

/// <summary>
/// Where the assemblies of a plug-in live. What the program has itself (Lae.Core above all) is shared, so that a plug-in's kernel is the program's kernel; the rest comes from the plug-in's own folder, so that two
/// plug-ins may bring two versions of a library.
/// </summary>
/// <param name="path">The full path of the plug-in.</param>
internal sealed class PluginLoadContext(string path) : AssemblyLoadContext(Path.GetFileNameWithoutExtension(path))
{
    private readonly AssemblyDependencyResolver resolver = new(path);

    /// <inheritdoc/>
    protected override Assembly? Load(AssemblyName assemblyName)
    {
        try
        {
            return Default.LoadFromAssemblyName(assemblyName);
        }
        catch (Exception exception) when (exception is FileNotFoundException or FileLoadException)
        {
            return resolver.ResolveAssemblyToPath(assemblyName) is { } own ? LoadFromAssemblyPath(own) : null;
        }
    }
}
