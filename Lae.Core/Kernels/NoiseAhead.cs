using Lae.Numerics;
using Lae.Randomness;

namespace Lae.Kernels;

/// <summary>
/// The noise of several transitions that follow each other, for a runner. A kernel asks for the same draws in each of them, and a draw depends on the key, the transition, the chain and the stream alone; so where a few chains leave most of a
/// register empty, what one transition asks for is drawn for those after it at the same time. The bits are those of <see cref="RowDraws"/>.
/// </summary>
/// <param name="runKey">The key of the run.</param>
/// <param name="chains">The chains, a row each.</param>
internal sealed class NoiseAhead(RandomKey runKey, Chains chains)
{
    /// <summary>Transitions at a time.</summary>
    public const int MostTransitions = 16;

    /// <summary>Blocks of 128 bits that a transition may want of one stream: more fill registers by themselves.</summary>
    private const int MostBlocks = 8;

    /// <summary>Streams; a kernel that wants more of them spends its time elsewhere.</summary>
    private const int MostStreams = 8;

    private readonly RandomKey[] keys = new RandomKey[MostTransitions];
    private readonly List<Drawn> streams = [];
    private long first;
    private int count;

    /// <summary>Goes on to other transitions.</summary>
    /// <param name="step">The number of the first.</param>
    /// <param name="transitions">How many, 1 to <see cref="MostTransitions"/>.</param>
    public void Begin(long step, int transitions)
    {
        (first, count) = (step, transitions);
        runKey.FoldInRange((ulong)step, keys.AsSpan(0, transitions));
        foreach (Drawn stream in streams)
        {
            stream.From = transitions;
        }
    }

    /// <summary>The noise of one of the transitions, of which the runner promises what <see cref="NoiseSource.EndsWithCollection"/> says.</summary>
    /// <param name="step">The number of the transition.</param>
    /// <param name="workspace">Where the draws are put.</param>
    public NoiseSource Source(long step, Workspace workspace) => new(runKey, keys[step - first], step, chains, workspace) { EndsWithCollection = true, Ahead = this };

    /// <summary>Takes what a transition draws, if it is one of these and the draws are made ahead: that is so from the second time on that a stream is asked for.</summary>
    /// <param name="step">The number of the transition.</param>
    /// <param name="stream">The stream.</param>
    /// <param name="columns">Columns of a row.</param>
    /// <param name="destination">[chains, columns].</param>
    /// <returns>Whether the destination was filled.</returns>
    public bool TryTake<T, TDraw>(long step, uint stream, int columns, Span<T> destination)
        where T : unmanaged
        where TDraw : struct, IBlockDraw<T>
    {
        long place = step - first;
        if (!KeyedDraws.IsSupported || place < 0 || place >= count)
        {
            return false;
        }

        foreach (Drawn drawn in streams)
        {
            if (drawn.Domain == TDraw.Domain && drawn.Stream == stream && drawn.Columns == columns)
            {
                Take<T, TDraw>((Drawn<T>)drawn, (int)place, destination);
                return true;
            }
        }

        int stride = KeyedDraws.Stride<T, TDraw>(columns);
        if (streams.Count < MostStreams && columns > 0 && (long)chains.Count * stride <= MostBlocks * TDraw.Columns)
        {
            // a register more than all have: what is drawn from the middle on does not end with one
            T[] values = new T[KeyedDraws.Length<T, TDraw>(MostTransitions, chains.Count, columns) + KeyedDraws.Length<T, TDraw>(1, 1, columns)];
            streams.Add(new Drawn<T>(values, stride) { Domain = TDraw.Domain, Stream = stream, Columns = columns, From = count });
        }

        return false;
    }

    private void Take<T, TDraw>(Drawn<T> drawn, int place, Span<T> destination)
        where T : unmanaged
        where TDraw : struct, IBlockDraw<T>
    {
        int size = chains.Count * drawn.Stride;
        if (place < drawn.From)
        {
            drawn.From = place;
            KeyedDraws.Fill<T, TDraw>(keys.AsSpan(place, count - place), drawn.Stream, chains.Rows, drawn.Columns, drawn.Values.AsSpan(place * size));
        }

        ReadOnlySpan<T> source = drawn.Values.AsSpan(place * size, size);
        for (int row = 0; row < chains.Count; row++)
        {
            source.Slice(row * drawn.Stride, drawn.Columns).CopyTo(destination[(row * drawn.Columns)..]);
        }
    }

    /// <summary>A stream, and from which of the transitions on it is drawn.</summary>
    private abstract class Drawn
    {
        public required uint Domain { get; init; }

        public required uint Stream { get; init; }

        public required int Columns { get; init; }

        public required int From { get; set; }
    }

    private sealed class Drawn<T>(T[] values, int stride) : Drawn
    {
        /// <summary>[transitions, chains, stride].</summary>
        public T[] Values => values;

        public int Stride => stride;
    }
}
