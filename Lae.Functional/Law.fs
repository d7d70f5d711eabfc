namespace Lae.Functional

open Lae.Kernels
open Lae.Laws
open Lae.Numerics
open Lae.Randomness
open Lae.Targets

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

    /// All laws of a kernel that claims to keep its target exactly: MALA, HMC, NUTS. The defaults are those of a Langevin kernel at temperature 1: see KernelLawSettings.
    let exact (create: Target -> Kernel<'State>) : LawResult list = KernelLaws.Exact create |> List.ofSeq

    /// As exact, with what is claimed and spent.
    let exactWith (settings: KernelLawSettings) (create: Target -> Kernel<'State>) : LawResult list =
        KernelLaws.Exact(create, settings) |> List.ofSeq

    /// All laws of a kernel that is exact only as its step size goes to 0: ULA, BAOAB. The kernel is a function of step size and target.
    let unadjusted (stepSize: float) (create: float -> Target -> Kernel<'State>) : LawResult list =
        KernelLaws.Unadjusted((fun target h -> create h target), stepSize) |> List.ofSeq

    /// As unadjusted, with what is claimed and spent.
    let unadjustedWith (settings: KernelLawSettings) (stepSize: float) (create: float -> Target -> Kernel<'State>) : LawResult list =
        KernelLaws.Unadjusted((fun target h -> create h target), stepSize, settings) |> List.ofSeq

    /// Chains that start from exact draws of a law must still have it after 1 and 20 transitions.
    let exactStart (law: ExactTarget) (key: RandomKey) (kernel: Kernel<'State>) : LawResult = ExactStart(law).Check(kernel, key)

    /// Exact draws must rank uniformly among the chains that are run from them both ways by a reversible kernel.
    let rank (law: ExactTarget) (key: RandomKey) (kernel: Kernel<'State>) : LawResult = RankTest.Check(kernel, law, key)

    /// Geweke's joint test of a kernel of the posterior given data, each replication with its own.
    let geweke (joint: JointLaw) (key: RandomKey) (kernelGiven: Tensor -> Kernel<'State>) : LawResult =
        GewekeTest.Check(joint, kernelGiven, key)

    /// Simulation-based calibration of a reversible kernel of the posterior given data, each replication with its own.
    let calibration (joint: JointLaw) (key: RandomKey) (kernelGiven: Tensor -> Kernel<'State>) : LawResult =
        SimulationBasedCalibration.Check(joint, kernelGiven, key)

    /// The symmetries of a kernel as a function of its target: rotation, permutation, translation, constant energy.
    let symmetries (target: Target) (position: Tensor) (key: RandomKey) (create: Target -> Kernel<'State>) : LawResult list =
        Symmetries.All(create, target, position, key) |> List.ofSeq

    /// Throws if a law does not hold.
    let require (result: LawResult) : unit = result.Require()

    /// Throws if one of the laws does not hold, with every broken one in the message.
    let requireAll (results: LawResult list) : unit = LawResults.Require results

/// Reading the outcome of a law.
[<AutoOpen>]
module LawPatterns =

    /// A law that holds, or a broken one with its explanation.
    let (|Holds|Broken|) (result: LawResult) =
        if result.Holds then Holds else Broken(result.ToString())
