using Lae.Diagnostics;
using Lae.Numerics;
using Lae.Running;

namespace Lae.Host.Sampling;

/// <summary>Takes the draws of a run, and keeps of them what the run is to keep, in memory that does not grow with their number.</summary>
internal interface IDrawKeeper
{
    /// <summary>Draws of each chain so far.</summary>
    long Count { get; }

    /// <summary>Takes a draw.</summary>
    /// <param name="draw">The draw.</param>
    /// <param name="reported">What the posterior reports of it, [chains, names] row by row.</param>
    void Add(Draw draw, double[] reported);

    /// <summary>Brings all draws so far to the disk, where they are kept there.</summary>
    void Flush();

    /// <summary>What must be in a checkpoint beside what is on the disk.</summary>
    TensorTree ToTree();

    /// <summary>The table of the quantities, of at least one draw.</summary>
    DrawSummary Summarize();

    /// <summary>The draws for whoever looks at them one quantity at a time; null if they are not kept.</summary>
    StoredDraws? Stored();
}
