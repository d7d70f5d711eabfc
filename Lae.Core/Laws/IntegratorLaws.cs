using Lae.Numerics;

namespace Lae.Laws;

/// <summary>Positions and momenta of chains.</summary>
/// <param name="Position">q, [chains, dimension].</param>
/// <param name="Momentum">p, [chains, dimension].</param>
public readonly record struct PhasePoint(Tensor Position, Tensor Momentum);

/// <summary>
/// Laws of a deterministic integrator, a function from (q, p) to (q, p): what Hamiltonian kernels rest on. Every row of positions and momenta must be moved by itself. No random number is used.
/// <code>
///     reversible    Φ(R Φ(s)) = R s,  R(q, p) = (q, −p)
///     volume        |det M| = 1,  M = ∂Φ/∂s
///     symplectic    Mᵀ J M = J,  J = (0 I; −I 0)
/// </code>
/// M is found by central differences of fourth order, all probes as rows of one call: exact up to rounding where Φ is affine (a Gaussian target), and to about 1e-9 elsewhere.
/// </summary>
public static class IntegratorLaws
{
    /// <summary>All of them.</summary>
    /// <param name="integrate">Φ.</param>
    /// <param name="position">q, [points, dimension] float64.</param>
    /// <param name="momentum">p, [points, dimension] float64.</param>
    /// <param name="tolerance">The largest error.</param>
    /// <returns>One result for each law.</returns>
    public static IReadOnlyList<LawResult> All(Func<PhasePoint, PhasePoint> integrate, Tensor position, Tensor momentum, double tolerance = 1e-7) =>
    [
        Reversible(integrate, position, momentum),
        PreservesVolume(integrate, position, momentum, tolerance),
        Symplectic(integrate, position, momentum, tolerance),
    ];

    /// <summary>I-22, I-23: with the momentum turned round, the path leads back to where it began.</summary>
    /// <param name="integrate">Φ; for a path driven by noise the caller reverses the noise with the momentum.</param>
    /// <param name="position">q, [points, dimension].</param>
    /// <param name="momentum">p, [points, dimension].</param>
    /// <param name="tolerance">The largest error relative to 1 + the largest value on the way.</param>
    /// <param name="back">Φ with its noise reversed, for the way back; Φ itself if null.</param>
    /// <returns>The law's result.</returns>
    public static LawResult Reversible(
        Func<PhasePoint, PhasePoint> integrate, Tensor position, Tensor momentum, double tolerance = 1e-10, Func<PhasePoint, PhasePoint>? back = null)
    {
        PhasePoint there = integrate(new PhasePoint(position, momentum));
        PhasePoint again = (back ?? integrate)(new PhasePoint(there.Position, -there.Momentum));
        double scale = 1 + new[] { position, momentum, there.Position, there.Momentum }.Max(Largest);
        return new LawResult(
            "I-22 reversible under p → −p",
            double.MaxMagnitude(Largest(again.Position - position), Largest(again.Momentum + momentum)) / scale,
            tolerance,
            "With its momentum turned round, the path must lead back: substeps are not in a palindromic order, or a force is taken at a point that the way back does not visit.");
    }

    /// <summary>|det ∂Φ/∂(q, p)| = 1: a Metropolis test without a Jacobian needs it.</summary>
    /// <param name="integrate">Φ.</param>
    /// <param name="position">q, [points, dimension] float64.</param>
    /// <param name="momentum">p, [points, dimension] float64.</param>
    /// <param name="tolerance">The largest error of the determinant.</param>
    /// <returns>The law's result.</returns>
    public static LawResult PreservesVolume(Func<PhasePoint, PhasePoint> integrate, Tensor position, Tensor momentum, double tolerance = 1e-7)
    {
        double worst = 0;
        foreach (double[,] jacobian in Jacobians(integrate, position, momentum))
        {
            worst = double.MaxMagnitude(worst, Math.Abs(MathNet.Numerics.LinearAlgebra.Matrix<double>.Build.DenseOfArray(jacobian).Determinant()) - 1);
        }

        return new LawResult(
            "volume is preserved", Math.Abs(worst), tolerance,
            "The Jacobian determinant of the integrator must be 1 in size: a substep changes a variable by a function of itself, and the acceptance ratio would need its Jacobian.");
    }

    /// <summary>I-22: Mᵀ J M = J.</summary>
    /// <param name="integrate">Φ, of a canonical q and p.</param>
    /// <param name="position">q, [points, dimension] float64.</param>
    /// <param name="momentum">p, [points, dimension] float64.</param>
    /// <param name="tolerance">The largest error, relative to the square of the largest entry of M if above 1.</param>
    /// <returns>The law's result.</returns>
    public static LawResult Symplectic(Func<PhasePoint, PhasePoint> integrate, Tensor position, Tensor momentum, double tolerance = 1e-7)
    {
        int d = position.Shape[1];
        double worst = 0;
        foreach (double[,] m in Jacobians(integrate, position, momentum))
        {
            double size = m.Cast<double>().Max(Math.Abs);
            for (int i = 0; i < 2 * d; i++)
            {
                for (int j = 0; j < 2 * d; j++)
                {
                    double form = 0;
                    for (int k = 0; k < d; k++)
                    {
                        form += (m[k, i] * m[k + d, j]) - (m[k + d, i] * m[k, j]);
                    }

                    double expected = j == i + d ? 1 : j == i - d ? -1 : 0;
                    worst = double.MaxMagnitude(worst, Math.Abs(form - expected) / Math.Max(1, size * size));
                }
            }
        }

        return new LawResult(
            "I-22 symplectic", worst, tolerance,
            "Mᵀ J M must be J: a force that is no gradient, a mass matrix that is not symmetric, or position and momentum moved at once from the old values.");
    }

    /// <summary>∂Φ/∂(q, p) at each point, [2·dimension, 2·dimension], by f'(x) ≈ (8 (f(x+e) − f(x−e)) − (f(x+2e) − f(x−2e)))/(12 e).</summary>
    private static IEnumerable<double[,]> Jacobians(Func<PhasePoint, PhasePoint> integrate, Tensor position, Tensor momentum)
    {
        if (position.Rank != 2 || momentum.Shape != position.Shape || position.DType != DType.Float64 || momentum.DType != DType.Float64)
        {
            throw new ArgumentException($"Positions and momenta Float64[points, dimension] are needed, not {position.DType}{position.Shape} and {momentum.DType}{momentum.Shape}.", nameof(momentum));
        }

        const double Step = 1e-3;
        double[] stencil = [1, -1, 2, -2];
        (int points, int d) = (position.Shape[0], position.Shape[1]);
        int probes = 2 * d * stencil.Length;
        int[] repeated = [.. Enumerable.Range(0, points * probes).Select(row => row / probes)];
        double[] moves = new double[points * probes * 2 * d];
        for (int row = 0; row < points * probes; row++)
        {
            int probe = row % probes;
            moves[(row * 2 * d) + (probe / stencil.Length)] = Step * stencil[probe % stencil.Length];
        }

        Tensor move = Tensor.FromArray(moves, points * probes, 2 * d);
        PhasePoint image = integrate(new PhasePoint(position.GatherRows(repeated) + move.Slice(1, 0, d), momentum.GatherRows(repeated) + move.Slice(1, d, d)));
        double[] values = Shaping.Join(1, [image.Position, image.Momentum]).ToArray();
        for (int point = 0; point < points; point++)
        {
            double[,] jacobian = new double[2 * d, 2 * d];
            for (int column = 0; column < 2 * d; column++)
            {
                for (int row = 0; row < 2 * d; row++)
                {
                    int first = (((point * probes) + (column * stencil.Length)) * 2 * d) + row;
                    double near = values[first] - values[first + (2 * d)];
                    double far = values[first + (4 * d)] - values[first + (6 * d)];
                    jacobian[row, column] = ((8 * near) - far) / (12 * Step);
                }
            }

            yield return jacobian;
        }
    }

    private static double Largest(Tensor x) => x.Abs().Flatten().Max(0).ToDouble();
}
