using System.Diagnostics;

namespace Lae.Tests.Formats;

/// <summary>Runs a program that reads what Lae wrote.</summary>
internal static class ForeignProgram
{
    /// <summary>What the program prints; an exception with its errors where it fails or is not there.</summary>
    public static string Run(string program, params string[] arguments)
    {
        ProcessStartInfo start = new(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["LC_ALL"] = "C.UTF-8";
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? output : throw new InvalidOperationException($"{program} failed: {errors.GetAwaiter().GetResult()}");
    }

    /// <summary>Whether the program is there and prints what begins with a word.</summary>
    public static bool Prints(string word, string program, params string[] arguments)
    {
        try
        {
            return Run(program, arguments).StartsWith(word, StringComparison.Ordinal);
        }
        catch (Exception exception) when (exception is System.ComponentModel.Win32Exception or InvalidOperationException)
        {
            return false;
        }
    }
}

/// <summary>A test in which Debian's xarray and zarr (python3-xarray, python3-zarr) read what Lae wrote. Skipped where they are not installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class FactIfXarrayAttribute : FactAttribute
{
    /// <summary>Debian's own interpreter: another python3 on the path does not see its packages.</summary>
    public const string Python = "/usr/bin/python3";

    private static readonly Lazy<bool> Available = new(() => ForeignProgram.Prints("here", Python, "-c", "import importlib.util as u; print('here' if u.find_spec('xarray') and u.find_spec('zarr') else 'no')"));

    public FactIfXarrayAttribute()
    {
        if (!Available.Value)
        {
            Skip = $"missing packages: xarray and zarr of {Python}";
        }
    }
}

/// <summary>A test in which R's rstan and posterior read what Lae wrote. Skipped where they are not installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class FactIfRstanAttribute : FactAttribute
{
    private static readonly Lazy<bool> Available = new(() => ForeignProgram.Prints("here", "Rscript", "-e", "cat(if (nzchar(system.file(package='rstan')) && nzchar(system.file(package='posterior'))) 'here' else 'no')"));

    public FactIfRstanAttribute()
    {
        if (!Available.Value)
        {
            Skip = "missing R packages: rstan and posterior (Debian: r-cran-rstan, r-cran-posterior)";
        }
    }
}

/// <summary>A folder that is gone after the test.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("lae-test-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
