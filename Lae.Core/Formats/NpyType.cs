namespace Lae.Formats;

/// <summary>The element types of .npy arrays that Lae reads and writes.</summary>
public enum NpyType
{
    /// <summary>32-bit floating point, <c>&lt;f4</c>.</summary>
    Float32,

    /// <summary>64-bit floating point, <c>&lt;f8</c>.</summary>
    Float64,

    /// <summary>32-bit signed integer, <c>&lt;i4</c>.</summary>
    Int32,

    /// <summary>64-bit signed integer, <c>&lt;i8</c>.</summary>
    Int64,

    /// <summary>8-bit unsigned integer, <c>|u1</c>.</summary>
    UInt8,

    /// <summary>A byte that is 0 or 1, <c>|b1</c>.</summary>
    Boolean,
}
