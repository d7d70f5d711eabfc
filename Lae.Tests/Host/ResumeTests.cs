using System.Diagnostics;

namespace Lae.Tests.Host;

/// <summary>A run that was interrupted or killed goes on, and ends with the same bytes as one that never was.</summary>
public class ResumeTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(14)]
    [InlineData(20)]
    [InlineData(45)]
    public void InterruptedRunEqualsAnUninterruptedOne(int step)
    {
        using HostRun host = new();
        Assert.Equal(0, host.Run("--out", "whole"));
        Assert.Equal(130, host.RunUntil(step, "--out", "out"));
        Assert.Contains($"Interrupted at step {step} of 56; what was done is kept. Continue with: lae --resume {host.OutFolder}", host.Output, StringComparison.Ordinal);
        Assert.Equal(0, host.Run("--resume", "out"));
        Assert.Contains($"at step {step} of 56", host.Output, StringComparison.Ordinal);
        HostRun.AssertEqualRuns(host.Path("whole"), host.OutFolder);
    }

    [Fact]
    public void InterruptedTwiceAndOnAnotherNumberOfThreads()
    {
        using HostRun host = new();
        Assert.Equal(0, host.Run("--out", "whole"));
        Assert.Equal(130, host.RunUntil(10, "--out", "out"));
        Assert.Equal(130, host.RunUntil(31, "--resume", "out", "--threads", "1"));
        Assert.Equal(0, host.Run("--resume", "out", "--threads", "2"));
        HostRun.AssertEqualRuns(host.Path("whole"), host.OutFolder);
    }

    [Fact]
    public void LogBeyondTheCheckpointIsCutOff()
    {
        using HostRun host = new();
        Assert.Equal(0, host.Run("--out", "whole"));
        Assert.Equal(130, host.RunUntil(30, "--out", "out"));
        File.AppendAllText(host.Path("out/metrics.jsonl"), "{\"step\":36,\"epoch\":3,\"loss\":1}\n{\"step\":4");
        Assert.Equal(0, host.Run("--resume", "out"));
        HostRun.AssertEqualRuns(host.Path("whole"), host.OutFolder);
    }

    [Fact]
    public void FinishedRunIsLeftAlone()
    {
        using HostRun host = new();
        Assert.Equal(0, host.Run("--out", "out"));
        byte[] report = HostRun.Bytes(host.OutFolder, "report.html");
        Assert.Equal(0, host.Run("--resume", "out"));
        Assert.Contains("is finished", host.Output, StringComparison.Ordinal);
        Assert.Equal(report, HostRun.Bytes(host.OutFolder, "report.html"));
    }

    [Fact]
    public void CheckpointOfAnotherModelOrDamaged()
    {
        using HostRun host = new();
        Assert.Equal(130, host.RunUntil(20, "--out", "out"));
        Assert.Equal(130, host.RunUntil(20, "--out", "other", "--Model:LatentSize=4"));
        File.Copy(host.Path("other/checkpoint.safetensors"), host.Path("out/checkpoint.safetensors"), overwrite: true);
        Assert.Equal(2, host.Run("--resume", "out"));
        Assert.Equal(
            $"{host.Path("out/checkpoint.safetensors")}: \"parameters.weight\": expected F32 [3, 64] as in the model, found F32 [4, 64]", host.OneLine());
        File.WriteAllBytes(host.Path("out/checkpoint.safetensors"), HostRun.Bytes(host.Path("other"), "checkpoint.safetensors")[..200]);
        Assert.Equal(2, host.Run("--resume", "out"));
        Assert.StartsWith(host.Path("out/checkpoint.safetensors"), host.OneLine(), StringComparison.Ordinal);
    }

    [Fact]
    public void RunInWhichAnotherProcessIsAtWork()
    {
        using HostRun host = new();
        Assert.Equal(130, host.RunUntil(20, "--out", "out"));
        using FileStream held = new(host.Path("out/run.lock"), FileMode.Create, FileAccess.ReadWrite, FileShare.None);
        Assert.Equal(2, host.Run("--resume", "out"));
        Assert.Contains("is another process at work on this run?", host.OneLine(), StringComparison.Ordinal);
    }

    [Fact]
    public void KilledProcessGoesOnFromItsLastCheckpoint()
    {
        using HostRun host = new();
        Assert.Equal(0, host.Run("--out", "whole"));
        using (Process process = TestProgram.Start(host, "--out", "out", "--Model:Delay=40"))
        {
            WaitForCheckpoint(host, process);
            process.Kill();
            process.WaitForExit();
            Assert.NotEqual(0, process.ExitCode);
        }

        Assert.False(File.Exists(host.Path("out/report.html")));
        File.WriteAllText(host.Path("out/config.json"), File.ReadAllText(host.Path("out/config.json")).Replace("\"Delay\": 40", "\"Delay\": 0", StringComparison.Ordinal));
        Assert.Equal(0, host.Run("--resume", "out"));
        Assert.Contains("Continuing", host.Output, StringComparison.Ordinal);
        HostRun.AssertEqualRuns(host.Path("whole"), host.OutFolder);
    }

    [Fact]
    public void AProcessOfTheTestsIsNotConfiguredByTheVariablesOfTheTests()
    {
        // every variable with the prefix is configuration, and one that is no key is refused
        const string Switch = "LAE_SWITCH_OF_A_TEST";
        using HostRun host = new();
        Environment.SetEnvironmentVariable(Switch, "1");
        try
        {
            using Process process = TestProgram.Start(host, "--out", "out", "--Training:Epochs=1");
            Assert.NotEmpty(process.StandardOutput.ReadToEnd());
            process.WaitForExit();
            Assert.Equal(0, process.ExitCode);
        }
        finally
        {
            Environment.SetEnvironmentVariable(Switch, null);
        }
    }

    [Fact]
    public void TerminatedProcessKeepsWhatWasDone()
    {
        using HostRun host = new();
        using Process process = TestProgram.Start(host, "--out", "out", "--Model:Delay=40", "--Training:CheckpointEverySeconds=0");
        WaitForCheckpoint(host, process);
        using (Process signal = Process.Start("kill", ["-TERM", $"{process.Id}"]))
        {
            signal.WaitForExit();
        }

        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.Equal(130, process.ExitCode);
        Assert.Contains("Continue with: lae --resume", output, StringComparison.Ordinal);
    }

    private static void WaitForCheckpoint(HostRun host, Process process)
    {
        while (!File.Exists(host.Path("out/checkpoint.safetensors")) && !process.HasExited)
        {
            Thread.Sleep(10);
        }

        Assert.False(process.HasExited);
    }
}
