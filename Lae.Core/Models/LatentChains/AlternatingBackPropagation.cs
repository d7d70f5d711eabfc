using Lae.Numerics;
using Lae.Randomness;

namespace Lae.Models;

/// <summary>
/// Alternating back-propagation (ABP): no encoder, but a Langevin chain for each datapoint that goes on where it was when the datapoint was last seen:
/// <code>
///     z_i^(0) ← z_i of the last visit (at first a draw from the prior),   z_i^(t) = kernel(z_i^(t−1)),   z_i ← z_i^(T)
///     decoder, likelihood  descend  −(1/n) Σ_i log p(x_i, z_i^(T))
/// </code>
/// With a decoder that stands still each z_i has its exact posterior for its stationary law, whatever T is; with one that moves slowly it lags behind. Source: Han, Lu, Zhu and Wu, "Alternating back-propagation
/// for generator network", AAAI 2017, algorithm 1 (there unadjusted). State: <c>datapoints.latents</c> [rows, d_z]; every step copies it whole. Parameters: <c>decoder.*</c>, <c>likelihood.*</c>.
/// </summary>
public sealed class AlternatingBackPropagation : ILatentVariableModel
{
    private const string Latents = "latents";

    private readonly LatentChainPart chain;
    private readonly int encodingIterations;
    private readonly DType dtype;

    /// <summary>A model of given parts.</summary>
    /// <param name="parts">Decoder, chain and optimisers.</param>
    /// <param name="encodingIterations">Gradients of the ascent to the posterior mode that encodes an observation, 0 or more.</param>
    /// <param name="data">The form of the data.</param>
    public AlternatingBackPropagation(LatentChainParts parts, int encodingIterations, DataDescription data)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(encodingIterations);
        chain = new LatentChainPart(parts, data);
        this.encodingIterations = encodingIterations;
        dtype = parts.DType;
        Data = data;
        LatentSize = parts.LatentSize;
    }

    /// <inheritdoc/>
    public string Name => $"alternating back-propagation ({chain.Description})";

    /// <inheritdoc/>
    public DataDescription Data { get; }

    /// <inheritdoc/>
    public int LatentSize { get; }

    /// <inheritdoc/>
    public TrainingState Initialize(RandomKey key) => chain.Start(chain.Generative.Initialize(key.FoldIn(0))) with
    {
        Datapoints = TensorTree.Of((Latents, chain.Prior.Sample(key.FoldIn(1), Data.Rows, LatentSize, dtype))),
    };

    /// <summary>A step on the whole training set.</summary>
    /// <param name="key">All randomness of the step.</param>
    /// <param name="batch">[rows, columns], every row in its place.</param>
    /// <param name="state">The state before.</param>
    /// <returns>The state after, and what happened.</returns>
    /// <exception cref="ArgumentException">Fewer rows: whose chains are to go on is then unknown.</exception>
    public TrainingTransition Train(RandomKey key, Tensor batch, TrainingState state) => batch.Shape[0] == Data.Rows
        ? Train(key, TrainingBatch.Whole(batch), state)
        : throw new ArgumentException($"Each datapoint has a chain of its own: a batch of {batch.Shape[0]} of the {Data.Rows} rows needs their row numbers (TrainingBatch).", nameof(batch));

    /// <inheritdoc/>
    public TrainingTransition Train(RandomKey key, TrainingBatch batch, TrainingState state)
    {
        Tensor all = state.Datapoints[Latents];
        if (batch.Indices.FirstOrDefault(index => index >= all.Shape[0], -1) is var missing and >= 0)
        {
            throw new ArgumentException($"There is no chain for row {missing}: the model was made for {all.Shape[0]} rows.", nameof(batch));
        }

        LatentRun run = chain.Run(key, state.Parameters, batch.Observations, all.GatherRows(batch.Indices), StepSizeAdaptation.StepSize(state.Adaptation));
        TrainingTransition next = chain.Learn(state, run, parameters => chain.Energy(parameters, batch.Observations, run.Latents[^1]));
        return next with { State = next.State with { Datapoints = state.Datapoints.With(Latents, Replaced(all, batch.Indices, run.Latents[^1])) } };
    }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, double> Diagnose(Tensor batch, TrainingState state) =>
        chain.Diagnose(state.Parameters, batch);

    /// <summary>The posterior mode, by an ascent from the prior mean: there is no encoder, and new observations have no chain.</summary>
    /// <param name="parameters">Parameters of the model.</param>
    /// <param name="x">[n, columns].</param>
    /// <returns>[n, d_z].</returns>
    public Tensor Encode(TensorTree parameters, Tensor x) => chain.Mode(parameters, x, encodingIterations);

    /// <inheritdoc/>
    public IPrior Prior(TensorTree parameters) => chain.Prior;

    /// <inheritdoc/>
    public LatentDensity Density(TensorTree parameters, Tensor x) => chain.Density(parameters, x);

    /// <inheritdoc/>
    public Tensor Decode(TensorTree parameters, Tensor z) => chain.Generative.Decode(parameters, z);

    /// <inheritdoc/>
    public Tensor? Simulate(RandomKey key, TensorTree parameters, Tensor z) => chain.Generative.Simulate(key, parameters, z);

    /// <inheritdoc/>
    public Tensor Generate(RandomKey key, TensorTree parameters, int count) => chain.Generate(key, parameters, count);

    /// <summary>All rows, those of a batch with their new values.</summary>
    private static Tensor Replaced(Tensor all, IReadOnlyList<int> indices, Tensor rows)
    {
        int[] source = [.. Enumerable.Range(0, all.Shape[0])];
        for (int i = 0; i < indices.Count; i++)
        {
            source[indices[i]] = all.Shape[0] + i;
        }

        return Shaping.Join(0, all, rows).GatherRows(source);
    }
}
