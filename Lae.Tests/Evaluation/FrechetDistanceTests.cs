using FsCheck.Fluent;
using Lae.Evaluation;
using Lae.Numerics;
using Lae.Randomness;
using Lae.Tests.Kernels;

namespace Lae.Tests.Evaluation;

/// <summary>The distance where it is known in closed form.</summary>
public sealed class FrechetDistanceTests
{
    [Fact]
    public void Of_diagonal_gaussians_it_is_the_distance_of_means_and_deviations()
    {
        GaussianMoments first = new(Tensor.FromArray([1.0, -2, 0.5]), Tensor.Diagonal(Tensor.FromArray([4.0, 9, 0])));
        GaussianMoments second = new(Tensor.FromArray([0.0, 0, 0.5]), Tensor.Diagonal(Tensor.FromArray([1.0, 16, 0.25])));
        Assert.Equal(1 + 4 + 1 + 1 + 0.25, FrechetDistance.Squared(first, second), 1e-9);
    }

    [Fact]
    public void Of_two_dimensions_it_is_the_closed_form() => Generated.ForAll(
        Gen.Choose(0, 1_000_000),
        seed =>
        {
            // tr (A B)^{1/2} = √(tr AB + 2 √det AB) of 2 × 2 matrices that do not commute
            Tensor a = GaussianProblem.ToTensor(GaussianProblem.Positive(2, 0.1, 5, seed));
            Tensor b = GaussianProblem.ToTensor(GaussianProblem.Positive(2, 0.3, 2, seed + 1));
            Tensor product = a.MatMul(b);
            double[] p = product.ToArray();
            double expected = 9 + Trace(a) + Trace(b) - (2 * Math.Sqrt(p[0] + p[3] + (2 * Math.Sqrt((p[0] * p[3]) - (p[1] * p[2])))));
            Assert.Equal(expected, FrechetDistance.Squared(new(Tensor.FromArray([3.0, 1]), a), new(Tensor.FromArray([0.0, 1]), b)), 1e-9);
            Assert.Equal(expected, FrechetDistance.Squared(new(Tensor.FromArray([0.0, 1]), b), new(Tensor.FromArray([3.0, 1]), a)), 1e-9);
        });

    [Fact]
    public void Rows_are_at_no_distance_from_themselves_and_at_that_of_a_shift_from_shifted_ones()
    {
        Tensor rows = FactorAnalysisProblem.Normals(RandomKey.FromSeed(1), 50, 8);
        Assert.Equal(0, FrechetDistance.OfRows(rows, rows), 1e-9);
        Assert.Equal(8 * 0.25, FrechetDistance.OfRows(rows, rows + 0.5), 1e-9);
        Assert.Equal(0, FrechetDistance.OfRows(rows.Slice(0, 0, 3), rows.Slice(0, 0, 3)), 1e-9);
    }

    [Fact]
    public void Features_that_are_not_finite_are_refused() =>
        Assert.Throws<ArgumentException>(() => FrechetDistance.OfRows(Tensor.FromArray([1.0, double.NaN], 2, 1), Tensor.FromArray([1.0, 2], 2, 1)));

    private static double Trace(Tensor matrix) => matrix.ElementAt(0) + matrix.ElementAt(3);
}
