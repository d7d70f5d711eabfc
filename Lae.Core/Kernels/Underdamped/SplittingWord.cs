namespace Lae.Kernels;

/// <summary>
/// The order of substeps of an underdamped kernel, such as BAOAB: A drifts, B kicks, O applies friction and noise. Each substep lasts h divided by how often its letter occurs.
/// </summary>
public sealed class SplittingWord
{
    private SplittingWord(string letters)
    {
        Letters = letters;
        KicksAtEnd = letters.First(IsMove) == 'B' || letters.Last(IsMove) == 'B';
        GradientCount = CountGradients();
    }

    /// <summary>The substeps in the order in which they are taken.</summary>
    public string Letters { get; }

    /// <summary>
    /// Whether the first kick after the last drift, in this step or in the next, is at the position where the step ends (BAOAB, OBABO, BAOA): the gradient there is then a part of the state. If not (ABOBA,
    /// OABAO), no kick is made where a step ends, and no gradient is computed there.
    /// </summary>
    public bool KicksAtEnd { get; }

    /// <summary>Gradients that a step costs: one for each position at which kicks are made, however many.</summary>
    public int GradientCount { get; }

    /// <summary>A word from its letters.</summary>
    /// <param name="letters">One or more each of A and B, any number of O; without O the dynamics is Hamiltonian, and deterministic.</param>
    /// <returns>A word.</returns>
    /// <exception cref="ArgumentException">Another letter, or no A, or no B.</exception>
    public static SplittingWord Parse(string letters)
    {
        ArgumentNullException.ThrowIfNull(letters);
        if (letters.Any(letter => letter is not ('A' or 'B' or 'O')) || !letters.Contains('A', StringComparison.Ordinal) || !letters.Contains('B', StringComparison.Ordinal))
        {
            throw new ArgumentException(
                $"A splitting is a word of the letters A (drift), B (kick) and O (friction and noise), with at least one A and one B, such as BAOAB; '{letters}' is not.", nameof(letters));
        }

        return new SplittingWord(letters);
    }

    /// <summary>How often a letter occurs.</summary>
    /// <param name="letter">A, B or O.</param>
    /// <returns>0 or more.</returns>
    public int Count(char letter) => Letters.Count(other => other == letter);

    /// <inheritdoc/>
    public override string ToString() => Letters;

    private static bool IsMove(char letter) => letter != 'O';

    private int CountGradients()
    {
        bool known = KicksAtEnd;
        int count = 0;
        foreach (char letter in KicksAtEnd ? Letters + 'B' : Letters)
        {
            count += letter == 'B' && !known ? 1 : 0;
            known = letter switch
            {
                'A' => false,
                'B' => true,
                _ => known,
            };
        }

        return count;
    }
}
