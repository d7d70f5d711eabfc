using Lae.Evaluation;
using Lae.Numerics;
using Lae.Randomness;

namespace Lae.Tests.Evaluation;

/// <summary>Shares counted by hand, and the two failures that they tell apart.</summary>
public sealed class PrecisionRecallTests
{
    [Fact]
    public void Five_points_on_a_line_are_as_counted_by_hand()
    {
        // radii of real: 1 1 1 1 7, which cover 0.5, 4 and 3.5; of generated: 3 16 0.5 3.5 0.5, which cover all
        Tensor real = Tensor.FromArray([0.0, 1, 2, 3, 10], 5, 1);
        Tensor generated = Tensor.FromArray([0.5, 20, 4, -3, 3.5], 5, 1);
        Assert.Equal(new PrecisionRecall(0.6, 1), PrecisionRecall.Of(real, generated, neighbours: 1));
        Assert.Equal(new PrecisionRecall(1, 0.6), PrecisionRecall.Of(generated, real, neighbours: 1));
    }

    [Fact]
    public void The_same_set_has_both_and_a_far_one_neither()
    {
        Tensor rows = FactorAnalysisProblem.Normals(RandomKey.FromSeed(2), 100, 5);
        Assert.Equal(new PrecisionRecall(1, 1), PrecisionRecall.Of(rows, rows));
        Assert.Equal(new PrecisionRecall(0, 0), PrecisionRecall.Of(rows, rows + 1000));
    }

    [Fact]
    public void A_collapsed_set_has_precision_without_recall()
    {
        Tensor rows = FactorAnalysisProblem.Normals(RandomKey.FromSeed(3), 200, 5);
        PrecisionRecall shares = PrecisionRecall.Of(rows, FactorAnalysisProblem.Normals(RandomKey.FromSeed(4), 200, 5) * 0.05);
        Assert.Equal(1, shares.Precision);
        Assert.InRange(shares.Recall, 0, 0.05);
    }

    [Fact]
    public void Fewer_points_than_neighbours_are_refused() =>
        Assert.Throws<ArgumentException>(() => PrecisionRecall.Of(Tensor.Zeros(new Shape(3, 2), DType.Float64), Tensor.Zeros(new Shape(9, 2), DType.Float64)));
}
