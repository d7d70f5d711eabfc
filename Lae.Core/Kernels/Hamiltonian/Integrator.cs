using Lae.Targets;

namespace Lae.Kernels;

/// <summary>One step of a Hamiltonian integrator, of all chains at once: a pure function.</summary>
/// <param name="target">The distribution; the potential energy is −log π.</param>
/// <param name="mass">M.</param>
/// <param name="stepSize">h.</param>
/// <param name="state">Position, momentum, and the gradient at the position.</param>
/// <returns>The state a time h later, with the gradient there.</returns>
public delegate PhasePoint IntegratorStep(Target target, MassMatrix mass, double stepSize, PhasePoint state);

/// <summary>
/// A splitting integrator of Hamilton's equations x' = M⁻¹ p, p' = ∇log π(x). What the Metropolis-corrected kernels ask of it: it preserves volume (better: it is symplectic), and
/// it is reversible, so that stepping, changing the sign of the momentum and stepping again leads back. <see cref="Leapfrog"/> and <see cref="TwoStage"/> are such.
/// </summary>
/// <param name="Name">What it is called in messages.</param>
/// <param name="GradientsPerStep">Gradients that a step costs, 1 or more.</param>
/// <param name="Advance">The step.</param>
public sealed record Integrator(string Name, int GradientsPerStep, IntegratorStep Advance);
