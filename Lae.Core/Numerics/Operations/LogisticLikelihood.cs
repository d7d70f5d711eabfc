using Lae.Numerics.Engines;

namespace Lae.Numerics;

/// <summary>
/// The likelihood of a logistic regression as one operation: log L(u) = Σ_i [y_i η_i − ln(1 + e^{η_i})] with η = X u, and its gradient Xᵀ (y − σ(η)). The data are packed once, as the engines want them;
/// a row's bits depend on that row of positions alone. No gradient flows through it.
/// </summary>
internal sealed class LogisticLikelihood
{
    private const int Line = 64 / sizeof(double);

    private readonly int rows;
    private readonly int columns;
    private readonly double[] memory;
    private readonly int first;

    /// <summary>The likelihood of data.</summary>
    /// <param name="design">X, [rows, columns] float64, finite.</param>
    /// <param name="labels">y, [rows] float64, each 0 or 1.</param>
    public LogisticLikelihood(Tensor design, Tensor labels)
    {
        (rows, columns) = (design.Shape[0], design.Shape[1]);
        int length = SignedDesign.Length(rows, columns);
        // at the border of a cache line, and where it stays there: registers that lie across two lines load at half the speed
        memory = GC.AllocateUninitializedArray<double>(checked(length + Line), pinned: true);
        first = (int)((64 - (Address(memory) % 64)) % 64 / sizeof(double));
        SignedDesign.Pack(columns, design.AsSpan<double>(), labels.AsSpan<double>(), memory.AsSpan(first, length));
    }

    /// <summary>log L and its gradient.</summary>
    /// <param name="position">u, [chains, columns] float64.</param>
    /// <returns>New tensors [chains] and [chains, columns], which the caller may still write to.</returns>
    public (Tensor LogLikelihood, Tensor Gradient) Evaluate(Tensor position)
    {
        (Tensor value, Tensor gradient) = Tensor.UninitializedPair(position.Workspace, new Shape(position.Shape[0]), position.Shape, DType.Float64);
        position.Workspace.Engine.Float64.LogisticLikelihood(
            rows, columns, memory.AsSpan(first, SignedDesign.Length(rows, columns)), position.Read<double>(), value.Write<double>(), gradient.Write<double>());
        return (value, gradient);
    }

    private static unsafe ulong Address(double[] pinned)
    {
        fixed (double* address = pinned)
        {
            return (ulong)address;
        }
    }
}
