namespace Lae.Diagnostics;

/// <summary>Whether draws can be believed.</summary>
public enum VerdictLevel
{
    /// <summary>Nothing speaks against the draws.</summary>
    Good,

    /// <summary>The draws may be right, but something should be looked at first.</summary>
    Warn,

    /// <summary>The draws are not draws from the posterior, or far too few to tell.</summary>
    DoNotUse,
}
