using Lae.Models;
using Lae.Networks;
using Lae.Optimizers;
using Microsoft.Extensions.DependencyInjection;

namespace Lae.Composition;

/// <summary>The models of Lae and their parts, by the names that configuration uses.</summary>
public static class ModelComponents
{
    /// <summary>Registers models, networks, optimisers, likelihoods, latent kernels and encoder updates.</summary>
    /// <param name="services">Where components are registered.</param>
    /// <returns>The same services.</returns>
    public static IServiceCollection AddLaeModels(this IServiceCollection services) => services
        .AddComponent<IModelFactory, LangevinAutoencoderOptions>("LangevinAutoencoder", options => new LangevinAutoencoderFactory(options))
        .AddComponent<INetworkArchitecture, DenseOptions>("Dense", options => new DenseArchitecture(options.Widths, options.Activation, options.LayerNormalization))
        .AddComponent<INetworkArchitecture, NoOptions>("Linear", _ => new LinearArchitecture())
        .AddConvolutionalNetworks()
        .AddComponent<IOptimizer, AdamOptions>("Adam", options => new Adam(
            options.StepSize, options.FirstDecay, options.SecondDecay, options.Epsilon, options.DecaySteps == 0 ? double.PositiveInfinity : options.DecaySteps, options.WeightDecay))
        .AddComponent<IOptimizer, GradientDescentOptions>("GradientDescent", options => new GradientDescent(options.StepSize, options.Momentum))
        .AddComponent<ILikelihoodFactory, NoOptions>("DiscretizedLogistic", _ => new DiscretizedLogisticFactory())
        .AddComponent<ILikelihoodFactory, NoOptions>("Gaussian", _ => new GaussianLikelihood())
        .AddComponent<ILikelihoodFactory, NoOptions>("Bernoulli", _ => new BernoulliLikelihood())
        .AddComponent<ILatentKernel, PlainLangevinOptions>("PlainLangevin", options => new PlainAmortizedLangevin(options.Metropolis))
        .AddComponent<ILatentKernel, PreconditionedLangevinOptions>(
            "PreconditionedLangevin", options => new PreconditionedAmortizedLangevin(options.Regularization, options.Metropolis))
        .AddComponent<ILatentKernel, DatapointLangevinOptions>("DatapointLangevin", _ => new DatapointLangevin())
        .AddComponent<ILatentKernel, GaussNewtonLangevinOptions>("GaussNewtonLangevin", _ => new GaussNewtonLangevin())
        .AddComponent<IEncoderUpdate, LastLayerUpdateOptions>("LastLayer", options => new LastLayerUpdate(options.Uncounted))
        .AddComponent<IEncoderUpdate, LeastNormUpdateOptions>("LeastNorm", _ => new LeastNormUpdate())
        .AddComponent<IEncoderUpdate, DriftUpdateOptions>("Drift", _ => new DriftUpdate())
        .AddComponent<IEncoderUpdate, RegressionUpdateOptions>("Regression", _ => new RegressionUpdate())
        .AddVariationalModels()
        .AddLatentChainModels()
        .AddEnergyModels();

    /// <summary>Langevin autoencoders of given options.</summary>
    private sealed class LangevinAutoencoderFactory(LangevinAutoencoderOptions options) : IModelFactory
    {
        public ILatentVariableModel Create(DataDescription data) => new LangevinAutoencoder(options.Parts(data), data);
    }
}
