using Lae.Diagnostics;
using Lae.Kernels;
using Lae.Numerics;
using Lae.Randomness;
using Lae.Running;
using Lae.Targets;

namespace Lae.Adaptation;

/// <summary>
/// Finds the settings of <see cref="MicrocanonicalLangevin"/> from a start, by a pure function of (target, start, key, budget). All chains tune one set of settings together; one chain will do.
/// <code>
///     30 %   ε by the energy variance, L = √d;   variances σ² of the second half;   then P = diag σ², or without a preconditioner L = √(Σ σ²)
///     30 %   the same again with that P, from scratch
///     10 %   ε once more with the P found
///     30 %   ε and P held: L = 0.4 ε τ, τ the transitions to one effective draw of a coordinate, on average
/// </code>
/// Source: Robnik, De Luca, Silverstein and Seljak, JMLR 24 (2023), section 5; the second estimate of σ² is ours: the first is made by steps that have the scale of the narrowest coordinate.
/// A chain whose step is not finite stays where it is, with a shorter step for all.
/// </summary>
public static class MicrocanonicalTuning
{
    private const double Scale = 0.3;
    private const double Again = 0.1;
    private const double DecoherenceFactor = 0.4;

    /// <summary>Tunes.</summary>
    /// <param name="target">The distribution, of 2 dimensions or more.</param>
    /// <param name="start">Where the chains start, [chains, dimension].</param>
    /// <param name="key">The key of all draws of the tuning.</param>
    /// <param name="settings">Budget and aims; the defaults if null.</param>
    /// <param name="observe">Told after every transition, with its step size and the mean acceptance that a test of it would have; never changes a bit.</param>
    /// <returns>Settings, final positions, cost.</returns>
    /// <exception cref="NonFiniteStateException">The density or gradient at a start is not finite.</exception>
    public static MicrocanonicalTuned Tune(Target target, Tensor start, RandomKey key, MicrocanonicalTuningSettings? settings = null, Action<double, double>? observe = null)
    {
        MicrocanonicalTuningSettings aims = settings ?? new MicrocanonicalTuningSettings();
        double root = Math.Sqrt(target.Dimension);
        MicrocanonicalSettings first = new(0.25 * root, root, aims.Temperature, aims.Preconditioner, aims.Integrator);
        RunState<MicrocanonicalState> chains = RunState.Start(MicrocanonicalLangevin.Create(target, first), start, key, engine: aims.Engine);
        int estimating = (int)(Scale * aims.Transitions);
        Stage stage = new(chains, first);
        Tensor? covariance = null;
        for (int round = 0; round < 2; round++)
        {
            (Stage walked, WindowCovariance estimate) = Walk(target, stage, aims, estimating, observe);
            covariance = estimate.Regularized().Cast(target.DType).Detach();
            stage = walked with
            {
                Settings = aims.Precondition
                    ? With(first, first.StepSize, root, covariance.Rank == 1 ? Preconditioner.Diagonal(covariance) : Preconditioner.Dense(covariance))
                    : With(first, walked.Settings.StepSize, first.Preconditioner.IsIdentity ? Math.Sqrt(covariance.Sum().ToDouble()) : root, first.Preconditioner),
            };
        }

        (stage, _) = Walk(target, stage, aims, (int)(Again * aims.Transitions), observe);
        RunResult<MicrocanonicalState> run = ChainRunner.Run(
            MicrocanonicalLangevin.Create(target, stage.Settings), stage.Chains, new RunOptions(aims.Transitions - stage.Chains.Step, engine: aims.Engine), observe is null ? null : new Told(stage.Settings.StepSize, observe));
        double length = DecoherenceFactor * stage.Settings.StepSize * AutocorrelationTime(run.Positions());
        int gradients = aims.Integrator == IsokineticIntegrator.Leapfrog ? 1 : 2;
        return new MicrocanonicalTuned(
            With(stage.Settings, stage.Settings.StepSize, length, stage.Settings.Preconditioner), run.Final.State.Position, 1 + (gradients * aims.Transitions))
        {
            Covariance = aims.Precondition ? covariance : null,
        };
    }

    /// <summary>Transitions that adapt the step size, and the covariance over chains and the second half of them.</summary>
    private static (Stage Stage, WindowCovariance Covariance) Walk(Target target, Stage from, MicrocanonicalTuningSettings aims, int transitions, Action<double, double>? observe)
    {
        Workspace workspace = aims.Engine is null ? Workspace.Pooled() : Workspace.Pooled(aims.Engine);
        RunState<MicrocanonicalState> chains = from.Chains;
        MicrocanonicalState state = chains.State.Map(leaf => leaf.CopyTo(workspace));
        EnergyVarianceStepSize adapted = new(from.Settings.StepSize);
        WindowCovariance estimate = WindowCovariance.Empty(aims.Precondition ? aims.Covariance : CovarianceKind.Diagonal, target.Dimension, Math.Max(1, (transitions + 1) / 2));
        for (int i = 0; i < transitions; i++)
        {
            Kernel<MicrocanonicalState> kernel = MicrocanonicalLangevin.Create(
                target, With(from.Settings, adapted.StepSize, from.Settings.DecoherenceLength, from.Settings.Preconditioner));
            Transition<MicrocanonicalState> next = kernel.Transition(new NoiseSource(chains.Key, chains.Step + i, chains.Chains, workspace), state);
            Tensor energyChange = next.Info.Extras!["energyChange"];
            state = StateOperations.ChooseRows(energyChange.IsFinite(), next.State, state);
            observe?.Invoke(adapted.StepSize, Acceptance(energyChange));
            adapted = adapted.After(energyChange, aims.EnergyVariance, target.Dimension);
            if (2 * i >= transitions)
            {
                estimate = estimate.Add(state.Position);
            }

            workspace.Collect(0, [.. state.ToTree().Leaves]);
        }

        RunState<MicrocanonicalState> walked = chains with { State = state.Map(leaf => leaf.Detach()), Step = chains.Step + transitions };
        return (new Stage(walked, With(from.Settings, adapted.StepSize, from.Settings.DecoherenceLength, from.Settings.Preconditioner)), estimate);
    }

    /// <summary>The mean acceptance that a test of the step would have; 0 for a step that is not finite.</summary>
    private static double Acceptance(Tensor energyChange) => energyChange.ToArray().Average(static change => double.IsFinite(change) ? Math.Min(1, Math.Exp(-change)) : 0);

    /// <summary>Transitions to one effective draw of a coordinate, on average; at least 1, and 1 for a coordinate that did not move.</summary>
    private static double AutocorrelationTime(Tensor positions) => Enumerable.Range(0, positions.Shape[2])
        .Select(i => ChainDraws.OfPositions(positions, i))
        .Average(draws => EffectiveSampleSize.Of(draws) is var size && double.IsNaN(size) ? 1 : Math.Max(1, draws.Count / size));

    private static MicrocanonicalSettings With(MicrocanonicalSettings settings, double stepSize, double decoherenceLength, Preconditioner preconditioner) =>
        new(stepSize, decoherenceLength, settings.Temperature, preconditioner, settings.Integrator);

    /// <summary>Tells of the transitions in which nothing is adapted.</summary>
    private sealed class Told(double stepSize, Action<double, double> observe) : IProgress<RunProgress>
    {
        public void Report(RunProgress value) => observe(stepSize, Acceptance(value.Info.Extras!["energyChange"]));
    }

    /// <summary>Where the chains stand, and with what settings they go on.</summary>
    private sealed record Stage(RunState<MicrocanonicalState> Chains, MicrocanonicalSettings Settings);
}
