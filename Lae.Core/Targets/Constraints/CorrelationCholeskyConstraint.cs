using Lae.Numerics;

namespace Lae.Targets;

/// <summary>
/// The Cholesky factor L of a correlation matrix, row by row from partial correlations z = tanh u: L_i1 = z_i1, L_ij = z_ij Π_{k&lt;j} √(1 − z_ik²), L_ii the rest of the length 1.
/// <code>
///     log Jacobian Σ_{i>j} [ log(1 − z_ij²) + Σ_{k&lt;j} log(1 − z_ik²)/2 ],    log(1 − tanh² u) = 2 (log 2 − u − log(1 + e^{−2u}))
/// </code>
/// Source: Lewandowski, Kurowicka and Joe (2009).
/// </summary>
internal sealed class CorrelationCholeskyConstraint() : Constraint("Cholesky factor of a correlation matrix")
{
    private const double LengthTolerance = 1e-8;

    /// <inheritdoc/>
    public override int Coordinates(int size)
    {
        int rows = Rows(size);
        return rows * (rows - 1) / 2;
    }

    /// <inheritdoc/>
    public override Constrained Constrain(Tensor u)
    {
        // K (K − 1)/2 coordinates
        int rows = (int)Math.Round((1 + Math.Sqrt(1 + (8.0 * u.Shape[1]))) / 2);
        int chains = u.Shape[0];
        List<Tensor> parts = [Tensor.Ones(new Shape(chains, 1), u.DType, u.Workspace), Zeros(rows - 1)];
        Tensor logJacobian = Tensor.Zeros(new Shape(chains), u.DType, u.Workspace);
        for (int row = 1, next = 0; row < rows; next += row, row++)
        {
            Tensor partial = u.Slice(1, next, row);
            Tensor logRest = (-(partial + (-2 * partial).Softplus())).ScaleShift(2, 2 * Math.Log(2));
            Tensor before = RunningSum(logRest, inclusive: false) * 0.5;
            parts.Add(partial.Tanh() * before.Exp());
            parts.Add((logRest.Sum(1, keepAxis: true) * 0.5).Exp());
            parts.Add(Zeros(rows - row - 1));
            logJacobian += (logRest + before).Sum(1);
        }

        return new Constrained(Shaping.Join(1, parts), logJacobian);

        Tensor Zeros(int columns) => Tensor.Zeros(new Shape(chains, columns), u.DType, u.Workspace);
    }

    /// <inheritdoc/>
    public override double[] Unconstrain(IReadOnlyList<double> value)
    {
        int rows = Rows(value.Count);
        List<double> u = [];
        for (int row = 0; row < rows; row++)
        {
            double rest = 1;
            for (int column = 0; column < rows; column++)
            {
                double entry = value[(row * rows) + column];
                if (column > row ? entry != 0 : column == row ? !(entry > 0) || Math.Abs((entry * entry) - rest) > LengthTolerance : !(entry * entry < rest))
                {
                    throw OutOfRange(value);
                }

                if (column < row)
                {
                    u.Add(Math.Atanh(entry / Math.Sqrt(rest)));
                    rest -= entry * entry;
                }
            }
        }

        return [.. u];
    }

    private static int Rows(int size)
    {
        int rows = (int)Math.Round(Math.Sqrt(size));
        return rows >= 2 && rows * rows == size ? rows : throw new ArgumentOutOfRangeException(nameof(size), size, "A square matrix of 2 rows or more is needed.");
    }
}
