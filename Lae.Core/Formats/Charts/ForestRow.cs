namespace Lae.Formats.Charts;

/// <summary>One line of a <see cref="ForestChart"/>.</summary>
/// <param name="Name">The parameter.</param>
/// <param name="Low">The lower end of the interval.</param>
/// <param name="Middle">The point on it, the median or the mean.</param>
/// <param name="High">The upper end.</param>
/// <param name="Note">A short text at the right, such as <c>R-hat 1.00</c>; empty for none.</param>
/// <param name="IsSuspect">Whether it is to catch the eye.</param>
public sealed record ForestRow(string Name, double Low, double Middle, double High, string Note = "", bool IsSuspect = false);
