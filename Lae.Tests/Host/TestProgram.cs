using System.Diagnostics;
using Lae.Host;
using Lae.Host.Configuration;

namespace Lae.Tests.Host;

/// <summary>The program with the fake model at hand: what tests start as a process of its own, to kill it.</summary>
internal static class TestProgram
{
    /// <summary>Starts it in the folder of a host, with its output redirected.</summary>
    /// <param name="host">Whose folder.</param>
    /// <param name="args">Its arguments.</param>
    public static Process Start(HostRun host, params string[] args)
    {
        ProcessStartInfo start = new("dotnet", [typeof(TestProgram).Assembly.Location, .. args])
        {
            WorkingDirectory = host.Folder,
            RedirectStandardOutput = true,
        };

        // LAE_LONG and LAE_WRITE_DOCS are switches of the tests, and a person may have set others: to the program all of them would be configuration
        foreach (string name in start.Environment.Keys.Where(name => name.StartsWith(ConfigurationLayers.EnvironmentPrefix, StringComparison.OrdinalIgnoreCase)).ToArray())
        {
            start.Environment.Remove(name);
        }

        return Process.Start(start)!;
    }

    private static int Main(string[] args) => LaeHost.Run(args, FakeModelFactory.Register);
}
