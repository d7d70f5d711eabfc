using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Lae.Numerics.Engines.Managed;

/// <summary>
/// The cache lines of what is multiplied next, which are asked for while something else is multiplied, evenly over its time: with few rows a product waits for memory, and many lines at once would keep its own waiting.
/// </summary>
internal unsafe struct LinesAhead
{
    private const int LineBytes = 64;

    /// <summary>More steps than this need no line for each.</summary>
    private const int MostPace = 64;

    private readonly int linesOfRun;
    private readonly nint toNextRun;
    private readonly int share;
    private byte* line;
    private int left;
    private int runs;

    /// <param name="first">Where the first run begins.</param>
    /// <param name="bytes">Of a run.</param>
    /// <param name="runs">How many.</param>
    /// <param name="stride">Bytes from one run to the next.</param>
    /// <param name="tiles">In how many tiles the product under way is computed.</param>
    /// <param name="steps">Steps over k in each of them.</param>
    public LinesAhead(byte* first, int bytes, int runs, nint stride, int tiles, int steps)
    {
        linesOfRun = (bytes + LineBytes - 1) / LineBytes;
        toNextRun = stride - ((nint)linesOfRun * LineBytes);
        share = ((linesOfRun * runs) + tiles - 1) / tiles;
        line = first;
        left = linesOfRun;
        this.runs = Sse.IsSupported && linesOfRun > 0 ? runs : 0;
        Pace = Math.Clamp(steps / Math.Max(share, 1), 1, MostPace);
    }

    /// <summary>Nothing to ask for.</summary>
    public static LinesAhead None => new(null, 0, 0, 0, 1, int.MaxValue);

    /// <summary>Steps over k from one line to the next.</summary>
    public int Pace { get; }

    /// <summary>Asks for the next line.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Fetch()
    {
        if (runs == 0)
        {
            return;
        }

        Sse.Prefetch0(line);
        line += LineBytes;
        if (--left == 0)
        {
            left = linesOfRun;
            line += toNextRun;
            runs--;
        }
    }

    /// <summary>Asks for the share of a tile.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void FetchShare()
    {
        for (int i = 0; i < share; i++)
        {
            Fetch();
        }
    }
}
