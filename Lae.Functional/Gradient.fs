namespace Lae.Functional

open Lae.Numerics

/// Reverse-mode differentiation as functions.
[<RequireQualifiedAccess>]
module Gradient =

    /// The value of a function and the gradient of its sum.
    let valueAndGradient (f: Tensor -> Tensor) (x: Tensor) : Tensor * Tensor =
        let result = Differentiation.ValueAndGradient((fun (leaf: Tensor) -> f leaf), x)
        result.Value, result.Gradient

    /// The gradient of the sum of a function's values.
    let grad (f: Tensor -> Tensor) (x: Tensor) : Tensor = valueAndGradient f x |> snd

    /// Value and gradient of a function of a named tree of tensors.
    let ofTree (f: TensorTree -> Tensor) (x: TensorTree) : Tensor * TensorTree =
        let result = Differentiation.ValueAndGradient((fun (leaves: TensorTree) -> f leaves), x)
        result.Value, result.Gradient
