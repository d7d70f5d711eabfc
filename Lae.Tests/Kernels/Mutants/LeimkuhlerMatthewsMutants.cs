using Lae.Kernels;
using Lae.Numerics;
using Lae.Targets;

namespace Lae.Tests.Kernels.Mutants;

/// <summary>Leimkuhler–Matthews kernels with one bug each, which the laws must see.</summary>
public static class LeimkuhlerMatthewsMutants
{
    /// <summary>The bugs.</summary>
    public enum LeimkuhlerMatthewsBug
    {
        None,
        FreshNoiseTwice,
        OldNoiseCarriedOn,
        NoiseSqrtH,
        NoiseSqrtTwoH,
        NoiseHalved,
        TemperatureUnrooted,
        RootForgotten,
        GradientDoubled,
        NoNoise,
    }

    public static Kernel<LeimkuhlerMatthewsState> Create(Target target, LangevinSettings settings, LeimkuhlerMatthewsBug bug)
    {
        Kernel<LeimkuhlerMatthewsState> correct = LeimkuhlerMatthews.Create(target, settings);
        return new Kernel<LeimkuhlerMatthewsState>(
            $"Leimkuhler–Matthews with {bug}", target.Dimension, target.DType, correct.Initialize, correct.Refresh, correct.DrawNoise, Advance, correct.Thermalize);

        Transition<LeimkuhlerMatthewsState> Advance(Noise noise, LeimkuhlerMatthewsState state)
        {
            (double h, double t, Preconditioner p) = (settings.StepSize, settings.Temperature, settings.Preconditioner);
            Tensor xi = noise[0];
            double scale = bug switch
            {
                LeimkuhlerMatthewsBug.NoiseSqrtH => Math.Sqrt(h * t),
                LeimkuhlerMatthewsBug.NoiseSqrtTwoH => Math.Sqrt(2 * h * t),
                LeimkuhlerMatthewsBug.NoiseHalved => Math.Sqrt(h * t) / 2,
                LeimkuhlerMatthewsBug.TemperatureUnrooted => Math.Sqrt(h / 2) * t,
                LeimkuhlerMatthewsBug.NoNoise => 0,
                _ => Math.Sqrt(h * t / 2),
            };
            Tensor both = (bug == LeimkuhlerMatthewsBug.FreshNoiseTwice ? xi : state.CarriedNoise) + xi;
            Tensor drift = p.Apply(state.Gradient) * (bug == LeimkuhlerMatthewsBug.GradientDoubled ? 2 * h : h);
            Tensor next = state.Position + drift + ((bug == LeimkuhlerMatthewsBug.RootForgotten ? p.Apply(both) : p.ApplyRoot(both)) * scale);
            return new Transition<LeimkuhlerMatthewsState>(
                LeimkuhlerMatthewsState.At(target, next, bug == LeimkuhlerMatthewsBug.OldNoiseCarriedOn ? state.CarriedNoise : xi), StepInfo.Unadjusted);
        }
    }
}
