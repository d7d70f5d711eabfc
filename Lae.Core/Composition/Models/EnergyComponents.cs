using Lae.Models;
using Lae.Networks;
using Lae.Numerics;
using Lae.Optimizers;
using Microsoft.Extensions.DependencyInjection;

namespace Lae.Composition;

/// <summary>The models with energy-based priors, by the names that configuration uses.</summary>
public static class EnergyComponents
{
    /// <summary>Registers them.</summary>
    /// <param name="services">Where components are registered.</param>
    /// <returns>The same services.</returns>
    public static IServiceCollection AddEnergyModels(this IServiceCollection services) => services
        .AddComponent<IModelFactory, ContrastiveLangevinAutoencoderOptions>("ContrastiveLangevinAutoencoder", options => new ContrastiveFactory(options))
        .AddComponent<IModelFactory, LatentEnergyPriorOptions>("LatentEnergyPrior", options => new LatentEnergyFactory(options));

    private static LatentEnergy Energy(int latentSize, int[] widths, Activation activation, double penalty) =>
        new(latentSize, new DenseArchitecture(widths, activation, layerNormalization: false), penalty, DType.Float32);

    private sealed class ContrastiveFactory(ContrastiveLangevinAutoencoderOptions options) : IModelFactory
    {
        public ILatentVariableModel Create(DataDescription data) => new ContrastiveLangevinAutoencoder(
            new ContrastiveParts(
                options.Parts(data),
                Energy(options.LatentSize, options.EnergyWidths, options.EnergyActivation, options.EnergyPenalty),
                new Adam(options.EnergyStepSize),
                options.EnergyAveraging,
                new SamplerLangevin(
                    options.LatentSize,
                    options.SamplerPoints,
                    options.SamplerInputSize,
                    new DenseArchitecture(options.SamplerWidths),
                    options.SamplerKernel,
                    options.SamplerTransitions,
                    new StepSizeAdaptation(options.SamplerStepSize, options.TargetAcceptance, options.AdaptationGain),
                    DType.Float32),
                new Generation(options.GenerationStart, options.GenerationTransitions)),
            data);
    }

    private sealed class LatentEnergyFactory(LatentEnergyPriorOptions options) : IModelFactory
    {
        public ILatentVariableModel Create(DataDescription data) => new LatentEnergyModel(
            new LatentEnergyParts(
                options.LatentSize,
                options.Decoder,
                options.Likelihood.Create(data),
                Energy(options.LatentSize, options.EnergyWidths, options.EnergyActivation, options.EnergyPenalty),
                new Adam(options.EnergyStepSize),
                new ShortRun(options.PosteriorTransitions, new StepSizeAdaptation(options.PosteriorStepSize, options.TargetAcceptance, options.AdaptationGain)),
                new ShortRun(options.PriorTransitions, new StepSizeAdaptation(options.PriorStepSize, options.TargetAcceptance, options.AdaptationGain)),
                options.Metropolis,
                options.Optimizer,
                options.ScaleOptimizer,
                options.EncodingIterations),
            data);
    }
}
