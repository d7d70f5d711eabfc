namespace Samplers.FSharp

open System.ComponentModel.DataAnnotations
open Lae.Composition
open Lae.Functional
open Lae.Kernels
open Lae.Targets

/// What a configuration says beside "Type": "MyLangevinFSharp".
type MyLangevinOptions() =

    /// The step size h, positive.
    [<Range(1e-12, 1e6)>]
    member val StepSize = 0.1 with get, set

/// x' = x + h ∇log π(x) + √(2 h) ξ, a kernel made in F# outside Lae. Shapes: x, ξ are [chains, dimension]; noise leaf "xi".
[<RequireQualifiedAccess>]
module MyLangevin =

    let create (options: MyLangevinOptions) (target: Target) : Kernel<LangevinState> =
        let h = options.StepSize

        target
        |> Kernel.ofStep "MyLangevin in F#" (fun state xi -> state.Position + h * state.Gradient + sqrt (2.0 * h) * xi)

/// What "Plugins": ["Samplers.FSharp.dll"] finds.
type SamplersPlugin() =
    interface ILaePlugin with
        member _.Register services =
            services.AddKernel<MyLangevinOptions>("MyLangevinFSharp", (fun options target -> MyLangevin.create options target :> IKernel))
            |> ignore
