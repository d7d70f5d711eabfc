using Lae.Targets;
using Microsoft.Extensions.DependencyInjection;

namespace Lae.Composition;

/// <summary>The priors of single numbers, by the names that configuration uses.</summary>
public static class PriorComponents
{
    /// <summary>Registers them.</summary>
    /// <param name="services">Where components are registered.</param>
    /// <returns>The same services.</returns>
    public static IServiceCollection AddLaePriors(this IServiceCollection services) => services
        .AddComponent<Prior, FlatPriorOptions>("Flat", _ => Prior.Flat)
        .AddComponent<Prior, NormalPriorOptions>("Normal", options => Prior.Normal(options.Mean, options.Deviation))
        .AddComponent<Prior, HalfNormalPriorOptions>("HalfNormal", options => Prior.HalfNormal(options.Scale))
        .AddComponent<Prior, StudentTPriorOptions>("StudentT", options => Prior.StudentT(options.Degrees, options.Mean, options.Scale))
        .AddComponent<Prior, CauchyPriorOptions>("Cauchy", options => Prior.Cauchy(options.Location, options.Scale))
        .AddComponent<Prior, HalfCauchyPriorOptions>("HalfCauchy", options => Prior.HalfCauchy(options.Scale))
        .AddComponent<Prior, LogNormalPriorOptions>("LogNormal", options => Prior.LogNormal(options.Mean, options.Deviation))
        .AddComponent<Prior, ExponentialPriorOptions>("Exponential", options => Prior.Exponential(options.Rate))
        .AddComponent<Prior, GammaPriorOptions>("Gamma", options => Prior.Gamma(options.Shape, options.Rate))
        .AddComponent<Prior, InverseGammaPriorOptions>("InverseGamma", options => Prior.InverseGamma(options.Shape, options.Scale))
        .AddComponent<Prior, BetaPriorOptions>("Beta", options => Prior.Beta(options.A, options.B));
}
