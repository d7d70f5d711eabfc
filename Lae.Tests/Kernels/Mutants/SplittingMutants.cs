using Lae.Kernels;
using Lae.Numerics;
using Lae.Targets;

namespace Lae.Tests.Kernels.Mutants;

/// <summary>BAOAB with one bug each, which the laws must see.</summary>
public static class SplittingMutants
{
    /// <summary>The bugs.</summary>
    public enum SplittingBug
    {
        None,
        FrictionOfHalfAStep,
        FrictionLinear,
        NoiseSqrtOneMinusC,
        NoiseSqrtTwoFrictionH,
        BothKicksAtTheFirstGradient,
        EachDriftAFullStep,
        CodedAsABOBA,
        CodedAsBAOA,
        NoNoise,

        /// <summary>The chain never moves (SGMCMCJax, 20 months).</summary>
        ConstantChain,

        /// <summary>τ² for τ in the noise's variance (SGMCMCJax).</summary>
        TemperatureSquared,
        TemperatureMissing,
        MassForItsRoot,
        MassForgottenInTheDrift,
    }

    public static Kernel<UnderdampedState> Create(Target target, UnderdampedSettings settings, SplittingBug bug)
    {
        switch (bug)
        {
            case SplittingBug.CodedAsABOBA:
                return Splitting.Create(target, "ABOBA", settings);
            case SplittingBug.CodedAsBAOA:
                return Splitting.Create(target, "BAOA", settings);
        }

        return new Kernel<UnderdampedState>(
            $"BAOAB with {bug}",
            target.Dimension,
            target.DType,
            position => UnderdampedState.At(target, position),
            state => UnderdampedState.At(target, state.Position, state.Momentum),
            source => new Noise(TensorTree.Of(("xi0", source.Normal(0, target.Dimension, target.DType)))),
            Advance);

        Transition<UnderdampedState> Advance(Noise noise, UnderdampedState state)
        {
            double h = settings.StepSize;
            double t = settings.Temperature;
            MassMatrix mass = settings.Mass;
            double drift = bug == SplittingBug.EachDriftAFullStep ? h : h / 2;
            double c = bug switch
            {
                SplittingBug.FrictionOfHalfAStep => Math.Exp(-settings.Friction * h / 2),
                SplittingBug.FrictionLinear => 1 - (settings.Friction * h),
                _ => Math.Exp(-settings.Friction * h),
            };
            double scale = bug switch
            {
                SplittingBug.NoiseSqrtOneMinusC => Math.Sqrt((1 - c) * t),
                SplittingBug.NoiseSqrtTwoFrictionH => Math.Sqrt(2 * settings.Friction * h * t),
                SplittingBug.NoNoise => 0,
                SplittingBug.TemperatureSquared => Math.Sqrt(1 - (c * c)) * t,
                SplittingBug.TemperatureMissing => Math.Sqrt(1 - (c * c)),
                _ => Math.Sqrt((1 - (c * c)) * t),
            };
            Tensor shaped = mass.ApplyRoot(noise[0]);
            if (bug == SplittingBug.MassForItsRoot)
            {
                // R Rᵀ ξ
                shaped = mass.ApplyRoot(noise[0].MatMul(mass.ApplyRoot(Tensor.Identity(target.Dimension, target.DType)), transposeB: true));
            }

            Tensor p = state.Momentum + (state.Gradient * (h / 2));
            Tensor x = Drifted(state.Position, p);
            p = (p * c) + (shaped * scale);
            x = Drifted(x, p);
            UnderdampedState next = UnderdampedState.At(target, bug == SplittingBug.ConstantChain ? state.Position : x);
            Tensor gradient = bug == SplittingBug.BothKicksAtTheFirstGradient ? state.Gradient : next.Gradient;
            return new Transition<UnderdampedState>(next with { Momentum = p + (gradient * (h / 2)) }, StepInfo.Unadjusted);

            Tensor Drifted(Tensor from, Tensor momentum) => from + ((bug == SplittingBug.MassForgottenInTheDrift ? momentum : mass.Velocity(momentum)) * drift);
        }
    }
}
