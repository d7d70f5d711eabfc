using Lae.Diagnostics;
using Lae.Formats;
using Lae.Kernels;
using Lae.Numerics;
using Lae.Running;
using Lae.Targets;

namespace Lae.Host.Sampling;

/// <summary>The kept draws of a run and what happened in the transitions that led to them, as arrays.</summary>
/// <param name="chains">Chains.</param>
/// <param name="dimension">Columns of a position.</param>
internal sealed class DrawTrace(int chains, int dimension)
{
    private readonly List<double[]> positions = [];
    private readonly List<long> steps = [];
    private readonly List<int> gradients = [];
    private readonly SortedDictionary<string, InfoColumn> columns = new(StringComparer.Ordinal);

    /// <summary>Draws kept.</summary>
    public int Count => positions.Count;

    /// <summary>Numbers in a position.</summary>
    public int Dimension => dimension;

    /// <summary>Keeps a draw.</summary>
    /// <param name="draw">The draw.</param>
    public void Add(Draw draw)
    {
        Add("acceptanceProbability", draw.Info.AcceptanceProbability);
        Add("accepted", draw.Info.Accepted);
        Add("energyError", draw.Info.EnergyError);
        Add("divergent", draw.Info.Divergent);
        foreach ((string name, Tensor value) in draw.Info.Extras ?? TensorTree.Empty)
        {
            Add($"extras.{name}", value);
        }

        steps.Add(draw.Step);
        gradients.Add(draw.Info.GradientCount);
        positions.Add(draw.Position.ToArray());
    }

    /// <summary>The draws of what a posterior reports.</summary>
    /// <param name="posterior">The posterior of these draws.</param>
    /// <returns>For each of its names the draws of every chain; there must be a draw.</returns>
    public Func<int, ChainDraws> Reported(Posterior posterior)
    {
        double[][] reported = [.. positions.Select(draw => posterior.Report(Tensor.FromArray(draw, chains, dimension).Cast(posterior.Target.DType)).ToArray())];
        int names = posterior.Names.Count;
        return i => ChainDraws.Of([.. Enumerable.Range(0, chains).Select(chain => (IReadOnlyList<double>)[.. reported.Select(draw => draw[(chain * names) + i])])]);
    }

    /// <summary>Whether the transitions that led to the draws diverged, 1 or 0; null for a kernel that does not tell.</summary>
    public ChainDraws? Divergent => columns.TryGetValue("divergent", out InfoColumn? column) && column.OfRows(Count) is var rows
        ? ChainDraws.Of([.. Enumerable.Range(0, chains).Select(chain => (IReadOnlyList<double>)[.. rows.Select(row => row[chain])])])
        : null;

    /// <summary>The arrays of <c>draws.npz</c>.</summary>
    /// <returns>
    /// <c>positions</c> [draws, chains, dimension], <c>step</c> and <c>gradientCount</c> [draws], and of what the kernel tells <c>acceptanceProbability</c>, <c>accepted</c>, <c>energyError</c>,
    /// <c>divergent</c> [draws, chains] and its extras [draws, …].
    /// </returns>
    public IReadOnlyDictionary<string, NpyArray> ToArrays()
    {
        SortedDictionary<string, NpyArray> arrays = new(StringComparer.Ordinal)
        {
            ["positions"] = NpyArray.FromFloat64([Count, chains, dimension], InfoColumn.Join(positions, chains * dimension)),
            ["step"] = NpyArray.FromInt64([Count], steps.ToArray()),
            ["gradientCount"] = NpyArray.FromInt32([Count], gradients.ToArray()),
        };
        foreach ((string name, InfoColumn column) in columns)
        {
            arrays[name] = column.ToArray(Count);
        }

        return arrays;
    }

    private void Add(string name, Tensor? value)
    {
        if (value is not null)
        {
            if (!columns.TryGetValue(name, out InfoColumn? column))
            {
                columns.Add(name, column = new InfoColumn(name, value.Shape.ToArray()));
            }

            column.Add(Count, value);
        }
    }
}
