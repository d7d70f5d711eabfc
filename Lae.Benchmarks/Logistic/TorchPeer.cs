using System.Globalization;
using System.Text.Json;
using Lae.Benchmarks.SideBySide;

namespace Lae.Benchmarks.Logistic;

/// <summary>PyTorch in a process of its own (Peers/logistic.py), which takes a run a line and answers with its time.</summary>
internal sealed class TorchPeer : IDisposable
{
    private readonly TurnProcess process;

    private TorchPeer(TurnProcess process, string settings)
    {
        this.process = process;
        Version = process.Hello.GetProperty("torch").GetString()!;
        Settings = settings;
    }

    public string Version { get; }

    public string Settings { get; }

    /// <summary>Starts it; null where PyTorch is not there.</summary>
    public static TorchPeer? Start(string script, string data, LogisticProblem problem, int threads, bool passive)
    {
        string[] arguments = [script, data, .. new[] { problem.Rows, problem.Columns, threads }.Select(number => number.ToString(CultureInfo.InvariantCulture))];
        return TurnProcess.Start(TurnProcess.Python, arguments, TurnProcess.Environment(threads, passive)) is { } process
            ? new TorchPeer(process, $"{threads} thread{(threads == 1 ? "" : "s")}{(passive ? ", passive waiting" : "")}")
            : null;
    }

    /// <summary>One run.</summary>
    public TorchAnswer Run(string kernel, string gradient, int steps, double stepSize, int seed)
    {
        JsonElement root = process.Ask(string.Create(CultureInfo.InvariantCulture, $"{kernel} {gradient} {steps} {stepSize:R} {seed}"));
        return new TorchAnswer(
            root.GetProperty("seconds").GetDouble(), [.. root.GetProperty("mean").EnumerateArray().Select(value => value.GetDouble())], root.GetProperty("acceptance").GetDouble());
    }

    public void Dispose() => process.Dispose();
}

/// <summary>What a run of the peer gave.</summary>
/// <param name="Seconds">Of the loop alone.</param>
/// <param name="Mean">[columns].</param>
/// <param name="Acceptance">The share of accepted proposals.</param>
internal sealed record TorchAnswer(double Seconds, double[] Mean, double Acceptance);
