using System.Globalization;

namespace Lae.Laws;

/// <summary>Whether a law holds, by how much, and in words what is wrong if it does not.</summary>
/// <param name="Law">What was checked.</param>
/// <param name="Error">The largest error found; 0 for a law that holds exactly, NaN counts as broken.</param>
/// <param name="Tolerance">The largest error allowed.</param>
/// <param name="Explanation">What was compared, and what a failure suggests.</param>
public sealed record LawResult(string Law, double Error, double Tolerance, string Explanation)
{
    /// <summary>Whether the law holds.</summary>
    public bool Holds => Error <= Tolerance;

    /// <summary>Throws if the law does not hold.</summary>
    /// <exception cref="LawViolationException">It does not.</exception>
    public void Require()
    {
        if (!Holds)
        {
            throw new LawViolationException(this);
        }
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{Law}: {(Holds ? "holds" : "BROKEN")}, error {Error:G3}, tolerance {Tolerance:G3}. {Explanation}");
}

/// <summary>Several results at once.</summary>
public static class LawResults
{
    /// <summary>Throws if a law does not hold; the message has every broken law with its explanation.</summary>
    /// <param name="results">Results, such as those of <see cref="KernelLaws"/>.</param>
    /// <exception cref="LawViolationException">At least one does not hold.</exception>
    public static void Require(this IEnumerable<LawResult> results)
    {
        LawResult[] broken = [.. results.Where(result => !result.Holds)];
        if (broken.Length > 0)
        {
            throw new LawViolationException(broken);
        }
    }
}

/// <summary>A kernel or a runner breaks one law or more.</summary>
public sealed class LawViolationException : Exception
{
    /// <summary>One law is broken.</summary>
    /// <param name="result">The law and what was found.</param>
    public LawViolationException(LawResult result)
        : this([result])
    {
    }

    /// <summary>Some laws are broken.</summary>
    /// <param name="results">The laws and what was found, one or more.</param>
    public LawViolationException(IReadOnlyList<LawResult> results)
        : base(string.Join(Environment.NewLine, results)) => Results = results.Count > 0 ? results : throw new ArgumentException("One broken law or more is needed.", nameof(results));

    /// <summary>Every broken law and what was found.</summary>
    public IReadOnlyList<LawResult> Results { get; }

    /// <summary>The first of them.</summary>
    public LawResult Result => Results[0];
}
