namespace Lae.Tests.Host;

/// <summary>The memory that a sampling run holds, measured alone: it is that of the whole process.</summary>
[Collection("Alone")]
public sealed class SampleMemoryTests
{
    private const string Configuration = """
        {
          "Target": { "Type": "StandardNormal", "Dimension": 10 },
          "Kernel": { "Type": "Interrupting", "StepSize": 0.5 },
          "Chains": 10, "Warmup": { "Transitions": 0 }, "Threads": 1, "CheckpointEverySeconds": 1
        }
        """;

    /// <summary>100 numbers a draw: 20,000 draws more would be 16 MB.</summary>
    [Theory]
    [InlineData("Zarr")]
    [InlineData("Figures")]
    public void DoesNotGrowWithTheLengthOfTheRun(string keep)
    {
        Dictionary<long, long> held = []; // a transition after a checkpoint may be made twice
        using HostRun host = new(stepped: step =>
        {
            if (step is 2_000 or 22_000)
            {
                held[step] = GC.GetTotalMemory(forceFullCollection: true);
            }
        });
        host.Write("sampling.json", Configuration);
        Assert.Equal(0, host.Run("sample", "--config", "sampling.json", "--Transitions=22000", $"--Keep={keep}", "--out", "out"));
        Assert.True(held[22_000] - held[2_000] < 1_000_000, $"{held[2_000]:N0} bytes after 2,000 transitions, {held[22_000]:N0} after 22,000");
    }
}
