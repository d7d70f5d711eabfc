using Lae.Models;
using Lae.Networks;
using Lae.Numerics;
using Lae.Optimizers;
using Lae.Randomness;

namespace Lae.Tests.Models;

/// <summary>The models of docs/exactness.md, with linear encoders and decoders.</summary>
/// <param name="data">The form of the data.</param>
internal sealed class LinearDecoderTrials(DataDescription data)
{
    /// <summary>Further models are added here.</summary>
    public IEnumerable<LinearDecoderTrial> All =>
    [
        Distilled(2),
        Distilled(5),
        Distilled(20),
        Curved(2),
        Curved(5),
        Variational("VAE", new EvidenceObjective(4), 1),
        Variational("IWAE, K = 5", new ImportanceWeightedObjective(5), 5),
        Variational("IWAE, K = 20", new ImportanceWeightedObjective(20), 20),
        Hoffman(metropolis: false, 2, 0.005),
        Hoffman(metropolis: true, 5, 0.05),
        Hoffman(metropolis: true, 20, 0.05),
        new(
            "alternating back-propagation, T = 2",
            rate => new AlternatingBackPropagation(Parts(rate, 2), 100, data),
            Draws: (_, state, _, _) => state.Datapoints["latents"]),
        ShortRun(5),
        ShortRun(20),
        new("probabilistic PCA by EM", _ => new LinearGaussianModel(PpcaProblem.Latents, isIsotropic: true, data, DType.Float64), 1, LearnsByGradients: false),
    ];

    public LinearDecoderTrial Distilled(int transitions) => Distilled(Invariant($"LAE distilled, T = {transitions}"), new DatapointLangevin(), transitions);

    private LinearDecoderTrial Curved(int transitions) => Distilled(Invariant($"LAE distilled, Gauss–Newton, T = {transitions}"), new GaussNewtonLangevin(), transitions);

    private LinearDecoderTrial Distilled(string name, ILatentKernel kernel, int transitions) => new(
        name,
        rate => new LangevinAutoencoder(
            new LangevinAutoencoderParts(
                PpcaProblem.Latents,
                new LinearArchitecture(),
                new LinearArchitecture(),
                new GaussianLikelihood(),
                kernel,
                new RegressionUpdate(),
                transitions,
                new StepSizeAdaptation(0.1),
                new Adam(rate),
                new Adam(rate),
                DType.Float64),
            data),
        Draws: (model, state, x, key) => LatentRun.Of(
            kernel,
            kernel.Coordinates(model.Density(state.Parameters, x), x, state.Parameters["encoder.lastLayer"]),
            StepSizeAdaptation.StepSize(state.Adaptation),
            transitions,
            key).Latents[^1]);

    private LinearDecoderTrial Variational(string name, IVariationalObjective objective, int weights) => new(
        name,
        rate => new VariationalAutoencoder(
            new VariationalAutoencoderParts(
                PpcaProblem.Latents,
                new LinearArchitecture(),
                new LinearArchitecture(),
                new GaussianLikelihood(),
                new DiagonalGaussian(),
                objective,
                new Adam(rate),
                new Adam(rate),
                DType.Float64),
            data),
        weights);

    private LinearDecoderTrial Hoffman(bool metropolis, int transitions, double stepSize) => new(
        Invariant($"Hoffman, {(metropolis ? "MALA" : "ULA with step 0.005")}, T = {transitions}"),
        rate => new HoffmanAutoencoder(new LinearArchitecture(), new DiagonalGaussian(), Parts(rate, transitions, metropolis, stepSize), data),
        1,
        (model, state, x, key) => Chain(
            model, state, x, key.FoldIn(1), model.ApproximatePosterior(state.Parameters, x)!.Sample(key.FoldIn(0), 1).Latents, metropolis, transitions));

    private LinearDecoderTrial ShortRun(int transitions) => new(
        Invariant($"short-run, T = {transitions}"),
        rate => new ShortRunAutoencoder(Parts(rate, transitions), data),
        Draws: (model, state, x, _) => model.Encode(state.Parameters, x));

    private static LatentChainParts Parts(double rate, int transitions, bool metropolis = true, double stepSize = 0.1) => new(
        PpcaProblem.Latents, new LinearArchitecture(), new GaussianLikelihood(), metropolis, transitions, new StepSizeAdaptation(stepSize), new Adam(rate), new Adam(rate), DType.Float64);

    private static Tensor Chain(ILatentVariableModel model, TrainingState state, Tensor x, RandomKey key, Tensor start, bool metropolis, int transitions) => LatentRun.Of(
        new DatapointLangevin(metropolis),
        LatentCoordinates.Datapoints(model.Density(state.Parameters, x), start),
        StepSizeAdaptation.StepSize(state.Adaptation),
        transitions,
        key).Latents[^1];

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
