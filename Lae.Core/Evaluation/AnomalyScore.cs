using Lae.Models;
using Lae.Numerics;
using Lae.Randomness;

namespace Lae.Evaluation;

/// <summary>
/// How unlike its training data a model finds each observation, higher is more anomalous: −log p(x, z) at the inferred latent point (the encoding, refined by MALA transitions), the score of the field's protocol; or −log p(x) by the importance-weighted
/// bound. Both in nats, up to a constant common to all observations where the prior is not normalised.
/// </summary>
public static class AnomalyScore
{
    private const int RowsAtOnce = 512;

    /// <summary>−log p(x, z) at z after the transitions.</summary>
    /// <param name="key">All randomness.</param>
    /// <param name="model">The model.</param>
    /// <param name="parameters">Its parameters.</param>
    /// <param name="x">[n, columns].</param>
    /// <param name="transitions">MALA transitions from the encoding, 0 or more.</param>
    /// <param name="stepSize">Their step size; found on pilot chains of the first 512 observations if null, so that a score depends on them a little: give one where scores of several calls are compared.</param>
    /// <returns>A score for each observation.</returns>
    public static IReadOnlyList<double> NegativeLogJoint(
        RandomKey key, ILatentVariableModel model, TensorTree parameters, Tensor x, int transitions = 10, double? stepSize = null)
    {
        LikelihoodEstimates.RequireRows(x);
        ArgumentOutOfRangeException.ThrowIfNegative(transitions);
        if (stepSize is { } given)
        {
            FittedProposal.RequirePositive(given, nameof(stepSize));
        }

        List<double> scores = [];
        Workspace workspace = Workspace.Pooled(x.Workspace.Engine);
        for (int start = 0; start < x.Shape[0]; start += RowsAtOnce)
        {
            Tensor part = x.Slice(0, start, Math.Min(RowsAtOnce, x.Shape[0] - start)).CopyTo(workspace);
            LatentDensity density = model.Density(parameters, part);
            Tensor encoded = model.Encode(parameters, part);
            RandomKey own = key.FoldIn((ulong)start);
            stepSize ??= transitions == 0 ? 1 : SettlingLangevin.FindStepSize(own.FoldIn(0), density, encoded);
            SettlingLangevin.Run(own.FoldIn(1), density, encoded, StepSizeSearch.Held(stepSize.Value), transitions, (t, state) =>
            {
                if (t == transitions)
                {
                    scores.AddRange(state.LogDensity.ToArray().Select(logJoint => -logJoint));
                }
            });
            workspace.Collect(0);
        }

        return scores;
    }

    /// <summary>−log p(x) by the importance-weighted bound with the common proposal.</summary>
    /// <param name="key">All randomness.</param>
    /// <param name="model">The model.</param>
    /// <param name="parameters">Its parameters.</param>
    /// <param name="x">[n, columns].</param>
    /// <param name="settings">K and the rest; the defaults if null.</param>
    /// <returns>A score for each observation.</returns>
    public static IReadOnlyList<double> NegativeLogLikelihood(
        RandomKey key, ILatentVariableModel model, TensorTree parameters, Tensor x, ImportanceWeightedSettings? settings = null) =>
        [.. ImportanceWeightedBound.Evaluate(key, model, parameters, x, settings).Estimates.Select(estimate => -estimate.Value)];
}
