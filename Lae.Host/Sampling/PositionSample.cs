using Lae.Numerics;

namespace Lae.Host.Sampling;

/// <summary>
/// Positions of the chains evenly spread over a run of any length, in memory that does not grow: every s-th draw, where s doubles, and every second draw is forgotten, each time that there are too many. In the coordinates that the chains move in, which the
/// store does not have.
/// </summary>
internal sealed class PositionSample
{
    private const int MostPositions = 4_000;

    private readonly int rows;
    private readonly int most;
    private List<double[]> kept = [];
    private long stride = 1;
    private long count;

    /// <param name="chains">Chains; of more than 4,000 the first.</param>
    public PositionSample(int chains)
    {
        rows = Math.Min(chains, MostPositions);
        most = Math.Max(4, MostPositions / rows);
    }

    /// <summary>Takes the positions of a draw.</summary>
    /// <param name="position">[chains, dimension].</param>
    public void Add(Tensor position)
    {
        if (count++ % stride != 0)
        {
            return;
        }

        kept.Add(position.ToArray()[..(rows * position.Shape[1])]);
        if (kept.Count == most)
        {
            kept = [.. kept.Where((_, i) => i % 2 == 0)];
            stride *= 2;
        }
    }

    /// <summary>The positions.</summary>
    /// <returns>[n, dimension]; null if there are none.</returns>
    public Tensor? ToTensor() => kept.Count == 0 ? null : Tensor.FromArray([.. kept.SelectMany(values => values)], kept.Count * rows, kept[0].Length / rows);

    /// <summary>For a checkpoint.</summary>
    public TensorTree ToTree()
    {
        TensorTree counts = TensorTree.Of(("counts", Tensor.FromArray([(double)stride, count], 2)));
        return ToTensor() is { } positions ? counts.Join(TensorTree.Of(("positions", positions))) : counts;
    }

    /// <summary>What a checkpoint kept.</summary>
    /// <param name="chains">Chains.</param>
    /// <param name="tree">What <see cref="ToTree"/> made.</param>
    public static PositionSample FromTree(int chains, TensorTree tree)
    {
        double[] counts = tree["counts"].ToArray();
        PositionSample sample = new(chains) { stride = (long)counts[0], count = (long)counts[1] };
        if (tree.TryGet("positions", out Tensor? positions))
        {
            double[] values = positions.ToArray();
            int size = sample.rows * positions.Shape[1];
            sample.kept = [.. Enumerable.Range(0, values.Length / size).Select(i => values.AsSpan(i * size, size).ToArray())];
        }

        return sample;
    }
}
