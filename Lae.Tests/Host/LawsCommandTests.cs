using Lae.Composition;
using Lae.Tests.Kernels.Mutants;
using Microsoft.Extensions.DependencyInjection;

namespace Lae.Tests.Host;

/// <summary><c>lae laws</c>: one line a law, and an exit code that says whether all hold.</summary>
public class LawsCommandTests
{
    [Theory]
    [InlineData("ULA")]
    [InlineData("MALA")]
    public void AllHold(string kernel)
    {
        using HostRun host = new();
        host.Write("sampling.json", SampleTests.Configuration);
        Assert.True(host.Run("laws", "--config", "sampling.json", $"--Kernel:Type={kernel}") == 0, host.Output + host.Error);
        Assert.Contains("  holds   R-5 chain independence", host.Output, StringComparison.Ordinal);
        Assert.Matches(@"All \d+ laws hold\.", host.Output);
        Assert.Equal(["appsettings.json", "sampling.json"], Directory.GetFileSystemEntries(host.Folder).Select(file => Path.GetFileName(file)!).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void ABrokenLawIsToldInWordsAndByTheExitCode()
    {
        using HostRun host = new(configure: services => services.AddKernel<LangevinOptions>("NoiseByRow", (options, target) => RunnerMutants.NoiseByRow(target, options.ToSettings())));
        host.Write("sampling.json", SampleTests.Configuration);
        Assert.Equal(4, host.Run("laws", "--config", "sampling.json", "--Kernel:Type=NoiseByRow"));
        Assert.Contains("  BROKEN  R-5 chain independence: Dropping and reordering chains changed the others", host.Output, StringComparison.Ordinal);
        Assert.Matches(@"\d of \d+ laws are broken\.", host.Output);
    }

    [Fact]
    public void AKernelThatCannotRunIsOneLine()
    {
        using HostRun host = new();
        host.Write("sampling.json", SampleTests.Configuration);
        Assert.Equal(3, host.Run("laws", "--config", "sampling.json", "--Start:Centre=1e200"));
        Assert.StartsWith("the laws cannot be tried: ", host.OneLine(), StringComparison.Ordinal);
    }
}
