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

    /// Goes on for so many transitions and folds over the draws as they come: nothing is kept but what the folder makes. A draw is on loan, uncopied, until the folder returns:
    /// take numbers from it, or Detach() the tensors that are to stay.
    let fold (folder: 'Result -> Draw -> 'Result) (seed: 'Result) (transitions: int64) (kernel: Kernel<'State>) (state: RunState<'State>) : 'Result * RunState<'State> =
        let result = ref seed
        let struct (final, _) = ChainRunner.Observe(kernel, state, RunOptions transitions, (fun draw -> result.Value <- folder result.Value draw))
        result.Value, final

    /// The kept positions, [draws, chains, dimension].
    let positions (result: RunResult<'State>) : Tensor = result.Positions()

    /// Starts at positions [chains, dimension] and draws: the whole of a simple run.
    let sample (key: RandomKey) (transitions: int64) (position: Tensor) (kernel: Kernel<'State>) : Tensor =
        start key position kernel |> run transitions kernel |> positions
