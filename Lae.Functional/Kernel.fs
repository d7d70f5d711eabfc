namespace Lae.Functional

open Lae.Kernels
open Lae.Numerics
open Lae.Targets

/// Markov kernels as values: pure functions of noise and state, and functions from kernels to kernels.
[<RequireQualifiedAccess>]
module Kernel =

    /// The unadjusted Langevin algorithm.
    let ula (stepSize: float) (target: Target) : Kernel<LangevinState> =
        UnadjustedLangevin.Create(target, LangevinSettings stepSize)

    /// The Metropolis-adjusted Langevin algorithm.
    let mala (stepSize: float) (target: Target) : Kernel<LangevinState> =
        MetropolisLangevin.Create(target, LangevinSettings stepSize)

    /// ULA with temperature and preconditioner.
    let ulaWith (settings: LangevinSettings) (target: Target) : Kernel<LangevinState> = UnadjustedLangevin.Create(target, settings)

    /// MALA with temperature and preconditioner.
    let malaWith (settings: LangevinSettings) (target: Target) : Kernel<LangevinState> = MetropolisLangevin.Create(target, settings)

    /// A kernel of one's own that always moves: the next position from the state (position, log density, gradient) and standard normal noise, all [chains, dimension].
    let ofStep (name: string) (step: LangevinState -> Tensor -> Tensor) (target: Target) : Kernel<LangevinState> =
        let at position = LangevinState.At(target, position)

        Kernel<LangevinState>(
            name,
            target.Dimension,
            target.DType,
            at,
            (fun state -> at state.Position),
            (fun source -> Noise(TensorTree.Of [ struct ("xi", source.Normal(0u, target.Dimension, target.DType)) ])),
            fun noise state -> Transition<LangevinState>(at (step state noise[0]), StepInfo.Unadjusted)
        )

    /// One kernel, then the other.
    let compose (second: Kernel<'State>) (first: Kernel<'State>) : Kernel<'State> = Combinators.Compose(first, second)

    /// A kernel run several times as one transition.
    let repeat (count: int) (kernel: Kernel<'State>) : Kernel<'State> = Combinators.Repeat(kernel, count)

    /// Every count-th state of a kernel.
    let thin (count: int) (kernel: Kernel<'State>) : Kernel<'State> = Combinators.Thin(kernel, count)

    /// One transition by given noise.
    let advance (noise: Noise) (state: 'State) (kernel: Kernel<'State>) : 'State * StepInfo =
        let next = kernel.Advance(noise, state)
        next.State, next.Info
