namespace Lae.Functional

open Lae.Kernels
open Lae.Laws
open Lae.Numerics
open Lae.Randomness

/// Laws that a kernel can be put to.
[<RequireQualifiedAccess>]
module Law =

    /// The affine map that a step on a Gaussian target is, read off without randomness.
    let readOff (kernel: Kernel<'State>) : AffineMap = AffineMap.ReadOff kernel

    /// The stationary covariance of an affine step.
    let stationaryCovariance (map: AffineMap) : Tensor = StationaryLaw.Covariance map

    /// The spectral radius of an affine step: it is stable below 1.
    let spectralRadius (map: AffineMap) : float = StationaryLaw.SpectralRadius map

    /// Every runner law that needs no second engine, bit for bit (RunnerLaws.All takes engines and checks threads too).
    let runner (key: RandomKey) (position: Tensor) (kernel: Kernel<'State>) : LawResult list =
        RunnerLaws.All(kernel, position, key, [||]) |> List.ofSeq

    /// Throws if a law does not hold.
    let require (result: LawResult) : unit = result.Require()

/// Reading the outcome of a law.
[<AutoOpen>]
module LawPatterns =

    /// A law that holds, or a broken one with its explanation.
    let (|Holds|Broken|) (result: LawResult) =
        if result.Holds then Holds else Broken(result.ToString())
