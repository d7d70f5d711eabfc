namespace Lae.Numerics;

/// <summary>The number type of a tensor. Types never mix silently: an operation on two types is refused.</summary>
public enum DType
{
    /// <summary>Single precision, 4 bytes.</summary>
    Float32,

    /// <summary>Double precision, 8 bytes.</summary>
    Float64,
}
