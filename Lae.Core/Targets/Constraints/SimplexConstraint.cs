using Lae.Numerics;

namespace Lae.Targets;

/// <summary>
/// Breaking a stick of length 1: z_k = σ(u_k − log(K − k)), x_k = z_k Π_{j&lt;k} (1 − z_j) for k &lt; K, x_K the rest; u = 0 is the centre. All in logs:
/// <code>
///     log z = −log(1 + e^{−a}),  log(1 − z) = −log(1 + e^a),  log Jacobian Σ_k [log z_k + log(1 − z_k) + Σ_{j&lt;k} log(1 − z_j)]
/// </code>
/// </summary>
internal sealed class SimplexConstraint() : Constraint("simplex")
{
    private const double SumTolerance = 1e-8;

    /// <inheritdoc/>
    public override int Coordinates(int size) => size >= 2
        ? size - 1
        : throw new ArgumentOutOfRangeException(nameof(size), size, "A simplex has 2 numbers or more.");

    /// <inheritdoc/>
    public override Constrained Constrain(Tensor u)
    {
        int broken = u.Shape[1];
        Tensor a = u - Tensor.FromArray([.. Enumerable.Range(0, broken).Select(k => Math.Log(broken - k))]).Cast(u.DType);
        Tensor logTaken = -(-a).Softplus();
        Tensor logLeft = -a.Softplus();
        Tensor before = RunningSum(logLeft, inclusive: false);
        Tensor last = logLeft.Sum(1, keepAxis: true);
        return new Constrained(Shaping.Join(1, [logTaken + before, last]).Exp(), (logTaken + logLeft + before).Sum(1));
    }

    /// <inheritdoc/>
    public override double[] Unconstrain(IReadOnlyList<double> value)
    {
        int broken = Coordinates(value.Count);
        if (!value.All(x => x > 0) || Math.Abs(value.Sum() - 1) > SumTolerance)
        {
            throw OutOfRange(value);
        }

        double[] u = new double[broken];
        double rest = 1;
        for (int k = 0; k < broken; k++)
        {
            double left = rest - value[k];
            u[k] = Math.Log(value[k] / left) + Math.Log(broken - k);
            rest = left;
        }

        return u;
    }
}
