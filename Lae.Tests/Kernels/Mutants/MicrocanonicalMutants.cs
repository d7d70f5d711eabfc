using Lae.Kernels;
using Lae.Numerics;
using Lae.Targets;

namespace Lae.Tests.Kernels.Mutants;

/// <summary>
/// Microcanonical kernels by the formulas as they are printed, with hyperbolic functions, apart from the library's arithmetic: without a bug an oracle, with one a mutant that the laws must see.
/// </summary>
public static class MicrocanonicalMutants
{
    /// <summary>The bugs of a step of MCLMC.</summary>
    public enum UnadjustedBug
    {
        None,

        /// <summary>δ = ε|g|/d: π^((d − 1)/d) is sampled.</summary>
        DimensionInDelta,

        /// <summary>ΔK = (d − 1) δ.</summary>
        KineticWithoutLog,

        /// <summary>u' = u + ν ξ.</summary>
        RefreshNotNormalised,

        /// <summary>ν = √((e^(4ε/L) − 1)/d).</summary>
        RefreshTwice,

        /// <summary>Both kicks at the first gradient.</summary>
        StaleGradient,
    }

    /// <summary>The bugs of the accept ratio of the adjusted form.</summary>
    public enum AdjustedBug
    {
        None,

        /// <summary>Every finite proposal is taken.</summary>
        AlwaysAccept,

        /// <summary>ΔE = (log π(x) − log π(y))/T: the change of volume is forgotten.</summary>
        PotentialOnly,

        /// <summary>ΔK = (d − 1) δ.</summary>
        KineticWithoutLog,

        /// <summary>ΔK with d for d − 1.</summary>
        DimensionInKinetic,
    }

    public static Kernel<MicrocanonicalState> Unadjusted(Target target, MicrocanonicalSettings s, UnadjustedBug bug)
    {
        Kernel<MicrocanonicalState> correct = MicrocanonicalLangevin.Create(target, s);
        double rate = bug == UnadjustedBug.RefreshTwice ? 4 : 2;
        double nu = Math.Sqrt((Math.Exp(rate * s.StepSize / s.DecoherenceLength) - 1) / target.Dimension);
        return new Kernel<MicrocanonicalState>(
            $"MCLMC with {bug}", target.Dimension, target.DType, correct.Initialize, correct.Refresh, correct.DrawNoise, Advance, correct.Thermalize);

        Transition<MicrocanonicalState> Advance(Noise noise, MicrocanonicalState state)
        {
            (MicrocanonicalState next, Tensor kinetic) = Step(
                target, s.StepSize, s.Temperature, s.Preconditioner, s.Integrator, state,
                deltaDimension: bug == UnadjustedBug.DimensionInDelta ? target.Dimension : target.Dimension - 1,
                kineticDimension: target.Dimension - 1,
                bug == UnadjustedBug.KineticWithoutLog,
                bug == UnadjustedBug.StaleGradient);
            Tensor energy = ((state.LogDensity - next.LogDensity) / s.Temperature) + kinetic;
            Tensor u = next.Direction + (nu * noise[0]);
            next = next with { Direction = bug == UnadjustedBug.RefreshNotNormalised ? u : Unit(u) };
            return new Transition<MicrocanonicalState>(next, new StepInfo(1, Extras: TensorTree.Of(("energyChange", energy))));
        }
    }

    public static Kernel<LangevinState> Adjusted(Target target, AdjustedMicrocanonicalSettings s, AdjustedBug bug)
    {
        Kernel<LangevinState> correct = AdjustedMicrocanonical.Create(target, s);
        return new Kernel<LangevinState>($"adjusted MCLMC with {bug}", target.Dimension, target.DType, correct.Initialize, correct.Refresh, correct.DrawNoise, Advance);

        Transition<LangevinState> Advance(Noise noise, LangevinState state)
        {
            MicrocanonicalState moving = new(state.Position, Unit(noise[0]), state.LogDensity, state.Gradient);
            MicrocanonicalState end = moving;
            Tensor kinetic = state.LogDensity * 0;
            Tensor endKinetic = kinetic;
            double[] lengths = s.RandomLength ? noise[2].ToArray() : [.. Enumerable.Repeat(0.5, state.LogDensity.Count)];
            for (int step = 1; step < 2 * s.Steps; step++)
            {
                (moving, Tensor change) = Step(
                    target, s.StepSize, s.Temperature, s.Preconditioner, s.Integrator, moving, target.Dimension - 1,
                    bug == AdjustedBug.DimensionInKinetic ? target.Dimension : target.Dimension - 1, bug == AdjustedBug.KineticWithoutLog, staleGradient: false);
                kinetic += change;
                Tensor here = Tensor.FromArray([.. lengths.Select(u => 1 + (int)(u * ((2 * s.Steps) - 1)) == step ? 1.0 : 0.0)]).Cast(target.DType);
                end = StateOperations.ChooseRows(here, moving, end);
                endKinetic = Elementwise.Choose(here, kinetic, endKinetic);
            }

            LangevinState proposed = new(end.Position, end.LogDensity, end.Gradient);
            Tensor energy = ((state.LogDensity - end.LogDensity) / s.Temperature) + (bug == AdjustedBug.PotentialOnly ? endKinetic * 0 : endKinetic);
            Tensor uniform = bug == AdjustedBug.AlwaysAccept ? noise[1] * 0 : noise[1];
            return MetropolisAcceptance.Decide(-energy, uniform, proposed, state, s.Steps);
        }
    }

    private static (MicrocanonicalState State, Tensor Kinetic) Step(
        Target target, double epsilon, double temperature, Preconditioner p, IsokineticIntegrator integrator, MicrocanonicalState state,
        int deltaDimension, int kineticDimension, bool withoutLog, bool staleGradient)
    {
        const double Lambda = 0.1931833275037836;
        (double[] kicks, double drift) = integrator == IsokineticIntegrator.Leapfrog
            ? ([epsilon / 2, epsilon / 2], epsilon)
            : ((double[])[Lambda * epsilon, (1 - (2 * Lambda)) * epsilon, Lambda * epsilon], epsilon / 2);
        Tensor u = state.Direction;
        Tensor sum = state.LogDensity * 0;
        Tensor first = state.Gradient;
        for (int i = 0; i < kicks.Length; i++)
        {
            if (i > 0)
            {
                state = MicrocanonicalState.At(target, state.Position + (drift * p.ApplyRoot(u)), u);
            }

            Tensor g = p.ApplyRootTransposed(staleGradient ? first : state.Gradient) / temperature;
            Tensor norm = g.Square().Sum(1, keepAxis: true).Sqrt();
            Tensor e = g / norm;
            Tensor c = (e * u).Sum(1, keepAxis: true);
            Tensor delta = norm * (kicks[i] / deltaDimension);
            Tensor sinh = (delta.Exp() - (-delta).Exp()) * 0.5;
            Tensor cosh = (delta.Exp() + (-delta).Exp()) * 0.5;
            Tensor turned = (u + (e * (sinh + (c * (cosh - 1))))) / (cosh + (c * sinh));
            Tensor log = (1 + c + ((1 - c) * (delta * -2).Exp())).Log() - Math.Log(2);
            sum += (kineticDimension * (withoutLog ? delta : delta + log)).Sum(1);
            u = turned;
        }

        return (state with { Direction = u }, sum);
    }

    private static Tensor Unit(Tensor x) => x / x.Square().Sum(1, keepAxis: true).Sqrt();
}
