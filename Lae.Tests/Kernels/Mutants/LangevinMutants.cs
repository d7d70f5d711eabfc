using Lae.Kernels;
using Lae.Numerics;
using Lae.Targets;

namespace Lae.Tests.Kernels.Mutants;

/// <summary>Overdamped kernels with one bug each, which the laws must see.</summary>
internal static class LangevinMutants
{
    /// <summary>The bugs of a ULA step, as the step that they make of (settings, gradient, position, noise).</summary>
    public enum UnadjustedBug
    {
        None,
        NoiseSqrtH,
        NoiseSqrtTwoTimesH,
        GradientDoubled,
        GradientTimes105,
        NoiseTimes102,
        SharedNormal,
        NoNoise,
        TemperatureUnrooted,
        TemperatureMissing,
        RootForgotten,
        RootTransposed,
    }

    /// <summary>The bugs of a MALA ratio or decision.</summary>
    public enum AdjustedBug
    {
        None,
        NoProposalRatio,
        RatioFlipped,
        HalfForQuarter,
        ReverseDriftAtX,
        AlwaysAccept,
        TemperatureMissingInEnergy,
        TemperatureMissingInSquares,
        PreconditionerMissingInSquares,
        StaleGradient,
        RatioReportedNotUsed,
    }

    public static Kernel<LangevinState> Unadjusted(Target target, LangevinSettings settings, UnadjustedBug bug)
    {
        return new Kernel<LangevinState>(
            $"ULA with {bug}", target.Dimension, target.DType, position => LangevinState.At(target, position), state => LangevinState.At(target, state.Position), Draw, Advance);

        Noise Draw(NoiseSource source) => new(TensorTree.Of(("xi", source.Normal(0, target.Dimension, target.DType))));

        Transition<LangevinState> Advance(Noise noise, LangevinState state)
        {
            double h = settings.StepSize;
            double t = settings.Temperature;
            Preconditioner p = settings.Preconditioner;
            Tensor xi = noise[0];
            double drift = bug switch
            {
                UnadjustedBug.GradientDoubled => 2 * h,
                UnadjustedBug.GradientTimes105 => 1.05 * h,
                _ => h,
            };
            double scale = bug switch
            {
                UnadjustedBug.NoiseSqrtH => Math.Sqrt(h * t),
                UnadjustedBug.NoiseSqrtTwoTimesH => Math.Sqrt(2 * t) * h,
                UnadjustedBug.NoiseTimes102 => 1.02 * Math.Sqrt(2 * h * t),
                UnadjustedBug.NoNoise => 0,
                UnadjustedBug.TemperatureUnrooted => t * Math.Sqrt(2 * h),
                UnadjustedBug.TemperatureMissing => Math.Sqrt(2 * h),
                _ => Math.Sqrt(2 * h * t),
            };
            Tensor shaped = bug switch
            {
                UnadjustedBug.SharedNormal => p.ApplyRoot(xi.Slice(1, 0, 1).BroadcastTo(xi.Shape)),
                UnadjustedBug.RootForgotten => p.Apply(xi),
                UnadjustedBug.RootTransposed => p.ApplyRoot(Tensor.Identity(target.Dimension, target.DType)).Transpose() is var root ? xi.MatMul(root) : xi,
                _ => p.ApplyRoot(xi),
            };
            Tensor next = Elementwise.LangevinProposal(state.Position, drift, p.Apply(state.Gradient), scale, shaped);
            return new Transition<LangevinState>(LangevinState.At(target, next), StepInfo.Unadjusted);
        }
    }

    public static Kernel<LangevinState> Adjusted(Target target, LangevinSettings settings, AdjustedBug bug)
    {
        Kernel<LangevinState> correct = MetropolisLangevin.Create(target, settings);
        return new Kernel<LangevinState>($"MALA with {bug}", target.Dimension, target.DType, correct.Initialize, correct.Refresh, correct.DrawNoise, Advance);

        Transition<LangevinState> Advance(Noise noise, LangevinState state)
        {
            double h = settings.StepSize;
            double t = settings.Temperature;
            Preconditioner p = settings.Preconditioner;
            Tensor moved = Elementwise.LangevinProposal(state.Position, h, p.Apply(state.Gradient), Math.Sqrt(2 * h * t), p.ApplyRoot(noise[0]));
            LangevinState y = LangevinState.At(target, moved);
            if (bug == AdjustedBug.StaleGradient)
            {
                y = y with { Gradient = state.Gradient };
            }

            Tensor energy = (y.LogDensity - state.LogDensity) / (bug == AdjustedBug.TemperatureMissingInEnergy ? 1 : t);
            Tensor reverse = bug == AdjustedBug.ReverseDriftAtX ? state.Gradient : y.Gradient;
            Tensor along = Reductions.DotRows(y.Position - state.Position, state.Gradient + reverse) * (-0.5 / t);
            Tensor squares = bug == AdjustedBug.PreconditionerMissingInSquares
                ? Reductions.DotRows(state.Gradient, state.Gradient) - Reductions.DotRows(reverse, reverse)
                : p.QuadraticForm(state.Gradient) - p.QuadraticForm(reverse);
            double quarter = bug == AdjustedBug.HalfForQuarter ? 2 : 1;
            double inverse = bug == AdjustedBug.TemperatureMissingInSquares ? 1 : 1 / t;
            Tensor proposal = bug == AdjustedBug.NoProposalRatio ? along * 0 : quarter * (along + (h * inverse / 4 * squares));
            Tensor ratio = bug == AdjustedBug.RatioFlipped ? energy - proposal : energy + proposal;
            Tensor uniform = bug is AdjustedBug.AlwaysAccept ? noise[1] * 0 : noise[1];
            Transition<LangevinState> next = MetropolisAcceptance.Decide(ratio, uniform, y, state, gradientCount: 1);
            return bug == AdjustedBug.RatioReportedNotUsed
                ? MetropolisAcceptance.Decide(energy, noise[1], y, state, 1) with { Info = next.Info }
                : next;
        }
    }
}
