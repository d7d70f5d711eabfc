using Lae.Kernels;
using Lae.Numerics;
using Lae.Targets;

namespace Lae.Tests.Kernels.Mutants;

/// <summary>Metropolis-corrected Hamiltonian kernels with one bug each, which the laws must see.</summary>
public static class HamiltonianMutants
{
    /// <summary>The bugs of an HMC or GHMC transition.</summary>
    public enum HamiltonianBug
    {
        None,
        NoKineticEnergy,

        /// <summary>As in Math.NET's HybridMC: the kinetic energy is |p|²/2 whatever the mass.</summary>
        KineticEnergyIgnoresMass,
        RatioFlipped,
        AlwaysAccept,
        TemperatureMissing,
    }

    /// <summary>The bugs of a GHMC transition beside those.</summary>
    public enum GeneralizedBug
    {
        None,
        NoFlip,
        NoKineticEnergy,
        AlwaysAccept,

        /// <summary>The energy error counted from before the refreshment.</summary>
        RefreshmentCounted,
    }

    /// <summary>The bugs of a MALT transition.</summary>
    public enum TrajectoryBug
    {
        None,
        LastStepOnly,
        RefreshmentsCounted,
        AlwaysAccept,
    }

    public static Kernel<LangevinState> Hamiltonian(Target target, HamiltonianSettings s, HamiltonianBug bug)
    {
        Kernel<LangevinState> correct = HamiltonianMonteCarlo.Create(target, s);
        return new Kernel<LangevinState>($"HMC with {bug}", target.Dimension, target.DType, correct.Initialize, correct.Refresh, correct.DrawNoise, Advance);

        Transition<LangevinState> Advance(Noise noise, LangevinState state)
        {
            UnderdampedState from = new(state.Position, s.Mass.ApplyRoot(noise[0]) * Math.Sqrt(s.Temperature), state.LogDensity, state.Gradient);
            UnderdampedState to = Walk(target, s, from);
            Tensor kinetic = bug switch
            {
                HamiltonianBug.NoKineticEnergy => from.LogDensity * 0,
                HamiltonianBug.KineticEnergyIgnoresMass => MassMatrix.Identity.KineticEnergy(from.Momentum) - MassMatrix.Identity.KineticEnergy(to.Momentum),
                _ => s.Mass.KineticEnergy(from.Momentum) - s.Mass.KineticEnergy(to.Momentum),
            };
            Tensor ratio = (to.LogDensity - from.LogDensity + kinetic) / (bug == HamiltonianBug.TemperatureMissing ? 1 : s.Temperature);
            return MetropolisAcceptance.Decide(
                bug == HamiltonianBug.RatioFlipped ? -ratio : ratio,
                bug == HamiltonianBug.AlwaysAccept ? noise[1] * 0 : noise[1],
                new LangevinState(to.Position, to.LogDensity, to.Gradient),
                state,
                s.Gradients);
        }
    }

    public static Kernel<UnderdampedState> Generalized(Target target, LangevinTrajectorySettings settings, GeneralizedBug bug)
    {
        HamiltonianSettings s = settings.Hamiltonian;
        Kernel<UnderdampedState> correct = GeneralizedHamiltonian.Create(target, settings);
        return new Kernel<UnderdampedState>(
            $"GHMC with {bug}", target.Dimension, target.DType, correct.Initialize, correct.Refresh, correct.DrawNoise, Advance, correct.Thermalize);

        Transition<UnderdampedState> Advance(Noise noise, UnderdampedState state)
        {
            UnderdampedState start = state with { Momentum = Refreshed(s, Math.Exp(-settings.Friction * s.Steps * s.StepSize), state.Momentum, noise[0]) };
            UnderdampedState to = Walk(target, s, start);
            UnderdampedState counted = bug == GeneralizedBug.RefreshmentCounted ? state : start;
            Tensor kinetic = bug == GeneralizedBug.NoKineticEnergy ? start.LogDensity * 0 : s.Mass.KineticEnergy(counted.Momentum) - s.Mass.KineticEnergy(to.Momentum);
            return MetropolisAcceptance.Decide(
                (to.LogDensity - start.LogDensity + kinetic) / s.Temperature,
                bug == GeneralizedBug.AlwaysAccept ? noise[1] * 0 : noise[1],
                to,
                bug == GeneralizedBug.NoFlip ? start : start with { Momentum = -start.Momentum },
                s.Gradients);
        }
    }

    public static Kernel<LangevinState> Trajectories(Target target, LangevinTrajectorySettings settings, TrajectoryBug bug)
    {
        HamiltonianSettings s = settings.Hamiltonian;
        int d = target.Dimension;
        Kernel<LangevinState> correct = MetropolisLangevinTrajectories.Create(target, settings);
        return new Kernel<LangevinState>($"MALT with {bug}", d, target.DType, correct.Initialize, correct.Refresh, correct.DrawNoise, Advance);

        Transition<LangevinState> Advance(Noise noise, LangevinState state)
        {
            double c = Math.Exp(-settings.Friction * s.StepSize);
            UnderdampedState start = new(state.Position, s.Mass.ApplyRoot(noise[0]) * Math.Sqrt(s.Temperature), state.LogDensity, state.Gradient);
            UnderdampedState at = start;
            Tensor error = state.LogDensity * 0;
            for (int i = 0; i < s.Steps; i++)
            {
                UnderdampedState from = i == 0 ? at : at with { Momentum = Refreshed(s, c, at.Momentum, noise[2].Slice(1, (i - 1) * d, d)) };
                UnderdampedState to = s.Integrator.Advance(target, s.Mass, s.StepSize, from);
                Tensor step = Energy(s, to) - Energy(s, from);
                error = bug == TrajectoryBug.LastStepOnly ? step : error + step;
                at = to;
            }

            return MetropolisAcceptance.Decide(
                (bug == TrajectoryBug.RefreshmentsCounted ? Energy(s, start) - Energy(s, at) : -error) / s.Temperature,
                bug == TrajectoryBug.AlwaysAccept ? noise[1] * 0 : noise[1],
                new LangevinState(at.Position, at.LogDensity, at.Gradient),
                state,
                s.Gradients);
        }
    }

    private static UnderdampedState Walk(Target target, HamiltonianSettings s, UnderdampedState from) =>
        Enumerable.Range(0, s.Steps).Aggregate(from, (at, _) => s.Integrator.Advance(target, s.Mass, s.StepSize, at));

    private static Tensor Refreshed(HamiltonianSettings s, double c, Tensor momentum, Tensor xi) =>
        (momentum * c) + (s.Mass.ApplyRoot(xi) * Math.Sqrt((1 - (c * c)) * s.Temperature));

    private static Tensor Energy(HamiltonianSettings s, UnderdampedState at) => s.Mass.KineticEnergy(at.Momentum) - at.LogDensity;
}
