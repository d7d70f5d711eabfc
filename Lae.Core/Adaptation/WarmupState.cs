using System.Collections.Immutable;
using Lae.Kernels;
using Lae.Numerics;
using Lae.Numerics.Engines;
using Lae.Randomness;

namespace Lae.Adaptation;

/// <summary>One stage of a warm-up: a pure function from where a warm-up stands to where it stands then. Stages compose (<see cref="WarmupStages.InTurn"/>).</summary>
/// <typeparam name="TState">The state type of the kernel that decides.</typeparam>
/// <param name="state">Where it stands.</param>
/// <returns>Where it stands then.</returns>
public delegate WarmupState<TState> WarmupStage<TState>(WarmupState<TState> state)
    where TState : class, IKernelState<TState>;

/// <summary>Where a warm-up stands, as an immutable value.</summary>
/// <typeparam name="TState">The state type of the kernel that decides.</typeparam>
public sealed record WarmupState<TState>
    where TState : class, IKernelState<TState>
{
    /// <summary>Keeps the draws of searches away from those of transitions.</summary>
    private const ulong SearchDomain = 1UL << 61;

    private const double LeastAcceptance = 0.02;

    internal WarmupState(Func<KernelTuning, Kernel<TState>> create, string name, TuningAims aims, KernelTuning tuning, TState chains, RandomKey key)
    {
        Create = create;
        Name = name;
        Aims = aims;
        Tuning = tuning;
        Chains = chains;
        Key = key;
    }

    /// <summary>The kernel that decides, of given settings.</summary>
    public Func<KernelTuning, Kernel<TState>> Create { get; }

    /// <summary>What it is called in messages.</summary>
    public string Name { get; }

    /// <summary>What is to be found.</summary>
    public TuningAims Aims { get; }

    /// <summary>The key of all draws.</summary>
    public RandomKey Key { get; }

    /// <summary>What has been found.</summary>
    public KernelTuning Tuning { get; init; }

    /// <summary>The chains, in memory that no workspace takes back.</summary>
    public TState Chains { get; init; }

    /// <summary>What is known of the step size since the scale last changed; null before a first search.</summary>
    public DualAveraging? StepSize { get; init; }

    /// <summary>The step size of every transition so far.</summary>
    public ImmutableList<double> StepSizes { get; init; } = [];

    /// <summary>Searches for a step size so far.</summary>
    public int Searches { get; init; }

    /// <summary>Gradients so far, of each chain.</summary>
    public long Gradients { get; init; } = 1;

    /// <summary>The mean acceptance of the last stage that had transitions; NaN before.</summary>
    public double Acceptance { get; init; } = double.NaN;

    /// <summary>Where chains were that began anew where others are (<see cref="ChainArrival"/>), [places, dimension] for each window in which there were any.</summary>
    public ImmutableList<Tensor> LeftBehind { get; init; } = [];

    /// <summary>Who computes; the default engine if null.</summary>
    public IEngine? Engine { get; init; }

    /// <summary>Told after every transition, with its step size and mean acceptance.</summary>
    public Action<long, double, double>? Observe { get; init; }

    /// <summary>Where the draws of the next search come from.</summary>
    internal NoiseSource SearchSource(Workspace workspace) => NoiseSource.OfStart(Key.FoldIn(SearchDomain + (ulong)Searches), Rows, workspace);

    /// <summary>The chains, numbered from 0.</summary>
    internal Chains Rows => Kernels.Chains.Range(Chains.Position.Shape[0]);

    /// <summary>New memory for a stage.</summary>
    internal Workspace NewWorkspace() => Engine is null ? Workspace.Pooled() : Workspace.Pooled(Engine);

    /// <summary>
    /// The acceptance of a transition, by which the step size goes. While a scale is yet to be learned it is the harmonic mean over the chains, each counted as 0.02 at least: the mean of all is 0.8 as well where a fifth of the chains, further out
    /// than the others, stands still for ever. With that scale it is the mean, which the kernel is to have.
    /// </summary>
    /// <param name="info">What happened.</param>
    /// <param name="isCautious">Whether it is the harmonic mean.</param>
    /// <exception cref="ArgumentException">The kernel reports none.</exception>
    internal double AcceptanceOf(StepInfo info, bool isCautious)
    {
        if (info.AcceptanceProbability is not { } probability)
        {
            throw new ArgumentException($"'{Name}' reports no acceptance probability: there is nothing to tune its step size by. Name a twin that does.");
        }

        return isCautious
            ? probability.Count / probability.ToArray().Sum(static one => 1 / Math.Max(one, LeastAcceptance))
            : info.MeanAcceptance;
    }
}

/// <summary>Starts of warm-ups.</summary>
public static class WarmupState
{
    /// <summary>The start of a warm-up.</summary>
    /// <typeparam name="TState">The state type of the kernel that decides.</typeparam>
    /// <param name="create">The kernel that decides, of given settings.</param>
    /// <param name="name">What it is called in messages.</param>
    /// <param name="aims">What is to be found.</param>
    /// <param name="tuning">What to begin with.</param>
    /// <param name="position">[chains, dimension].</param>
    /// <param name="key">The key of all draws.</param>
    /// <param name="engine">Who computes; the default engine if null.</param>
    /// <returns>A state after no transition.</returns>
    /// <exception cref="NonFiniteStateException">The density or gradient at a position is not finite.</exception>
    public static WarmupState<TState> Start<TState>(
        Func<KernelTuning, Kernel<TState>> create, string name, TuningAims aims, KernelTuning tuning, Tensor position, RandomKey key, IEngine? engine = null)
        where TState : class, IKernelState<TState>
    {
        TState chains = create(tuning).Initialize(engine is null ? position.Detach() : position.CopyTo(Workspace.Unpooled(engine))).Map(static leaf => leaf.Detach());
        chains.RequireFinite(step: 0);
        return new WarmupState<TState>(create, name, aims, tuning, chains, key) { Engine = engine };
    }
}
