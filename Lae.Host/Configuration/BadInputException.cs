namespace Lae.Host.Configuration;

/// <summary>What the user gave cannot be used. The message is one line that names the place; the program ends with exit code 2.</summary>
public class BadInputException : Exception
{
    /// <summary>Makes the exception; line ends in the message become spaces.</summary>
    /// <param name="message">What is wrong, and where.</param>
    /// <param name="innerException">The failure below, if there was one.</param>
    public BadInputException(string message, Exception? innerException = null)
        : base(OneLine(message), innerException)
    {
    }

    internal static string OneLine(string text) =>
        string.Join(' ', text.Split(['\r', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
}
