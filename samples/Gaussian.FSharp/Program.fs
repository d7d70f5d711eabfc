open Lae.Functional
open Lae.Numerics

let precision = Tensor.matrix [ [ 2.0; 0.6 ]; [ 0.6; 1.0 ] ]
let target = Target.gaussian (Tensor.vector [ 1.0; -2.0 ]) precision
let kernel = target |> Kernel.mala 0.5
let start = Tensor.zeros DType.Float64 [ 1000; 2 ] // 1,000 chains, a row each
let draws = kernel |> Chain.sample (Key.ofSeed 1UL) 500L start // [draws; chains; dimension]
let kept = draws.Slice(0, 100, 400) |> Tensor.reshape [ -1; 2 ]
printfn $"mean {kept |> Tensor.mean 0}"

for law in kernel |> Law.runner (Key.ofSeed 2UL) (Tensor.zeros DType.Float64 [ 3; 2 ]) do
    match law with
    | Holds -> ()
    | Broken why -> printfn $"{why}"
