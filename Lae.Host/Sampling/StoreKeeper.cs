using Lae.Diagnostics;
using Lae.Formats.Zarr;
using Lae.Numerics;
using Lae.Running;
using Lae.Targets;

namespace Lae.Host.Sampling;

/// <summary>Keeps every draw in a Zarr store.</summary>
internal sealed class StoreKeeper : IDrawKeeper
{
    private readonly IZarrStore store;
    private readonly Posterior posterior;
    private readonly QuantityLayout quantities;
    private readonly TransitionStatistics statistics;
    private readonly InferenceWriter writer;

    private StoreKeeper(IZarrStore store, Posterior posterior, QuantityLayout quantities, TransitionStatistics statistics, InferenceWriter writer) =>
        (this.store, this.posterior, this.quantities, this.statistics, this.writer) = (store, posterior, quantities, statistics, writer);

    /// <inheritdoc/>
    public long Count => writer.Draws;

    /// <summary>Begins a store.</summary>
    /// <param name="store">Where to.</param>
    /// <param name="posterior">What is reported.</param>
    /// <param name="statistics">What is stored of transitions.</param>
    /// <param name="chains">Chains.</param>
    /// <param name="attributes">Where the draws come from.</param>
    public static StoreKeeper Begin(IZarrStore store, Posterior posterior, TransitionStatistics statistics, int chains, InferenceAttributes attributes)
    {
        QuantityLayout quantities = QuantityLayout.Of(posterior.Names);
        return new StoreKeeper(store, posterior, quantities, statistics, InferenceWriter.Create(store, Layout(quantities, statistics, chains), attributes));
    }

    /// <summary>Goes on with a store, from a checkpoint.</summary>
    /// <param name="store">The store.</param>
    /// <param name="posterior">What is reported.</param>
    /// <param name="statistics">What is stored of transitions.</param>
    /// <param name="chains">Chains.</param>
    /// <param name="draws">Draws of which the checkpoint knows; later ones are forgotten.</param>
    public static StoreKeeper Continue(IZarrStore store, Posterior posterior, TransitionStatistics statistics, int chains, long draws)
    {
        QuantityLayout quantities = QuantityLayout.Of(posterior.Names);
        return new StoreKeeper(store, posterior, quantities, statistics, InferenceWriter.Continue(store, Layout(quantities, statistics, chains), checked((int)draws)));
    }

    /// <inheritdoc/>
    public void Add(Draw draw, double[] reported) => writer.Append([.. quantities.Arrange(reported), .. statistics.Values(draw)]);

    /// <inheritdoc/>
    public void Flush() => writer.Flush();

    /// <summary>Flushes, and writes the last attributes.</summary>
    /// <param name="attributes">Where the draws come from.</param>
    public void Finish(InferenceAttributes attributes) => writer.Finish(attributes);

    /// <inheritdoc/>
    public TensorTree ToTree() => TensorTree.Empty;

    /// <inheritdoc/>
    public DrawSummary Summarize() => Stored()!.Summarize();

    /// <inheritdoc/>
    public StoredDraws? Stored()
    {
        writer.Flush();
        return new StoredDraws(InferenceReader.Open(store), posterior.Names, quantities);
    }

    private static InferenceLayout Layout(QuantityLayout quantities, TransitionStatistics statistics, int chains) =>
        new(chains, [new InferenceGroup(StoredDraws.Posterior, quantities.Variables), new InferenceGroup(StoredDraws.Statistics, statistics.Variables)]);
}
