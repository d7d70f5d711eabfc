using Lae.Numerics;

namespace Lae.Diagnostics;

/// <summary>
/// Split R̂, effective sample size, mean and standard deviation of draws that come one by one and are not kept, for a run of any length, as an immutable value. Kept are the moments (n, m, S) of every coordinate
/// of every chain over successive blocks of equal length; when there are 2B blocks, neighbours are merged,
/// <code>
///     n = n₁ + n₂,   m = (n₁ m₁ + n₂ m₂)/n,   S = S₁ + S₂ + (m₁ − m₂)² n₁ n₂/n
/// </code>
/// and blocks are twice as long from then on: B to 2B of them at any time. Halves of chains are merged from blocks, so that R̂ equals <see cref="PotentialScaleReduction.Basic"/> of <see cref="ChainDraws.Split"/> of the draws
/// in full blocks (all draws, where their number is an even number of blocks). It is not rank-normalised: ranks need all draws, so chains that differ only in spread, or have no variance, are not seen.
/// The effective sample size is by batch means (blocks, or groups of blocks of about √n draws in short runs); it is too large while blocks are not much longer than the autocorrelation.
/// Source: Chan, Golub and LeVeque (1979) for the merge; Flegal and Jones, Annals of Statistics 38 (2010) for batch means.
/// </summary>
public sealed class StreamingScaleReduction
{
    private readonly int capacity;
    private readonly int blockLength;
    private readonly Moments[] blocks;
    private readonly Moments open;

    private StreamingScaleReduction(int chains, int dimension, int capacity, int blockLength, Moments[] blocks, Moments open)
    {
        Chains = chains;
        Dimension = dimension;
        this.capacity = capacity;
        this.blockLength = blockLength;
        this.blocks = blocks;
        this.open = open;
    }

    /// <summary>How many chains.</summary>
    public int Chains { get; }

    /// <summary>Coordinates of a draw.</summary>
    public int Dimension { get; }

    /// <summary>Draws of each chain so far.</summary>
    public long Count => ((long)this.blocks.Length * this.blockLength) + this.open.Count;

    /// <summary>No draws yet.</summary>
    /// <param name="chains">1 or more.</param>
    /// <param name="dimension">1 or more.</param>
    /// <param name="blocks">B, 2 or more. Default 32: at most 1/32 of the draws, the newest, do not count in R̂ at any time.</param>
    /// <returns>An empty value.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A number is too small.</exception>
    public static StreamingScaleReduction Empty(int chains, int dimension, int blocks = 32)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(chains, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(dimension, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(blocks, 2);
        return new StreamingScaleReduction(chains, dimension, blocks, 1, [], Moments.Empty(chains * dimension));
    }

    /// <summary>The value with one more draw of every chain.</summary>
    /// <param name="positions">[chains, dimension] row by row.</param>
    /// <returns>A new value.</returns>
    /// <exception cref="ArgumentException">There are not so many numbers.</exception>
    public StreamingScaleReduction Add(ReadOnlySpan<double> positions)
    {
        if (positions.Length != Chains * Dimension)
        {
            throw new ArgumentException($"A draw has {Chains} × {Dimension} numbers, not {positions.Length}.", nameof(positions));
        }

        Moments next = this.open.Add(positions);
        if (next.Count < this.blockLength)
        {
            return new StreamingScaleReduction(Chains, Dimension, this.capacity, this.blockLength, this.blocks, next);
        }

        Moments[] full = [.. this.blocks, next];
        Moments empty = Moments.Empty(positions.Length);
        return full.Length < 2 * this.capacity
            ? new StreamingScaleReduction(Chains, Dimension, this.capacity, this.blockLength, full, empty)
            : new StreamingScaleReduction(Chains, Dimension, this.capacity, 2 * this.blockLength, [.. full.Chunk(2).Select(pair => pair[0].Merge(pair[1]))], empty);
    }

    /// <summary>The value with one more draw of every chain.</summary>
    /// <param name="positions">[chains, dimension].</param>
    /// <returns>A new value.</returns>
    /// <exception cref="ArgumentException">The shape is another.</exception>
    public StreamingScaleReduction Add(Tensor positions) => positions.Rank == 2 && positions.Shape[0] == Chains && positions.Shape[1] == Dimension
        ? Add((ReadOnlySpan<double>)positions.ToArray())
        : throw new ArgumentException($"A draw is [{Chains}, {Dimension}], not {positions.Shape}.", nameof(positions));

    /// <summary>R̂ of the halves of the chains.</summary>
    /// <returns>One number for each coordinate; NaN for fewer than four draws, or if a coordinate never changed.</returns>
    public double[] RHat()
    {
        int half = this.blocks.Length / 2;
        if (half * this.blockLength < 2)
        {
            return NotKnown();
        }

        Moments[] halves = [Merged(this.blocks.AsSpan(0, half)), Merged(this.blocks.AsSpan(this.blocks.Length - half))];
        double n = halves[0].Count;
        return Each(coordinate =>
        {
            double[] means = Gather(halves, coordinate, (part, at) => part.Mean[at]);
            double within = Gather(halves, coordinate, (part, at) => part.Scatter[at] / (n - 1)).Average();
            double between = SumOfSquares(means) / (means.Length - 1);
            return within == 0 && between == 0 ? double.NaN : Math.Sqrt((between / within) + ((n - 1) / n));
        });
    }

    /// <summary>The effective sample size of the mean, of all chains together, by batch means.</summary>
    /// <returns>One number for each coordinate; NaN for fewer than four batches, or if a coordinate never changed.</returns>
    public double[] EffectiveSampleSize()
    {
        int group = Math.Max(1, (int)(Math.Sqrt((double)this.blocks.Length * this.blockLength) / this.blockLength));
        Moments[] batches = [.. this.blocks.Chunk(group).Where(chunk => chunk.Length == group).Select(chunk => Merged(chunk))];
        if (batches.Length * Chains < 4)
        {
            return NotKnown();
        }

        double inBatch = group * (double)this.blockLength;
        double count = inBatch * batches.Length * Chains;
        return Each(coordinate =>
        {
            double spread = SumOfSquares(Gather(batches, coordinate, (part, at) => part.Mean[at]));
            double total = (Gather(batches, coordinate, (part, at) => part.Scatter[at]).Sum() + (inBatch * spread)) / (count - 1);
            double time = inBatch * spread / ((batches.Length * Chains) - 1) / total;
            return Count * Chains / time;
        });
    }

    /// <summary>The mean of all draws of all chains.</summary>
    /// <returns>One number for each coordinate; NaN for no draws.</returns>
    public double[] Mean()
    {
        Moments all = All();
        return Each(coordinate => all.Count == 0 ? double.NaN : Gather([all], coordinate, (part, at) => part.Mean[at]).Average());
    }

    /// <summary>The standard deviation of all draws of all chains, with divisor count − 1.</summary>
    /// <returns>One number for each coordinate; NaN for one draw.</returns>
    public double[] StandardDeviation()
    {
        Moments all = All();
        double count = (double)all.Count * Chains;
        return Each(coordinate => Math.Sqrt(
            (Gather([all], coordinate, (part, at) => part.Scatter[at]).Sum() + (all.Count * SumOfSquares(Gather([all], coordinate, (part, at) => part.Mean[at])))) / (count - 1)));
    }

    /// <summary>Chains in which no coordinate ever changed.</summary>
    /// <returns>Numbers of chains, from 0.</returns>
    public IReadOnlyList<int> StuckChains()
    {
        Moments all = All();
        return [.. Enumerable.Range(0, Chains).Where(chain => all.Scatter.AsSpan(chain * Dimension, Dimension).IndexOfAnyExcept(0) < 0)];
    }

    /// <summary>All that is kept, for a checkpoint.</summary>
    /// <returns>Tensors by name, from which <see cref="FromTree"/> makes an equal value.</returns>
    public TensorTree ToTree() => TensorTree.Of(
        ("form", Tensor.FromArray(new double[] { this.capacity, this.blockLength, this.blocks.Length, this.open.Count }, 4)),
        ("mean", Stacked(moments => moments.Mean)),
        ("scatter", Stacked(moments => moments.Scatter)));

    /// <summary>The value of which <see cref="ToTree"/> was made.</summary>
    /// <param name="chains">How many chains.</param>
    /// <param name="dimension">Coordinates of a draw.</param>
    /// <param name="tree">What was kept.</param>
    /// <returns>An equal value.</returns>
    /// <exception cref="ArgumentException">The tree is that of other chains or another dimension.</exception>
    public static StreamingScaleReduction FromTree(int chains, int dimension, TensorTree tree)
    {
        double[] form = tree["form"].ToArray();
        int blocks = (int)form[2];
        foreach (string name in (string[])["mean", "scatter"])
        {
            if (!tree[name].Shape.ToArray().SequenceEqual([blocks + 1, chains * dimension]))
            {
                throw new ArgumentException($"{name} is {tree[name].Shape}, where [{blocks + 1}, {chains * dimension}] is needed.", nameof(tree));
            }
        }

        (double[] mean, double[] scatter) = (tree["mean"].ToArray(), tree["scatter"].ToArray());
        Moments[] all = [.. Enumerable.Range(0, blocks + 1).Select(i => new Moments(
            i < blocks ? (long)form[1] : (long)form[3], mean[(i * chains * dimension)..((i + 1) * chains * dimension)], scatter[(i * chains * dimension)..((i + 1) * chains * dimension)]))];
        return new StreamingScaleReduction(chains, dimension, (int)form[0], (int)form[1], all[..blocks], all[blocks]);
    }

    private Tensor Stacked(Func<Moments, double[]> part) =>
        Tensor.FromArray([.. this.blocks.Append(this.open).SelectMany(part)], this.blocks.Length + 1, Chains * Dimension);

    private static double SumOfSquares(double[] values)
    {
        double mean = values.Average();
        return values.Sum(value => (value - mean) * (value - mean));
    }

    private static Moments Merged(ReadOnlySpan<Moments> parts)
    {
        Moments merged = parts[0];
        foreach (Moments part in parts[1..])
        {
            merged = merged.Merge(part);
        }

        return merged;
    }

    private Moments All() => Merged([.. this.blocks, this.open]);

    private double[] NotKnown() => Each(_ => double.NaN);

    private double[] Each(Func<int, double> figure) => [.. Enumerable.Range(0, Dimension).Select(figure)];

    /// <summary>A figure of one coordinate in every part and chain.</summary>
    private double[] Gather(Moments[] parts, int coordinate, Func<Moments, int, double> figure) =>
        [.. parts.SelectMany(part => Enumerable.Range(0, Chains).Select(chain => figure(part, (chain * Dimension) + coordinate)))];

    /// <summary>Moments of every number of a draw by itself: mean and sum of squares about it.</summary>
    private sealed record Moments(long Count, double[] Mean, double[] Scatter)
    {
        public static Moments Empty(int numbers) => new(0, new double[numbers], new double[numbers]);

        public Moments Add(ReadOnlySpan<double> values)
        {
            double[] mean = new double[values.Length];
            double[] scatter = new double[values.Length];
            for (int i = 0; i < values.Length; i++)
            {
                double difference = values[i] - Mean[i];
                mean[i] = Mean[i] + (difference / (Count + 1));
                scatter[i] = Scatter[i] + (difference * (values[i] - mean[i]));
            }

            return new Moments(Count + 1, mean, scatter);
        }

        public Moments Merge(Moments other)
        {
            if (Count == 0 || other.Count == 0)
            {
                return Count == 0 ? other : this;
            }

            long count = Count + other.Count;
            double weight = (double)Count * other.Count / count;
            double[] mean = new double[Mean.Length];
            double[] scatter = new double[Mean.Length];
            for (int i = 0; i < mean.Length; i++)
            {
                double difference = other.Mean[i] - Mean[i];
                mean[i] = Mean[i] + (difference * other.Count / count);
                scatter[i] = Scatter[i] + other.Scatter[i] + (difference * difference * weight);
            }

            return new Moments(count, mean, scatter);
        }
    }
}
