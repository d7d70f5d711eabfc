using Lae.Kernels;
using Lae.Numerics;
using Lae.Randomness;
using Lae.Targets;

namespace Lae.Benchmarks.Efficiency;

/// <summary>
/// The Gaussian of the efficiency table: 100 dimensions, condition number 1,000, mean 0, axes along the coordinates, variances evenly spaced on a log scale from 1000^(−1/2) to 1000^(1/2).
/// Chains start from N(0, I).
/// </summary>
internal sealed class EfficiencyProblem
{
    public const int Dimension = 100;
    public const double Condition = 1000;
    public const int Chains = 100;

    public static RandomKey Key { get; } = RandomKey.FromSeed(20_261_122);

    /// <summary>Var x_i = E x_i².</summary>
    public double[] Variances { get; } = [.. Enumerable.Range(0, Dimension).Select(i => Math.Pow(Condition, (i / (Dimension - 1.0)) - 0.5))];

    public Target Target => GaussianTarget.Diagonal(Tensor.Zeros(new Shape(Dimension), DType.Float64), Tensor.FromArray(Variances).Reciprocal());

    /// <summary>P = diag of the exact variances.</summary>
    public Preconditioner Preconditioner => Preconditioner.Diagonal(Tensor.FromArray(Variances));

    /// <summary>M = P⁻¹.</summary>
    public MassMatrix Mass => MassMatrix.FromCovariance(Tensor.FromArray(Variances));

    /// <summary>Where chains start: N(0, I).</summary>
    public static Tensor Start(int chains, ulong stream = 0) => Normals(chains, Key.FoldIn(100 + stream));

    /// <summary>Exact draws, for what is to be found out about a kernel in its stationary law.</summary>
    public Tensor Exact(int chains) => Normals(chains, Key.FoldIn(99)) * Tensor.FromArray(Variances).Sqrt();

    private static Tensor Normals(int chains, RandomKey key)
    {
        double[] values = new double[chains * Dimension];
        RowDraws.Normal(key, 0, 0, chains, Dimension, values);
        return Tensor.FromArray(values, chains, Dimension);
    }
}
