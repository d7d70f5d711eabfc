using System.Collections.Immutable;
using Lae.Numerics;

namespace Lae.Targets;

/// <summary>
/// A posterior of independent data, of which minibatches can be taken:
/// <code>
///     log π(x) = log prior(x) + Σ_{i&lt;N} log p(datum_i | x)
/// </code>
/// Every chain has data of its own in a minibatch. <see cref="Target"/> is the same distribution as an ordinary target.
/// </summary>
public sealed class DataTarget
{
    /// <summary>Data whose terms are computed at once in the full sum: bounds its memory, whatever N is.</summary>
    private const int Block = 1024;

    private readonly Func<Tensor, Tensor?, LogDensityAndGradient> likelihood;

    private DataTarget(Target prior, int count, Func<Tensor, Tensor?, LogDensityAndGradient> likelihood, string name)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        Prior = prior;
        Count = count;
        this.likelihood = likelihood;
        Target = Target.OfData(this, name, prior.Dimension, prior.DType, position => Estimate(position, Likelihood(position), 1));
    }

    /// <summary>The prior.</summary>
    public Target Prior { get; }

    /// <summary>N.</summary>
    public int Count { get; }

    /// <summary>The posterior as an ordinary target, whose every evaluation sums over all data; its <see cref="Target.Data"/> is this.</summary>
    public Target Target { get; }

    /// <summary>A posterior from a table of data and a differentiable log-likelihood of each row.</summary>
    /// <param name="prior">The prior, which gives dimension and number type.</param>
    /// <param name="data">[N, columns], finite, of the type of the prior.</param>
    /// <param name="logLikelihood">
    /// A pure function of Lae's operations from positions [chains, 1, dimension] and rows [chains, n, columns] to log p(row | position), [chains, n]. In the full sum the rows are
    /// [1, n, columns], the same for all chains: written with broadcasting, one function serves both.
    /// </param>
    /// <param name="total">
    /// The sum over all data, from positions [chains, dimension] to [chains], where it can be had without a number for each chain, datum and column (by a matrix product,
    /// from sufficient statistics); if null, the sum of <paramref name="logLikelihood"/>, 1,024 rows at a time.
    /// </param>
    /// <param name="name">What it is called in messages.</param>
    /// <returns>A posterior whose gradients are found by reverse-mode differentiation.</returns>
    public static DataTarget FromFunction(
        Target prior, Tensor data, Func<Tensor, Tensor, Tensor> logLikelihood, Func<Tensor, Tensor>? total = null, string name = "posterior")
    {
        if (data.Rank != 2 || data.Shape[0] < 1 || data.DType != prior.DType || !data.AllFinite())
        {
            throw new ArgumentException($"Data must be finite, {prior.DType}[N, columns] with 1 row or more, not {data.DType}{data.Shape}{(data.AllFinite() ? string.Empty : " with a NaN or an infinity")}.", nameof(data));
        }

        Tensor table = data.Detach();
        ImmutableArray<Tensor> blocks =
        [
            .. Enumerable.Range(0, ((table.Shape[0] - 1) / Block) + 1).Select(i => table.Slice(0, i * Block, Math.Min(Block, table.Shape[0] - (i * Block))))
                .Select(block => block.Reshape(1, block.Shape[0], block.Shape[1])),
        ];
        return new DataTarget(prior, table.Shape[0], (position, indices) => indices is null ? All(position) : Over(position, RowsOf(table, indices, position.Workspace)), name);

        LogDensityAndGradient All(Tensor position)
        {
            if (total is not null)
            {
                ValueAndGradient closed = Differentiation.ValueAndGradient(total, position);
                return new LogDensityAndGradient(closed.Value, closed.Gradient);
            }

            LogDensityAndGradient sum = Over(position, blocks[0]);
            foreach (Tensor block in blocks.AsSpan(1..))
            {
                LogDensityAndGradient next = Over(position, block);
                sum = new LogDensityAndGradient(sum.LogDensity + next.LogDensity, sum.Gradient + next.Gradient);
            }

            return sum;
        }

        LogDensityAndGradient Over(Tensor position, Tensor rows)
        {
            int chains = position.Shape[0];
            ValueAndGradient result = Differentiation.ValueAndGradient(
                x =>
                {
                    Tensor terms = logLikelihood(x.Reshape(chains, 1, prior.Dimension), rows);
                    return terms.Shape == new Shape(chains, rows.Shape[1])
                        ? terms.Sum(1)
                        : throw new ArgumentException($"The log-likelihood of posterior '{name}' must be [{chains}, {rows.Shape[1]}] of positions [{chains}, 1, {prior.Dimension}] and rows {rows.Shape}, not {terms.Shape}.");
                },
                position);
            return new LogDensityAndGradient(result.Value, result.Gradient);
        }
    }

    /// <summary>A posterior from log-likelihoods with a gradient written by hand.</summary>
    /// <param name="prior">The prior, which gives dimension and number type.</param>
    /// <param name="count">N, 1 or more.</param>
    /// <param name="likelihood">
    /// A pure function from positions [chains, dimension] and indices to the sum over those data of log p(datum | x), [chains], and its gradient [chains, dimension]. The indices are [chains, n], whole
    /// numbers in [0, N) of the type of the prior; null stands for all data.
    /// </param>
    /// <param name="name">What it is called in messages.</param>
    /// <returns>A posterior.</returns>
    public static DataTarget FromGradient(Target prior, int count, Func<Tensor, Tensor?, LogDensityAndGradient> likelihood, string name = "posterior") =>
        new(prior, count, likelihood, name);

    /// <summary>Rows of a table by the numbers in a tensor: what a likelihood written by hand gathers its data with.</summary>
    /// <param name="table">[N, columns].</param>
    /// <param name="indices">[chains, n], whole numbers in [0, N).</param>
    /// <param name="workspace">Where the result lives; that of the indices if null.</param>
    /// <returns>[chains, n, columns].</returns>
    /// <exception cref="ArgumentOutOfRangeException">An index is not a whole number in [0, N).</exception>
    public static Tensor RowsOf(Tensor table, Tensor indices, Workspace? workspace = null)
    {
        if (table.Rank != 2 || indices.Rank != 2)
        {
            throw new ArgumentException($"A table [N, columns] and indices [chains, n] are needed, not {table.Shape} and {indices.Shape}.", nameof(indices));
        }

        Tensor result = Tensor.Uninitialized(workspace ?? indices.Workspace, new Shape(indices.Shape[0], indices.Shape[1], table.Shape[1]), table.DType);
        if (table.DType == DType.Float32)
        {
            Copy<float>(table, indices, result);
        }
        else
        {
            Copy<double>(table, indices, result);
        }

        return result;
    }

    /// <summary>The sum over some data of log p(datum | x), and its gradient; neither scaled nor with the prior.</summary>
    /// <param name="position">[chains, dimension].</param>
    /// <param name="indices">[chains, n], whole numbers in [0, N) of the posterior's type; null for all data.</param>
    /// <returns>[chains] and [chains, dimension].</returns>
    /// <exception cref="ArgumentException">A shape or type does not match.</exception>
    public LogDensityAndGradient Likelihood(Tensor position, Tensor? indices = null)
    {
        if (indices is not null && (indices.Rank != 2 || indices.Shape[0] != position.Shape[0] || indices.Shape[1] < 1 || indices.DType != Prior.DType))
        {
            throw new ArgumentException($"Indices must be {Prior.DType}[{position.Shape[0]}, n], not {indices.DType}{indices.Shape}.", nameof(indices));
        }

        return Target.Checked(likelihood(position, indices), position);
    }

    /// <summary>log prior + scale · (a sum over data), with its gradient: an estimate of the log posterior where the scale is N/n.</summary>
    internal LogDensityAndGradient Estimate(Tensor position, LogDensityAndGradient sum, double scale)
    {
        LogDensityAndGradient prior = Prior.Evaluate(position);
        return new LogDensityAndGradient(
            Elementwise.ScaleAdd(scale, sum.LogDensity, prior.LogDensity), Elementwise.ScaleAdd(scale, sum.Gradient, prior.Gradient));
    }

    private static void Copy<T>(Tensor table, Tensor indices, Tensor result)
        where T : unmanaged
    {
        int columns = table.Shape[1];
        ReadOnlySpan<T> source = table.Read<T>();
        Span<T> destination = result.Write<T>();
        for (int i = 0; i < indices.Count; i++)
        {
            double index = indices.ElementAt(i);
            if (!(index >= 0) || index >= table.Shape[0] || index != Math.Floor(index))
            {
                throw new ArgumentOutOfRangeException(nameof(indices), index, $"An index must be a whole number in [0, {table.Shape[0]}).");
            }

            source.Slice((int)index * columns, columns).CopyTo(destination.Slice(i * columns, columns));
        }
    }
}
