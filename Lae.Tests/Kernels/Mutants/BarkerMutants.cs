using Lae.Kernels;
using Lae.Numerics;
using Lae.Targets;

namespace Lae.Tests.Kernels.Mutants;

/// <summary>The Barker kernel (identity preconditioner) with one bug each, which the laws must see.</summary>
public static class BarkerMutants
{
    /// <summary>The bugs.</summary>
    public enum BarkerBug
    {
        None,
        AlwaysAccept,

        /// <summary>The densities alone are compared, as if the proposal were symmetric.</summary>
        NoProposalRatio,
        RatioFlipped,

        /// <summary>The way back is weighed with the gradient of the way there.</summary>
        GradientAtX,

        /// <summary>Directions are not chosen by the gradient, but the ratio says so.</summary>
        SignsIgnored,
    }

    public static Kernel<LangevinState> Create(Target target, LangevinSettings s, BarkerBug bug)
    {
        Kernel<LangevinState> correct = Barker.Create(target, s);
        return new Kernel<LangevinState>($"Barker with {bug}", target.Dimension, target.DType, correct.Initialize, correct.Refresh, correct.DrawNoise, Advance);

        Transition<LangevinState> Advance(Noise noise, LangevinState state)
        {
            Tensor w = noise[0] * Math.Sqrt(2 * s.StepSize * s.Temperature);
            Tensor chance = bug == BarkerBug.SignsIgnored ? w * 0 + 0.5 : (w * state.Gradient / s.Temperature).Sigmoid();
            Tensor z = Elementwise.Choose(Elementwise.Greater(chance, noise[1]), w, -w);
            LangevinState y = LangevinState.At(target, state.Position + z);
            Tensor back = bug == BarkerBug.GradientAtX ? state.Gradient : y.Gradient;
            Tensor proposal = ((z * state.Gradient * (-1 / s.Temperature)).Softplus() - (z * back / s.Temperature).Softplus()).Sum(1);
            Tensor ratio = (y.LogDensity - state.LogDensity) / s.Temperature + bug switch
            {
                BarkerBug.NoProposalRatio => proposal * 0,
                BarkerBug.RatioFlipped => -proposal,
                _ => proposal,
            };
            return MetropolisAcceptance.Decide(ratio, bug == BarkerBug.AlwaysAccept ? noise[2] * 0 : noise[2], y, state, 1);
        }
    }
}
