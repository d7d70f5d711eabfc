using Lae.Numerics;
using Lae.Targets;

namespace Lae.Laws;

/// <summary>Three laws that can be drawn from exactly, on which kernels are tested: all of deviations about 1, so that one step size serves all.</summary>
internal static class TestTargets
{
    /// <summary>Precisions from 0.5 to 2 along directions that are not the axes, and a mean that is not 0.</summary>
    public static ExactTarget Gaussian(int dimension) => ExactGaussian.Create(Mean(dimension), Precision(dimension));

    /// <summary>A bent Gaussian: its curvature changes along the way.</summary>
    public static ExactTarget Banana(int dimension) => Targets.Banana.Create(dimension, curvature: 0.4, scale: 1.2);

    /// <summary>Two modes of different widths and weights, near enough that chains go from one to the other.</summary>
    public static ExactTarget Mixture(int dimension)
    {
        double[] means = [.. Enumerable.Range(0, 2 * dimension).Select(i => i < dimension ? -0.9 : 0.9 - (0.3 * (i - dimension) / dimension))];
        double[] deviations = [.. Enumerable.Range(0, 2 * dimension).Select(i => i < dimension ? 0.7 : 1.0)];
        return GaussianMixture.Create([1, 2], Tensor.FromArray(means, 2, dimension), Tensor.FromArray(deviations, 2, dimension));
    }

    /// <summary>m.</summary>
    public static Tensor Mean(int dimension) => Tensor.FromArray([.. Enumerable.Range(0, dimension).Select(i => 1 - (0.8 * i))]);

    /// <summary>A = H D H with D from 0.5 to 2 and H the reflection that takes the first axis to the diagonal: no two coordinates are independent, and no random number is needed.</summary>
    public static Tensor Precision(int dimension)
    {
        double[] v = [.. Enumerable.Range(0, dimension).Select(i => (1 / Math.Sqrt(dimension)) - (i == 0 ? 1 : 0))];
        double square = v.Sum(x => x * x);
        Tensor direction = Tensor.FromArray(v, 1, dimension);
        Tensor h = Tensor.Identity(dimension, DType.Float64) - direction.MatMul(direction, transposeA: true) * (2 / square);
        Tensor d = Tensor.FromArray([.. Enumerable.Range(0, dimension).Select(i => 0.5 * Math.Pow(4, dimension == 1 ? 0 : (double)i / (dimension - 1)))]);
        Tensor a = (h * d).MatMul(h, transposeB: true);
        return (a + a.Transpose()) * 0.5;
    }
}
