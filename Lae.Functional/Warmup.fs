namespace Lae.Functional

open Lae.Adaptation
open Lae.Kernels
open Lae.Numerics
open Lae.Randomness

/// Kernels whose settings are open, and the warm-up that finds them: a function from a start to a frozen kernel and where the chains then stand.
[<RequireQualifiedAccess>]
module Warmup =

    /// MALT with step size, scale and trajectory open: the kernel to begin with.
    let malt (target: Lae.Targets.Target) : TunableKernel<LangevinState> = TunableKernels.Malt target

    /// MALA with step size and scale open.
    let mala (target: Lae.Targets.Target) : TunableKernel<LangevinState> = TunableKernels.Mala target

    /// NUTS with step size and scale open.
    let nuts (target: Lae.Targets.Target) : TunableKernel<LangevinState> = TunableKernels.Nuts target

    /// The standard warm-up of so many transitions from positions [chains, dimension]: the frozen kernel, and where the chains ended.
    let standard (key: RandomKey) (transitions: int) (start: Tensor) (kernel: TunableKernel<'State>) : Kernel<'State> * Tensor =
        let found = Warmup.Run(kernel, start, key, WarmupSettings transitions)
        found.Kernel, found.Position
