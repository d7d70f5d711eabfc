namespace Lae.Diagnostics;

/// <summary>One thing that speaks against draws.</summary>
/// <param name="Level">How much: never <see cref="VerdictLevel.Good"/>.</param>
/// <param name="Problem">What was found, in a few words with the figure, such as <c>R-hat 1.21 for tau</c>.</param>
/// <param name="Meaning">What that says, for a person who knows no Markov chains.</param>
/// <param name="Cure">What to do.</param>
public sealed record VerdictReason(VerdictLevel Level, string Problem, string Meaning, string Cure);
