namespace Lae.Functional

open Lae.Kernels
open Lae.Numerics
open Lae.Randomness
open Lae.Running

/// Running kernels on many chains, a row each.
[<RequireQualifiedAccess>]
module Chain =

    /// The start of a run at positions [chains, dimension].
    let start (key: RandomKey) (position: Tensor) (kernel: Kernel<'State>) : RunState<'State> = RunState.Start(kernel, position, key)

    /// Goes on for so many transitions, keeping every draw.
    let run (transitions: int64) (kernel: Kernel<'State>) (state: RunState<'State>) : RunResult<'State> =
        ChainRunner.Run(kernel, state, RunOptions transitions)

    /// Goes on for so many transitions, keeping every thinning-th draw.
    let runThinned (thinning: int) (transitions: int64) (kernel: Kernel<'State>) (state: RunState<'State>) : RunResult<'State> =
        ChainRunner.Run(kernel, state, RunOptions(transitions, thinning))

    /// Goes on for so many transitions and folds over the draws as they come, in memory that does not grow: what became of the seed, and where the run stands.
    /// A draw is on loan: its tensors, and what is computed from them, are good until the folder returns. What is to stay in the
    /// accumulator is taken as numbers or by Detach(); ChainRunner.Observe says when a tensor that is read later throws.
    let fold (folder: 'Acc -> Draw -> 'Acc) (seed: 'Acc) (transitions: int64) (kernel: Kernel<'State>) (state: RunState<'State>) : 'Acc * RunState<'State> =
        let folded = ref seed
        let struct (final, _) = ChainRunner.Observe(kernel, state, RunOptions transitions, fun draw -> folded.Value <- folder folded.Value draw)
        folded.Value, final

    /// The kept positions, [draws, chains, dimension].
    let positions (result: RunResult<'State>) : Tensor = result.Positions()

    /// Starts at positions [chains, dimension] and draws: the whole of a simple run.
    let sample (key: RandomKey) (transitions: int64) (position: Tensor) (kernel: Kernel<'State>) : Tensor =
        start key position kernel |> run transitions kernel |> positions
