using Lae.Numerics;

namespace Lae.Models;

/// <summary>
/// A Gaussian base measure that follows the posterior samples, so that an energy over it has only the shape to learn and not the place and the size:
/// <code>
///     p(z) ∝ exp(−E(u)) N(z; m, C),    u = L⁻¹ (z − m),  C = L Lᵀ
///     m ← m + ρ (mean_i z⁺_i − m),    C ← C + ρ (mean_i (z⁺_i − m)(z⁺_i − m)ᵀ − C),    ρ = 0.01
/// </code>
/// The maximum of the likelihood over m and C at E = 0 is the mean and the covariance of the posterior samples, which these running moments are. In u the posterior samples have mean 0 and covariance I however the codes shrink or turn while the encoder learns: without that an energy must
/// say what is a quadratic form of tens of nats where chains of few transitions make narrow codes, which a bounded one cannot. m = 0 and C = I at the start is N(0, I).
/// Nothing holds the scale of z then: it may drift over a long training, and with it the last encoder layer (the warning LastLayerGrows). What it gains and loses is in docs/architecture.md. Source: our own. Parameters: <c>mean</c> [d_z], <c>covariance</c> [d_z, d_z], both float64. Shapes: z, u [n, d_z].
/// </summary>
public sealed class GaussianBase
{
    private const string MeanName = "mean";
    private const string CovarianceName = "covariance";
    private const double Gain = 0.01;

    /// <summary>The least variance of any direction, of the mean variance.</summary>
    private const double Floor = 1e-6;

    private readonly Tensor mean;
    private readonly Tensor factor;
    private readonly Tensor inverse;
    private readonly double logDeterminant;

    /// <summary>The base measure of parameters.</summary>
    /// <param name="parameters">Those of <see cref="Initialize"/>, or of <see cref="Follow"/>.</param>
    /// <param name="dtype">The number type of latent points.</param>
    /// <exception cref="ArithmeticException">The covariance is not positive definite.</exception>
    public GaussianBase(TensorTree parameters, DType dtype)
    {
        Tensor covariance = parameters[CovarianceName];
        int latentSize = covariance.Shape[0];
        Tensor lower = covariance.Cholesky();
        mean = parameters[MeanName].Cast(dtype);
        factor = lower.Cast(dtype);
        inverse = lower.TriangularSolve(Tensor.Identity(latentSize, DType.Float64, covariance.Workspace)).Cast(dtype);
        logDeterminant = Enumerable.Range(0, latentSize).Sum(i => Math.Log(lower.ElementAt((i * latentSize) + i)));
    }

    /// <summary>N(0, I).</summary>
    /// <param name="latentSize">d_z, 1 or more.</param>
    /// <returns>A tree.</returns>
    public static TensorTree Initialize(int latentSize) => TensorTree.Of(
        (MeanName, Tensor.Zeros(new Shape(latentSize), DType.Float64)), (CovarianceName, Tensor.Identity(latentSize, DType.Float64)));

    /// <summary>The parameters after posterior samples were seen.</summary>
    /// <param name="parameters">Before.</param>
    /// <param name="z">z⁺, [n, d_z].</param>
    /// <returns>After.</returns>
    public static TensorTree Follow(TensorTree parameters, Tensor z)
    {
        Tensor before = parameters[MeanName].CopyTo(z.Workspace);
        Tensor covariance = parameters[CovarianceName].CopyTo(z.Workspace);
        Tensor points = z.Cast(DType.Float64);
        Tensor centred = points - before;
        Tensor seen = centred.MatMul(centred, transposeA: true) / z.Shape[0];
        Tensor moved = covariance + (Gain * (seen - covariance));
        int latentSize = z.Shape[1];
        double trace = Enumerable.Range(0, latentSize).Sum(i => moved.ElementAt((i * latentSize) + i));
        Tensor floored = moved + (Gain * Floor * trace / latentSize * Tensor.Identity(latentSize, DType.Float64, z.Workspace));
        return parameters.With(MeanName, before + (Gain * (points.Mean(0) - before))).With(CovarianceName, floored);
    }

    /// <summary>u = L⁻¹ (z − m), differentiable in z.</summary>
    /// <param name="z">[n, d_z].</param>
    /// <returns>[n, d_z].</returns>
    public Tensor Whiten(Tensor z) => (z - mean.CopyTo(z.Workspace)).MatMul(inverse.CopyTo(z.Workspace), transposeB: true);

    /// <summary>z = m + L u.</summary>
    /// <param name="u">[n, d_z].</param>
    /// <returns>[n, d_z].</returns>
    public Tensor Color(Tensor u) => mean.CopyTo(u.Workspace) + u.MatMul(factor.CopyTo(u.Workspace), transposeB: true);

    /// <summary>A density of u as one of z: log p(z) = log p_u(u) − log det L.</summary>
    /// <param name="whitened">log p_u, [n].</param>
    /// <returns>[n].</returns>
    public Tensor OfWhitened(Tensor whitened) => whitened - logDeterminant;

    /// <summary>Root mean square deviation, √(tr C / d_z).</summary>
    /// <param name="parameters">Those of <see cref="Initialize"/>.</param>
    /// <returns>Positive.</returns>
    public static double Deviation(TensorTree parameters)
    {
        Tensor covariance = parameters[CovarianceName];
        int latentSize = covariance.Shape[0];
        return Math.Sqrt(Enumerable.Range(0, latentSize).Average(i => covariance.ElementAt((i * latentSize) + i)));
    }
}
