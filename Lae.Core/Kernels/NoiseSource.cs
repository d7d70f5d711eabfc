using Lae.Numerics;
using Lae.Randomness;

namespace Lae.Kernels;

/// <summary>
/// Where a transition draws its noise: a function of (key of the run, number of the transition, number of the chain, stream) and of
/// nothing else. The one place where randomness enters a kernel.
/// </summary>
public readonly struct NoiseSource
{
    private readonly RandomKey runKey;
    private readonly RandomKey stepKey;
    private readonly Workspace workspace;

    /// <summary>The noise of one transition.</summary>
    /// <param name="runKey">The key of the run.</param>
    /// <param name="step">The number of the transition, from 0.</param>
    /// <param name="chains">The chains, a row each.</param>
    /// <param name="workspace">Where the draws are put.</param>
    public NoiseSource(RandomKey runKey, long step, Chains chains, Workspace workspace)
        : this(runKey, runKey.FoldIn((ulong)step), step, chains, workspace) => ArgumentOutOfRangeException.ThrowIfNegative(step);

    /// <summary>The same where the key of the transition, a function of that of the run and of its number, is there already.</summary>
    internal NoiseSource(RandomKey runKey, RandomKey stepKey, long step, Chains chains, Workspace workspace)
    {
        this.runKey = runKey;
        this.stepKey = stepKey;
        this.workspace = workspace;
        Step = step;
        Chains = chains;
    }

    /// <summary>The number of the transition.</summary>
    public long Step { get; }

    /// <summary>The chains, a row each.</summary>
    public Chains Chains { get; }

    /// <summary>
    /// Whether a runner promises that all memory that is handed out during the transition is taken back after it, but that of the next state and of what is told of the transition. A kernel may then make its next state in the memory of a
    /// proposal. A source that is derived from this one does not promise it: a part of a transition may be followed by others.
    /// </summary>
    internal bool EndsWithCollection { get; init; }

    /// <summary>The draws of several transitions, this one among them, that are made together; null where nobody does that. A source that is derived from this one draws for itself.</summary>
    internal NoiseAhead? Ahead { get; init; }

    /// <summary>The memory that is handed out from here on and taken back after the transition; null where nobody promises that.</summary>
    internal PassingMemory? Passing => EndsWithCollection ? new PassingMemory(workspace, workspace.Mark()) : null;

    /// <summary>Standard normal numbers.</summary>
    /// <param name="stream">Which of the draws of this transition; distinct draws need distinct streams.</param>
    /// <param name="columns">Numbers for each chain, 1 or more.</param>
    /// <param name="dtype">The number type.</param>
    /// <returns>[chains, columns].</returns>
    public Tensor Normal(uint stream, int columns, DType dtype)
    {
        Tensor result = Tensor.Uninitialized(workspace, new Shape(Chains.Count, columns), dtype);
        if (dtype == DType.Float32)
        {
            if (Ahead?.TryTake<float, NormalSingle>(Step, stream, columns, result.Write<float>()) != true)
            {
                RowDraws.Normal(stepKey, stream, Chains.Rows, columns, result.Write<float>());
            }
        }
        else if (Ahead?.TryTake<double, NormalDouble>(Step, stream, columns, result.Write<double>()) != true)
        {
            RowDraws.Normal(stepKey, stream, Chains.Rows, columns, result.Write<double>());
        }

        return result;
    }

    /// <summary>Uniform numbers in (0, 1), one for each chain.</summary>
    /// <param name="stream">Which of the draws of this transition; distinct draws need distinct streams.</param>
    /// <param name="dtype">The number type.</param>
    /// <returns>[chains].</returns>
    public Tensor Uniform(uint stream, DType dtype) => Uniform(stream, new Shape(Chains.Count), 1, dtype);

    /// <summary>Uniform numbers in (0, 1), several for each chain.</summary>
    /// <param name="stream">Which of the draws of this transition; distinct draws need distinct streams.</param>
    /// <param name="columns">Numbers for each chain, 1 or more.</param>
    /// <param name="dtype">The number type.</param>
    /// <returns>[chains, columns].</returns>
    public Tensor Uniform(uint stream, int columns, DType dtype) => Uniform(stream, new Shape(Chains.Count, columns), columns, dtype);

    /// <summary>Numbers of data, for every chain its own: a minibatch.</summary>
    /// <param name="stream">Which of the draws of this transition; distinct draws need distinct streams.</param>
    /// <param name="count">Numbers for each chain, 1 or more.</param>
    /// <param name="from">How many data there are, 1 or more; at least <paramref name="count"/> without replacement.</param>
    /// <param name="withReplacement">Whether each number is drawn anew from all; else they are distinct.</param>
    /// <param name="dtype">The number type, which must hold <paramref name="from"/> exactly.</param>
    /// <returns>[chains, count], whole numbers in [0, from).</returns>
    public Tensor Indices(uint stream, int count, int from, bool withReplacement, DType dtype)
    {
        RandomKey key = stepKey.FoldIn(IndexDomain + stream);
        Span<int> chosen = count <= 256 ? stackalloc int[count] : new int[count];
        Tensor result = Tensor.Uninitialized(workspace, new Shape(Chains.Count, count), dtype);
        for (int row = 0; row < Chains.Count; row++)
        {
            RandomKey own = key.FoldIn((ulong)Chains.Ids[row]);
            if (withReplacement)
            {
                Permutation.Integers(own, from, chosen);
            }
            else
            {
                Permutation.Choose(own, from, chosen);
            }

            for (int i = 0; i < count; i++)
            {
                if (dtype == DType.Float32)
                {
                    result.Write<float>()[(row * count) + i] = chosen[i];
                }
                else
                {
                    result.Write<double>()[(row * count) + i] = chosen[i];
                }
            }
        }

        return result;
    }

    /// <summary>A source of what a run draws before its first transition, apart from all of its transitions.</summary>
    /// <param name="runKey">The key of the run.</param>
    /// <param name="chains">The chains, a row each.</param>
    /// <param name="workspace">Where the draws are put.</param>
    /// <returns>A source.</returns>
    public static NoiseSource OfStart(RandomKey runKey, Chains chains, Workspace workspace) => new(runKey.FoldIn(StartDomain), 0, chains, workspace);

    /// <summary>
    /// The noise of inner transition i where one transition stands for many: that of transition Step · count + i, so that repeating a kernel
    /// gives the very draws of running it on its own.
    /// </summary>
    /// <param name="count">Inner transitions to one, 1 or more.</param>
    /// <param name="i">In [0, count).</param>
    /// <returns>A source.</returns>
    public NoiseSource Inner(int count, int i)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        if (i < 0 || i >= count)
        {
            throw new ArgumentOutOfRangeException(nameof(i), i, $"Must be in [0, {count}).");
        }

        return new NoiseSource(runKey, checked((Step * count) + i), Chains, workspace);
    }

    /// <summary>The noise of one part of a composed kernel, apart from that of the others.</summary>
    /// <param name="index">The number of the part, 0 or more.</param>
    /// <returns>A source.</returns>
    public NoiseSource Part(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        return new NoiseSource(runKey.FoldIn(PartDomain + (ulong)index), Step, Chains, workspace);
    }

    /// <summary>The same for other chains, such as some of these.</summary>
    internal NoiseSource Of(Chains others) => new(runKey, stepKey, Step, others, workspace);

    private Tensor Uniform(uint stream, Shape shape, int columns, DType dtype)
    {
        Tensor result = Tensor.Uninitialized(workspace, shape, dtype);
        if (dtype == DType.Float32)
        {
            if (Ahead?.TryTake<float, UniformSingle>(Step, stream, columns, result.Write<float>()) != true)
            {
                RowDraws.Uniform(stepKey, stream, Chains.Rows, columns, result.Write<float>());
            }
        }
        else if (Ahead?.TryTake<double, UniformDouble>(Step, stream, columns, result.Write<double>()) != true)
        {
            RowDraws.Uniform(stepKey, stream, Chains.Rows, columns, result.Write<double>());
        }

        return result;
    }

    /// <summary>The noise of the part whose turn it is where parts take turns: part Step mod count, for which it is transition Step div count.</summary>
    /// <param name="count">How many take turns, 1 or more.</param>
    /// <returns>A source.</returns>
    public NoiseSource InTurn(int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        return new NoiseSource(runKey.FoldIn(PartDomain + (ulong)(Step % count)), Step / count, Chains, workspace);
    }

    /// <summary>
    /// The source itself as numbers, so that noise can carry it: the key (its upper and its lower half), the step (likewise) and the number of the chain. Each is below 2³², exact in double precision.
    /// </summary>
    /// <returns>[chains, 5] float64; a row stays that of its chain when rows are chosen.</returns>
    internal Tensor Address()
    {
        Tensor address = Tensor.Uninitialized(workspace, new Shape(Chains.Count, AddressColumns), DType.Float64);
        Span<double> values = address.Write<double>();
        for (int row = 0; row < Chains.Count; row++)
        {
            ReadOnlySpan<double> own = [runKey.Value >> 32, (uint)runKey.Value, (ulong)Step >> 32, (uint)Step, Chains.Ids[row]];
            own.CopyTo(values[(row * AddressColumns)..]);
        }

        return address;
    }

    /// <summary>The source of an address.</summary>
    /// <param name="address">Rows of what <see cref="Address"/> gave; a chain may be there several times.</param>
    /// <param name="workspace">Where the draws are put.</param>
    /// <param name="likely">Chains that the rows may be those of; null for none.</param>
    internal static NoiseSource At(Tensor address, Workspace workspace, Chains? likely)
    {
        ReadOnlySpan<double> values = address.AsSpan<double>();
        RandomKey key = RandomKey.FromValue(((ulong)values[0] << 32) | (ulong)values[1]);
        long step = (long)(((ulong)values[2] << 32) | (ulong)values[3]);
        return new NoiseSource(key, step, likely is not null && AreThose(values, likely.Ids) ? likely : Chains.WithRepeats(IdsOf(values)), workspace);
    }

    private static bool AreThose(ReadOnlySpan<double> address, ReadOnlySpan<int> ids)
    {
        bool same = address.Length == ids.Length * AddressColumns;
        for (int row = 0; same && row < ids.Length; row++)
        {
            same = (int)address[(row * AddressColumns) + 4] == ids[row];
        }

        return same;
    }

    private static int[] IdsOf(ReadOnlySpan<double> address)
    {
        int[] ids = new int[address.Length / AddressColumns];
        for (int row = 0; row < ids.Length; row++)
        {
            ids[row] = (int)address[(row * AddressColumns) + 4];
        }

        return ids;
    }

    private const int AddressColumns = 5;

    /// <summary>Keeps the keys of parts away from those of transitions, which count from 0.</summary>
    private const ulong PartDomain = 1UL << 63;

    private const ulong StartDomain = 1UL << 62;

    /// <summary>Keeps the keys of minibatches away from other keys made of the key of a transition.</summary>
    private const ulong IndexDomain = 1UL << 61;
}
