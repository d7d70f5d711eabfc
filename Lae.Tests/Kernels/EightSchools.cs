using Lae.Laws;
using Lae.Numerics;
using Lae.Randomness;
using Lae.Targets;

namespace Lae.Tests.Kernels;

/// <summary>
/// Eight schools (Rubin 1981), non-centred: μ ~ N(0, 5²), τ ~ half-Cauchy(0, 5), η_j ~ N(0, 1), y_j ~ N(μ + τ η_j, s_j²), in the ten coordinates (μ, log τ, η_1 … η_8). Each row has its own data.
/// </summary>
internal static class EightSchools
{
    public const int Dimension = 10;
    private const double Scale = 5;
    private static readonly double[] Deviations = [15, 10, 16, 11, 9, 11, 10, 18];

    public static JointLaw Joint { get; } = new(Prior, Simulate);

    /// <summary>Parameters, their squares, and the log likelihood.</summary>
    public static IReadOnlyList<JointStatistic> Statistics { get; } =
    [
        .. JointStatistic.Parameters(Tensor.FromArray([0, Math.Log(Scale), 0, 0, 0, 0, 0, 0, 0, 0])),
        new JointStatistic("the log likelihood", (theta, y) => Standardised(theta, y).Square().Sum(1) * -0.5),
    ];

    /// <summary>The posterior, where row i of positions has row i of the data [rows, 8].</summary>
    public static Target Posterior(Tensor y)
    {
        Tensor inverse = Tensor.FromArray(Deviations).Reciprocal();
        return Target.FromGradient(Dimension, Evaluate, name: "eight schools");

        LogDensityAndGradient Evaluate(Tensor theta)
        {
            (Tensor mu, Tensor logTau, Tensor eta) = (theta.Slice(1, 0, 1), theta.Slice(1, 1, 1), theta.Slice(1, 2, 8));
            Tensor tau = logTau.Exp();
            Tensor residual = Standardised(theta, y);
            Tensor force = residual * inverse;
            Tensor ratio = (logTau * 2).ScaleShift(1, -2 * Math.Log(Scale));

            // log of the half-Cauchy density of τ, with the Jacobian τ: log τ − log(1 + (τ/5)²)
            Tensor log = (logTau - ratio.Softplus()).Sum(1) - ((mu.Square() * (1 / (Scale * Scale))).Sum(1) + eta.Square().Sum(1) + residual.Square().Sum(1)) * 0.5;
            Tensor pull = force.Sum(1, keepAxis: true);
            return new LogDensityAndGradient(log, Shaping.Join(1, [
                pull - mu * (1 / (Scale * Scale)),
                ((force * eta).Sum(1, keepAxis: true) * tau) + 1 - (2 * ratio.Sigmoid()),
                (force * tau) - eta,
            ]));
        }
    }

    private static Tensor Standardised(Tensor theta, Tensor y) =>
        (y - theta.Slice(1, 0, 1) - (theta.Slice(1, 1, 1).Exp() * theta.Slice(1, 2, 8))) * Tensor.FromArray(Deviations).Reciprocal();

    private static Tensor Prior(RandomKey key, int rows)
    {
        double[] uniform = new double[rows];
        RowDraws.Uniform(key, 1, 0, rows, 1, uniform);
        Tensor logTau = Tensor.FromArray([.. uniform.Select(u => Math.Log(Scale * Math.Tan(0.5 * Math.PI * u)))], rows, 1);
        Tensor normals = ExactTarget.Normals(key, rows, 9, DType.Float64);
        return Shaping.Join(1, [normals.Slice(1, 0, 1) * Scale, logTau, normals.Slice(1, 1, 8)]);
    }

    private static Tensor Simulate(RandomKey key, Tensor theta) =>
        theta.Slice(1, 0, 1) + (theta.Slice(1, 1, 1).Exp() * theta.Slice(1, 2, 8)) + (ExactTarget.Normals(key, theta.Shape[0], 8, DType.Float64) * Tensor.FromArray(Deviations));
}
