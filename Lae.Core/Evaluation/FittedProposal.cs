using Lae.Numerics;
using Lae.Randomness;

namespace Lae.Evaluation;

/// <summary>Draws of a proposal with their log densities.</summary>
/// <param name="Latents">z, [draws · n, d_z], row-major: row r belongs to observation r mod n.</param>
/// <param name="LogDensity">log q(z), [draws · n].</param>
public sealed record ProposalDraws(double[] Latents, double[] LogDensity);

/// <summary>
/// A Gaussian for each of n observations, fitted to draws of a chain in its posterior and widened:
/// <code>
///     S = (1 − λ) C + λ diag(C) + ε I,   λ = d_z/(d_z + m),   ε = 10⁻⁹ + 10⁻⁶ tr(C)/d_z
///     q_i = N(m_i, w² S) = N(m_i, L Lᵀ),   log q = −|u|²/2 − Σ log L_jj − (d_z/2) log 2π,   z = m_i + L u
/// </code>
/// with mean m_i and covariance C of m draws. The shrinkage λ keeps S positive definite where there are fewer draws than dimensions, and costs little where there are many. The widening makes the tails of q heavier than those of a posterior, without
/// which importance weights have no variance. All in double precision.
/// </summary>
public sealed class FittedProposal
{
    private readonly double[] means;
    private readonly double[] factors;
    private readonly double[] logDeterminants;

    private FittedProposal(int points, int latentSize, double[] means, double[] factors)
    {
        (Points, LatentSize, this.means, this.factors) = (points, latentSize, means, factors);
        logDeterminants = new double[points];
        for (int i = 0; i < points; i++)
        {
            for (int j = 0; j < latentSize; j++)
            {
                logDeterminants[i] += Math.Log(factors[(((i * latentSize) + j) * latentSize) + j]);
            }
        }
    }

    /// <summary>n.</summary>
    public int Points { get; }

    /// <summary>d_z.</summary>
    public int LatentSize { get; }

    /// <summary>m_i, [n, d_z].</summary>
    public IReadOnlyList<double> Means => means;

    /// <summary>Fits.</summary>
    /// <param name="draws">[m, n, d_z], m 2 or more.</param>
    /// <param name="widening">w, by which standard deviations are multiplied, positive and finite.</param>
    /// <returns>A Gaussian for each observation.</returns>
    /// <exception cref="ArithmeticException">A draw is not finite.</exception>
    public static FittedProposal Fit(Tensor draws, double widening)
    {
        if (draws.Rank != 3 || draws.Shape[0] < 2)
        {
            throw new ArgumentException($"Draws [m, n, latentSize] with m 2 or more are needed, not {draws.Shape}.", nameof(draws));
        }

        RequirePositive(widening, nameof(widening));
        (int m, int n, int d) = (draws.Shape[0], draws.Shape[1], draws.Shape[2]);
        double[] z = draws.ToArray();
        double[] means = new double[n * d];
        double[] factors = new double[n * d * d];
        for (int i = 0; i < n; i++)
        {
            Span<double> mean = means.AsSpan(i * d, d);
            for (int r = 0; r < m; r++)
            {
                for (int j = 0; j < d; j++)
                {
                    mean[j] += z[(((r * n) + i) * d) + j] / m;
                }
            }

            Factor(Shrunk(z, mean, m, n, i), widening).CopyTo(factors.AsSpan(i * d * d));
        }

        return new FittedProposal(n, d, means, factors);
    }

    /// <summary>Draws; those of an observation depend on the key and its number alone.</summary>
    /// <param name="key">All randomness.</param>
    /// <param name="first">The number of the first draw, 0 or more: draws may be made in portions.</param>
    /// <param name="draws">For each observation, 1 or more.</param>
    /// <returns>Draws and their log densities.</returns>
    public ProposalDraws Sample(RandomKey key, int first, int draws)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        ArgumentOutOfRangeException.ThrowIfLessThan(draws, 1);
        int d = LatentSize;
        double[] latents = new double[draws * Points * d];
        double[] logDensity = new double[draws * Points];
        double[] u = new double[Points * d];
        double constant = -0.5 * d * Math.Log(2 * Math.PI);
        for (int r = 0; r < draws; r++)
        {
            RowDraws.Normal(key, (uint)(first + r), 0, Points, d, u);
            for (int i = 0; i < Points; i++)
            {
                int row = (r * Points) + i;
                double square = 0;
                for (int j = 0; j < d; j++)
                {
                    double value = means[(i * d) + j];
                    for (int k = 0; k <= j; k++)
                    {
                        value += factors[(((i * d) + j) * d) + k] * u[(i * d) + k];
                    }

                    latents[(row * d) + j] = value;
                    square += u[(i * d) + j] * u[(i * d) + j];
                }

                logDensity[row] = constant - logDeterminants[i] - (0.5 * square);
            }
        }

        return new ProposalDraws(latents, logDensity);
    }

    internal static void RequirePositive(double value, string name)
    {
        if (!(value > 0) || !double.IsFinite(value))
        {
            throw new ArgumentOutOfRangeException(name, value, "Must be positive and finite.");
        }
    }

    /// <summary>S of the formula above, [d, d].</summary>
    private static double[] Shrunk(double[] z, ReadOnlySpan<double> mean, int m, int n, int point)
    {
        int d = mean.Length;
        double[] covariance = new double[d * d];
        double shrinkage = (double)d / (d + m);
        double trace = 0;
        for (int r = 0; r < m; r++)
        {
            int row = ((r * n) + point) * d;
            for (int j = 0; j < d; j++)
            {
                for (int k = 0; k <= j; k++)
                {
                    covariance[(j * d) + k] += (z[row + j] - mean[j]) * (z[row + k] - mean[k]) / (m - 1);
                }
            }
        }

        for (int j = 0; j < d; j++)
        {
            trace += covariance[(j * d) + j];
            for (int k = 0; k < j; k++)
            {
                covariance[(j * d) + k] *= 1 - shrinkage;
            }
        }

        if (!double.IsFinite(trace))
        {
            throw new ArithmeticException($"The draws of observation {point} are not finite: no proposal can be fitted to them.");
        }

        for (int j = 0; j < d; j++)
        {
            covariance[(j * d) + j] += 1e-9 + (1e-6 * trace / d);
        }

        return covariance;
    }

    /// <summary>w times the lower Cholesky factor of a matrix whose lower triangle is given.</summary>
    private static double[] Factor(double[] covariance, double widening)
    {
        int d = (int)Math.Sqrt(covariance.Length);
        double[] l = Tensor.FromArray(covariance, d, d).Cholesky().ToArray();
        for (int i = 0; i < l.Length; i++)
        {
            l[i] *= widening;
        }

        return l;
    }
}
