using System.Buffers;

namespace Lae.Formats.Zarr;

/// <summary>Names in a store: they become parts of keys, and of file names where the store is a folder.</summary>
internal static class InferenceName
{
    public const string Chain = "chain";
    public const string Draw = "draw";

    private const string RefusedCharacters = "/\\:*?\"<>|";

    private static readonly SearchValues<char> Refused = SearchValues.Create(RefusedCharacters);

    /// <exception cref="ArgumentException">The name is empty, begins with a dot, or holds a character that some file system refuses.</exception>
    public static void Check(string name, string parameter)
    {
        if (name.Length == 0 || name[0] == '.' || name.AsSpan().ContainsAny(Refused) || name.Any(char.IsControl))
        {
            throw new ArgumentException($"A name must not be empty, begin with a dot or hold one of {RefusedCharacters}, but is {DataFormatException.Quote(name)}.", parameter);
        }
    }
}
