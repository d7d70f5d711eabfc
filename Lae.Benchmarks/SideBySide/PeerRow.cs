namespace Lae.Benchmarks.SideBySide;

/// <summary>A row of the table as the JSON file has it.</summary>
/// <param name="Work">Its name.</param>
/// <param name="Lae">Seconds of a unit, Lae at its best settings.</param>
/// <param name="Peer">Seconds of a unit, the peer at its best settings.</param>
/// <param name="AtLeast">The ratio that is asked for; null for a row that informs.</param>
internal sealed record PeerRow(string Work, double Lae, double Peer, double? AtLeast)
{
    /// <summary>The peer's time divided by Lae's.</summary>
    public double Ratio => Peer / Lae;

    public required string Title { get; init; }

    public required string Unit { get; init; }

    /// <summary>Who the peer is.</summary>
    public required string Peers { get; init; }

    public required string LaeSettings { get; init; }

    public required string PeerSettings { get; init; }

    /// <summary>Bytes.</summary>
    public required long LaePeakMemory { get; init; }

    /// <summary>Bytes.</summary>
    public required long PeerPeakMemory { get; init; }

    /// <summary>Why the sides did not do the same; null if they did.</summary>
    public required string? Disagreement { get; init; }

    /// <summary>Everyone who took turns, or only warmed up.</summary>
    public required IReadOnlyList<PeerSide> Sides { get; init; }
}

/// <summary>One of those who took turns: seconds of a unit (median, fastest, slowest turn), bytes.</summary>
internal sealed record PeerSide(string Who, string Settings, double Seconds, double Fastest, double Slowest, long PeakMemory)
{
    /// <summary>Whether it was so slow in the warm-up that it took no turns: its time is of the fastest turn of the warm-up.</summary>
    public bool SatOut { get; init; }
}
