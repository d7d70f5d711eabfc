using Lae.PosteriorInference;
using Microsoft.Extensions.DependencyInjection;

namespace Lae.Composition;

/// <summary>Problems with known answers and methods of inference, by the names that configuration uses.</summary>
public static class InferenceComponents
{
    /// <summary>Registers them.</summary>
    /// <param name="services">Where components are registered.</param>
    /// <returns>The same services.</returns>
    public static IServiceCollection AddPosteriorInference(this IServiceCollection services) => services
        .AddComponent<IInferenceProblemFactory, ConjugateGaussianOptions>("ConjugateGaussian", options => options)
        .AddComponent<IInferenceProblemFactory, NeuralLikelihoodOptions>("NeuralLikelihood", options => options)
        .AddComponent<IInferenceProblemFactory, RingMixtureOptions>("RingMixture", options => options)
        .AddComponent<IInferenceMethod, LangevinDynamicsOptions>("LangevinDynamics", options => options.ToMethod())
        .AddComponent<IInferenceMethod, AmortizedLangevinOptions>("AmortizedLangevin", options => options.ToMethod())
        .AddComponent<IInferenceMethod, VariationalInferenceOptions>("Variational", options => options.ToMethod())
        .AddComponent<IInferenceMethod, SamplerNetworkOptions>("SamplerNetwork", options => options.ToMethod());
}
