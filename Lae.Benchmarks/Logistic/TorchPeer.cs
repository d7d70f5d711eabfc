using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Lae.Benchmarks.Logistic;

/// <summary>
/// PyTorch in a process of its own (Peers/logistic.py), which takes a run a line and answers with its time. It is stopped between its runs: threads of OpenMP that wait actively would take a processor away from whoever has the turn.
/// </summary>
internal sealed partial class TorchPeer : IDisposable
{
    private const int Continue = 18;
    private const int Stop = 19;
    private const string Interpreter = "/usr/bin/python3";
    private readonly Process process;

    private TorchPeer(Process process, string version, string settings)
    {
        this.process = process;
        Version = version;
        Settings = settings;
    }

    public string Version { get; }

    public string Settings { get; }

    /// <summary>Starts it; null where PyTorch is not there.</summary>
    public static TorchPeer? Start(string script, string data, LogisticProblem problem, int threads, bool passive)
    {
        if (!File.Exists(Interpreter))
        {
            return null;
        }

        string count = threads.ToString(CultureInfo.InvariantCulture);
        ProcessStartInfo start = new(Interpreter) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (string argument in new[] { script, data, problem.Rows.ToString(CultureInfo.InvariantCulture), problem.Columns.ToString(CultureInfo.InvariantCulture), count })
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment["OMP_NUM_THREADS"] = count;
        start.Environment["OPENBLAS_NUM_THREADS"] = count;
        start.Environment["OPENBLAS_CORETYPE"] = "SkylakeX";
        start.Environment["OMP_WAIT_POLICY"] = passive ? "passive" : "active";
        Process process = Process.Start(start) ?? throw new InvalidOperationException($"{Interpreter} did not start.");
        process.ErrorDataReceived += static (_, _) => { };
        process.BeginErrorReadLine();
        if (process.StandardOutput.ReadLine() is not string line)
        {
            process.Dispose();
            return null;
        }

        using JsonDocument hello = JsonDocument.Parse(line);
        _ = Signal(process.Id, Stop);
        return new TorchPeer(process, hello.RootElement.GetProperty("torch").GetString()!, $"{threads} thread{(threads == 1 ? "" : "s")}{(passive ? ", passive waiting" : "")}");
    }

    /// <summary>One run.</summary>
    public TorchAnswer Run(string kernel, string gradient, int steps, double stepSize, int seed)
    {
        _ = Signal(process.Id, Continue);
        process.StandardInput.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{kernel} {gradient} {steps} {stepSize:R} {seed}"));
        process.StandardInput.Flush();
        using JsonDocument answer = JsonDocument.Parse(process.StandardOutput.ReadLine() ?? throw new InvalidOperationException("PyTorch ended before its run did."));
        _ = Signal(process.Id, Stop);
        JsonElement root = answer.RootElement;
        return new TorchAnswer(
            root.GetProperty("seconds").GetDouble(), [.. root.GetProperty("mean").EnumerateArray().Select(value => value.GetDouble())], root.GetProperty("acceptance").GetDouble());
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Signal(int process, int signal);

    public void Dispose()
    {
        _ = Signal(process.Id, Continue);
        process.StandardInput.Close();
        process.WaitForExit();
        process.Dispose();
    }
}

/// <summary>What a run of the peer gave.</summary>
/// <param name="Seconds">Of the loop alone.</param>
/// <param name="Mean">[columns].</param>
/// <param name="Acceptance">The share of accepted proposals.</param>
internal sealed record TorchAnswer(double Seconds, double[] Mean, double Acceptance);
