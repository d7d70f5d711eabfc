using System.Text.RegularExpressions;
using Lae.Formats.CmdStan;
using Lae.Formats.Zarr;
using Lae.Host.Runs;

namespace Lae.Tests.Host;

/// <summary>What <c>lae sample</c> left in a run folder.</summary>
internal static partial class SampledRun
{
    public static InferenceReader Draws(string folder) => InferenceReader.Open(new ZarrFolder(Path.Combine(folder, "draws.zarr")));

    public static CmdStanFile Csv(string folder, int chain)
    {
        using FileStream stream = File.OpenRead(Path.Combine(folder, "csv", $"chain-{chain}.csv"));
        return CmdStanCsv.Read(stream, "csv");
    }

    /// <summary>Every byte of draws and figures is the same; when the run began and how long it took are not compared.</summary>
    public static void AssertEqual(string expected, string actual)
    {
        string[] files = Files(expected);
        Assert.Equal(files, Files(actual));
        foreach (string file in files)
        {
            Assert.True(Content(expected, file).AsSpan().SequenceEqual(Content(actual, file)), $"{file} differs");
        }
    }

    private static string[] Files(string folder) =>
    [
        .. Directory.GetFiles(folder, "*", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(folder, file))
            .Where(file => file is "summary.json" || file.StartsWith("draws.zarr", StringComparison.Ordinal) || file.StartsWith("csv", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal),
    ];

    private static byte[] Content(string folder, string file)
    {
        byte[] content = HostRun.Bytes(folder, file);
        return Path.GetFileName(file) is ".zattrs" or ".zmetadata" ? [.. Clock().Replace(System.Text.Encoding.UTF8.GetString(content), string.Empty).Select(character => (byte)character)] : content;
    }

    [GeneratedRegex(@"""(created_at|sampling_time)"":\s*(""[^""]*""|[0-9.eE+-]+)")]
    private static partial Regex Clock();
}
