using Lae.Numerics;
using Lae.Randomness;

namespace Lae.Models;

/// <summary>
/// The linear Gaussian latent variable model, of which everything is known exactly: x = μ + W z + ε, z ~ N(0, I_k), ε ~ N(0, Ψ), Ψ = diag(ψ). With M = I + Wᵀ Ψ⁻¹ W and r = x − μ,
/// <code>
///     z | x ~ N(M⁻¹ Wᵀ Ψ⁻¹ r, M⁻¹)
///     log p(x) = −[d log 2π + Σ log ψ_i + log det M + rᵀ Ψ⁻¹ r − |L⁻¹ Wᵀ Ψ⁻¹ r|²]/2,   M = L Lᵀ
/// </code>
/// Sources: Tipping and Bishop (1999), equations 6 and 7; Woodbury's identity. All in float64. Shapes: W [d, k], μ and ψ [d], x [n, d], z [n, k].
/// </summary>
public sealed class LinearGaussian
{
    private readonly Tensor weighted;

    /// <summary>A model of given parameters.</summary>
    /// <param name="loadings">W, [d, k].</param>
    /// <param name="mean">μ, [d].</param>
    /// <param name="variances">ψ, [d], positive.</param>
    /// <exception cref="ArgumentException">The shapes do not match, or a number is out of range.</exception>
    public LinearGaussian(Tensor loadings, Tensor mean, Tensor variances)
    {
        if (loadings.Rank != 2 || mean.Shape != new Shape(loadings.Shape[0]) || variances.Shape != mean.Shape)
        {
            throw new ArgumentException($"Loadings [d, k] need a mean and variances [d], not {loadings.Shape}, {mean.Shape} and {variances.Shape}.", nameof(loadings));
        }

        if (!loadings.AllFinite() || !mean.AllFinite() || !variances.AllFinite() || variances.ToArray().Min() <= 0)
        {
            throw new ArgumentException("Loadings and mean must be finite, and variances positive and finite.", nameof(variances));
        }

        Loadings = loadings.Cast(DType.Float64);
        Mean = mean.Cast(DType.Float64);
        Variances = variances.Cast(DType.Float64);
        weighted = Loadings.Transpose() / Variances;
        int k = Loadings.Shape[1];
        Factor = (weighted.MatMul(Loadings) + Tensor.Identity(k, DType.Float64, Loadings.Workspace)).Cholesky();
        LogDeterminant = Enumerable.Range(0, k).Sum(i => 2 * Math.Log(Factor.ElementAt((i * k) + i)));
    }

    /// <summary>W, [d, k].</summary>
    public Tensor Loadings { get; }

    /// <summary>μ, [d].</summary>
    public Tensor Mean { get; }

    /// <summary>ψ, [d].</summary>
    public Tensor Variances { get; }

    /// <summary>L, the Cholesky factor of the posterior precision M, [k, k].</summary>
    public Tensor Factor { get; }

    /// <summary>log det M.</summary>
    public double LogDeterminant { get; }

    /// <summary>M⁻¹, the covariance of every posterior, [k, k].</summary>
    public Tensor PosteriorCovariance => Solve(Tensor.Identity(Loadings.Shape[1], DType.Float64, Loadings.Workspace));

    /// <summary>Posterior means.</summary>
    /// <param name="x">[n, d].</param>
    /// <returns>[n, k].</returns>
    public Tensor PosteriorMean(Tensor x) => Solve(Pull(x)).Transpose();

    /// <summary>log p(x), exactly.</summary>
    /// <param name="x">[n, d].</param>
    /// <returns>[n], in nats.</returns>
    public Tensor LogMarginal(Tensor x)
    {
        Tensor r = x.Cast(DType.Float64) - Mean;
        double constant = (Mean.Count * Math.Log(2 * Math.PI)) + Variances.Log().Sum().ToDouble() + LogDeterminant;
        return -0.5 * (Reductions.DotRows(r, r / Variances) - Factor.TriangularSolve(Pull(x)).Square().Sum(0) + constant);
    }

    /// <summary>log p(z | x), exactly.</summary>
    /// <param name="x">[n, d].</param>
    /// <param name="z">[m·n, k]: row r belongs to observation r mod n.</param>
    /// <returns>[m·n], in nats.</returns>
    public Tensor LogPosterior(Tensor x, Tensor z)
    {
        int k = Loadings.Shape[1];
        Tensor mean = PosteriorMean(x);
        Tensor centres = Shaping.Join(0, [.. Enumerable.Repeat(mean, z.Shape[0] / mean.Shape[0])]);
        Tensor standard = (z.Cast(DType.Float64) - centres).MatMul(Factor);
        return Reductions.DotRows(standard, standard).ScaleShift(-0.5, 0.5 * (LogDeterminant - (k * Math.Log(2 * Math.PI))));
    }

    /// <summary>Exact draws from the posterior of each observation, z = m + L⁻ᵀ ξ.</summary>
    /// <param name="key">All randomness.</param>
    /// <param name="x">[n, d].</param>
    /// <param name="draws">Draws for each observation, 1 or more.</param>
    /// <returns>[draws · n, k].</returns>
    public Tensor SamplePosterior(RandomKey key, Tensor x, int draws)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(draws, 1);
        Tensor mean = PosteriorMean(x);
        Tensor xi = new StandardNormalPrior().Sample(key, draws * mean.Shape[0], mean.Shape[1], DType.Float64).CopyTo(mean.Workspace);
        return Shaping.Join(0, [.. Enumerable.Repeat(mean, draws)]) + Factor.TriangularSolve(xi.Transpose(), transpose: true).Transpose();
    }

    /// <summary>M⁻¹ times a matrix.</summary>
    private Tensor Solve(Tensor right) => Factor.TriangularSolve(Factor.TriangularSolve(right), transpose: true);

    /// <summary>Wᵀ Ψ⁻¹ (x − μ) of every row, [k, n].</summary>
    private Tensor Pull(Tensor x) => weighted.MatMul(x.Cast(DType.Float64) - Mean, transposeB: true);
}
