using System.Diagnostics;
using System.Text.Json.Nodes;

namespace Lae.Tests.Host;

/// <summary>A sampling run that was interrupted or killed goes on, and ends with the same bytes as one that never was.</summary>
public class SampleResumeTests
{
    private const string Configuration = """
        {
          "Name": "resumed",
          "Seed": 3,
          "Target": { "Type": "Gaussian", "Mean": [ 1, -2 ], "Precision": [ 2, 0.6, 0.6, 1 ] },
          "Kernel": { "Type": "Interrupting", "StepSize": 0.5 },
          "Chains": 3, "Warmup": { "Transitions": 30 }, "Transitions": 90, "Thinning": 3
        }
        """;

    [Theory]
    [InlineData(2, "--resume")]
    [InlineData(29, "sample", "--resume")]
    [InlineData(30, "--resume")]
    [InlineData(31, "--resume")]
    [InlineData(77, "sample", "--resume")]
    [InlineData(119, "--resume")]
    public void InterruptedRunEqualsAnUninterruptedOne(int step, params string[] resume)
    {
        using HostRun host = Sampling();
        Assert.Equal(0, host.Run("sample", "--config", "sampling.json", "--out", "whole", "--threads", "1"));
        Assert.Equal(130, host.RunUntil(step, "sample", "--config", "sampling.json", "--out", "out", "--threads", "1"));
        Assert.Equal(0, host.Run([.. resume, "out", "--threads", "2"]));
        Assert.Contains($"Continuing {host.OutFolder} at transition ", host.Output, StringComparison.Ordinal);
        SampledRun.AssertEqual(host.Path("whole"), host.OutFolder);
    }

    [Theory]
    [InlineData("BAOAB")]
    [InlineData("ABOBA")]
    [InlineData("NUTS")]
    [InlineData("MCLMC")]
    [InlineData("SGNHT")]
    [InlineData("ReplicaExchange", "--Kernel:Kernel:Type=MALA")]
    [InlineData("Mixture", "--Kernel:Kernels:0:Type=MALA", "--Kernel:Kernels:1:Type=ULA")]
    [InlineData("Reparametrise", "--Kernel:Kernel:Type=OABAO", "--Kernel:Kernel:StepSize=0.05", "--Kernel:Map:Type=Exp", "--Start:Centre=3", "--Start:Spread=0.1")]
    public void EveryKindOfStateGoesThroughACheckpoint(string kernel, params string[] more)
    {
        using HostRun host = Sampling();
        string[] whole = ["sample", "--config", "sampling.json", $"--Kernel:Type={kernel}", "--Transitions=900", .. more];
        Assert.True(host.Run([.. whole, "--out", "whole"]) == 0, host.Error);

        // a target that tells nobody is interrupted by the clock: a budget ends the run at its first draw
        Assert.Equal(0, host.Run([.. whole, "--out", "part", "--Stopping:Seconds=0.001"]));
        JsonNode configuration = JsonNode.Parse(File.ReadAllText(host.Path("part/config.json")))!;
        Assert.InRange(configuration["Stopping"]!["StoppedAt"]!.GetValue<int>(), 3, 897);
        configuration["Stopping"]!.AsObject().Clear();
        File.WriteAllText(host.Path("part/config.json"), configuration.ToJsonString());
        File.Delete(host.Path("part/summary.json"));
        Assert.True(host.Run("--resume", "part") == 0, host.Error);
        Assert.Contains("at transition ", host.Output, StringComparison.Ordinal);
        SampledRun.AssertEqual(host.Path("whole"), host.Path("part"));
    }

    /// <summary>A kernel whose step size is left to the warm-up: in that the run begins anew, after it the checkpoint has what was found.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void WarmUpIsDoneAgainOrKept(bool after)
    {
        using HostRun host = Sampling();
        string[] settings = ["sample", "--config", "sampling.json", "--Kernel:Type=InterruptingOpen", "--Warmup:Transitions=60", "--Transitions=90"];
        Assert.True(host.Run([.. settings, "--out", "whole"]) == 0, host.Error);
        Assert.Equal(130, host.RunUntil(after ? 80 : 40, [.. settings, "--out", "out"]));
        Assert.Contains(after ? "Interrupted at transition " : "Interrupted in the warm-up", host.Output, StringComparison.Ordinal);
        Assert.Equal(0, host.Run("--resume", "out", "--threads", "1"));
        Assert.Contains(after ? "at transition " : "from the beginning", host.Output, StringComparison.Ordinal);
        SampledRun.AssertEqual(host.Path("whole"), host.OutFolder);
    }

    [Theory]
    [InlineData("Draws")]
    [InlineData("Zarr")]
    [InlineData("Figures")]
    public void CheckpointsAfterEveryTransitionAndSeveralInterruptionsChangeNothing(string keep)
    {
        using HostRun host = Sampling();
        Assert.Equal(0, host.Run("sample", "--config", "sampling.json", "--out", "whole", $"--Keep={keep}"));
        Assert.Equal(130, host.RunUntil(12, "sample", "--config", "sampling.json", "--out", "out", $"--Keep={keep}", "--CheckpointEverySeconds=0"));
        Assert.Equal(130, host.RunUntil(40, "--resume", "out"));
        Assert.Equal(130, host.RunUntil(101, "--resume", "out"));
        Assert.Equal(0, host.Run("--resume", "out"));
        SampledRun.AssertEqual(host.Path("whole"), host.OutFolder);
        Assert.Equal(keep != "Figures", Directory.Exists(host.Path("out/draws.zarr")));
        Assert.Equal(keep == "Draws", Directory.Exists(host.Path("out/csv")));
    }

    [Fact]
    public void DrawsAfterTheCheckpointAreTakenBackAndComeAgain()
    {
        using HostRun host = Sampling();
        Assert.Equal(0, host.Run("sample", "--config", "sampling.json", "--out", "whole"));
        Assert.Equal(130, host.RunUntil(50, "sample", "--config", "sampling.json", "--out", "out"));
        byte[] earlier = HostRun.Bytes(host.OutFolder, "checkpoint.safetensors");
        Assert.Equal(130, host.RunUntil(100, "--resume", "out"));
        File.WriteAllBytes(host.Path("out/checkpoint.safetensors"), earlier);
        Assert.Equal(0, host.Run("--resume", "out"));
        SampledRun.AssertEqual(host.Path("whole"), host.OutFolder);
    }

    [Fact]
    public void WithoutACheckpointTheRunBeginsAgainAndAFinishedRunIsLeftAlone()
    {
        using HostRun host = Sampling();
        Assert.Equal(0, host.Run("sample", "--config", "sampling.json", "--out", "whole"));
        Assert.Equal(130, host.RunUntil(50, "sample", "--config", "sampling.json", "--out", "out"));
        File.Delete(host.Path("out/checkpoint.safetensors"));
        Assert.Equal(0, host.Run("--resume", "out"));
        Assert.Contains("from the beginning: there is no checkpoint yet", host.Output, StringComparison.Ordinal);
        SampledRun.AssertEqual(host.Path("whole"), host.OutFolder);
        Assert.Equal(0, host.Run("sample", "--resume", "out"));
        Assert.Contains("is finished", host.Output, StringComparison.Ordinal);

        // killed between the last draw and the summary
        File.Delete(host.Path("out/summary.json"));
        Directory.Delete(host.Path("out/csv"), recursive: true);
        Assert.Equal(0, host.Run("--resume", "out"));
        SampledRun.AssertEqual(host.Path("whole"), host.OutFolder);
    }

    [Fact]
    public void CheckpointOfOtherChainsOrDamagedOrOfNoSamplingRun()
    {
        using HostRun host = Sampling();
        Assert.Equal(130, host.RunUntil(50, "sample", "--config", "sampling.json", "--out", "out"));
        Assert.Equal(130, host.RunUntil(50, "sample", "--config", "sampling.json", "--out", "other", "--Chains=4"));
        File.Copy(host.Path("other/checkpoint.safetensors"), host.Path("out/checkpoint.safetensors"), overwrite: true);
        Assert.Equal(2, host.Run("--resume", "out"));
        Assert.Equal(
            $"{host.Path("out/checkpoint.safetensors")}: \"chains.position\": expected Float64 [3, 2] as in the chains of this configuration, found Float64 [4, 2]", host.OneLine());
        File.WriteAllBytes(host.Path("out/checkpoint.safetensors"), HostRun.Bytes(host.Path("other"), "checkpoint.safetensors")[..100]);
        Assert.Equal(2, host.Run("--resume", "out"));
        Assert.StartsWith(host.Path("out/checkpoint.safetensors"), host.OneLine(), StringComparison.Ordinal);
        Assert.Equal("command line: --Transitions cannot go with --resume, which continues a run by its own configuration; only --threads can", Error(host, "sample", "--resume", "out", "--Transitions=5"));
        using FileStream held = new(host.Path("out/run.lock"), FileMode.Create, FileAccess.ReadWrite, FileShare.None);
        Assert.Contains("is another process at work on this run?", Error(host, "--resume", "out"), StringComparison.Ordinal);
    }

    /// <summary>The process is killed at moments that a fixed generator chooses, in the warm-up, while sampling and at the end.</summary>
    [Fact]
    public void KilledAgainAndAgainItEndsWithTheSameBytes()
    {
        using HostRun host = Sampling();
        string[] settings = ["--config", "sampling.json", "--Kernel:Type=MALA", "--Chains=4", "--Thinning=1", "--Warmup:Transitions=2000", "--Transitions=8000"];
        Assert.Equal(0, host.Run(["sample", .. settings, "--out", "whole"]));
        Random moments = new(20);
        int kills = 0;
        int code;
        do
        {
            using Process process = TestProgram.Start(host, File.Exists(host.Path("out/config.json")) ? ["--resume", "out"] : ["sample", .. settings, "--CheckpointEverySeconds=0.02", "--out", "out"]);
            while (!File.Exists(host.Path("out/run.lock")) && !process.HasExited)
            {
                Thread.Sleep(1);
            }

            // the first kills come early, so that some hit the warm-up; after six the run may end
            if (kills < 6 && !process.WaitForExit(moments.Next(kills < 2 ? 100 : 700)))
            {
                process.Kill();
                kills++;
            }

            process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            code = process.ExitCode;
            Assert.True(code is 0 or 137, $"exit code {code}");
            File.Delete(host.Path("out/run.lock"));
        }
        while (code != 0);
        Assert.True(kills > 2);
        SampledRun.AssertEqual(host.Path("whole"), host.OutFolder);
    }

    private static HostRun Sampling()
    {
        HostRun host = new();
        host.Write("sampling.json", Configuration);
        return host;
    }

    private static string Error(HostRun host, params string[] args)
    {
        Assert.Equal(2, host.Run(args));
        return host.OneLine();
    }

}
