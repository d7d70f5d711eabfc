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

    /// Kernels in turn, one transition each.
    let cycle (kernels: Kernel<'State> list) : Kernel<'State> = Combinators.Cycle(List.toArray kernels)

    /// Each chain takes one of the kernels at random in each transition, as often as its weight says.
    let mixture (weighted: (float * Kernel<'State>) list) : Kernel<'State> =
        Combinators.Mixture(weighted |> List.map snd |> List.toArray, weighted |> List.map fst |> List.toArray)

    /// A kernel for a target as one for the target at a temperature, π^(1/T).
    let temper (temperature: float) (builder: Target -> Kernel<'State>) (target: Target) : Kernel<TransformedState<'State>> =
        Combinators.Temper(target, temperature, (fun tempered -> builder tempered))

    /// A kernel for a target as one that works on y with x = S y, P = S Sᵀ.
    let precondition (preconditioner: Preconditioner) (builder: Target -> Kernel<'State>) (target: Target) : Kernel<TransformedState<'State>> =
        Combinators.Precondition(target, preconditioner, (fun transformed -> builder transformed))

    /// A kernel for a target as one that works on y with x = f(y), f a bijection with its Jacobian.
    let reparametrise (map: Bijection) (builder: Target -> Kernel<'State>) (target: Target) : Kernel<TransformedState<'State>> =
        Combinators.Reparametrise(target, map, (fun transformed -> builder transformed))

    /// One transition by given noise.
    let advance (noise: Noise) (state: 'State) (kernel: Kernel<'State>) : 'State * StepInfo =
        let next = kernel.Advance(noise, state)
        next.State, next.Info
