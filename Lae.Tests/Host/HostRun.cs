using System.Collections;
using Lae.Host;
using Lae.Host.Commands;
using Microsoft.Extensions.DependencyInjection;

namespace Lae.Tests.Host;

/// <summary>Runs the program inside the test process, in a temporary working directory, with the fake model at hand.</summary>
internal sealed class HostRun : IDisposable
{
    /// <summary>A configuration of 4 epochs of 14 steps on the digits: fast, with log intervals that cross the ends of epochs.</summary>
    public const string Configuration = """
        {
          // comments are allowed
          "Name": "test",
          "Seed": 5,
          "Engine": { "Type": "Reference" },
          "Data": { "Type": "Digits8x8", "TestFraction": 0.2 },
          "Model": { "Type": "Fake", "LatentSize": 3, "Kernel": { "Type": "Alpha", "StepSize": 0.5 } },
          "Training": { "Epochs": 4, "BatchSize": 100, "LogEvery": 9, "CheckpointEverySeconds": 0 },
          "Evaluation": { "PosteriorDraws": 2, "PosteriorTransitions": 3 },
          "Output": { "Samples": 6, "Reconstructions": 5 },
        }
        """;

    private readonly StringWriter output = new();
    private readonly StringWriter error = new();

    private readonly Action<IServiceCollection>? more;
    private readonly Action<long>? watching;

    public HostRun(string configuration = Configuration, Action<IServiceCollection>? configure = null, Action<long>? stepped = null)
    {
        more = configure;
        watching = stepped;
        Folder = Directory.CreateTempSubdirectory("lae-host-").FullName;
        Write("appsettings.json", configuration);
    }

    public string Folder { get; }

    public string Output => output.ToString();

    public string Error => error.ToString();

    public Hashtable Variables { get; } = [];

    public string OutFolder => Path("out");

    /// <summary>The files of a run folder whose bytes the configuration and the seed decide.</summary>
    public static IReadOnlyList<string> Decided { get; } =
        ["weights.safetensors", "metrics.json", "metrics.jsonl", "samples.png", "reconstructions.png", "latents.svg", "curves.svg", "data.json"];

    public static void AssertEqualRuns(string expected, string actual)
    {
        foreach (string file in Decided)
        {
            Assert.True(Bytes(expected, file).AsSpan().SequenceEqual(Bytes(actual, file)), $"{file} differs");
        }
    }

    public static byte[] Bytes(string folder, string file) => File.ReadAllBytes(System.IO.Path.Combine(folder, file));

    public string Path(string name) => System.IO.Path.Combine(Folder, name);

    public void Write(string name, string content) => File.WriteAllText(Path(name), content);

    public int Run(params string[] args) => RunUntil(long.MaxValue, args);

    /// <summary>Runs the program, and interrupts it during a step.</summary>
    public int RunUntil(long step, params string[] args)
    {
        using CancellationTokenSource interruption = new();
        output.GetStringBuilder().Clear();
        error.GetStringBuilder().Clear();
        return LaeHost.Run(
            args,
            services =>
            {
                FakeModelFactory.Register(services, done => InterruptAt(done));
                InterruptibleModel.Register(services, done => InterruptAt(done));
                InterruptingKernel.Register(services, done => InterruptAt(done));
                more?.Invoke(services);
            },
            new HostContext(output, error, null, Folder, Variables, TimeProvider.System, interruption.Token));

        void InterruptAt(long done)
        {
            watching?.Invoke(done);
            if (done == step)
            {
                interruption.Cancel();
            }
        }
    }

    /// <summary>Runs into <see cref="OutFolder"/>, and expects it to be refused in one line before anything is written.</summary>
    public string Refused(params string[] args)
    {
        Assert.Equal(2, Run([.. args, "--out", OutFolder]));
        Assert.False(Directory.Exists(OutFolder));
        return OneLine();
    }

    /// <summary>What was written to the standard error, which must be one line.</summary>
    public string OneLine()
    {
        Assert.EndsWith(Environment.NewLine, Error, StringComparison.Ordinal);
        string line = Error[..^Environment.NewLine.Length];
        Assert.DoesNotContain('\n', line);
        return line;
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
