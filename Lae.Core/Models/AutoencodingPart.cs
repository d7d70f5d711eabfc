using Lae.Networks;
using Lae.Numerics;
using Lae.Randomness;

namespace Lae.Models;

/// <summary>What a training step did to encoder, decoder and likelihood.</summary>
/// <param name="Parameters">Theirs after it.</param>
/// <param name="Optimizer">The state of their optimisers after it.</param>
/// <param name="Inferred">What the latent kernel did.</param>
/// <param name="Info">Figures by stable names.</param>
internal sealed record AutoencodingStep(TensorTree Parameters, TensorTree Optimizer, AmortizedStep Inferred, Dictionary<string, double> Info);

/// <summary>
/// What the Langevin autoencoders share, whatever their prior: an encoder moved and taught by amortized inference, and a generative part that descends −log p(x, z) at the states that teach.
/// Parameters: <c>encoder.features.*</c>, <c>encoder.lastLayer</c>, <c>decoder.*</c>, <c>likelihood.*</c>. Shapes: x [n, columns], z [n, d_z].
/// </summary>
internal sealed class AutoencodingPart
{
    private const string EncoderPart = "encoder";

    /// <summary>Memory for the activations of so many transitions is had; with more the energy is evaluated anew.</summary>
    private const int MostRecorded = 8;

    private readonly AmortizedInference inference;
    private readonly GenerativePart generative;
    private readonly ParameterDescent descent;
    private readonly bool isRecorded;

    public AutoencodingPart(LangevinAutoencoderParts parts, DataDescription data)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(parts.LatentSize, 1, nameof(parts));
        ArgumentOutOfRangeException.ThrowIfLessThan(parts.Transitions, 1, nameof(parts));
        parts.EncoderUpdate.RequireFits(parts.LatentKernel, parts.Transitions);
        inference = new AmortizedInference(
            parts.LatentSize, parts.Encoder.Features(data.Form), parts.LatentKernel, parts.EncoderUpdate, parts.Transitions, parts.StepSize, parts.DType);
        generative = new GenerativePart(parts.LatentSize, parts.Decoder, parts.Likelihood, data, parts.DType);
        descent = new ParameterDescent(parts.Optimizer, parts.ScaleOptimizer);
        isRecorded = parts.LatentKernel.MovesTogether && parts.Transitions <= MostRecorded;
    }

    public string Name => inference.Name;

    public TensorTree Initialize(RandomKey key) => inference.Initialize(key).Prefixed(EncoderPart).Join(generative.Initialize(key.FoldIn(2)));

    public TensorTree InitializeOptimizer(TensorTree parameters) => descent.Initialize(parameters);

    public TensorTree InitializeAdaptation() => inference.InitializeAdaptation();

    /// <summary>A step on one batch.</summary>
    /// <param name="key">All randomness.</param>
    /// <param name="batch">[n, columns].</param>
    /// <param name="prior">p(z), a constant of the step.</param>
    /// <param name="parameters">Those of <see cref="Initialize"/> alone.</param>
    /// <param name="state">The whole state before, for optimisers, adaptation and step.</param>
    public AutoencodingStep Train(RandomKey key, Tensor batch, IPrior prior, TensorTree parameters, TrainingState state)
    {
        RecordedPosteriors? recorded = isRecorded ? generative.Recorded(parameters, prior, batch) : null;
        LatentDensity density = recorded?.Density ?? generative.Density(parameters, prior, batch);
        (Tensor loss, (TensorTree descended, TensorTree optimizer), AmortizedStep inferred) = descent.DescendAlong(
            tree =>
            {
                // the features are computed once: constants for the chain, differentiated for the loss
                TensorTree encoder = tree.Under(EncoderPart);
                (Tensor g, Tensor lastLayer) = (inference.Features(encoder, batch), encoder[AmortizedInference.LastLayer]);
                AmortizedStep step = inference.Infer(key, density, g, lastLayer, state.Adaptation, state.Step + 1);
                return (AmortizedInference.Loss(g, lastLayer, step, Total), step);

                Tensor Total(IReadOnlyList<TeachingState> states) =>
                    recorded?.TotalOfMeanEnergies(tree, states) ?? AmortizedInference.Total(states, z => -(prior.LogDensity(z) + generative.LogLikelihood(tree, batch, z)).Mean());
            },
            static step => step.Tensors,
            parameters,
            state.Optimizer);
        Dictionary<string, double> info = generative.FiguresOfStep(parameters);
        info["energy"] = -inferred.Run.LogDensity / batch.Shape[0];
        info["loss"] = loss.ToDouble();
        info["stepSize"] = inferred.StepSize;
        if (inference.IsAdjusted)
        {
            info["acceptanceProbability"] = inferred.Run.Acceptance;
        }

        return new AutoencodingStep(AmortizedInference.Follow(descended, inferred, $"{EncoderPart}.{AmortizedInference.LastLayer}"), optimizer, inferred, info);
    }

    public Dictionary<string, double> Diagnose(Tensor batch, TrainingState state) => new(
        inference.Diagnose(state.Parameters.Under(EncoderPart), batch, state.Step).Concat(ActiveLatents.Figures(Encode(state.Parameters, batch))));

    public Tensor Encode(TensorTree parameters, Tensor x) => inference.Apply(parameters.Under(EncoderPart), x);

    public LatentDensity Density(TensorTree parameters, IPrior prior, Tensor x) => generative.Density(parameters, prior, x);

    public Tensor Decode(TensorTree parameters, Tensor z) => generative.Decode(parameters, z);

    public Tensor Simulate(RandomKey key, TensorTree parameters, Tensor z) => generative.Simulate(key, parameters, z);
}
