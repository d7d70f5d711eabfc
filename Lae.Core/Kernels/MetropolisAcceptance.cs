using System.Numerics;
using System.Runtime.CompilerServices;
using Lae.Numerics;
using Lae.Numerics.Engines;

namespace Lae.Kernels;

/// <summary>The Metropolis–Hastings decision of every chain: accept with probability min(1, eʳ), r the log acceptance ratio.</summary>
public static class MetropolisAcceptance
{
    /// <summary>
    /// The energy error above which a transition counts as divergent, 1,000: e⁻¹⁰⁰⁰ is no acceptance that a stable integrator has, whatever the dimension, so the step was too long for the curvature that it met. Stan's figure; the same in
    /// <see cref="NoUTurn"/>.
    /// </summary>
    public const double DivergentEnergyError = 1000;

    /// <summary>Chain by chain, the proposed state where ln u &lt; r and r is finite, else the current one.</summary>
    /// <typeparam name="TState">The state type.</typeparam>
    /// <param name="logAcceptanceRatio">r, [chains]; NaN or infinite where the proposal is to be refused.</param>
    /// <param name="uniform">u, [chains], in [0, 1).</param>
    /// <param name="proposed">The state taken where accepted.</param>
    /// <param name="current">The state kept elsewhere.</param>
    /// <param name="gradientCount">Gradients that the proposal cost.</param>
    /// <returns>The next state and its info.</returns>
    public static Transition<TState> Decide<TState>(Tensor logAcceptanceRatio, Tensor uniform, TState proposed, TState current, int gradientCount)
        where TState : class, IKernelState<TState> => Decide(passing: null, logAcceptanceRatio, uniform, proposed, current, gradientCount);

    /// <summary>The same as the last thing of a transition, whose memory passes.</summary>
    internal static Transition<TState> Decide<TState>(PassingMemory? passing, Tensor logAcceptanceRatio, Tensor uniform, TState proposed, TState current, int gradientCount)
        where TState : class, IKernelState<TState>
    {
        (StepInfo info, Tensor accepted) = InfoOf(logAcceptanceRatio, uniform, gradientCount);
        return new Transition<TState>(StateOperations.ChooseRows(passing, accepted, proposed, current), info);
    }

    /// <summary>The decision without a state; extras and the gradients of each chain are put into the info as they are.</summary>
    internal static (StepInfo Info, Tensor Accepted) InfoOf(Tensor logAcceptanceRatio, Tensor uniform, int gradientCount, TensorTree? extras = null, Tensor? chainGradients = null)
    {
        TensorQuartet figures = default;
        Decide(logAcceptanceRatio, uniform, figures);
        return (new StepInfo(gradientCount, figures[1], figures[0], figures[3], figures[2], extras, chainGradients), figures[0]);
    }

    /// <summary>The decision alone: whether each chain accepts, and with what probability.</summary>
    internal static (Tensor Accepted, Tensor Probability) Decide(Tensor logAcceptanceRatio, Tensor uniform)
    {
        TensorQuartet figures = default;
        Decide(logAcceptanceRatio, uniform, figures);
        return (figures[0], figures[1]);
    }

    /// <summary>Accepted, probability, divergent and energy error, in one piece of memory.</summary>
    private static void Decide(Tensor logAcceptanceRatio, Tensor uniform, Span<Tensor> figures)
    {
        DType dtype = logAcceptanceRatio.DType;
        Workspace workspace = Workspace.Of(logAcceptanceRatio.Workspace, uniform.Workspace);
        Tensor.UninitializedTogether(workspace, logAcceptanceRatio.Shape, dtype, figures);
        (Tensor accepted, Tensor probability, Tensor divergent, Tensor energyError) = (figures[0], figures[1], figures[2], figures[3]);
        Elementwise.RequireSameShape(logAcceptanceRatio, uniform);
        Raw.Same(logAcceptanceRatio, uniform);
        if (dtype == DType.Float32)
        {
            Decide(workspace.Engine.Float32, logAcceptanceRatio.Read<float>(), uniform.Read<float>(), accepted.Write<float>(), probability.Write<float>(), divergent.Write<float>(), energyError.Write<float>());
        }
        else
        {
            Decide(workspace.Engine.Float64, logAcceptanceRatio.Read<double>(), uniform.Read<double>(), accepted.Write<double>(), probability.Write<double>(), divergent.Write<double>(), energyError.Write<double>());
        }
    }

    /// <summary>The same for the numbers of all chains; a state of a few numbers costs less than ten operations on tensors would.</summary>
    private static void Decide<T>(IPrimitives<T> primitives, ReadOnlySpan<T> logAcceptanceRatio, ReadOnlySpan<T> uniform, Span<T> accepted, Span<T> probability, Span<T> divergent, Span<T> energyError)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T least = T.CreateChecked(-DivergentEnergyError);
        primitives.Unary(UnaryOperation.Logarithm, uniform, accepted);
        for (int chain = 0; chain < logAcceptanceRatio.Length; chain++)
        {
            T ratio = logAcceptanceRatio[chain];
            bool finite = T.IsFinite(ratio);

            // without a branch: which chains accept is a matter of chance that no processor guesses
            accepted[chain] = T.CreateTruncating(Convert.ToInt32(finite & (ratio > accepted[chain])));
            probability[chain] = finite ? T.Min(ratio, T.Zero) : T.NegativeInfinity;
            energyError[chain] = -ratio;
            divergent[chain] = finite && ratio >= least ? T.Zero : T.One;
        }

        primitives.Unary(UnaryOperation.Exponential, probability, probability);
    }

    [InlineArray(4)]
    private struct TensorQuartet
    {
        private Tensor first;
    }
}
