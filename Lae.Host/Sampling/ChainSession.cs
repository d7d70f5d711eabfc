using Lae.Kernels;
using Lae.Numerics;
using Lae.Numerics.Engines;
using Lae.Randomness;
using Lae.Running;

namespace Lae.Host.Sampling;

/// <summary>Chains on their way, whatever the type of their state.</summary>
internal interface IChainSession
{
    /// <summary>Transitions done.</summary>
    long Step { get; }

    /// <summary>Where the chains are, [chains, dimension].</summary>
    Tensor Position { get; }

    /// <summary>Goes on.</summary>
    /// <param name="transitions">Transitions to do.</param>
    /// <param name="observe">Looks at what every transition gave, which is on loan until it returns.</param>
    /// <param name="cancellation">Ends after the transition under way.</param>
    /// <returns>Whether all were done.</returns>
    /// <exception cref="NonFiniteStateException">A NaN or an infinity arose.</exception>
    bool Run(long transitions, Action<Draw> observe, CancellationToken cancellation);

    /// <summary>What the next transition gives, without making it.</summary>
    Draw Peek();

    /// <summary>The state of the chains, for a checkpoint.</summary>
    TensorTree ToTree();

    /// <summary>The chains where a checkpoint left them.</summary>
    /// <param name="tree">What <see cref="ToTree"/> of chains of the same kernel made.</param>
    /// <param name="step">Transitions done.</param>
    IChainSession At(TensorTree tree, long step);
}

/// <summary>Starts the chains of a kernel of whatever state type.</summary>
/// <param name="position">[chains, dimension].</param>
/// <param name="key">The key of the run.</param>
/// <param name="engine">Who computes.</param>
internal sealed class SessionStart(Tensor position, RandomKey key, IEngine engine) : IKernelVisitor<IChainSession>
{
    /// <inheritdoc/>
    public IChainSession Visit<TState>(Kernel<TState> kernel)
        where TState : class, IKernelState<TState> => new ChainSession<TState>(kernel, RunState.Start(kernel, position, key, engine: engine), engine);

    private sealed class ChainSession<TState>(Kernel<TState> kernel, RunState<TState> start, IEngine engine) : IChainSession
        where TState : class, IKernelState<TState>
    {
        private RunState<TState> state = start;

        public long Step => state.Step;

        public Tensor Position => state.State.Position;

        public bool Run(long transitions, Action<Draw> observe, CancellationToken cancellation)
        {
            (state, bool completed) = ChainRunner.Observe(kernel, state, new RunOptions(transitions, engine: engine), observe, cancellation);
            return completed;
        }

        public Draw Peek()
        {
            Transition<TState> next = Next();
            return new Draw(Step + 1, next.State.Position, next.Info, next.State is IHasLogDensity { KnowsLogDensity: true } known ? known.LogDensity : null);
        }

        public TensorTree ToTree() => state.State.ToTree();

        // a state knows more of itself than its leaves, such as whether its log density is known; what a transition makes has that
        public IChainSession At(TensorTree tree, long step) =>
            new ChainSession<TState>(kernel, state with { State = (step == 0 ? state.State : Next().State).FromTree(tree).Map(leaf => leaf.Detach()), Step = step }, engine);

        private Transition<TState> Next()
        {
            Workspace workspace = Workspace.Unpooled(engine);
            return kernel.Transition(new NoiseSource(state.Key, Step, state.Chains, workspace), state.State.Map(leaf => leaf.CopyTo(workspace)));
        }
    }
}
