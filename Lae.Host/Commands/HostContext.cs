using System.Collections;

namespace Lae.Host.Commands;

/// <summary>What a run of the program may touch of the world around it, handed in so that it can be another world.</summary>
/// <param name="Output">Progress and results.</param>
/// <param name="Error">Failures, one line each.</param>
/// <param name="TerminalWidth">Characters in a line of the terminal, where progress is drawn in place; null where the output goes elsewhere.</param>
/// <param name="WorkingFolder">The working directory.</param>
/// <param name="Variables">Environment variables.</param>
/// <param name="Clock">Times for progress, checkpoints and the names of run folders.</param>
/// <param name="Cancellation">Asks the run to end after the step under way.</param>
internal sealed record HostContext(
    TextWriter Output, TextWriter Error, int? TerminalWidth, string WorkingFolder, IDictionary Variables, TimeProvider Clock, CancellationToken Cancellation)
{
    /// <summary>The world of this process.</summary>
    /// <param name="cancellation">Asks the run to end after the step under way.</param>
    public static HostContext OfProcess(CancellationToken cancellation) => new(
        Console.Out, Console.Error, WidthOfTerminal(), Environment.CurrentDirectory, Environment.GetEnvironmentVariables(), TimeProvider.System, cancellation);

    private static int? WidthOfTerminal()
    {
        if (Console.IsOutputRedirected)
        {
            return null;
        }

        // Some terminals do not tell their width.
        return Console.WindowWidth > 1 ? Console.WindowWidth : 80;
    }
}
