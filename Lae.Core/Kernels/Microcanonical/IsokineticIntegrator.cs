namespace Lae.Kernels;

/// <summary>How the isokinetic motion is divided into kicks B of the direction and drifts A of the position. Both are symmetric and of second order.</summary>
public enum IsokineticIntegrator
{
    /// <summary>B(ε/2) A(ε) B(ε/2), one gradient a step.</summary>
    Leapfrog,

    /// <summary>
    /// B(λε) A(ε/2) B((1 − 2λ)ε) A(ε/2) B(λε) with λ = 0.1931833275037836, two gradients a step: the least error of its kind (McLachlan, SIAM J. Sci. Comput. 16 (1995); Omelyan,
    /// Mryglod and Folk 2003), so that more than twice the step size has the error of the leapfrog.
    /// </summary>
    MinimalNorm,
}
