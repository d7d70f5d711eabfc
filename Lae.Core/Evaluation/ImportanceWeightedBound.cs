using Lae.Annealing;
using Lae.Models;
using Lae.Numerics;
using Lae.Randomness;

namespace Lae.Evaluation;

/// <summary>How the importance-weighted bound is computed.</summary>
public sealed record ImportanceWeightedSettings
{
    /// <summary>Settings with checked ranges.</summary>
    /// <param name="draws">K, draws of the proposal for each observation, 1 or more.</param>
    /// <param name="chainDraws">Draws of the MALA chain to which the proposal is fitted, 2 or more.</param>
    /// <param name="chainTransitions">Transitions before each of them, 1 or more; 100 of warm-up come before.</param>
    /// <param name="widening">The factor on the standard deviations of the fit, positive.</param>
    /// <param name="rows">Observations at once, 1 or more: with the key it decides the bits, since a chain's step size is common to a part.</param>
    public ImportanceWeightedSettings(int draws = 500, int chainDraws = 100, int chainTransitions = 4, double widening = 1.2, int rows = 128)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(draws, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(chainDraws, 2);
        ArgumentOutOfRangeException.ThrowIfLessThan(chainTransitions, 1);
        FittedProposal.RequirePositive(widening, nameof(widening));
        ArgumentOutOfRangeException.ThrowIfLessThan(rows, 1);
        (Draws, ChainDraws, ChainTransitions, Widening, Rows) = (draws, chainDraws, chainTransitions, widening, rows);
    }

    /// <summary>K.</summary>
    public int Draws { get; }

    /// <summary>Draws of the chain.</summary>
    public int ChainDraws { get; }

    /// <summary>Transitions before each.</summary>
    public int ChainTransitions { get; }

    /// <summary>The factor on standard deviations.</summary>
    public double Widening { get; }

    /// <summary>Observations at once.</summary>
    public int Rows { get; }
}

/// <summary>
/// The importance-weighted bound (IWAE bound) of each observation:
/// <code>
///     log p(x) ≥ E log (1/K) Σ_k w_k,    w_k = p(z_k) p(x | z_k)/q(z_k | x),    z_k ~ q
/// </code>
/// Unbiased for p(x) itself, so in expectation below log p(x), by about Var w/(2K). With one proposal for all models, a Gaussian fitted to a short chain (<see cref="FittedProposal"/>), no model is punished for an encoder that is a point; with a
/// model's own q it says what that q is worth. Source: Burda, Grosse and Salakhutdinov, ICLR 2016, equations 7 to 9. The mean of exponentials is taken in double precision. The effective sample size (Σ w)²/Σ w² tells whether an
/// estimate is to be trusted: near K it is, near 1 it hangs on one draw and is low.
/// </summary>
public static class ImportanceWeightedBound
{
    /// <summary>Latent points evaluated at once.</summary>
    private const int EvaluatedAtOnce = 2048;

    /// <summary>The bound by the common proposal.</summary>
    /// <param name="key">All randomness.</param>
    /// <param name="model">The model.</param>
    /// <param name="parameters">Its parameters.</param>
    /// <param name="x">[n, columns].</param>
    /// <param name="settings">K and the rest; the defaults if null.</param>
    /// <param name="logPriorConstant">log ∫ of the prior's density, which is taken off: 0 for a normalised prior, <see cref="PriorConstant.Estimate"/> for another.</param>
    /// <returns>An estimate for each observation.</returns>
    public static LikelihoodEstimates Evaluate(
        RandomKey key, ILatentVariableModel model, TensorTree parameters, Tensor x, ImportanceWeightedSettings? settings = null, double logPriorConstant = 0)
    {
        ImportanceWeightedSettings chosen = settings ?? new();
        return InParts(x, chosen, logPriorConstant, (start, part) =>
        {
            RandomKey own = key.FoldIn((ulong)start);
            Tensor chain = PosteriorRefinement.Sample(
                own.FoldIn(0), model.Density(parameters, part), model.Encode(parameters, part), chosen.ChainDraws, chosen.ChainTransitions);
            FittedProposal proposal = FittedProposal.Fit(chain, chosen.Widening);
            return LogWeights(model.Density, parameters, part, chosen.Draws, (first, count) => proposal.Sample(own.FoldIn(1), first, count));
        });
    }

    /// <summary>The bound by the model's own q(z | x).</summary>
    /// <param name="key">All randomness.</param>
    /// <param name="model">The model.</param>
    /// <param name="parameters">Its parameters.</param>
    /// <param name="x">[n, columns].</param>
    /// <param name="settings">K and the rest; the defaults if null.</param>
    /// <param name="logPriorConstant">log ∫ of the prior's density, which is taken off.</param>
    /// <returns>An estimate for each observation; null where the model has no q.</returns>
    public static LikelihoodEstimates? EvaluateOwn(
        RandomKey key, ILatentVariableModel model, TensorTree parameters, Tensor x, ImportanceWeightedSettings? settings = null, double logPriorConstant = 0)
    {
        ImportanceWeightedSettings chosen = settings ?? new();
        return model.ApproximatePosterior(parameters, x.Slice(0, 0, 1)) is null
            ? null
            : InParts(x, chosen, logPriorConstant, (start, part) =>
            {
                IApproximatePosterior q = model.ApproximatePosterior(parameters, part)!;
                return LogWeights(model.Density, parameters, part, chosen.Draws, (first, count) =>
                {
                    PosteriorDraws draws = q.Sample(key.FoldIn((ulong)start).FoldIn((ulong)first), count);
                    return new ProposalDraws(draws.Latents.ToArray(), draws.LogDensity.ToArray());
                });
            });
    }

    /// <summary>The figures of a test set.</summary>
    /// <param name="estimates">By the common proposal.</param>
    /// <param name="own">By the model's own; null where it has none.</param>
    /// <param name="columns">Dimension of x, 1 or more.</param>
    /// <returns>
    /// <c>importanceWeightedBoundPerDimension</c> and <c>importanceWeightedBoundOwnPerDimension</c>: the negative bound, nats for each dimension of x, lower is better; with <c>…EffectiveSampleSize</c>, the median over the observations, and
    /// <c>…StandardError</c>, of the Monte Carlo alone.
    /// </returns>
    public static IReadOnlyDictionary<string, double> Figures(LikelihoodEstimates estimates, LikelihoodEstimates? own, int columns)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);
        Dictionary<string, double> figures = [];
        Add("importanceWeightedBound", estimates);
        if (own is not null)
        {
            Add("importanceWeightedBoundOwn", own);
        }

        return figures;

        void Add(string name, LikelihoodEstimates found)
        {
            figures[name + "PerDimension"] = -found.Mean / columns;
            figures[name + "StandardError"] = found.MeanStandardError / columns;
            figures[name + "EffectiveSampleSize"] = found.MedianEffectiveSampleSize;
        }
    }

    /// <summary>log w, [K, n]: log p(x, z) − log q(z | x) of every draw.</summary>
    internal static double[] LogWeights(
        Func<TensorTree, Tensor, LatentDensity> densityOf, TensorTree parameters, Tensor x, int draws, Func<int, int, ProposalDraws> sample)
    {
        Workspace workspace = Workspace.Pooled(x.Workspace.Engine);
        LatentDensity density = densityOf(parameters, x.CopyTo(workspace));
        int mark = workspace.Mark();
        int n = x.Shape[0];
        int portion = Math.Max(1, EvaluatedAtOnce / n);
        double[] logWeights = new double[draws * n];
        for (int first = 0; first < draws; first += portion)
        {
            int count = Math.Min(portion, draws - first);
            ProposalDraws proposed = sample(first, count);
            Tensor z = Tensor.FromSpan<double>(workspace, proposed.Latents, new Shape(count * n, density.LatentSize)).Cast(density.DType);
            double[] logJoint = density.LogDensity(z).ToArray();
            for (int row = 0; row < logJoint.Length; row++)
            {
                logWeights[(first * n) + row] = logJoint[row] - proposed.LogDensity[row];
            }

            workspace.Collect(mark);
        }

        return logWeights;
    }

    private static LikelihoodEstimates InParts(Tensor x, ImportanceWeightedSettings settings, double logPriorConstant, Func<int, Tensor, double[]> logWeightsOf)
    {
        LikelihoodEstimates.RequireRows(x);
        List<LogNormalizingConstant> found = [];
        for (int start = 0; start < x.Shape[0]; start += settings.Rows)
        {
            int count = Math.Min(settings.Rows, x.Shape[0] - start);
            found.AddRange(LikelihoodEstimates.OfLogWeights(logWeightsOf(start, x.Slice(0, start, count)), count, start, logPriorConstant));
        }

        return new LikelihoodEstimates(found);
    }
}
