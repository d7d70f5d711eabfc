namespace Lae.Composition;

/// <summary>The known key that a misspelt one was meant to be, by the edit distance of Levenshtein without regard to case.</summary>
public static class NearestKey
{
    /// <summary>A sentence part such as <c> (did you mean "LatentSize"?)</c>, or nothing where no key is near.</summary>
    /// <param name="given">What was given.</param>
    /// <param name="known">What there is.</param>
    /// <returns>The part of a sentence, with a space before it.</returns>
    public static string Suggest(string given, IEnumerable<string> known)
    {
        int furthest = Math.Max(1, given.Length / 3);
        string? nearest = known
            .Select(key => (Key: key, Distance: Distance(given.ToUpperInvariant(), key.ToUpperInvariant())))
            .Where(candidate => candidate.Distance <= furthest)
            .OrderBy(candidate => candidate.Distance)
            .Select(candidate => candidate.Key)
            .FirstOrDefault();
        return nearest is null ? string.Empty : $" (did you mean \"{nearest}\"?)";
    }

    private static int Distance(string a, string b)
    {
        int[] row = [.. Enumerable.Range(0, b.Length + 1)];
        for (int i = 1; i <= a.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.Length; j++)
            {
                int substituted = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(substituted, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[b.Length];
    }
}
