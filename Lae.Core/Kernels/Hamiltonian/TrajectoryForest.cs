using System.Buffers;
using Lae.Numerics;

namespace Lae.Kernels;

/// <summary>
/// The stretches of all chains' trajectories, a row a chain: the whole so far, the one that grows, and those of 2^j leaves that wait for their neighbour, at most one for each j. All chains at work have the same number of
/// leaves, so that stretches wait for all of them or for none. Memory is that of the doublings that were made.
/// </summary>
internal sealed class TrajectoryForest
{
    private readonly TrajectoryForm form;
    private readonly Tensor whole;
    private readonly Tensor[] waiting;
    private Tensor grown;

    /// <param name="form">What is remembered of a stretch.</param>
    /// <param name="chains">Rows.</param>
    /// <param name="maxDepth">The most doublings.</param>
    /// <param name="workspace">Where memory comes from.</param>
    public TrajectoryForest(TrajectoryForm form, int chains, int maxDepth, Workspace workspace)
    {
        this.form = form;
        waiting = ArrayPool<Tensor>.Shared.Rent(maxDepth);
        whole = Tensor.Uninitialized(workspace, new Shape(chains, form.Length), DType.Float64);
        grown = Another();
    }

    /// <summary>The trajectory so far, in the order of time. What it has chosen is the chain's sample.</summary>
    public TrajectoryTree Whole(int chain) => Of(whole, chain);

    /// <summary>The stretch that the last leaf is in.</summary>
    public TrajectoryTree Grown(int chain) => Of(grown, chain);

    /// <summary>The stretch of 2^level leaves before it.</summary>
    public TrajectoryTree Waiting(int level, int chain) => Of(waiting[level], chain);

    /// <summary>Makes room for stretches of 2^level leaves to wait.</summary>
    public void AddLevel(int level) => waiting[level] = Another();

    /// <summary>Lets the stretches that grew, of 2^level leaves, wait.</summary>
    public void Wait(int level) => (waiting[level], grown) = (grown, waiting[level]);

    /// <summary>Gives back what was rented; nothing can be asked afterwards.</summary>
    public void Return() => ArrayPool<Tensor>.Shared.Return(waiting, clearArray: true);

    private Tensor Another() => Tensor.Uninitialized(whole.Workspace, whole.Shape, DType.Float64);

    private TrajectoryTree Of(Tensor rows, int chain) => new(rows.Write<double>().Slice(chain * form.Length, form.Length), form);
}
