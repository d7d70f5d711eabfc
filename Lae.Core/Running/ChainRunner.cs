using Lae.Kernels;
using Lae.Numerics;
using Lae.Numerics.Engines;

namespace Lae.Running;

/// <summary>
/// Runs a kernel on many chains, in groups that are moved by threads of their own where that is faster, a block of transitions at a time. A group owns a pooled workspace: what a transition allocated goes back after it,
/// except the new state, and what is to be handed out, which stays until the block ends. Draws are handed out in order, on the calling thread, in ordinary memory.
/// </summary>
public static class ChainRunner
{
    /// <summary>Runs and keeps every thinned draw.</summary>
    /// <typeparam name="TState">The state type of the kernel.</typeparam>
    /// <param name="kernel">The kernel.</param>
    /// <param name="start">Where to start, or to go on.</param>
    /// <param name="options">Transitions, thinning, engine.</param>
    /// <param name="progress">Told after every kept draw; never changes a draw.</param>
    /// <param name="cancellation">Ends the run after the draw that is being handed out, or the block of transitions under way (some milliseconds, or one transition if that takes longer), keeping what was done.</param>
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
    /// <param name="cancellation">Ends the run after the draw that is being handed out, or the block of transitions under way (some milliseconds, or one transition if that takes longer), keeping what was done.</param>
    /// <returns>Where the run stands, and whether all transitions were done.</returns>
    /// <exception cref="NonFiniteStateException">A NaN or an infinity arose in a state.</exception>
    public static (RunState<TState> Final, bool Completed) Run<TState>(
        Kernel<TState> kernel,
        RunState<TState> start,
        RunOptions options,
        Action<Draw>? receive,
        IProgress<RunProgress>? progress = null,
        CancellationToken cancellation = default)
        where TState : class, IKernelState<TState> => Run(kernel, start, options, receive, isLent: false, progress, cancellation);

    /// <summary>
    /// Runs and shows every thinned draw to an observer, who has it on loan: the numbers are where the chains have them, uncopied, and are good until the observer returns. What is to stay is taken as numbers, or by
    /// <see cref="Tensor.Detach"/>; so are tensors that were computed from a draw's. A tensor of chains in one group that is read after its block of transitions, or after the run, throws <see cref="ObjectDisposedException"/>, until 512 others lost
    /// their memory (see <see cref="Workspace"/>). Of several groups each draw is put together in memory of its own. The draws are those of
    /// <see cref="Run{TState}(Kernel{TState}, RunState{TState}, RunOptions, Action{Draw}?, IProgress{RunProgress}?, CancellationToken)"/>, bit for bit; where a chain takes microseconds for a transition, copies are a good part of them.
    /// </summary>
    /// <typeparam name="TState">The state type of the kernel.</typeparam>
    /// <param name="kernel">The kernel.</param>
    /// <param name="start">Where to start, or to go on.</param>
    /// <param name="options">Transitions, thinning, engine.</param>
    /// <param name="observe">Looks at each draw, on the calling thread.</param>
    /// <param name="cancellation">Ends the run after the draw that is being shown, or the block of transitions under way, keeping what was done.</param>
    /// <returns>Where the run stands, and whether all transitions were done.</returns>
    /// <exception cref="NonFiniteStateException">A NaN or an infinity arose in a state.</exception>
    public static (RunState<TState> Final, bool Completed) Observe<TState>(
        Kernel<TState> kernel, RunState<TState> start, RunOptions options, Action<Draw> observe, CancellationToken cancellation = default)
        where TState : class, IKernelState<TState>
    {
        ArgumentNullException.ThrowIfNull(observe);
        return Run(kernel, start, options, observe, isLent: true, progress: null, cancellation);
    }

    private static (RunState<TState> Final, bool Completed) Run<TState>(
        Kernel<TState> kernel, RunState<TState> start, RunOptions options, Action<Draw>? receive, bool isLent, IProgress<RunProgress>? progress, CancellationToken cancellation)
        where TState : class, IKernelState<TState>
    {
        IEngine engine = options.Engine ?? Workspace.Default.Engine;
        int most = ChainGroups<TState>.Most(kernel, start.State, engine);
        bool isWatched = receive is not null || progress is not null;
        Keeping keeping = new(isWatched ? options.Thinning : 0, States: receive is not null);
        using ChainBlocks<TState> blocks = new(start, engine, options.Groups == 0 ? most : Math.Min(options.Groups, most), isTrial: options.Groups == 0, ChainGroups<TState>.CanDivide(kernel, engine), keeping);
        long step = start.Step;
        long last = start.Step + options.Transitions;
        while (step < last && !cancellation.IsCancellationRequested)
        {
            (ChainGroups<TState> chains, int count) = blocks.Advance(kernel, step, last - step);
            int keptCount = chains.KeptCount;
            for (int kept = 0; kept < keptCount; kept++)
            {
                Draw? draw = receive is null ? null : isLent ? chains.LentDrawOf(kept) : chains.DrawOf(kept);
                receive?.Invoke(draw!);
                progress?.Report(new RunProgress(chains.StepOf(kept) - start.Step, options.Transitions, draw?.Info ?? chains.InfoOf(kept)));
                if (cancellation.IsCancellationRequested && keeping.States)
                {
                    return (start with { State = chains.StateOf(kept), Step = chains.StepOf(kept) }, chains.StepOf(kept) == last);
                }
            }

            chains.Failure?.Exception.Throw();
            step += count;
        }

        return (start with { State = blocks.State(), Step = step }, step == last);
    }
}
