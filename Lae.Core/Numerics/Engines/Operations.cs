namespace Lae.Numerics.Engines;

/// <summary>Elementwise functions of one argument.</summary>
public enum UnaryOperation
{
    /// <summary>−x.</summary>
    Negate,
    /// <summary>|x|.</summary>
    Absolute,
    /// <summary>−1, 0 or 1; NaN for NaN.</summary>
    Sign,
    /// <summary>1 / x.</summary>
    Reciprocal,
    /// <summary>x².</summary>
    Square,
    /// <summary>√x.</summary>
    SquareRoot,
    /// <summary>eˣ.</summary>
    Exponential,
    /// <summary>ln x.</summary>
    Logarithm,
    /// <summary>tanh x.</summary>
    Tanh,
    /// <summary>1 / (1 + e⁻ˣ).</summary>
    Sigmoid,
    /// <summary>ln(1 + eˣ), without overflow.</summary>
    Softplus,
    /// <summary>max(x, 0); NaN for NaN.</summary>
    Relu,
    /// <summary>sin x.</summary>
    Sine,
    /// <summary>cos x.</summary>
    Cosine,
    /// <summary>1 where x &gt; 0, else 0 (NaN gives 0).</summary>
    IsPositive,
    /// <summary>1 where x is finite, else 0.</summary>
    IsFinite,
}

/// <summary>Elementwise functions of two arguments.</summary>
public enum BinaryOperation
{
    /// <summary>a + b.</summary>
    Add,
    /// <summary>a − b.</summary>
    Subtract,
    /// <summary>a · b.</summary>
    Multiply,
    /// <summary>a / b.</summary>
    Divide,
    /// <summary>The greater; NaN if either is NaN.</summary>
    Maximum,
    /// <summary>The smaller; NaN if either is NaN.</summary>
    Minimum,
    /// <summary>1 where a &gt; b, else 0 (NaN gives 0).</summary>
    Greater,
    /// <summary>1 where a = b, else 0.</summary>
    Equal,
}

/// <summary>What becomes of an axis that is reduced.</summary>
public enum Reduction
{
    /// <summary>Σ x; 0 for an empty axis.</summary>
    Sum,
    /// <summary>The greatest; NaN if one is NaN, −∞ for an empty axis.</summary>
    Maximum,
    /// <summary>ln Σ eˣ, without overflow; −∞ for an empty axis.</summary>
    LogSumExp,
}

/// <summary>How an operand lies in a rows × columns result.</summary>
public enum OperandLayout
{
    /// <summary>rows × columns values, row by row.</summary>
    Full,
    /// <summary>One row of <c>columns</c> values, repeated down.</summary>
    Row,
    /// <summary>One value for each of the <c>rows</c>, repeated across.</summary>
    Column,
    /// <summary>One value.</summary>
    Scalar,
}

/// <summary>A broadcast of two operands to rows × columns.</summary>
/// <param name="Rows">Number of rows, 0 or more.</param>
/// <param name="Columns">Number of columns, 0 or more.</param>
/// <param name="A">The layout of the first operand.</param>
/// <param name="B">The layout of the second operand.</param>
public readonly record struct BroadcastPlan(int Rows, int Columns, OperandLayout A, OperandLayout B);

/// <summary>A matrix product C = op(A) op(B) + beta C, all row-major.</summary>
/// <param name="M">Rows of op(A) and C.</param>
/// <param name="N">Columns of op(B) and C.</param>
/// <param name="K">Columns of op(A) and rows of op(B).</param>
/// <param name="TransposeA">A is stored as K × M.</param>
/// <param name="TransposeB">B is stored as N × K.</param>
/// <param name="Accumulate">C is added to (its value starts the chain), else overwritten.</param>
/// <param name="AddAtEnd">The finished chain is added to C instead: the bits of a product of its own and a sum. Not together with <paramref name="Accumulate"/>.</param>
public readonly record struct MatrixProductPlan(int M, int N, int K, bool TransposeA, bool TransposeB, bool Accumulate, bool AddAtEnd = false);

/// <summary>
/// A two-dimensional convolution from [batch, inputChannels, inputHeight, inputWidth] by a kernel
/// [outputChannels, inputChannels, kernelHeight, kernelWidth] to [batch, outputChannels, outputHeight, outputWidth], in
/// the cross-correlation convention; output size = (input + 2·padding − kernel) / stride + 1, rounded down.
/// </summary>
/// <param name="Batch">Images.</param>
/// <param name="InputChannels">Channels in.</param>
/// <param name="InputHeight">Height in.</param>
/// <param name="InputWidth">Width in.</param>
/// <param name="OutputChannels">Channels out.</param>
/// <param name="KernelHeight">Kernel height.</param>
/// <param name="KernelWidth">Kernel width.</param>
/// <param name="Stride">Step between windows, 1 or more.</param>
/// <param name="Padding">Zeros around the image, 0 or more.</param>
public readonly record struct ConvolutionPlan(
    int Batch, int InputChannels, int InputHeight, int InputWidth,
    int OutputChannels, int KernelHeight, int KernelWidth, int Stride, int Padding)
{
    /// <summary>Height out.</summary>
    public int OutputHeight => (InputHeight + (2 * Padding) - KernelHeight) / Stride + 1;

    /// <summary>Width out.</summary>
    public int OutputWidth => (InputWidth + (2 * Padding) - KernelWidth) / Stride + 1;
}

/// <summary>
/// A copy between two strided layouts: for every index within <c>Sizes</c>, destination[DestinationOffset + i·DestinationStrides] =
/// source[SourceOffset + i·SourceStrides]. Transposition, slicing, joining and broadcasting (stride 0) are all of this form.
/// </summary>
/// <param name="Sizes">Extent of each axis; at most six axes.</param>
/// <param name="SourceOffset">First element read.</param>
/// <param name="SourceStrides">Elements between neighbours in the source, an axis each; 0 repeats.</param>
/// <param name="DestinationOffset">First element written.</param>
/// <param name="DestinationStrides">Elements between neighbours in the destination, an axis each.</param>
public sealed record StridedCopyPlan(
    IReadOnlyList<int> Sizes, int SourceOffset, IReadOnlyList<int> SourceStrides,
    int DestinationOffset, IReadOnlyList<int> DestinationStrides);
