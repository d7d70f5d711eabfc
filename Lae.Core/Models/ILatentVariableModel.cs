using Lae.Numerics;
using Lae.Randomness;

namespace Lae.Models;

/// <summary>Makes a model for given data: what configuration chooses by type.</summary>
public interface IModelFactory
{
    /// <summary>A model for data of the given form.</summary>
    /// <param name="data">The form of the data.</param>
    /// <returns>The model, without parameters: those are values apart from it.</returns>
    ILatentVariableModel Create(DataDescription data);
}

/// <summary>
/// A latent variable model as a value: its architecture and algorithms, as pure functions of parameters that are kept apart. Observations are rows
/// [n, columns] of float32, pixels in [−1, 1].
/// </summary>
public interface ILatentVariableModel
{
    /// <summary>What the model is called in reports.</summary>
    string Name { get; }

    /// <summary>The form of the data.</summary>
    DataDescription Data { get; }

    /// <summary>Dimension of the latent variable.</summary>
    int LatentSize { get; }

    /// <summary>The state before the first training step.</summary>
    /// <param name="key">Decides the initial parameters.</param>
    /// <returns>A state with step 0.</returns>
    TrainingState Initialize(RandomKey key);

    /// <summary>One training step: a pure function.</summary>
    /// <param name="key">All randomness of the step.</param>
    /// <param name="batch">[n, columns].</param>
    /// <param name="state">The state before.</param>
    /// <returns>The state after, and what happened.</returns>
    TrainingTransition Train(RandomKey key, Tensor batch, TrainingState state);

    /// <summary>One training step that knows which observations of the training set it sees, as <see cref="TrainingLoop"/> takes it. A model that keeps something for each observation has this form of its own; for all others it is the step above.</summary>
    /// <param name="key">All randomness of the step.</param>
    /// <param name="batch">Observations and their places in the training set.</param>
    /// <param name="state">The state before.</param>
    /// <returns>The state after, and what happened.</returns>
    TrainingTransition Train(RandomKey key, TrainingBatch batch, TrainingState state) => Train(key, batch.Observations, state);

    /// <summary>Figures that cost more than a step should, for the log: condition number of K, norm of Φ and so on.</summary>
    /// <param name="batch">[n, columns].</param>
    /// <param name="state">A state.</param>
    /// <returns>Figures by stable names.</returns>
    IReadOnlyDictionary<string, double> Diagnose(Tensor batch, TrainingState state);

    /// <summary>The encoder: one latent point for each observation.</summary>
    /// <param name="parameters">Parameters of the model.</param>
    /// <param name="x">[n, columns].</param>
    /// <returns>[n, latentSize].</returns>
    Tensor Encode(TensorTree parameters, Tensor x);

    /// <summary>Draws from the posterior of each observation: encode, then refine by an exact kernel in latent space.</summary>
    /// <param name="key">All randomness.</param>
    /// <param name="parameters">Parameters of the model.</param>
    /// <param name="x">[n, columns].</param>
    /// <param name="draws">Draws for each observation, 1 or more.</param>
    /// <param name="transitions">Transitions before each draw, 0 or more; 0 gives the encoding itself.</param>
    /// <returns>[draws, n, latentSize].</returns>
    Tensor SamplePosterior(RandomKey key, TensorTree parameters, Tensor x, int draws, int transitions) =>
        PosteriorRefinement.Sample(key, Density(parameters.Detach(), x.Detach()), Encode(parameters, x), draws, transitions);

    /// <summary>p(z).</summary>
    /// <param name="parameters">Parameters of the model.</param>
    /// <returns>The prior.</returns>
    IPrior Prior(TensorTree parameters);

    /// <summary>The posteriors of observations as functions of z: log p(z) + log p(x | z), the prior as far as it is normalised.</summary>
    /// <param name="parameters">Parameters of the model.</param>
    /// <param name="x">[n, columns].</param>
    /// <returns>A density with gradients in z.</returns>
    LatentDensity Density(TensorTree parameters, Tensor x);

    /// <summary>The model's own approximation of posteriors; null where it has none.</summary>
    /// <param name="parameters">Parameters of the model.</param>
    /// <param name="x">[n, columns].</param>
    /// <returns>q(z | x), or null.</returns>
    IApproximatePosterior? ApproximatePosterior(TensorTree parameters, Tensor x) => null;

    /// <summary>The mean observation at latent points.</summary>
    /// <param name="parameters">Parameters of the model.</param>
    /// <param name="z">[n, latentSize].</param>
    /// <returns>[n, columns].</returns>
    Tensor Decode(TensorTree parameters, Tensor z);

    /// <summary>Draws an observation at every latent point, x ~ p(x | z): simulated data, whose latent points are exact draws of their posteriors where z is drawn from the prior.</summary>
    /// <param name="key">All randomness; a row depends on the key and its number alone.</param>
    /// <param name="parameters">Parameters of the model.</param>
    /// <param name="z">[n, latentSize].</param>
    /// <returns>[n, columns]; null where the model cannot simulate.</returns>
    Tensor? Simulate(RandomKey key, TensorTree parameters, Tensor z) => null;

    /// <summary>Mean observations at latent points drawn from the prior.</summary>
    /// <param name="key">All randomness.</param>
    /// <param name="parameters">Parameters of the model.</param>
    /// <param name="count">How many, 1 or more.</param>
    /// <returns>[count, columns].</returns>
    Tensor Generate(RandomKey key, TensorTree parameters, int count);

    /// <summary>The test figures, by stable names.</summary>
    /// <param name="key">All randomness.</param>
    /// <param name="parameters">Parameters of the model.</param>
    /// <param name="x">Test observations, [n, columns].</param>
    /// <param name="bound">Widths and draws of the bound about the encoding.</param>
    /// <returns>Figures such as <c>negativeElboPerDimension</c> and <c>reconstructionError</c>.</returns>
    IReadOnlyDictionary<string, double> Evaluate(RandomKey key, TensorTree parameters, Tensor x, EncoderBoundSettings? bound = null) => ReconstructionFigures.Of(this, key, parameters, x, bound);
}
