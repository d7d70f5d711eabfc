using Microsoft.Extensions.DependencyInjection;

namespace Lae.Composition;

/// <summary>Registers the components of Lae by name.</summary>
public static class LaeServices
{
    /// <summary>Adds every component of the library that configuration can choose: engines, targets, kernels, models and their parts, problems and methods of inference.</summary>
    /// <param name="services">Where components are registered.</param>
    /// <returns>The same services.</returns>
    public static IServiceCollection AddLae(this IServiceCollection services) => services
        .AddComponent<IEngineFactory, ManagedEngineFactory>("Managed", factory => factory)
        .AddComponent<IEngineFactory, ReferenceEngineFactory>("Reference", factory => factory)
        .AddLaeTargets()
        .AddLaeKernels()
        .AddLaeModels()
        .AddPosteriorInference();
}
