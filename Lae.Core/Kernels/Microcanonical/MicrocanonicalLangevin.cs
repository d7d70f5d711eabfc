using System.Collections.Immutable;
using Lae.Numerics;
using Lae.Targets;

namespace Lae.Kernels;

/// <summary>
/// Microcanonical Langevin Monte Carlo (MCLMC), unadjusted: a step Φ of the isokinetic motion (<see cref="IsokineticMotion"/>: a word over A and B), then a partial refresh O of the
/// direction,
/// <code>
///     (x', u₁) = Φ_ε(x, u)
///     u' = (u₁ + ν ξ)/|u₁ + ν ξ|,    ν = √((e^(2ε/L) − 1)/d),    ξ ~ N(0, I)
/// </code>
/// Stationary law as ε → 0: x ~ π^{1/T} and u uniform on the unit sphere, independent; at a finite ε with a bias in x of the order ε² whose size the variance of the energy error ΔE
/// of a step tells (a variance of 5e-4 for each dimension is small: <c>MicrocanonicalTuning</c>). ΔE is the extra <c>energyChange</c>, [chains]. O stands once, after Φ: halves before
/// and after would be one refresh between two steps all the same, for twice the normals. Gradients a step: 1 (leapfrog) or 2 (minimal norm). Source: Robnik, De Luca,
/// Silverstein and Seljak, JMLR 24 (2023); Robnik and Seljak, arXiv 2303.18221, equation 14 for ν. Shapes: x, u, ξ are [chains, dimension]; noise leaf <c>xi</c>.
/// </summary>
public static class MicrocanonicalLangevin
{
    private static readonly ImmutableArray<string> NoiseNames = ["xi"];
    private static readonly ImmutableArray<string> ExtraNames = ["energyChange"];

    /// <summary>The kernel.</summary>
    /// <param name="target">The distribution, of 2 dimensions or more.</param>
    /// <param name="settings">Step size, decoherence length, temperature, preconditioner, integrator.</param>
    /// <returns>A kernel that always moves.</returns>
    public static Kernel<MicrocanonicalState> Create(Target target, MicrocanonicalSettings settings)
    {
        IsokineticMotion motion = new(target, settings.StepSize, settings.Temperature, settings.Preconditioner, settings.Integrator);
        double nu = Math.Sqrt((Math.Exp(2 * settings.StepSize / settings.DecoherenceLength) - 1) / target.Dimension);
        return new Kernel<MicrocanonicalState>(
            "MCLMC",
            target.Dimension,
            target.DType,
            position => MicrocanonicalState.At(target, position),
            state => MicrocanonicalState.At(target, state.Position, state.Direction),
            source => new Noise(source, NoiseNames, [Normals(source)]),
            Advance,
            (source, state) => state with { Direction = IsokineticMotion.Normalize(Normals(source)) })
        {
            IsDivisible = !target.KnowsRowsByPlace,
        };

        Tensor Normals(NoiseSource source) => source.Normal(0, target.Dimension, target.DType);

        Transition<MicrocanonicalState> Advance(Noise noise, MicrocanonicalState state)
        {
            (IsokineticPoint next, Tensor kineticChange) = motion.Step(new IsokineticPoint(state.Position, state.Direction, state.LogDensity, state.Gradient));
            Tensor energyChange = motion.EnergyChange(state.LogDensity, next.LogDensity, kineticChange);
            return new Transition<MicrocanonicalState>(
                new MicrocanonicalState(next.Position, IsokineticMotion.Refresh(next.Direction, nu, noise[0]), next.LogDensity, next.Gradient),
                new StepInfo(motion.Gradients, Extras: TensorTree.Of(ExtraNames, [energyChange])));
        }
    }
}
