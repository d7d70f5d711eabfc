namespace Lae.Functional

open Lae.Randomness

/// Counter-based random keys: values that decide draws, with no hidden generator.
[<RequireQualifiedAccess>]
module Key =

    /// The key of a seed.
    let ofSeed (seed: uint64) : RandomKey = RandomKey.FromSeed seed

    /// Another key, decided by a key and a number.
    let foldIn (data: uint64) (key: RandomKey) : RandomKey = key.FoldIn data

    /// Unrelated keys, decided by one.
    let split (count: int) (key: RandomKey) : RandomKey list = key.Split count |> List.ofSeq
