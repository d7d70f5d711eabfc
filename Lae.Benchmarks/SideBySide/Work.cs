namespace Lae.Benchmarks.SideBySide;

/// <summary>A row of the table: one work, done by Lae and by its peer.</summary>
/// <param name="Name">Its name on the command line and in the JSON.</param>
/// <param name="Title">What it is, for the page.</param>
/// <param name="AtLeast">The ratio peer's time / Lae's time that is asked for; null for a row that informs.</param>
/// <param name="Units">Units of a turn, the same for both sides.</param>
/// <param name="Unit">What one unit is.</param>
/// <param name="Peer">Who does the same.</param>
internal sealed record Work(string Name, string Title, double? AtLeast, int Units, string Unit, Peer Peer)
{
    /// <summary>What Lae does, by its name in <see cref="TurnServer"/>, if several rows share it.</summary>
    public string LaeName { get; init; } = Name;

    /// <summary>Whether both sides have one thread; else each is at its best of 1 and 2.</summary>
    public bool OneThread { get; init; }

    /// <summary>How near the sides must be in each figure that shows whether they did the same.</summary>
    public IReadOnlyDictionary<string, Agreement> Agreements { get; init; } = new Dictionary<string, Agreement>();

    /// <summary>The file that both sides read; null if none.</summary>
    public Action<string>? WriteData { get; init; }
}

/// <summary>How near figures of the two sides must be.</summary>
/// <param name="Absolute">The largest difference.</param>
/// <param name="Relative">The largest difference as a share of the larger value, added to it.</param>
internal readonly record struct Agreement(double Absolute, double Relative = 0)
{
    public bool Holds(double a, double b) => Math.Abs(a - b) <= Absolute + (Relative * Math.Max(Math.Abs(a), Math.Abs(b)));
}

/// <summary>The other side of a work.</summary>
/// <param name="Script">A script of Peers, or null for OpenBLAS, which this program calls itself.</param>
/// <param name="Name">What the script calls the work.</param>
/// <param name="Variants">The ways in which it can be written: the fastest counts.</param>
internal sealed record Peer(string? Script, string Name, IReadOnlyList<string> Variants);
