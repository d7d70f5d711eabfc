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

    /// <summary>Goes on.</summary>
    /// <param name="transitions">Transitions to do.</param>
    /// <param name="receive">Takes what every transition gave.</param>
    /// <param name="cancellation">Ends after the transition under way.</param>
    /// <returns>Whether all were done.</returns>
    /// <exception cref="NonFiniteStateException">A NaN or an infinity arose.</exception>
    bool Run(long transitions, Action<Draw> receive, CancellationToken cancellation);
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

        public bool Run(long transitions, Action<Draw> receive, CancellationToken cancellation)
        {
            (state, bool completed) = ChainRunner.Run(kernel, state, new RunOptions(transitions, engine: engine), receive, cancellation: cancellation);
            return completed;
        }
    }
}
