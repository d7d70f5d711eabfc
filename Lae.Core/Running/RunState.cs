using Lae.Kernels;
using Lae.Numerics;
using Lae.Numerics.Engines;
using Lae.Randomness;

namespace Lae.Running;

/// <summary>
/// Where a run stands: all that is needed to go on. Running n transitions and then m gives the same bits as n + m, since the noise of
/// transition k depends on the key, k and the chain alone.
/// </summary>
/// <typeparam name="TState">The state type of the kernel.</typeparam>
/// <param name="State">The chains, in memory that no workspace takes back.</param>
/// <param name="Step">Transitions done so far.</param>
/// <param name="Key">The key of the run.</param>
/// <param name="Chains">The chains, a row each.</param>
public sealed record RunState<TState>(TState State, long Step, RandomKey Key, Chains Chains)
    where TState : class, IKernelState<TState>;

/// <summary>Starts of runs.</summary>
public static class RunState
{
    /// <summary>The start of a run; what a position does not determine, such as a momentum, is drawn from the key.</summary>
    /// <typeparam name="TState">The state type of the kernel.</typeparam>
    /// <param name="kernel">The kernel.</param>
    /// <param name="position">[chains, dimension].</param>
    /// <param name="key">The key of the run.</param>
    /// <param name="chains">The chains, a row each; numbered from 0 if null.</param>
    /// <param name="engine">Who computes the first density and gradient; that of the position if null. Give the engine of the run where every bit is to be that engine's.</param>
    /// <returns>A state after 0 transitions.</returns>
    /// <exception cref="NonFiniteStateException">The density or gradient at a position is not finite.</exception>
    public static RunState<TState> Start<TState>(Kernel<TState> kernel, Tensor position, RandomKey key, Chains? chains = null, IEngine? engine = null)
        where TState : class, IKernelState<TState>
    {
        Chains rows = chains ?? Chains.Range(position.Shape[0]);
        if (rows.Count != position.Shape[0])
        {
            throw new ArgumentException($"{rows.Count} chains for positions {position.Shape}.", nameof(chains));
        }

        Tensor here = engine is null ? position.Detach() : position.CopyTo(Workspace.Unpooled(engine));
        TState state = kernel.Thermalize(NoiseSource.OfStart(key, rows, here.Workspace), kernel.Initialize(here)).Map(leaf => leaf.Detach());
        state.RequireFinite(step: 0);
        return new RunState<TState>(state, 0, key, rows);
    }
}
