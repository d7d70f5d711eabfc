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

/// <summary>A kernel or a runner breaks a law.</summary>
/// <param name="result">The law and what was found.</param>
public sealed class LawViolationException(LawResult result) : Exception(result.ToString())
{
    /// <summary>The law and what was found.</summary>
    public LawResult Result { get; } = result;
}
