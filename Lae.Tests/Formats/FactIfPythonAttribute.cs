using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace Lae.Tests.Formats;

/// <summary>A test in which plain Python, without packages, reads what Lae wrote. Skipped where there is no python3.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class FactIfPythonAttribute : FactAttribute
{
    private static readonly Lazy<bool> Available = new(() =>
    {
        try
        {
            return Run("print('here')", []).StartsWith("here", StringComparison.Ordinal);
        }
        catch (Exception exception) when (exception is Win32Exception or InvalidOperationException)
        {
            return false;
        }
    });

    public FactIfPythonAttribute()
    {
        if (!Available.Value)
        {
            Skip = "missing program: python3";
        }
    }

    /// <summary>What the script prints, given the bytes on its standard input.</summary>
    public static string Run(string script, byte[] input)
    {
        var start = new ProcessStartInfo("python3")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
        };
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add(script);
        start.Environment["PYTHONIOENCODING"] = "utf-8";
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        process.StandardInput.BaseStream.Write(input);
        process.StandardInput.Close();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? output : throw new InvalidOperationException($"python3 failed: {errors.GetAwaiter().GetResult()}");
    }
}
