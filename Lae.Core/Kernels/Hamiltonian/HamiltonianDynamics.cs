using Lae.Numerics;
using Lae.Targets;

namespace Lae.Kernels;

/// <summary>What the Hamiltonian kernels share: momenta of law N(0, T M), the energy H(x, p) = −log π(x) + pᵀ M⁻¹ p/2, a stretch of the integrator.</summary>
internal static class HamiltonianDynamics
{
    /// <summary>√T R ξ, a momentum of law N(0, T M).</summary>
    public static Tensor Momentum(HamiltonianSettings settings, Tensor xi) => settings.Mass.ApplyRoot(xi) * Math.Sqrt(settings.Temperature);

    /// <summary>The momentum c p + √((1 − c²) T) R ξ: the Ornstein–Uhlenbeck step O, which leaves N(0, T M) invariant.</summary>
    public static Tensor Refreshed(HamiltonianSettings settings, double persistence, Tensor momentum, Tensor xi)
    {
        double c = persistence;
        return Elementwise.ScaleAdd(c, momentum, settings.Mass.ApplyRoot(xi) * Math.Sqrt((1 - c) * (1 + c) * settings.Temperature));
    }

    /// <summary>H, [chains].</summary>
    public static Tensor Energy(MassMatrix mass, PhasePoint state) => mass.KineticEnergy(state.Momentum) - state.LogDensity;

    /// <summary>L steps of the integrator. Of what they allocate only the last state stays, so that memory does not grow with L.</summary>
    public static PhasePoint Integrate(Target target, HamiltonianSettings settings, PhasePoint state)
    {
        Workspace workspace = state.Momentum.Workspace;
        int mark = workspace.Mark();
        for (int i = 0; i < settings.Steps; i++)
        {
            state = settings.Integrator.Advance(target, settings.Mass, settings.StepSize, state);
            workspace.Collect(mark, state.Position, state.Momentum, state.LogDensity, state.Gradient);
        }

        return state;
    }
}
