namespace Lae.Functional

open Lae.Models
open Lae.Numerics
open Lae.Randomness

/// Trained latent variable models.
[<RequireQualifiedAccess>]
module Model =

    /// One latent point for each observation.
    let encode (x: Tensor) (model: TrainedModel) : Tensor = model.Encode x

    /// Posterior draws for each observation, [draws, n, latentSize]: encode, then refine by an exact kernel.
    let samplePosterior (key: RandomKey) (draws: int) (transitions: int) (x: Tensor) (model: TrainedModel) : Tensor =
        model.SamplePosterior(key, x, draws, transitions)

    /// The mean observation at latent points.
    let decode (z: Tensor) (model: TrainedModel) : Tensor = model.Decode z

    /// Mean observations at latent points drawn from the prior.
    let generate (key: RandomKey) (count: int) (model: TrainedModel) : Tensor = model.Generate(key, count)
