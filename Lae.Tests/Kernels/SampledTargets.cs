using Lae.Kernels;
using Lae.Laws;
using Lae.Numerics;
using Lae.Targets;

namespace Lae.Tests.Kernels;

/// <summary>The three laws of the exact-start tests, each prepared once; and exact draws of their powers π^{1/T}, in which the hot replicas of replica exchange start.</summary>
internal static class SampledTargets
{
    public const string Gaussian = "Gaussian";
    public const string Banana = "banana";
    public const string Mixture = "mixture";

    private const double Curvature = 0.5;
    private const double Scale = 1.2;
    private static readonly double[] Weights = [1, 2];
    private static readonly Tensor Mean = Tensor.FromArray([1.0, -0.5, 0.3]);
    private static readonly Tensor Precision = GaussianProblem.ToTensor(GaussianProblem.Positive(3, 0.5, 3, 5));
    private static readonly double[] Means = [-1.2, 0.0, 1.0, 0.5];
    private static readonly double[] Deviations = [0.6, 1.0, 1.0, 0.5];

    public static IReadOnlyList<string> Names { get; } = [Gaussian, Banana, Mixture];

    public static IReadOnlyDictionary<string, ExactStart> Prepared { get; } = new Dictionary<string, ExactStart>
    {
        [Gaussian] = new ExactStart(ExactGaussian.Create(Mean, Precision)),
        [Banana] = new ExactStart(Lae.Targets.Banana.Create(2, Curvature, Scale)),
        [Mixture] = new ExactStart(GaussianMixture.Create(Weights, Tensor.FromArray(Means, 2, 2), Tensor.FromArray(Deviations, 2, 2))),
    };

    /// <summary>Exact draws of π^{1/T}, a row for each chain of the source.</summary>
    public static Tensor Hot(string target, NoiseSource source, double temperature) => target switch
    {
        Gaussian => Mean + Precision.Cholesky().TriangularSolve(source.Normal(0, 3, DType.Float64).Transpose(), transpose: true).Transpose() * Math.Sqrt(temperature),
        Banana => HotBanana(source.Normal(0, 2, DType.Float64) * Math.Sqrt(temperature)),
        _ => HotMixture(source, temperature),
    };

    /// <summary>The power of a bent Gaussian is a bent Gaussian of larger variance, bent about the same line.</summary>
    private static Tensor HotBanana(Tensor z)
    {
        Tensor first = z.Slice(1, 0, 1) * Scale;
        return Shaping.Join(1, [first, z.Slice(1, 1, 1) + first.Square().ScaleShift(Curvature, -Curvature * Scale * Scale)]);
    }

    /// <summary>By rejection: (Σ a_k)^{1/T} ≤ Σ a_k^{1/T}, and the right side is a mixture of Gaussians with variances T s². At least 2^{1/T − 1} of the draws are kept.</summary>
    private static Tensor HotMixture(NoiseSource source, double temperature)
    {
        const int Tries = 80;
        int rows = source.Chains.Count;
        double[] result = new double[2 * rows];
        bool[] done = new bool[rows];
        double b = 1 / temperature;
        double[] heights = [.. Weights.Select((w, k) => Math.Pow(w / Weights.Sum() / (Deviations[2 * k] * Deviations[(2 * k) + 1]), b))];
        double[] masses = [.. heights.Select((height, k) => height * Deviations[2 * k] * Deviations[(2 * k) + 1])];
        for (uint attempt = 0; attempt < Tries; attempt++)
        {
            double[] z = source.Normal(3 * attempt, 2, DType.Float64).ToArray();
            double[] which = source.Uniform((3 * attempt) + 1, DType.Float64).ToArray();
            double[] keep = source.Uniform((3 * attempt) + 2, DType.Float64).ToArray();
            for (int row = 0; row < rows; row++)
            {
                int k = which[row] * masses.Sum() < masses[0] ? 0 : 1;
                (double x, double y) = (At(0), At(1));
                if (!done[row] && keep[row] * (Power(x, y, 0) + Power(x, y, 1)) < Math.Pow(Math.Pow(Power(x, y, 0), temperature) + Math.Pow(Power(x, y, 1), temperature), b))
                {
                    (result[2 * row], result[(2 * row) + 1], done[row]) = (x, y, true);
                }

                double At(int i) => Means[(2 * k) + i] + (Deviations[(2 * k) + i] * Math.Sqrt(temperature) * z[(2 * row) + i]);
            }
        }

        return done.All(one => one) ? Tensor.FromArray(result, rows, 2) : throw new InvalidOperationException("A row was not kept in any attempt.");

        // a_k^{1/T} up to the constant that all share
        double Power(double x, double y, int k) => heights[k]
            * Math.Exp(-0.5 * b * (Math.Pow((x - Means[2 * k]) / Deviations[2 * k], 2) + Math.Pow((y - Means[(2 * k) + 1]) / Deviations[(2 * k) + 1], 2)));
    }
}
