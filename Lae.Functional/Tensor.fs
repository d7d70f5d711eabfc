namespace Lae.Functional

open System
open Lae.Numerics

/// Immutable dense arrays. Arithmetic is by the operators of the type itself: a + b, 2.0 * a, and so on; shapes broadcast from the last axis.
[<RequireQualifiedAccess>]
module Tensor =

    /// A float64 vector.
    let vector (values: seq<float>) : Tensor = Tensor.FromArray(Seq.toArray values)

    /// A float64 matrix from its rows, which must have one length.
    let matrix (rows: seq<#seq<float>>) : Tensor =
        let rows = rows |> Seq.map Seq.toArray |> Seq.toArray
        let columns = if rows.Length = 0 then 0 else rows[0].Length

        if rows |> Array.exists (fun row -> row.Length <> columns) then
            invalidArg (nameof rows) $"The rows of a matrix have one length; the first has {columns}."

        Tensor.FromArray(Array.concat rows, rows.Length, columns)

    /// Zeros of a number type and shape.
    let zeros (dtype: DType) (sizes: int list) : Tensor = Tensor.Zeros(Shape(ReadOnlySpan<int>(List.toArray sizes)), dtype)

    /// Ones of a number type and shape.
    let ones (dtype: DType) (sizes: int list) : Tensor = Tensor.Ones(Shape(ReadOnlySpan<int>(List.toArray sizes)), dtype)

    /// The identity matrix, float64.
    let identity (size: int) : Tensor = Tensor.Identity(size, DType.Float64)

    /// The extents.
    let sizes (x: Tensor) : int list = List.ofArray (x.Shape.ToArray())

    /// The elements, row-major, as floats.
    let toArray (x: Tensor) : float[] = x.ToArray()

    /// The one element of a tensor that has one.
    let toFloat (x: Tensor) : float = x.ToDouble()

    /// Another shape for the same elements; one extent may be -1 and is worked out.
    let reshape (sizes: int list) (x: Tensor) : Tensor = Shaping.Reshape(x, ReadOnlySpan<int>(List.toArray sizes))

    /// The matrix product a b.
    let matmul (a: Tensor) (b: Tensor) : Tensor = MatrixProducts.MatMul(a, b)

    /// xᵢᵀ A xᵢ for every row of x; the gradient in x is cheapest where A is symmetric.
    let quadraticForm (a: Tensor) (x: Tensor) : Tensor = QuadraticForms.QuadraticForm(x, a)

    /// The sum along an axis; negative axes count from the end.
    let sum (axis: int) (x: Tensor) : Tensor = Reductions.Sum(x, axis)

    /// The sum of all elements.
    let sumAll (x: Tensor) : Tensor = Reductions.Sum x

    /// The mean along an axis.
    let mean (axis: int) (x: Tensor) : Tensor = Reductions.Mean(x, axis)

    /// ln Σ eˣ along an axis, without overflow.
    let logSumExp (axis: int) (x: Tensor) : Tensor = Reductions.LogSumExp(x, axis)

    /// eˣ.
    let exp (x: Tensor) : Tensor = Elementwise.Exp x

    /// ln x.
    let log (x: Tensor) : Tensor = Elementwise.Log x

    /// x².
    let square (x: Tensor) : Tensor = Elementwise.Square x

    /// tanh x.
    let tanh (x: Tensor) : Tensor = Elementwise.Tanh x

    /// 1 / (1 + e⁻ˣ).
    let sigmoid (x: Tensor) : Tensor = Elementwise.Sigmoid x

    /// ln(1 + eˣ).
    let softplus (x: Tensor) : Tensor = Elementwise.Softplus x

/// Reading a tensor by its shape.
[<AutoOpen>]
module TensorPatterns =

    /// Scalar, Vector of its length, Matrix of its rows and columns, or an Array of all extents.
    let (|Scalar|Vector|Matrix|Array|) (x: Tensor) =
        match List.ofArray (x.Shape.ToArray()) with
        | [] -> Scalar(x.ToDouble())
        | [ length ] -> Vector length
        | [ rows; columns ] -> Matrix(rows, columns)
        | sizes -> Array sizes
