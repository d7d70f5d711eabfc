using Lae.Formats.Zarr;

namespace Lae.Tests.Formats;

/// <summary>The memory that a growing store holds, measured alone: it is that of the whole process.</summary>
[Collection("Alone")]
public sealed class ZarrMemoryTests
{
    [Fact]
    public void Memory_does_not_grow_with_the_draws()
    {
        InferenceLayout layout = ZarrTests.Layout(4, 100);
        ZarrTests.MemoryStore store = new() { Forgets = true };
        InferenceWriter writer = InferenceWriter.Create(store, layout, ZarrTests.Attributes);
        ReadOnlyMemory<double>[] draw = ZarrTests.Draw(layout, 0);
        for (int t = 0; t < 2_000; t++)
        {
            writer.Append(draw);
        }

        long before = GC.GetTotalMemory(forceFullCollection: true);
        for (int t = 0; t < 20_000; t++)
        {
            writer.Append(draw);
        }

        Assert.True(GC.GetTotalMemory(forceFullCollection: true) - before < 500_000);
        Assert.Equal(22_000, writer.CommittedDraws);
        GC.KeepAlive(writer);
    }
}
