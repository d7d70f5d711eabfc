using System.Text;

namespace Lae.Formats;

/// <summary>
/// Data from outside is not what its format promises. The message is one line that names the source, the place in it and
/// what was expected there, so that a person can open the file and mend it.
/// </summary>
public sealed class DataFormatException : Exception
{
    private const int LongestQuote = 40;

    /// <summary>Makes the exception; control characters in the parts become spaces, so that the message stays one line.</summary>
    /// <param name="sourceName">What the caller calls the source, often a file name.</param>
    /// <param name="place">The place, such as <c>byte 1040</c> or <c>line 17, column 3 ("age")</c>.</param>
    /// <param name="problem">What was expected and what was found.</param>
    /// <param name="innerException">The failure below, if there was one.</param>
    public DataFormatException(string sourceName, string place, string problem, Exception? innerException = null)
        : base(OneLine($"{sourceName}: {place}: {problem}"), innerException)
    {
        SourceName = sourceName;
        Place = OneLine(place);
    }

    /// <summary>What the caller calls the source, often a file name.</summary>
    public string SourceName { get; }

    /// <summary>The place in the source, such as <c>byte 1040</c> or <c>line 17, column 3 ("age")</c>.</summary>
    public string Place { get; }

    /// <summary>Foreign text for a message: in quotes, and cut when it is long.</summary>
    internal static string Quote(ReadOnlySpan<char> text) =>
        text.Length <= LongestQuote ? $"\"{text}\"" : $"\"{text[..LongestQuote]}...\"";

    private static string OneLine(string text)
    {
        var line = new StringBuilder(text.Length);
        foreach (char character in text)
        {
            line.Append(char.IsControl(character) ? ' ' : character);
        }

        return line.ToString();
    }
}
