using Lae.Diagnostics;
using Lae.Formats.Zarr;

namespace Lae.Host.Sampling;

/// <summary>The draws of a run in its store, one quantity at a time, so that no more than some of them are in memory.</summary>
/// <param name="reader">The store.</param>
/// <param name="names">The names of the quantities.</param>
/// <param name="layout">Where they are.</param>
internal sealed class StoredDraws(InferenceReader reader, IReadOnlyList<string> names, QuantityLayout layout)
{
    /// <summary>The group of the quantities.</summary>
    public const string Posterior = "posterior";

    /// <summary>The group of what transitions told.</summary>
    public const string Statistics = "sample_stats";

    /// <summary>Numbers that are read at once, 64 MB of them: neighbours of a quantity are read with it.</summary>
    private const long ReadAtOnce = 8_000_000;

    private (int Variable, int First, double[][][] Values)? block;

    /// <summary>The names of the quantities.</summary>
    public IReadOnlyList<string> Names => names;

    /// <summary>The layout of the quantities.</summary>
    public QuantityLayout Layout => layout;

    /// <summary>The store.</summary>
    public InferenceReader Reader => reader;

    /// <summary>Draws of each chain.</summary>
    public int Count => reader.Shape(Posterior, layout.Variables[0].Name)[1];

    /// <summary>Chains.</summary>
    public int Chains => reader.Shape(Posterior, layout.Variables[0].Name)[0];

    /// <summary>Whether there are more draws of a quantity than are read and sorted.</summary>
    public bool IsTooLong => (long)Chains * Count > ReadAtOnce;

    /// <summary>The draws of a quantity.</summary>
    /// <param name="quantity">Its number among the names.</param>
    /// <returns>Every chain; there must be a draw.</returns>
    public ChainDraws Of(int quantity)
    {
        (int variable, int element) = layout.Place(quantity);
        if (block is not { } held || held.Variable != variable || element < held.First || element >= held.First + held.Values.Length)
        {
            block = null;
            int atOnce = (int)Math.Clamp(ReadAtOnce / Math.Max(1L, (long)Chains * Count), 1, layout.Variables[variable].Size - element);
            block = held = (variable, element, reader.Draws(Posterior, layout.Variables[variable].Name, element, atOnce));
        }

        return ChainDraws.Of(held.Values[element - held.First]);
    }

    /// <summary>The draws of what transitions told; null if they did not tell it.</summary>
    /// <param name="statistic">One of ArviZ's names, of a single number.</param>
    public ChainDraws? OfStatistic(string statistic) =>
        reader.Names(Statistics).Contains(statistic) ? ChainDraws.Of(reader.Draws(Statistics, statistic, 0)) : null;

    /// <summary>The table of the quantities.</summary>
    public DrawSummary Summarize() => IsTooLong ? DrawSummary.OfStream(names, Streamed()) : DrawSummary.Of(names, Of);

    /// <summary>Figures of more draws than one can sort: those that need no more than one look at each draw.</summary>
    private StreamingScaleReduction Streamed()
    {
        StreamingScaleReduction figures = StreamingScaleReduction.Empty(Chains, names.Count);
        double[] row = new double[Chains * names.Count];
        IEnumerator<DrawChunk>[] variables = [.. layout.Variables.Select(variable => reader.Chunks(Posterior, variable.Name).GetEnumerator())];
        while (Array.TrueForAll(variables, variable => variable.MoveNext()))
        {
            for (int draw = 0; draw < variables[0].Current.Count; draw++)
            {
                for (int v = 0; v < variables.Length; v++)
                {
                    for (int chain = 0; chain < Chains; chain++)
                    {
                        Scatter(variables[v].Current.Row(chain, draw), layout.Columns(v), row.AsSpan(chain * names.Count, names.Count));
                    }
                }

                figures = figures.Add((ReadOnlySpan<double>)row);
            }
        }

        return figures;
    }

    /// <summary>Puts the numbers of a variable into their columns.</summary>
    internal static void Scatter(ReadOnlySpan<double> values, ReadOnlySpan<int> columns, Span<double> row)
    {
        for (int i = 0; i < values.Length; i++)
        {
            row[columns[i]] = values[i];
        }
    }
}
