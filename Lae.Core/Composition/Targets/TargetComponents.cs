using Lae.Targets;
using Microsoft.Extensions.DependencyInjection;

namespace Lae.Composition;

/// <summary>The targets of Lae, by the names that configuration uses. All have float64 positions.</summary>
public static class TargetComponents
{
    /// <summary>Registers them.</summary>
    /// <param name="services">Where components are registered.</param>
    /// <returns>The same services.</returns>
    public static IServiceCollection AddLaeTargets(this IServiceCollection services) => services
        .AddTarget<GaussianTargetOptions>("Gaussian", options => options.ToTarget())
        .AddTarget<StandardNormalOptions>("StandardNormal", options => GaussianTarget.Standard(options.Dimension))
        .AddTarget<BananaOptions>("Banana", options => Banana.Create(options.Dimension, options.Curvature, options.Scale).Target)
        .AddTarget<GaussianMixtureOptions>("GaussianMixture", options => options.ToTarget());
}
