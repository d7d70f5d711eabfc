using System.Text;

namespace Lae.Formats.CmdStan;

/// <summary>The names of columns.</summary>
public static class CmdStanColumns
{
    /// <summary>The columns before the parameters, in order.</summary>
    public static IReadOnlyList<string> Sampler { get; } = ["lp__", "accept_stat__", "stepsize__", "treedepth__", "n_leapfrog__", "divergent__", "energy__"];

    /// <summary>
    /// Names of parameters as CmdStan writes them: <c>theta[1,2]</c> becomes <c>theta.1.2</c>. Characters that its readers do not take become _, a name that does not begin with a letter gets a v in front, and names that would so become
    /// equal, or equal to a column of the sampler, get a number behind.
    /// </summary>
    /// <param name="parameters">Names such as <c>mu</c> and <c>theta[3]</c>.</param>
    /// <returns>As many column names, all different.</returns>
    public static IReadOnlyList<string> Of(IReadOnlyList<string> parameters)
    {
        HashSet<string> taken = new(Sampler, StringComparer.Ordinal);
        string[] columns = new string[parameters.Count];
        for (int i = 0; i < columns.Length; i++)
        {
            (string stem, string indices) = Split(parameters[i]);
            string column = stem + indices;
            for (int again = 2; !taken.Add(column); again++)
            {
                column = $"{stem}_{again}{indices}";
            }

            columns[i] = column;
        }

        return columns;
    }

    /// <summary>A word that any reader takes: letters, digits, _ and -.</summary>
    internal static string Word(string text) => text.Length == 0 ? "_" : string.Concat(text.Select(character => char.IsAsciiLetterOrDigit(character) || character is '_' or '-' ? character : '_'));

    private static (string Stem, string Indices) Split(string name)
    {
        int bracket = name.EndsWith(']') ? name.IndexOf('[', StringComparison.Ordinal) : -1;
        string[] indices = bracket > 0 ? name[(bracket + 1)..^1].Split(',', StringSplitOptions.TrimEntries) : [];
        bool areNumbers = indices.Length > 0 && indices.All(index => index.Length > 0 && index.All(char.IsAsciiDigit));
        StringBuilder stem = new();
        foreach (char character in areNumbers ? name[..bracket] : name)
        {
            stem.Append(char.IsAsciiLetterOrDigit(character) ? character : '_');
        }

        if (stem.Length == 0 || !char.IsAsciiLetter(stem[0]))
        {
            stem.Insert(0, 'v');
        }

        // two underscores at the end are the mark of the sampler's own columns
        string word = stem.ToString().TrimEnd('_');
        return (word, areNumbers ? "." + string.Join('.', indices) : "");
    }
}
