using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Lae.Numerics;

namespace Lae.Kernels;

/// <summary>What happens to every chain in one transition of the no-U-turn sampler, counted in double precision.</summary>
internal readonly struct NoUTurnFigures
{
    private const int Count = 6;
    private static readonly ImmutableArray<string> ExtraNames = ["leapfrogs", "treeDepth"];
    private readonly Tensor rows;

    /// <summary>All zeros.</summary>
    /// <param name="chains">How many.</param>
    /// <param name="workspace">Where memory comes from.</param>
    public NoUTurnFigures(int chains, Workspace workspace) => rows = Tensor.Zeros(new Shape(Count, chains), DType.Float64, workspace);

    /// <summary>Σ min(1, e^(−Δ/T)) over the leaves that were reached, [chains].</summary>
    public Span<double> AcceptanceSum => Row(0);

    /// <summary>1 where a leaf other than the start was chosen, [chains].</summary>
    public Span<double> Moved => Row(1);

    /// <summary>(H − H₀)/T of the chosen leaf, [chains].</summary>
    public Span<double> EnergyError => Row(2);

    /// <summary>1 where the trajectory ended at a leaf whose error was not finite or above 1000, [chains].</summary>
    public Span<double> Diverged => Row(3);

    /// <summary>Leaves reached, [chains].</summary>
    public Span<double> Leapfrogs => Row(4);

    /// <summary>Doublings that were completed, [chains].</summary>
    public Span<double> Depth => Row(5);

    /// <summary>The info of the transition, with the mean of the acceptance.</summary>
    public StepInfo ToInfo(DType dtype)
    {
        Sextet figures = default;
        Tensor.UninitializedTogether(rows.Workspace, new Shape(rows.Shape[1]), DType.Float64, figures);
        for (int i = 0; i < Count; i++)
        {
            Row(i).CopyTo(figures[i].Write<double>());
        }

        System.Numerics.Tensors.TensorPrimitives.Divide(AcceptanceSum, Leapfrogs, figures[0].Write<double>());
        foreach (ref Tensor figure in (Span<Tensor>)figures)
        {
            figure = figure.Cast(dtype);
        }

        return new StepInfo(
            StepInfo.MeanGradients(figures[4]), figures[0], figures[1], figures[2], figures[3], TensorTree.Of(ExtraNames, [figures[4], figures[5]]), figures[4]);
    }

    private Span<double> Row(int figure) => rows.Write<double>().Slice(figure * rows.Shape[1], rows.Shape[1]);

    [InlineArray(Count)]
    private struct Sextet
    {
        private Tensor first;
    }
}
