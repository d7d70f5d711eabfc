using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using System.Text.Json.Nodes;
using Lae.Host.Configuration;

namespace Lae.Host.Runs;

/// <summary>What computes: results are the same bit for bit only where these are the same.</summary>
internal static class RunEnvironment
{
    /// <summary>Version of Lae, with the commit where the build knew it.</summary>
    public static string LaeVersion { get; } =
        typeof(RunEnvironment).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    /// <summary>The widest vector instructions in use.</summary>
    public static string InstructionSet { get; } = (Vector512.IsHardwareAccelerated, Fma.IsSupported && Avx2.IsSupported, AdvSimd.IsSupported, Vector128.IsHardwareAccelerated) switch
    {
        (true, _, _, _) => "AVX-512",
        (_, true, _, _) => "AVX2 + FMA",
        (_, _, true, _) => "AdvSimd",
        (_, _, _, true) => "128 bits",
        _ => "scalar",
    };

    /// <summary>The versions for <c>config.json</c>.</summary>
    /// <param name="engine">The name of the engine.</param>
    public static JsonObject Versions(string engine) => new()
    {
        ["Lae"] = LaeVersion,
        ["Runtime"] = RuntimeInformation.FrameworkDescription,
        ["Architecture"] = RuntimeInformation.ProcessArchitecture.ToString(),
        [nameof(InstructionSet)] = InstructionSet,
        ["Engine"] = engine,
    };

    /// <summary>Tells where a run that goes on was begun by something else.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="configuration">The run's <c>config.json</c>.</param>
    /// <param name="engine">The name of the engine.</param>
    public static void TellOtherVersions(TextWriter output, string configuration, string engine)
    {
        JsonNode? versions = JsonNode.Parse(File.ReadAllText(configuration))?[ConfigurationSource.VersionsSection];
        foreach ((string name, JsonNode? now) in Versions(engine))
        {
            if (versions?[name] is { } then && then.ToString() != now?.ToString())
            {
                output.WriteLine($"note: the run was begun with {name} {then}, and continues with {now}: its numbers may differ in the last bits from those of an uninterrupted run");
            }
        }
    }
}
