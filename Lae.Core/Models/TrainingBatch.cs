using Lae.Numerics;

namespace Lae.Models;

/// <summary>The observations of one training step, with their places in the training set: a model that keeps something for each observation finds it there.</summary>
public sealed record TrainingBatch
{
    /// <summary>A batch with a place for each row.</summary>
    /// <param name="observations">[n, columns].</param>
    /// <param name="indices">n distinct row numbers of the training set, each 0 or more.</param>
    /// <exception cref="ArgumentException">Another number of places than rows, or a place that comes twice or is negative.</exception>
    public TrainingBatch(Tensor observations, IReadOnlyList<int> indices)
    {
        if (observations.Rank != 2 || indices.Count != observations.Shape[0])
        {
            throw new ArgumentException($"A batch {observations.Shape} needs a row number for each of its rows, not {indices.Count}.", nameof(indices));
        }

        if (indices.Any(index => index < 0) || indices.Distinct().Count() != indices.Count)
        {
            throw new ArgumentException("The row numbers of a batch must be 0 or more, and each may come once.", nameof(indices));
        }

        Observations = observations;
        Indices = indices;
    }

    private TrainingBatch(Tensor observations, ArraySegment<int> places)
    {
        Observations = observations;
        Indices = places;
    }

    /// <summary>[n, columns].</summary>
    public Tensor Observations { get; }

    /// <summary>The row of the training set that each observation is.</summary>
    public IReadOnlyList<int> Indices { get; }

    /// <summary>A batch whose places are a part of a permutation, and so need not be looked at.</summary>
    internal static TrainingBatch Shuffled(Tensor observations, ArraySegment<int> places) => new(observations, places);

    /// <summary>The whole training set as one batch.</summary>
    /// <param name="observations">[rows, columns].</param>
    /// <returns>A batch in the order of the set.</returns>
    public static TrainingBatch Whole(Tensor observations) => new(observations, [.. Enumerable.Range(0, observations.Shape[0])]);
}
