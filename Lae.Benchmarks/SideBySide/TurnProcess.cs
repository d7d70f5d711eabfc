using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Lae.Benchmarks.SideBySide;

/// <summary>
/// A side in a process of its own: a line in, a line of JSON out. It is stopped between its turns: threads that wait actively would take a processor away from whoever has the turn.
/// </summary>
internal sealed partial class TurnProcess : IDisposable
{
    /// <summary>Debian's own, which has PyTorch.</summary>
    public const string Python = "/usr/bin/python3";

    private const int Kill = 9;
    private const int Continue = 18;
    private const int Stop = 19;
    private readonly Process process;

    private TurnProcess(Process process, JsonElement hello)
    {
        this.process = process;
        Hello = hello;
    }

    /// <summary>What it said when it was ready.</summary>
    public JsonElement Hello { get; }

    /// <summary>The most memory that it ever had, in bytes.</summary>
    public long PeakMemory => PeakMemoryOf(process.Id);

    /// <summary>The most memory that a process ever had, in bytes; 0 if it has ended.</summary>
    public static long PeakMemoryOf(int process)
    {
        try
        {
            string? line = File.ReadLines($"/proc/{process}/status").FirstOrDefault(line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
            return line is null ? 0 : 1024 * long.Parse(line["VmHWM:".Length..].Replace("kB", "", StringComparison.Ordinal), CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return 0;
        }
    }

    /// <summary>What PyTorch and OpenBLAS need to be at their best.</summary>
    /// <param name="threads">Threads of both.</param>
    /// <param name="isPassive">Whether threads without work sleep.</param>
    public static IReadOnlyDictionary<string, string> Environment(int threads, bool isPassive) => new Dictionary<string, string>
    {
        ["OMP_NUM_THREADS"] = threads.ToString(CultureInfo.InvariantCulture),
        ["OPENBLAS_NUM_THREADS"] = threads.ToString(CultureInfo.InvariantCulture),
        ["OPENBLAS_CORETYPE"] = "SkylakeX",
        ["OMP_WAIT_POLICY"] = isPassive ? "passive" : "active",
    };

    /// <summary>Starts a side; null if it ends before it says hello, as where PyTorch is not there.</summary>
    /// <param name="program">What is run.</param>
    /// <param name="arguments">With what.</param>
    /// <param name="environment">Variables that are set for it.</param>
    public static TurnProcess? Start(string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string> environment)
    {
        ProcessStartInfo start = new(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach ((string name, string value) in environment)
        {
            start.Environment[name] = value;
        }

        Process process;
        try
        {
            process = Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start.");
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }

        string errors = "";
        process.ErrorDataReceived += (_, line) => errors += line.Data + "\n";
        process.BeginErrorReadLine();
        if (process.StandardOutput.ReadLine() is not string hello)
        {
            process.WaitForExit();
            Console.Error.WriteLine($"{program} {string.Join(' ', arguments)} ended: {errors.Trim()}");
            process.Dispose();
            return null;
        }

        _ = Signal(process.Id, Stop);
        return new TurnProcess(process, JsonDocument.Parse(hello).RootElement.Clone());
    }

    /// <summary>One turn.</summary>
    /// <param name="line">What is asked.</param>
    /// <returns>The answer.</returns>
    public JsonElement Ask(string line)
    {
        _ = Signal(process.Id, Continue);
        process.StandardInput.WriteLine(line);
        process.StandardInput.Flush();
        string answer = process.StandardOutput.ReadLine() ?? throw new InvalidOperationException($"{process.StartInfo.FileName} {string.Join(' ', process.StartInfo.ArgumentList)} ended at '{line}'.");
        _ = Signal(process.Id, Stop);
        using JsonDocument document = JsonDocument.Parse(answer);
        return document.RootElement.Clone();
    }

    public void Dispose()
    {
        _ = Signal(process.Id, Kill);
        process.WaitForExit();
        process.Dispose();
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Signal(int process, int signal);
}
