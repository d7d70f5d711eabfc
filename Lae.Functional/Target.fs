namespace Lae.Functional

open Lae.Numerics
open Lae.Targets

/// Distributions to sample, as values.
[<RequireQualifiedAccess>]
module Target =

    /// A target from a differentiable log density: positions [chains, dimension] to [chains].
    let ofLogDensity (dimension: int) (logDensity: Tensor -> Tensor) : Target =
        Target.FromFunction(dimension, (fun position -> logDensity position))

    /// A target from a log density with its gradient written by hand: positions [chains, dimension] to [chains] and [chains, dimension].
    let ofGradient (dimension: int) (evaluate: Tensor -> Tensor * Tensor) : Target =
        Target.FromGradient(
            dimension,
            fun position ->
                let logDensity, gradient = evaluate position
                LogDensityAndGradient(logDensity, gradient)
        )

    /// A Gaussian with a mean [d] and a precision matrix [d, d].
    let gaussian (mean: Tensor) (precision: Tensor) : Target = GaussianTarget.Dense(mean, precision)

    /// A Gaussian with a mean [d] and the diagonal [d] of its precision matrix.
    let diagonalGaussian (mean: Tensor) (precision: Tensor) : Target = GaussianTarget.Diagonal(mean, precision)

    /// N(0, I).
    let standardNormal (dimension: int) : Target = GaussianTarget.Standard dimension

    /// The log density of every chain, and its gradient.
    let evaluate (position: Tensor) (target: Target) : Tensor * Tensor =
        let result = target.Evaluate position
        result.LogDensity, result.Gradient
