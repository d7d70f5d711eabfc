using Microsoft.Extensions.DependencyInjection;

namespace Lae.Composition;

/// <summary>
/// What an assembly offers to a configuration that names it under <c>"Plugins"</c>: a public class with a parameterless constructor, which registers the assembly's components.
/// A plug-in is trusted code: it runs with all the rights of the program.
/// </summary>
public interface ILaePlugin
{
    /// <summary>Adds components (<see cref="KernelRegistration"/>, <see cref="TargetRegistration"/>, <see cref="ComponentRegistration.AddComponent"/>).</summary>
    /// <param name="services">Where components are registered.</param>
    void Register(IServiceCollection services);
}
