using Lae.Models;
using Lae.Optimizers;
using Microsoft.Extensions.DependencyInjection;

namespace Lae.Composition;

/// <summary>Variational models and the families of their posteriors, by the names that configuration uses.</summary>
public static class VariationalComponents
{
    /// <summary>Registers variational and importance-weighted autoencoders and the families of posteriors.</summary>
    /// <param name="services">Where components are registered.</param>
    /// <returns>The same services.</returns>
    public static IServiceCollection AddVariationalModels(this IServiceCollection services) => services
        .AddComponent<IModelFactory, VariationalAutoencoderOptions>(
            "VariationalAutoencoder", options => new VariationalFactory(options, new EvidenceObjective(options.Draws)))
        .AddComponent<IModelFactory, ImportanceWeightedAutoencoderOptions>(
            "ImportanceWeightedAutoencoder", options => new VariationalFactory(options, new ImportanceWeightedObjective(options.Draws)))
        .AddComponent<IPosteriorFamily, NoOptions>("DiagonalGaussian", _ => new DiagonalGaussian())
        .AddComponent<IPosteriorFamily, PlanarFlowOptions>("PlanarFlow", options => PlanarFlow.Family(options.Layers, options.Amortized))
        .AddComponent<IPosteriorFamily, SylvesterFlowOptions>(
            "SylvesterFlow", options => SylvesterFlow.Family(options.Layers, options.Reflections, options.Amortized))
        .AddComponent<IPosteriorFamily, InverseAutoregressiveFlowOptions>(
            "InverseAutoregressiveFlow", options => InverseAutoregressiveFlow.Family(options.Layers, options.Width, options.Context))
        .AddComponent<IPosteriorFamily, NeuralAutoregressiveFlowOptions>(
            "NeuralAutoregressiveFlow", options => NeuralAutoregressiveFlow.Family(options.Layers, options.Units, options.Width, options.Context));

    /// <summary>Variational models of given options.</summary>
    private sealed class VariationalFactory(VariationalModelOptions options, IVariationalObjective bound) : IModelFactory
    {
        public ILatentVariableModel Create(DataDescription data) => new VariationalAutoencoder(
            new VariationalAutoencoderParts(
                options.LatentSize,
                options.Encoder,
                options.Decoder,
                options.Likelihood.Create(data),
                options.Posterior,
                bound,
                options.Optimizer,
                options.ScaleOptimizer),
            data);
    }
}
