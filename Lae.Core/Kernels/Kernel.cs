using Lae.Numerics;

namespace Lae.Kernels;

/// <summary>The outcome of a transition.</summary>
/// <typeparam name="TState">The state type.</typeparam>
/// <param name="State">The next state.</param>
/// <param name="Info">What happened.</param>
public readonly record struct Transition<TState>(TState State, StepInfo Info)
{
    /// <summary>Whether the next state is finite wherever the one before was, as where a finite acceptance ratio is one of finite numbers: a runner then does not look at every number again.</summary>
    internal bool KeepsFinite { get; init; }
}

/// <summary>A kernel whose state type is not known: what configuration and dependency injection see.</summary>
public interface IKernel
{
    /// <summary>What the kernel is called in messages and reports.</summary>
    string Name { get; }

    /// <summary>Columns of a position.</summary>
    int Dimension { get; }

    /// <summary>The number type of positions.</summary>
    DType DType { get; }

    /// <summary>Hands the kernel with its state type to a visitor.</summary>
    /// <typeparam name="TResult">What the visitor makes.</typeparam>
    /// <param name="visitor">The visitor.</param>
    /// <returns>What the visitor made.</returns>
    TResult Accept<TResult>(IKernelVisitor<TResult> visitor);
}

/// <summary>Something to do with a kernel of whatever state type.</summary>
/// <typeparam name="TResult">What it makes.</typeparam>
public interface IKernelVisitor<out TResult>
{
    /// <summary>Called with the kernel.</summary>
    /// <typeparam name="TState">The kernel's state type.</typeparam>
    /// <param name="kernel">The kernel.</param>
    /// <returns>The result.</returns>
    TResult Visit<TState>(Kernel<TState> kernel)
        where TState : class, IKernelState<TState>;
}

/// <summary>
/// A Markov kernel on many chains at once, as a value: a few pure functions. It holds no state and no generator, and noise is an
/// argument: <see cref="Transition"/> is <see cref="DrawNoise"/> followed by <see cref="Advance"/>.
/// </summary>
/// <typeparam name="TState">What the next step needs: position, log density, gradient and so on.</typeparam>
/// <param name="name">What the kernel is called in messages and reports.</param>
/// <param name="dimension">Columns of a position, 1 or more.</param>
/// <param name="dtype">The number type of positions.</param>
/// <param name="initialize">The state at a position [chains, dimension].</param>
/// <param name="refresh">The state with the coordinates of another, its caches computed anew.</param>
/// <param name="drawNoise">The noise of one transition.</param>
/// <param name="advance">One transition, given its noise: a deterministic, pure function.</param>
/// <param name="thermalize">
/// Draws the coordinates that a position does not determine (momentum, carried noise, thermostat) from their stationary law; null for a state that is a position and its caches.
/// </param>
public sealed class Kernel<TState>(
    string name,
    int dimension,
    DType dtype,
    Func<Tensor, TState> initialize,
    Func<TState, TState> refresh,
    Func<NoiseSource, Noise> drawNoise,
    Func<Noise, TState, Transition<TState>> advance,
    Func<NoiseSource, TState, TState>? thermalize = null) : IKernel
    where TState : class, IKernelState<TState>
{
    /// <inheritdoc/>
    public string Name { get; } = name;

    /// <inheritdoc/>
    public int Dimension { get; } = dimension >= 1
        ? dimension
        : throw new ArgumentOutOfRangeException(nameof(dimension), dimension, "A kernel has 1 dimension or more.");

    /// <inheritdoc/>
    public DType DType { get; } = dtype;

    /// <summary>
    /// Whether any rows may be moved apart from the others, as where a runner gives them to several threads: what happens to a chain depends on its state and its noise alone (law R-6). False where the kernel
    /// or its target (<see cref="Targets.Target.KnowsRowsByPlace"/>) knows rows by their place; what is made of such a kernel is not divisible either.
    /// </summary>
    internal bool IsDivisible { get; init; } = true;

    /// <summary>
    /// <see cref="DrawNoise"/> followed by <see cref="Advance"/>, bit for bit, without the objects that noise is kept in: what a run calls, so that a kernel made of kernels leaves the less to the garbage collector. Null for a kernel of
    /// which that is no matter.
    /// </summary>
    internal Func<NoiseSource, TState, Transition<TState>>? Move { get; init; }

    /// <summary>
    /// <see cref="Initialize"/>, <see cref="Thermalize"/> and <see cref="Transition"/> from a position, bit for bit, without objects for the states on the way; the first source is that of the transition, the second of what is thermalised. Null for a
    /// kernel of which that is no matter.
    /// </summary>
    internal Func<NoiseSource, NoiseSource, Tensor, PositionMove>? MoveFrom { get; init; }

    /// <summary>The state at a position; costs one gradient. Coordinates that the position does not determine are 0: <see cref="Thermalize"/> draws them.</summary>
    /// <param name="position">[chains, dimension].</param>
    /// <returns>A state with its caches filled.</returns>
    public TState Initialize(Tensor position) => initialize(position);

    /// <summary>The state with the same coordinates, its caches computed anew.</summary>
    /// <param name="state">A state whose coordinates were changed.</param>
    /// <returns>A consistent state.</returns>
    public TState Refresh(TState state) => refresh(state);

    /// <summary>
    /// The state with the coordinates that a position does not determine (momentum, carried noise, thermostat) drawn from their stationary law given the position, so that
    /// chains whose positions have the target's law start in the kernel's stationary law. A run starts so.
    /// </summary>
    /// <param name="source">Where the draws come from.</param>
    /// <param name="state">What <see cref="Initialize"/> made.</param>
    /// <returns>A state at the same position; the same state if the position determines all of it.</returns>
    public TState Thermalize(NoiseSource source, TState state) => thermalize is null ? state : thermalize(source, state);

    /// <summary>All the randomness of one transition, and its number.</summary>
    /// <param name="source">Where it comes from.</param>
    /// <returns>The noise to give to <see cref="Advance"/>.</returns>
    public Noise DrawNoise(NoiseSource source)
    {
        Noise noise = drawNoise(source);
        return noise.Step == source.Step ? noise : noise with { Step = source.Step };
    }

    /// <summary>One transition by given noise: deterministic and pure.</summary>
    /// <param name="noise">What <see cref="DrawNoise"/> drew, or whatever a law puts in its place.</param>
    /// <param name="state">Where the chains are.</param>
    /// <returns>The next state, and what happened.</returns>
    public Transition<TState> Advance(Noise noise, TState state) => advance(noise, state);

    /// <summary>One transition.</summary>
    /// <param name="source">Where the noise comes from.</param>
    /// <param name="state">Where the chains are.</param>
    /// <returns>The next state, and what happened.</returns>
    public Transition<TState> Transition(NoiseSource source, TState state) => Move is null ? Advance(DrawNoise(source), state) : Move(source, state);

    /// <summary>The same kernel, whose runs draw all noise of a transition before any of it is used, as laws do.</summary>
    internal Kernel<TState> ByGivenNoise() => new(Name, Dimension, DType, initialize, refresh, drawNoise, advance, thermalize) { IsDivisible = IsDivisible };

    /// <inheritdoc/>
    public TResult Accept<TResult>(IKernelVisitor<TResult> visitor) => visitor.Visit(this);
}
