namespace Lae.Host.Runs;

/// <summary>
/// Memory between the stages of a run. Each stage (reading, training, an evaluation) has pooled memory of its own, from tens to hundreds of megabytes, and asks for so little beside it that
/// nothing would collect what the stage before left: the peak would be the sum of all stages instead of the largest.
/// </summary>
internal static class StageMemory
{
    /// <summary>Collects what is no longer used, and gives it back to the operating system: some milliseconds.</summary>
    public static void Release() => GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
}
