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
        .AddTarget<GaussianMixtureOptions>("GaussianMixture", options => options.ToTarget())
        .AddTarget<FunnelOptions>("Funnel", options => new Posterior(
            Funnel.Create(options.Dimension, options.Scale).Target, ["v", .. Posterior.Numbered("x", options.Dimension - 1)], static u => u))
        .AddTarget<LinearRegressionOptions>("LinearRegression", options => options.ToPosterior())
        .AddTarget<LogisticRegressionOptions>("LogisticRegression", options => options.ToPosterior())
        .AddTarget<HierarchicalNormalOptions>("HierarchicalNormal", options => options.ToPosterior())
        .AddTarget<AutoregressionOptions>("Autoregression", options => options.ToPosterior())
        .AddTarget<GarchOptions>("Garch", options => options.ToPosterior())
        .AddTarget<GaussianProcessOptions>("GaussianProcessRegression", options => options.ToPosterior())
        .AddTarget<NormalMixtureOptions>("NormalMixture", options => options.ToPosterior())
        .AddTarget<FactorAnalysisOptions>("FactorAnalysis", options => options.ToPosterior())
        .AddTarget<FactorScoresOptions>("FactorScores", options => options.ToPosterior())
        .AddComponent<IColumnSource, InlineColumns>("Inline", source => source)
        .AddLaePriors();
}
