open Lae.Functional
open Lae.Host

/// Loads a run folder, generates, and goes the way back: posterior draws of what was generated, and how well they decode.
[<EntryPoint>]
let main args =
    match args with
    | [| folder |] ->
        let model = LaeRun.Load folder
        let generated = model |> Model.generate (Key.ofSeed 4UL) 16
        let draws = model |> Model.samplePosterior (Key.ofSeed 5UL) 5 20 generated
        let decoded = model |> Model.decode (draws |> Tensor.reshape [ -1; model.LatentSize ])
        let first = decoded |> Tensor.reshape [ 5; 16; -1 ] |> Tensor.mean 0
        let error = (generated - first) |> Tensor.square |> Tensor.sumAll |> Tensor.toFloat
        printfn $"{model.Model.Name}: {Tensor.sizes draws} posterior draws, mean squared error {error / float generated.Count:F4}"
        0
    | _ ->
        eprintfn "usage: TrainedModel.FSharp <run folder>"
        2
