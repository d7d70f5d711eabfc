namespace Lae.Host.Commands;

/// <summary>How the program ends.</summary>
internal static class ExitCode
{
    public const int Done = 0;

    /// <summary>A failure that nobody foresaw.</summary>
    public const int Unexpected = 1;

    /// <summary>The command line, the configuration, the data or the output folder cannot be used.</summary>
    public const int BadInput = 2;

    /// <summary>A NaN, an infinity or a singular matrix arose.</summary>
    public const int NonFinite = 3;

    /// <summary>A law is broken.</summary>
    public const int LawBroken = 4;

    /// <summary>The user asked the run to end.</summary>
    public const int Interrupted = 130;
}
