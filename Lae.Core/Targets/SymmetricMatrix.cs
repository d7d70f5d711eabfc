using Lae.Numerics;

namespace Lae.Targets;

/// <summary>The check that every matrix passes that is to be a precision, a covariance or a preconditioner.</summary>
internal static class SymmetricMatrix
{
    /// <summary>
    /// Throws unless the matrix is square, finite and symmetric up to rounding. A factorization reads one triangle only, so that without this check
    /// a matrix that is not symmetric would give a step whose noise and drift disagree.
    /// </summary>
    /// <param name="matrix">[n, n].</param>
    /// <param name="name">The argument, for the message.</param>
    public static void Require(Tensor matrix, string name)
    {
        if (matrix.Rank != 2 || matrix.Shape[0] != matrix.Shape[1] || matrix.Count == 0)
        {
            throw new ArgumentException($"A square matrix is needed, not shape {matrix.Shape}.", name);
        }

        int size = matrix.Shape[0];
        double[] values = matrix.ToArray();
        foreach (double value in values)
        {
            if (!double.IsFinite(value))
            {
                throw new ArgumentOutOfRangeException(name, value, "A matrix must be finite.");
            }
        }

        double allowed = values.Max(Math.Abs) * (matrix.DType == DType.Float32 ? 1e-5 : 1e-12);
        for (int row = 0; row < size; row++)
        {
            for (int column = 0; column < row; column++)
            {
                (double below, double above) = (values[(row * size) + column], values[(column * size) + row]);
                if (Math.Abs(below - above) > allowed)
                {
                    throw new ArgumentException($"The matrix is not symmetric: [{row}, {column}] is {below:R} and [{column}, {row}] is {above:R}.", name);
                }
            }
        }
    }
}
