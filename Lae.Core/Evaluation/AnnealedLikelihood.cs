using Lae.Annealing;
using Lae.Models;
using Lae.Numerics;
using Lae.Randomness;

namespace Lae.Evaluation;

/// <summary>What annealed importance sampling found for one block of observations: what a host keeps between blocks.</summary>
/// <param name="Block">The number of the block, from 0.</param>
/// <param name="Estimates">For each of its observations.</param>
public sealed record AnnealedLikelihoodBlock(int Block, IReadOnlyList<LogNormalizingConstant> Estimates);

/// <summary>
/// log p(x) of each observation by annealed importance sampling from the prior p(z) to the joint p(z) p(x | z), by MALA transitions (<see cref="AnnealedWay"/>). p(x) itself is estimated without bias, so log p(x) from below in expectation;
/// from exact posterior draws down to the prior it is estimated from above (<see cref="ReverseBlock"/>), which simulated data allow: z ~ p(z), x ~ p(x | z) makes z an exact draw of p(z | x). Where the prior is not normalised the way starts at
/// N(0, I), and the prior's own constant (<see cref="PriorConstant"/>) is taken off. Sources: Neal (2001); Wu, Burda, Salakhutdinov and Grosse, On the quantitative analysis of decoder-based generative models, ICLR 2017.
/// Work is done in blocks, each a pure function of (key, block): a host may stop and go on between any two.
/// </summary>
public static class AnnealedLikelihood
{
    /// <summary>The number of blocks.</summary>
    /// <param name="rows">n, 1 or more.</param>
    /// <param name="settings">Observations in a block.</param>
    /// <returns>1 or more.</returns>
    public static int BlockCount(int rows, AnnealedLikelihoodSettings settings)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rows, 1);
        return (rows + settings.Rows - 1) / settings.Rows;
    }

    /// <summary>All blocks from one on, each when it is asked for.</summary>
    /// <param name="key">All randomness.</param>
    /// <param name="model">The model.</param>
    /// <param name="parameters">Its parameters.</param>
    /// <param name="x">[n, columns].</param>
    /// <param name="settings">Chains, temperatures and the rest.</param>
    /// <param name="logPriorConstant">log ∫ of the prior's density: 0 for a normalised prior, <see cref="PriorConstant.Estimate"/> for another.</param>
    /// <param name="first">The first block, where others are done; in [0, number of blocks].</param>
    /// <returns>Blocks in order.</returns>
    public static IEnumerable<AnnealedLikelihoodBlock> Blocks(
        RandomKey key, ILatentVariableModel model, TensorTree parameters, Tensor x, AnnealedLikelihoodSettings settings, double logPriorConstant = 0, int first = 0)
    {
        LikelihoodEstimates.RequireRows(x);
        int count = BlockCount(x.Shape[0], settings);
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(first, count);
        return Enumerable.Range(first, count - first).Select(block => ForwardBlock(key, model, parameters, x, settings, block, logPriorConstant));
    }

    /// <summary>All blocks together.</summary>
    /// <param name="blocks">Every block, in order.</param>
    /// <returns>An estimate for each observation.</returns>
    public static LikelihoodEstimates Combine(IEnumerable<AnnealedLikelihoodBlock> blocks) => new([.. blocks.SelectMany(block => block.Estimates)]);

    /// <summary>The figures of a test set.</summary>
    /// <param name="estimates">What <see cref="Combine"/> made.</param>
    /// <param name="priorConstantError">The standard error of the prior's constant, 0 where it is known: it is common to all observations.</param>
    /// <returns><c>logLikelihoodAis</c>, nats for each observation, higher is better; <c>logLikelihoodAisStandardError</c>, of the Monte Carlo; <c>logLikelihoodAisEffectiveSampleSize</c>, the median over the observations, of so many chains.</returns>
    public static IReadOnlyDictionary<string, double> Figures(LikelihoodEstimates estimates, double priorConstantError = 0) => new Dictionary<string, double>
    {
        ["logLikelihoodAis"] = estimates.Mean,
        ["logLikelihoodAisStandardError"] = Math.Sqrt((estimates.MeanStandardError * estimates.MeanStandardError) + (priorConstantError * priorConstantError)),
        ["logLikelihoodAisEffectiveSampleSize"] = estimates.MedianEffectiveSampleSize,
    };

    /// <summary>The estimates of one block, from below in expectation.</summary>
    /// <param name="key">All randomness.</param>
    /// <param name="model">The model.</param>
    /// <param name="parameters">Its parameters.</param>
    /// <param name="x">All observations, [n, columns].</param>
    /// <param name="settings">Chains, temperatures and the rest.</param>
    /// <param name="block">The number of the block.</param>
    /// <param name="logPriorConstant">log ∫ of the prior's density.</param>
    /// <returns>An estimate for each observation of the block.</returns>
    public static AnnealedLikelihoodBlock ForwardBlock(
        RandomKey key, ILatentVariableModel model, TensorTree parameters, Tensor x, AnnealedLikelihoodSettings settings, int block, double logPriorConstant = 0)
    {
        Part part = Begin(key, model, parameters, x, settings, block);
        double[] logWeights = part.Way.LogWeights(part.Key.FoldIn(2), part.Draw(part.Key.FoldIn(3), settings.Chains), part.StepSizes, reverse: false);
        return new AnnealedLikelihoodBlock(block, [.. LikelihoodEstimates.OfLogWeights(logWeights, part.Count, part.Start, logPriorConstant)]);
    }

    /// <summary>The estimates of one block of simulated data, from above in expectation. The chains of an observation start at one exact draw, so that their standard error is that of the way down alone.</summary>
    /// <param name="key">All randomness.</param>
    /// <param name="model">The model; its prior must be normalised, and drawn from exactly.</param>
    /// <param name="parameters">Its parameters.</param>
    /// <param name="x">Simulated observations, [n, columns].</param>
    /// <param name="z">The latent points that they were simulated from, [n, d_z].</param>
    /// <param name="settings">Chains, temperatures and the rest.</param>
    /// <param name="block">The number of the block.</param>
    /// <returns>An estimate for each observation of the block.</returns>
    public static AnnealedLikelihoodBlock ReverseBlock(
        RandomKey key, ILatentVariableModel model, TensorTree parameters, Tensor x, Tensor z, AnnealedLikelihoodSettings settings, int block)
    {
        if (!model.Prior(parameters).IsNormalized)
        {
            throw new ArgumentException($"'{model.Name}' has a prior that is not normalised, and no exact draws of it: there is no reverse estimate.", nameof(model));
        }

        if (z.Rank != 2 || z.Shape[0] != x.Shape[0] || z.Shape[1] != model.LatentSize)
        {
            throw new ArgumentException($"Latent points [{x.Shape[0]}, {model.LatentSize}] are needed, not {z.Shape}.", nameof(z));
        }

        Part part = Begin(key, model, parameters, x, settings, block);
        Tensor own = z.Slice(0, part.Start, part.Count);
        Tensor start = Shaping.Join(0, [.. Enumerable.Repeat(own, settings.Chains)]).CopyTo(part.Workspace);
        double[] logWeights = part.Way.LogWeights(part.Key.FoldIn(4), start, part.StepSizes, reverse: true);
        return new AnnealedLikelihoodBlock(block, [.. LikelihoodEstimates.OfLogWeights(logWeights, part.Count, part.Start, 0).Select(found => found with { Value = -found.Value })]);
    }

    private static Part Begin(RandomKey key, ILatentVariableModel model, TensorTree parameters, Tensor x, AnnealedLikelihoodSettings settings, int block)
    {
        LikelihoodEstimates.RequireRows(x);
        ArgumentOutOfRangeException.ThrowIfNegative(block);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(block, BlockCount(x.Shape[0], settings));
        int start = block * settings.Rows;
        int count = Math.Min(settings.Rows, x.Shape[0] - start);
        Workspace workspace = Workspace.Pooled(x.Workspace.Engine);
        LatentDensity joint = model.Density(parameters, x.Slice(0, start, count).CopyTo(workspace));
        IPrior prior = model.Prior(parameters);
        IPrior from = prior.IsNormalized ? prior : new StandardNormalPrior();
        AnnealedWay way = new(new LatentBridge(z => LatentBridge.OfPrior(from, z), joint.Evaluate), settings);
        RandomKey own = key.FoldIn((ulong)block);
        Tensor Draw(RandomKey draws, int chains) => from.Sample(draws, chains * count, model.LatentSize, joint.DType).CopyTo(workspace);
        double[] stepSizes = way.StepSizes(own.FoldIn(0), Draw(own.FoldIn(1), settings.PilotChains));
        return new Part(start, count, own, workspace, way, Draw, stepSizes);
    }

    /// <summary>A block made ready: the way of its observations, with its step sizes.</summary>
    private sealed record Part(int Start, int Count, RandomKey Key, Workspace Workspace, AnnealedWay Way, Func<RandomKey, int, Tensor> Draw, double[] StepSizes);
}
