using Lae.Models;
using Microsoft.Extensions.DependencyInjection;

namespace Lae.Composition;

/// <summary>Models whose latents are drawn by chains, and linear models with exact answers, by the names that configuration uses.</summary>
public static class LatentChainComponents
{
    /// <summary>Registers them.</summary>
    /// <param name="services">Where components are registered.</param>
    /// <returns>The same services.</returns>
    public static IServiceCollection AddLatentChainModels(this IServiceCollection services) => services
        .AddComponent<IModelFactory, HoffmanOptions>("Hoffman", options => options)
        .AddComponent<IModelFactory, AlternatingBackPropagationOptions>("AlternatingBackPropagation", options => options)
        .AddComponent<IModelFactory, ShortRunOptions>("ShortRun", options => options)
        .AddComponent<IModelFactory, LinearGaussianOptions>("ProbabilisticPca", options => options.Factory(isIsotropic: true))
        .AddComponent<IModelFactory, LinearGaussianOptions>("FactorAnalysis", options => options.Factory(isIsotropic: false));
}
