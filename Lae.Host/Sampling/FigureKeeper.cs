using Lae.Diagnostics;
using Lae.Numerics;
using Lae.Running;
using Lae.Targets;

namespace Lae.Host.Sampling;

/// <summary>Keeps no draw: means, standard deviations, effective sizes and R-hat as they come. Quantiles and ranks need all draws, and are not known.</summary>
/// <param name="posterior">What is reported.</param>
/// <param name="figures">What was kept so far.</param>
internal sealed class FigureKeeper(Posterior posterior, StreamingScaleReduction figures) : IDrawKeeper
{
    private StreamingScaleReduction figures = figures;

    /// <inheritdoc/>
    public long Count => figures.Count;

    /// <summary>Nothing kept yet.</summary>
    /// <param name="posterior">What is reported.</param>
    /// <param name="chains">Chains.</param>
    public static FigureKeeper Begin(Posterior posterior, int chains) => new(posterior, StreamingScaleReduction.Empty(chains, posterior.Names.Count));

    /// <summary>What a checkpoint kept.</summary>
    /// <param name="posterior">What is reported.</param>
    /// <param name="chains">Chains.</param>
    /// <param name="tree">What <see cref="ToTree"/> made.</param>
    public static FigureKeeper Continue(Posterior posterior, int chains, TensorTree tree) => new(posterior, StreamingScaleReduction.FromTree(chains, posterior.Names.Count, tree));

    /// <inheritdoc/>
    public void Add(Draw draw, double[] reported) => figures = figures.Add((ReadOnlySpan<double>)reported);

    /// <inheritdoc/>
    public void Flush()
    {
    }

    /// <inheritdoc/>
    public TensorTree ToTree() => figures.ToTree();

    /// <inheritdoc/>
    public DrawSummary Summarize() => DrawSummary.OfStream(posterior.Names, figures);

    /// <inheritdoc/>
    public StoredDraws? Stored() => null;
}
