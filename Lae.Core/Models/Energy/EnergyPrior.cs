using Lae.Kernels;
using Lae.Numerics;
using Lae.Randomness;
using Lae.Targets;

namespace Lae.Models;

/// <summary>
/// A prior by an energy over a Gaussian base measure:
/// <code>
///     log p(z) = −E(z) − |z|²/2 − (d_z/2) log 2π − log Z,    Z = E_{N(0, I)}[exp(−E(z))] unknown
/// </code>
/// With E = 0 it is N(0, I) exactly. The base measure makes it integrable for every E that falls at most linearly, as that of a network does; without it exp(−E) need not be. Draws: MALA from N(0, I), with one
/// step size for all rows that follows the acceptance towards 0.574 over the first half of the transitions and then is frozen; they are p's own in the limit of many transitions.
/// Source: Pang, Han, Nijkamp, Zhu and Wu, NeurIPS 2020, equation 2. Shapes: z [n, d_z], E [n].
/// </summary>
public sealed class EnergyPrior : IPrior
{
    /// <summary>Transitions of a draw where nothing else is said: the 60 of Pang et al.</summary>
    public const int DefaultTransitions = 60;

    private const double FirstStepSize = 0.3;

    /// <summary>The step may change by a factor e^{0.3 · 0.5} in a transition, a thousandfold in 50.</summary>
    private const double Gain = 0.3;

    private static readonly StandardNormalPrior Base = new();

    private readonly Func<Tensor, Tensor> energy;
    private readonly Func<Tensor, Tensor> logDensity;
    private readonly int transitions;

    /// <summary>A prior of an energy.</summary>
    /// <param name="energy">E: from [n, d_z] to [n], made of Lae's operations.</param>
    /// <param name="transitions">Transitions of a draw, 0 or more; 0 gives draws of the base measure.</param>
    public EnergyPrior(Func<Tensor, Tensor> energy, int transitions = DefaultTransitions)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(transitions);
        this.energy = energy;
        logDensity = LogDensity;
        this.transitions = transitions;
    }

    /// <summary>False: log Z is left out of <see cref="LogDensity"/>.</summary>
    public bool IsNormalized => false;

    /// <inheritdoc/>
    public Tensor LogDensity(Tensor z) => Base.LogDensity(z) - energy(z);

    /// <summary>The prior as the density of n latent points side by side, for kernels on them.</summary>
    /// <param name="points">n, 1 or more.</param>
    /// <param name="latentSize">d_z, 1 or more.</param>
    /// <param name="dtype">The number type.</param>
    /// <returns>A density with gradients by differentiation.</returns>
    public LatentDensity Density(int points, int latentSize, DType dtype) => new(points, latentSize, dtype, Evaluate, logDensity);

    /// <inheritdoc/>
    public Tensor Sample(RandomKey key, int count, int latentSize, DType dtype) =>
        Refine(key.FoldIn(1), Base.Sample(key.FoldIn(0), count, latentSize, dtype), transitions);

    /// <summary>MALA transitions from given points.</summary>
    /// <param name="key">All randomness.</param>
    /// <param name="start">[n, d_z].</param>
    /// <param name="count">Transitions, 0 or more; the first half adapts the step size.</param>
    /// <returns>[n, d_z], detached.</returns>
    /// <exception cref="NonFiniteStateException">The energy or its gradient is not finite at the start.</exception>
    public Tensor Refine(RandomKey key, Tensor start, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        if (count == 0)
        {
            return start.Detach();
        }

        Workspace workspace = Workspace.Pooled(start.Workspace.Engine);
        Target target = Target.FromGradient(start.Shape[1], Evaluate, start.DType, "energy prior");
        StepSizeAdaptation adaptation = new(FirstStepSize, gain: Gain);
        TensorTree stepSize = adaptation.Initialize();
        Chains chains = Chains.Range(start.Shape[0]);
        LangevinState state = LangevinState.At(target, start.CopyTo(workspace));
        state.RequireFinite(step: 0, prefix: "the latent ");
        for (int step = 0; step < count; step++)
        {
            Kernel<LangevinState> kernel = MetropolisLangevin.Create(target, new LangevinSettings(StepSizeAdaptation.StepSize(stepSize)));
            Transition<LangevinState> next = kernel.Transition(new NoiseSource(key, step, chains, workspace), state);
            state = next.State;
            if (step < count / 2)
            {
                stepSize = adaptation.Adapt(stepSize, next.Info.MeanAcceptance, workspace.Heap);
            }

            workspace.Collect(0, state.Position, state.LogDensity, state.Gradient);
        }

        return state.Position.Detach();
    }

    private LogDensityAndGradient Evaluate(Tensor z)
    {
        ValueAndGradient result = Differentiation.ValueAndGradient(logDensity, z);
        return new LogDensityAndGradient(result.Value, result.Gradient);
    }
}
