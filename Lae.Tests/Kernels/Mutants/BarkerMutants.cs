using Lae.Kernels;
using Lae.Numerics;
using Lae.Targets;

namespace Lae.Tests.Kernels.Mutants;

/// <summary>Barker kernels with one bug each, which the laws must see.</summary>
public static class BarkerMutants
{
    /// <summary>The bugs.</summary>
    public enum BarkerBug
    {
        None,
        NoProposalRatio,
        RatioFlipped,
        AlwaysAccept,
        GradientAtXInBoth,
        TemperatureMissingInEnergy,
        TemperatureMissingInRatio,
        StaleGradient,
        DirectionReversed,
        DirectionIgnored,
        RatioReportedNotUsed,
    }

    public static Kernel<LangevinState> Create(Target target, LangevinSettings settings, BarkerBug bug)
    {
        Kernel<LangevinState> correct = Barker.Create(target, settings);
        return new Kernel<LangevinState>($"Barker with {bug}", target.Dimension, target.DType, correct.Initialize, correct.Refresh, correct.DrawNoise, Advance);

        Transition<LangevinState> Advance(Noise noise, LangevinState state)
        {
            double t = settings.Temperature;
            Tensor w = noise[0] * Math.Sqrt(2 * settings.StepSize * t);
            Tensor here = settings.Preconditioner.ApplyRootTransposed(state.Gradient) / t;
            double slope = bug switch
            {
                BarkerBug.DirectionReversed => -1,
                BarkerBug.DirectionIgnored => 0,
                _ => 1,
            };
            Tensor z = w * Elementwise.Greater((w * here * slope).Sigmoid(), noise[1]).ScaleShift(2, -1);
            LangevinState y = LangevinState.At(target, state.Position + settings.Preconditioner.ApplyRoot(z));
            Tensor there = bug == BarkerBug.GradientAtXInBoth ? here : settings.Preconditioner.ApplyRootTransposed(y.Gradient) / t;
            double unit = bug == BarkerBug.TemperatureMissingInRatio ? t : 1;
            Tensor energy = (y.LogDensity - state.LogDensity) / (bug == BarkerBug.TemperatureMissingInEnergy ? 1 : t);
            Tensor directions = ((-unit * z * here).Softplus() - (unit * z * there).Softplus()).Sum(1);
            Tensor ratio = bug switch
            {
                BarkerBug.NoProposalRatio => energy,
                BarkerBug.RatioFlipped => energy - directions,
                _ => energy + directions,
            };
            if (bug == BarkerBug.StaleGradient)
            {
                y = y with { Gradient = state.Gradient };
            }

            Tensor uniform = bug == BarkerBug.AlwaysAccept ? noise[2] * 0 : noise[2];
            Transition<LangevinState> next = MetropolisAcceptance.Decide(ratio, uniform, y, state, gradientCount: 1);
            return bug == BarkerBug.RatioReportedNotUsed ? MetropolisAcceptance.Decide(energy, uniform, y, state, 1) with { Info = next.Info } : next;
        }
    }
}
