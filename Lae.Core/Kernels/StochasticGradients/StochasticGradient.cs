using System.Collections.Immutable;
using Lae.Numerics;
using Lae.Targets;

namespace Lae.Kernels;

/// <summary>
/// Samplers with stochastic gradients as a product: dynamics × gradient estimator × schedule. A transition is
/// <code>
///     h = schedule(k);    the dynamics moves (x, …) → (x', …) by h, ĝ(x) and ξ;    indices' are the batch of this transition;    ĝ(x') is estimated on it
/// </code>
/// so that the state carries the estimate which the next transition begins with, one estimate is made a transition, and with the full gradient SGLD is ULA bit for bit. The batch of the first transition
/// is drawn by <see cref="Kernel{TState}.Thermalize"/>; <see cref="Kernel{TState}.Initialize"/> takes the first data.
/// Shapes: positions [chains, dimension]; noise leaves <c>xi</c> [chains, dimension] and, with minibatches, <c>indices</c> [chains, n]. In the info, GradientCount counts estimates, and the extra
/// <c>dataGradients</c> [chains] counts gradients of single data, where there are data.
/// </summary>
public static class StochasticGradient
{
    private static readonly ImmutableArray<string> Normals = ["xi"];
    private static readonly ImmutableArray<string> NormalsAndIndices = ["xi", "indices"];
    private static readonly ImmutableArray<string> ExtraNames = ["dataGradients"];

    /// <summary>The kernel.</summary>
    /// <param name="target">The distribution: any for the full gradient, the <see cref="DataTarget.Target"/> of a posterior for minibatches.</param>
    /// <param name="dynamics">How a chain moves.</param>
    /// <param name="estimator">How gradients are estimated.</param>
    /// <param name="schedule">The step size of every transition.</param>
    /// <returns>A kernel that always moves.</returns>
    /// <exception cref="ArgumentException">Dynamics or estimator do not fit the target or the schedule.</exception>
    public static Kernel<StochasticState> Create(Target target, StochasticDynamics dynamics, IGradientEstimator estimator, IStepSchedule schedule)
    {
        dynamics.RequireFits(target, schedule);
        GradientEstimation estimation = estimator.Bind(target);
        StochasticLayout layout = new(dynamics.Leaves, estimation.Leaves);
        int data = target.Data?.Count ?? 1;
        return new Kernel<StochasticState>(dynamics.Name, target.Dimension, target.DType, Initialize, Refresh, Draw, Advance, Thermalize);

        StochasticState Initialize(Tensor position) => Started(position, estimation.Start(position));

        StochasticState Started(Tensor position, ImmutableArray<Tensor> leaves)
        {
            LogDensityAndGradient here = estimation.Estimate(position, leaves);
            return new StochasticState(layout, position, dynamics.Start(position, here.Gradient, data), leaves, here.LogDensity, here.Gradient);
        }

        StochasticState Refresh(StochasticState state)
        {
            ImmutableArray<Tensor> leaves = estimation.Refresh(state.Estimator);
            LogDensityAndGradient here = estimation.Estimate(state.Position, leaves);
            return new StochasticState(layout, state.Position, state.Dynamics, leaves, here.LogDensity, here.Gradient);
        }

        StochasticState Thermalize(NoiseSource source, StochasticState state)
        {
            StochasticState drawn = estimation.DrawIndices(source, stream: 2) is { } indices ? Started(state.Position, state.Estimator.SetItem(0, indices)) : state;
            return new StochasticState(
                layout, drawn.Position, dynamics.Thermalize(source, drawn.Position, drawn.Dynamics), drawn.Estimator, drawn.LogDensity, drawn.Gradient);
        }

        Noise Draw(NoiseSource source)
        {
            Tensor xi = source.Normal(0, target.Dimension, target.DType);
            return new Noise(estimation.DrawIndices(source, stream: 1) is { } indices ? TensorTree.Of(NormalsAndIndices, [xi, indices]) : TensorTree.Of(Normals, [xi]));
        }

        Transition<StochasticState> Advance(Noise noise, StochasticState state)
        {
            int estimates = 0;
            ImmutableArray<Tensor> leaves = [];
            LogDensityAndGradient? there = null;
            StochasticStep step = new(schedule.At(noise.Step), noise[0], state, data, Again, Next);
            StochasticMove move = dynamics.Advance(step);
            LogDensityAndGradient at = there ?? EstimatedAt(move.Position);
            StepInfo info = estimation.Cost == 0 && estimates == 1
                ? StepInfo.Unadjusted
                : new StepInfo(estimates, Extras: estimation.Cost == 0 ? null : TensorTree.Of(ExtraNames, [DataGradients()]));
            return new Transition<StochasticState>(new StochasticState(layout, move.Position, move.Leaves, leaves, at.LogDensity, at.Gradient), info);

            Tensor Again(Tensor position)
            {
                estimates++;
                return estimation.Estimate(position, state.Estimator).Gradient;
            }

            Tensor Next(Tensor position) => there is null
                ? EstimatedAt(position).Gradient
                : throw new InvalidOperationException($"{dynamics.Name} asked for the gradient at its new position twice.");

            LogDensityAndGradient EstimatedAt(Tensor position)
            {
                estimates++;
                leaves = estimation.Follow(position, state.Estimator, noise.Leaves.TryGet("indices", out Tensor? indices) ? indices : null, noise.Step);
                LogDensityAndGradient estimate = estimation.Estimate(position, leaves);
                there = estimate;
                return estimate;
            }

            Tensor DataGradients() => Tensor.Full(
                (estimates * estimation.Cost) + estimation.CostOfFollowing(noise.Step), new Shape(state.Position.Shape[0]), target.DType, state.Position.Workspace);
        }
    }

    /// <summary>The kernel for a posterior of data.</summary>
    /// <param name="data">The posterior.</param>
    /// <param name="dynamics">How a chain moves.</param>
    /// <param name="estimator">How gradients are estimated.</param>
    /// <param name="schedule">The step size of every transition.</param>
    /// <returns>A kernel that always moves.</returns>
    /// <exception cref="ArgumentException">Dynamics or estimator do not fit the target or the schedule.</exception>
    public static Kernel<StochasticState> Create(DataTarget data, StochasticDynamics dynamics, IGradientEstimator estimator, IStepSchedule schedule) =>
        Create(data.Target, dynamics, estimator, schedule);
}
