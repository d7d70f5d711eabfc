using Lae.Kernels;
using Lae.Numerics;

namespace Lae.Running;

/// <summary>
/// Runs a kernel on many chains. The runner owns a pooled workspace: after each transition everything that it allocated goes back, except
/// the new state; the state before stays until then. What reaches user code (draws, progress, result) is in ordinary memory.
/// </summary>
public static class ChainRunner
{
    /// <summary>Runs and keeps every thinned draw.</summary>
    /// <typeparam name="TState">The state type of the kernel.</typeparam>
    /// <param name="kernel">The kernel.</param>
    /// <param name="start">Where to start, or to go on.</param>
    /// <param name="options">Transitions, thinning, engine.</param>
    /// <param name="progress">Told after every kept draw; never changes a draw.</param>
    /// <param name="cancellation">Ends the run after the transition under way, keeping what was done.</param>
    /// <returns>Final state and draws.</returns>
    /// <exception cref="NonFiniteStateException">A NaN or an infinity arose in a state.</exception>
    public static RunResult<TState> Run<TState>(
        Kernel<TState> kernel, RunState<TState> start, RunOptions options, IProgress<RunProgress>? progress = null, CancellationToken cancellation = default)
        where TState : class, IKernelState<TState>
    {
        List<Draw> draws = [];
        (RunState<TState> final, bool completed) = Run(kernel, start, options, draws.Add, progress, cancellation);
        return new RunResult<TState>(final, draws, completed);
    }

    /// <summary>Runs and hands every thinned draw to a receiver.</summary>
    /// <typeparam name="TState">The state type of the kernel.</typeparam>
    /// <param name="kernel">The kernel.</param>
    /// <param name="start">Where to start, or to go on.</param>
    /// <param name="options">Transitions, thinning, engine.</param>
    /// <param name="receive">Takes each kept draw; null keeps none.</param>
    /// <param name="progress">Told after every thinned transition; never changes a draw.</param>
    /// <param name="cancellation">Ends the run after the transition under way, keeping what was done.</param>
    /// <returns>Where the run stands, and whether all transitions were done.</returns>
    /// <exception cref="NonFiniteStateException">A NaN or an infinity arose in a state.</exception>
    public static (RunState<TState> Final, bool Completed) Run<TState>(
        Kernel<TState> kernel,
        RunState<TState> start,
        RunOptions options,
        Action<Draw>? receive,
        IProgress<RunProgress>? progress = null,
        CancellationToken cancellation = default)
        where TState : class, IKernelState<TState>
    {
        Workspace workspace = options.Engine is null ? Workspace.Pooled() : Workspace.Pooled(options.Engine);
        TState state = start.State.Map(leaf => leaf.CopyTo(workspace));
        Tensor[] keep = new Tensor[state.Layout.Count];
        long step = start.Step;
        long last = start.Step + options.Transitions;
        while (step < last && !cancellation.IsCancellationRequested)
        {
            Transition<TState> next = kernel.Transition(new NoiseSource(start.Key, step, start.Chains, workspace), state);
            state = next.State;
            step++;
            state.RequireFinite(step);
            if (step % options.Thinning == 0 && (receive is not null || progress is not null))
            {
                StepInfo info = next.Info.Map(tensor => tensor.Detach());
                receive?.Invoke(new Draw(step, state.Position.Detach(), info, state is IHasLogDensity { KnowsLogDensity: true } known ? known.LogDensity.Detach() : null));
                progress?.Report(new RunProgress(step - start.Step, options.Transitions, info));
            }

            for (int i = 0; i < keep.Length; i++)
            {
                keep[i] = state.Leaf(i);
            }

            workspace.Collect(0, keep);
        }

        return (start with { State = state.Map(leaf => leaf.Detach()), Step = step }, step == last);
    }
}
