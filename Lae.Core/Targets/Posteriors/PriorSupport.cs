namespace Lae.Targets;

/// <summary>The numbers that a prior is a law of.</summary>
public enum PriorSupport
{
    /// <summary>All real numbers.</summary>
    Real,

    /// <summary>Positive numbers.</summary>
    Positive,

    /// <summary>Numbers between 0 and 1.</summary>
    UnitInterval,
}
