using Lae.Models;
using Lae.Numerics;
using Lae.Randomness;

namespace Lae.Evaluation;

/// <summary>
/// What a model with an own q(z | x) loses, apart (Cremer, Li and Duvenaud, ICML 2018, equation 3), nats for each observation:
/// <code>
///     log p(x) − L[q] = (log p(x) − L[q*]) + (L[q*] − L[q]),    L[q] = E_q[log p(x, z) − log q(z | x)]
///        inference gap     approximation gap     amortisation gap
/// </code>
/// with q* the best factorised Gaussian of each observation (<see cref="BestGaussian"/>): the approximation gap is what such Gaussians cannot do at all, the amortisation gap what the encoder loses beside them. It is negative where q is of a richer family, as a flow.
/// </summary>
/// <param name="LogLikelihood">log p(x), [n].</param>
/// <param name="BestBound">L[q*], [n].</param>
/// <param name="OwnBound">L[q], [n].</param>
public sealed record PosteriorGaps(IReadOnlyList<double> LogLikelihood, IReadOnlyList<double> BestBound, IReadOnlyList<double> OwnBound)
{
    private const int RowsAtOnce = 128;

    /// <summary>By stable names.</summary>
    /// <returns><c>approximationGap</c>, <c>amortizationGap</c> and their sum <c>inferenceGap</c>, means over the observations.</returns>
    public IReadOnlyDictionary<string, double> Figures() => new Dictionary<string, double>
    {
        ["approximationGap"] = LogLikelihood.Average() - BestBound.Average(),
        ["amortizationGap"] = BestBound.Average() - OwnBound.Average(),
        ["inferenceGap"] = LogLikelihood.Average() - OwnBound.Average(),
    };

    /// <summary>Measures.</summary>
    /// <param name="key">All randomness.</param>
    /// <param name="model">The model; its prior's density must be that of <paramref name="logLikelihood"/>.</param>
    /// <param name="parameters">Its parameters.</param>
    /// <param name="x">[n, columns].</param>
    /// <param name="logLikelihood">log p(x) of each observation, such as <see cref="AnnealedLikelihood"/> finds, [n].</param>
    /// <param name="draws">Draws for each bound, 1 or more.</param>
    /// <param name="steps">Steps of the ascent to q*, 2 or more.</param>
    /// <returns>The bounds; null where the model has no q.</returns>
    public static PosteriorGaps? Evaluate(
        RandomKey key, ILatentVariableModel model, TensorTree parameters, Tensor x, IReadOnlyList<double> logLikelihood, int draws = 200, int steps = 1000)
    {
        LikelihoodEstimates.RequireRows(x);
        ArgumentOutOfRangeException.ThrowIfLessThan(draws, 1);
        if (logLikelihood.Count != x.Shape[0])
        {
            throw new ArgumentException($"{logLikelihood.Count} log likelihoods are not those of {x.Shape[0]} observations.", nameof(logLikelihood));
        }

        if (model.ApproximatePosterior(parameters, x.Slice(0, 0, 1)) is null)
        {
            return null;
        }

        List<double> best = [];
        List<double> own = [];
        Workspace workspace = Workspace.Pooled(x.Workspace.Engine);
        for (int start = 0; start < x.Shape[0]; start += RowsAtOnce)
        {
            int count = Math.Min(RowsAtOnce, x.Shape[0] - start);
            Tensor heap = x.Slice(0, start, count);
            Tensor part = heap.CopyTo(workspace);
            LatentDensity density = model.Density(parameters, part);
            RandomKey partKey = key.FoldIn((ulong)start);
            best.AddRange(BestGaussian.Fit(partKey.FoldIn(0), density, model.Encode(parameters, part), steps: steps).Bound(partKey.FoldIn(1), density, draws, workspace));
            IApproximatePosterior q = model.ApproximatePosterior(parameters, heap)!;
            double[] logWeights = ImportanceWeightedBound.LogWeights(model.Density, parameters, heap, draws, (first, portion) =>
            {
                PosteriorDraws drawn = q.Sample(partKey.FoldIn(2).FoldIn((ulong)first), portion);
                return new ProposalDraws(drawn.Latents.ToArray(), drawn.LogDensity.ToArray());
            });
            own.AddRange(Enumerable.Range(0, count).Select(i => Enumerable.Range(0, draws).Average(k => logWeights[(k * count) + i])));
            workspace.Collect(0);
        }

        return new PosteriorGaps([.. logLikelihood], best, own);
    }
}
