using Lae.Numerics;
using Lae.Targets;

namespace Lae.Models;

/// <summary>
/// The posteriors of n datapoints side by side: log p(z_i) + log p(x_i | z_i) for each row z_i, with gradients in z. Rows come in blocks of n, so that
/// several sets of latent points can be evaluated at once: row r belongs to datapoint r mod n.
/// </summary>
public sealed class LatentDensity
{
    private readonly Func<Tensor, LogDensityAndGradient> evaluate;
    private readonly Func<Tensor, Tensor> logDensity;
    private readonly Func<Tensor, Tensor>? precision;

    /// <summary>A density from a function with a gradient.</summary>
    /// <param name="points">n, 1 or more.</param>
    /// <param name="latentSize">Columns of z, 1 or more.</param>
    /// <param name="dtype">The number type.</param>
    /// <param name="evaluate">From [m·n, latentSize] to [m·n] and [m·n, latentSize].</param>
    /// <param name="logDensity">The log density alone, [m·n]; null where it costs no less than with the gradient.</param>
    /// <param name="precision">What <see cref="Precision"/> returns; null where no decoder tells the curvature.</param>
    public LatentDensity(
        int points,
        int latentSize,
        DType dtype,
        Func<Tensor, LogDensityAndGradient> evaluate,
        Func<Tensor, Tensor>? logDensity = null,
        Func<Tensor, Tensor>? precision = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(points, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(latentSize, 1);
        Points = points;
        LatentSize = latentSize;
        DType = dtype;
        this.evaluate = evaluate;
        this.precision = precision;
        this.logDensity = logDensity ?? (z => evaluate(z).LogDensity);
    }

    /// <summary>n.</summary>
    public int Points { get; }

    /// <summary>Columns of z.</summary>
    public int LatentSize { get; }

    /// <summary>The number type.</summary>
    public DType DType { get; }

    /// <summary>A density from a differentiable function of latent points and their observations.</summary>
    /// <param name="x">Observations, [n, columns].</param>
    /// <param name="latentSize">Columns of z, 1 or more.</param>
    /// <param name="logJoint">log p(z) + log p(x | z): from z [m·n, latentSize] and x [m·n, columns] to [m·n].</param>
    /// <param name="precision">What <see cref="Precision"/> returns; null where no decoder tells the curvature.</param>
    /// <returns>A density whose gradient is found by differentiation in z alone.</returns>
    public static LatentDensity FromFunction(Tensor x, int latentSize, Func<Tensor, Tensor, Tensor> logJoint, Func<Tensor, Tensor>? precision = null)
    {
        int points = x.Shape[0];
        Func<Tensor, Tensor> logDensity = z => logJoint(z, Observations(z));
        return new LatentDensity(points, latentSize, x.DType, Evaluate, logDensity, precision);

        LogDensityAndGradient Evaluate(Tensor z)
        {
            ValueAndGradient result = Differentiation.ValueAndGradient(logDensity, z);
            return new LogDensityAndGradient(result.Value, result.Gradient);
        }

        Tensor Observations(Tensor z)
        {
            int blocks = z.Shape[0] / points;
            return blocks == 1 ? x : Shaping.Join(0, [.. Enumerable.Repeat(x, blocks)]);
        }
    }

    /// <summary>Log density and gradient of every row.</summary>
    /// <param name="z">[m·n, latentSize], m 1 or more.</param>
    /// <returns>[m·n] and [m·n, latentSize].</returns>
    public LogDensityAndGradient Evaluate(Tensor z)
    {
        Require(z);
        return evaluate(z);
    }

    /// <summary>Log density of every row, without the cost of a gradient.</summary>
    /// <param name="z">[m·n, latentSize], m 1 or more.</param>
    /// <returns>[m·n].</returns>
    public Tensor LogDensity(Tensor z)
    {
        Require(z);
        return logDensity(z);
    }

    /// <summary>A positive definite matrix for each datapoint that is about −∇² log p(z_i, x_i), see <see cref="GaussNewton"/>: for preconditioners alone, which it makes better or worse and never wrong.</summary>
    /// <param name="z">[n, latentSize].</param>
    /// <returns>[n, latentSize, latentSize], float64.</returns>
    /// <exception cref="NotSupportedException">The density has no decoder whose curvature could be told.</exception>
    public Tensor Precision(Tensor z)
    {
        Require(z);
        return precision is null
            ? throw new NotSupportedException("The curvature of this density is not known: only posteriors of a decoder and a likelihood have a Gauss–Newton matrix.")
            : precision(z);
    }

    private void Require(Tensor z)
    {
        if (z.Rank != 2 || z.Shape[1] != LatentSize || z.Shape[0] % Points != 0 || z.DType != DType)
        {
            throw new ArgumentException($"Latent points {DType}[m·{Points}, {LatentSize}] are needed, not {z.DType}{z.Shape}.", nameof(z));
        }
    }
}
