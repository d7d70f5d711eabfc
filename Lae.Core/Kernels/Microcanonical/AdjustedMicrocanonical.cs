using System.Buffers;
using System.Collections.Immutable;
using Lae.Numerics;
using Lae.Targets;

namespace Lae.Kernels;

/// <summary>
/// The Metropolis-adjusted microcanonical sampler (MAMS): a new direction, n steps Φ of the isokinetic motion (<see cref="IsokineticMotion"/>), and a test,
/// <code>
///     u = ξ/|ξ|,    (y, v) = Φⁿ(x, u),    accept y with probability min(1, e^(−ΔE)),
///     ΔE = (log π(x) − log π(y))/T + Σ ΔK,    n = N, or uniform on 1 … 2N − 1
/// </code>
/// Stationary law: π^{1/T}, exactly. Φⁿ is reversible under u → −u and e^(−ΣΔK) is its Jacobian determinant, so that for every n the kernel is reversible; n is drawn from noise alone.
/// A proposal that is not finite is rejected and counted as divergent, as is an energy error above 1,000. Gradients: those of n steps, 1 or 2 each; where chains draw n, a chain that has made its steps computes no more,
/// the extra <c>gradients</c>, [chains], is each chain's own count, and <see cref="StepInfo.GradientCount"/> is their mean, rounded up. Source: Robnik, Cohn-Gordon and Seljak, arXiv 2503.01707.
/// Shapes: x, y, ξ are [chains, dimension], ΔE, n are [chains]; noise leaves <c>xi</c>, <c>uniform</c> and, where n is drawn, <c>length</c>, uniform too.
/// </summary>
public static class AdjustedMicrocanonical
{
    private static readonly ImmutableArray<string> NoiseNames = ["xi", "uniform"];
    private static readonly ImmutableArray<string> RandomNoiseNames = ["xi", "uniform", "length"];
    private static readonly ImmutableArray<string> ExtraNames = ["gradients"];

    /// <summary>The kernel.</summary>
    /// <param name="target">The distribution, of 2 dimensions or more.</param>
    /// <param name="settings">Step size, number of steps, temperature, preconditioner, integrator.</param>
    /// <returns>A kernel that keeps π^{1/T} invariant.</returns>
    public static Kernel<LangevinState> Create(Target target, AdjustedMicrocanonicalSettings settings)
    {
        IsokineticMotion motion = new(target, settings.StepSize, settings.Temperature, settings.Preconditioner, settings.Integrator);
        return new Kernel<LangevinState>(
            "adjusted MCLMC", target.Dimension, target.DType, position => LangevinState.At(target, position), state => LangevinState.At(target, state.Position), Draw, Advance)
        {
            IsDivisible = !target.KnowsRowsByPlace,
            Move = (source, state) => Move(Xi(source), Uniform(source), settings.RandomLength ? Length(source) : null, state),
        };

        Tensor Xi(NoiseSource source) => source.Normal(0, target.Dimension, target.DType);

        Tensor Uniform(NoiseSource source) => source.Uniform(1, target.DType);

        Tensor Length(NoiseSource source) => source.Uniform(2, target.DType);

        Noise Draw(NoiseSource source) => settings.RandomLength
            ? new Noise(source, RandomNoiseNames, [Xi(source), Uniform(source), Length(source)])
            : new Noise(source, NoiseNames, [Xi(source), Uniform(source)]);

        Transition<LangevinState> Advance(Noise noise, LangevinState state) => Move(noise[0], noise[1], settings.RandomLength ? noise[2] : null, state);

        Transition<LangevinState> Move(Tensor xi, Tensor uniform, Tensor? length, LangevinState state)
        {
            IsokineticTrajectory start = IsokineticTrajectory.From(new IsokineticPoint(state.Position, IsokineticMotion.Normalize(xi), state.LogDensity, state.Gradient));
            if (length is null)
            {
                return Decide(uniform, state, start.Move(motion, settings.Steps), motion.Gradients * settings.Steps, null);
            }

            int chains = state.Position.Shape[0];
            int[] rented = ArrayPool<int>.Shared.Rent(chains);
            Span<int> lengths = rented.AsSpan(0, chains);
            Tensor own = Lengths(length, lengths);
            IsokineticTrajectory end = start.MoveEach(motion, lengths);
            ArrayPool<int>.Shared.Return(rented);
            return Decide(uniform, state, end, StepInfo.MeanGradients(own), own);
        }

        Transition<LangevinState> Decide(Tensor uniform, LangevinState state, IsokineticTrajectory end, int gradients, Tensor? own)
        {
            Tensor energyChange = motion.EnergyChange(state.LogDensity, end.Point.LogDensity, end.KineticChange);
            (StepInfo info, Tensor accepted) = MetropolisAcceptance.InfoOf(-energyChange, uniform, gradients, own is null ? null : TensorTree.Of(ExtraNames, [own]), own);
            LangevinState proposed = new(end.Point.Position, end.Point.LogDensity, end.Point.Gradient);
            return new Transition<LangevinState>(StateOperations.ChooseRows(accepted, proposed, state), info);
        }

        // the number of steps of each chain, and the gradients that they cost
        Tensor Lengths(Tensor uniform, Span<int> lengths)
        {
            Tensor gradients = Tensor.Uninitialized(uniform.Workspace, uniform.Shape, uniform.DType);
            for (int chain = 0; chain < lengths.Length; chain++)
            {
                lengths[chain] = 1 + (int)(uniform.ElementAt(chain) * ((2 * settings.Steps) - 1));
                if (target.DType == DType.Float32)
                {
                    gradients.Write<float>()[chain] = lengths[chain] * motion.Gradients;
                }
                else
                {
                    gradients.Write<double>()[chain] = lengths[chain] * motion.Gradients;
                }
            }

            return gradients;
        }
    }
}
