namespace Lae.Diagnostics;

/// <summary>How the kernel fared in the draws that are judged, after warm-up. What a kernel does not have stays null.</summary>
/// <param name="IsUnadjusted">Whether the kernel has no accept test, so that its draws are biased by its step size. Default false.</param>
/// <param name="Acceptance">Mean acceptance probability of each chain.</param>
/// <param name="TargetAcceptance">That to which the step size was adapted.</param>
/// <param name="Divergences">Transitions of all chains in which the trajectory left what the integrator can follow.</param>
/// <param name="EnergyFractions">E-BFMI of each chain, of kernels with momentum; see <see cref="EnergyFraction"/>.</param>
/// <param name="UnvisitedModes">Places of comparable density that a search from elsewhere found and no chain visited.</param>
/// <param name="Transitions">Transitions of all chains that could have diverged; as many as draws if null. More where draws are thinned.</param>
/// <param name="EdgeAcceptance">Where proposals are accepted least.</param>
public sealed record SamplerFigures(
    bool IsUnadjusted = false,
    IReadOnlyList<double>? Acceptance = null,
    double? TargetAcceptance = null,
    long Divergences = 0,
    IReadOnlyList<double>? EnergyFractions = null,
    int UnvisitedModes = 0,
    long? Transitions = null,
    EdgeAcceptance? EdgeAcceptance = null);
