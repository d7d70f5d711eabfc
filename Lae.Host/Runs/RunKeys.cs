using Lae.Randomness;

namespace Lae.Host.Runs;

/// <summary>The keys of a run: each purpose has its own, folded from the seed, so that none depends on what another drew.</summary>
public static class RunKeys
{
    /// <summary>Initial parameters.</summary>
    /// <param name="seed">The seed of the run.</param>
    public static RandomKey Initialization(ulong seed) => RandomKey.FromSeed(seed).FoldIn(1);

    /// <summary>Shuffles and training steps.</summary>
    /// <param name="seed">The seed of the run.</param>
    public static RandomKey Training(ulong seed) => RandomKey.FromSeed(seed).FoldIn(2);

    /// <summary>Test figures of the model.</summary>
    /// <param name="seed">The seed of the run.</param>
    public static RandomKey Evaluation(ulong seed) => RandomKey.FromSeed(seed).FoldIn(3);

    /// <summary>Posterior draws of the test observations.</summary>
    /// <param name="seed">The seed of the run.</param>
    public static RandomKey Posterior(ulong seed) => RandomKey.FromSeed(seed).FoldIn(4);

    /// <summary>The observations of <c>samples.png</c> or <c>samples.csv</c>.</summary>
    /// <param name="seed">The seed of the run.</param>
    public static RandomKey Samples(ulong seed) => RandomKey.FromSeed(seed).FoldIn(5);

    /// <summary>Transitions of <c>lae sample</c>.</summary>
    /// <param name="seed">The seed of the run.</param>
    public static RandomKey Chains(ulong seed) => RandomKey.FromSeed(seed).FoldIn(6);

    /// <summary>The warm-up of <c>lae sample</c>.</summary>
    /// <param name="seed">The seed of the run.</param>
    public static RandomKey Warmup(ulong seed) => RandomKey.FromSeed(seed).FoldIn(8);

    /// <summary>The search for other modes of <c>lae sample</c>.</summary>
    /// <param name="seed">The seed of the run.</param>
    public static RandomKey Modes(ulong seed) => RandomKey.FromSeed(seed).FoldIn(9);

    /// <summary>Refinement of latent points by <c>lae encode</c> and <c>lae score</c>.</summary>
    /// <param name="seed">The seed of the run, or that of the command line.</param>
    public static RandomKey Inference(ulong seed) => RandomKey.FromSeed(seed).FoldIn(10);

    /// <summary>The importance-weighted bound.</summary>
    /// <param name="seed">The seed of the run.</param>
    public static RandomKey ImportanceWeights(ulong seed) => RandomKey.FromSeed(seed).FoldIn(11);

    /// <summary>Annealed importance sampling of log p(x).</summary>
    /// <param name="seed">The seed of the run.</param>
    public static RandomKey AnnealedLikelihood(ulong seed) => RandomKey.FromSeed(seed).FoldIn(12);

    /// <summary>The constant of a prior that is not normalised.</summary>
    /// <param name="seed">The seed of the run.</param>
    public static RandomKey PriorConstant(ulong seed) => RandomKey.FromSeed(seed).FoldIn(13);

    /// <summary>Observations that are compared with real ones.</summary>
    /// <param name="seed">The seed of the run.</param>
    public static RandomKey Generation(ulong seed) => RandomKey.FromSeed(seed).FoldIn(14);

    /// <summary>Simulated observations, and annealed importance sampling on them in both directions.</summary>
    /// <param name="seed">The seed of the run.</param>
    public static RandomKey AnnealedGap(ulong seed) => RandomKey.FromSeed(seed).FoldIn(15);

    /// <summary>Long chains beside which inferred posteriors are judged.</summary>
    /// <param name="seed">The seed of the run.</param>
    public static RandomKey Posteriors(ulong seed) => RandomKey.FromSeed(seed).FoldIn(16);

    /// <summary>The problem of <c>lae infer</c>: its points and its model.</summary>
    /// <param name="seed">The seed of the run.</param>
    public static RandomKey Problem(ulong seed) => RandomKey.FromSeed(seed).FoldIn(17);

    /// <summary>Reference draws of <c>lae infer</c>.</summary>
    /// <param name="seed">The seed of the run.</param>
    public static RandomKey Reference(ulong seed) => RandomKey.FromSeed(seed).FoldIn(18);

    /// <summary>A method of <c>lae infer</c>.</summary>
    /// <param name="seed">The seed of the run.</param>
    /// <param name="index">Its place in the configuration.</param>
    public static RandomKey Method(ulong seed, int index) => RandomKey.FromSeed(seed).FoldIn(19).FoldIn((ulong)index);

    /// <summary>Where the chains of <c>lae sample</c> start.</summary>
    /// <param name="seed">The seed of the run.</param>
    public static RandomKey Start(ulong seed) => RandomKey.FromSeed(seed).FoldIn(7);
}
