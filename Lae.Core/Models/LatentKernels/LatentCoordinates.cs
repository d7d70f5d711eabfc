using Lae.Numerics;
using Lae.Targets;

namespace Lae.Models;

/// <summary>
/// Coordinates in which the latent points of a batch are moved: a linear chart from positions of a kernel to Z, with the target that the posterior becomes in
/// it. Amortized Langevin dynamics, plain, preconditioned or per datapoint, is Langevin dynamics in one of these coordinates, so one
/// pair of kernels (ULA, MALA) and one set of laws serve all.
/// </summary>
/// <param name="Name">What the coordinates are called.</param>
/// <param name="Target">The posterior in these coordinates; a chain is a row.</param>
/// <param name="Start">Where the kernel starts.</param>
/// <param name="ToLatents">Position to Z [n, latentSize].</param>
/// <param name="ToLastLayer">Position to the last encoder layer Φ [latentSize, features] that reproduces Z, where the coordinates decide it; else null.</param>
public sealed record LatentCoordinates(
    string Name, Target Target, Tensor Start, Func<Tensor, Tensor> ToLatents, Func<Tensor, Tensor>? ToLastLayer)
{
    private const string Posterior = "posterior of each datapoint";

    /// <summary>A positive definite matrix of each datapoint [n, latentSize, latentSize] that is about the precision of its posterior, where the coordinates are made of it; else null.</summary>
    public Tensor? Precision { get; private init; }

    /// <summary>∇ in the position to ∇_Z log p(z_i, x_i), a linear map, [n, latentSize] both, where every datapoint has coordinates of its own; else null.</summary>
    public Func<Tensor, Tensor>? ToLatentGradient { get; private init; }

    /// <summary>
    /// Plain amortized Langevin dynamics: the position is vec(Φ), Z = G Φᵀ, and one chain (row) holds the whole batch, so an accept test is the whole batch's.
    /// <code>
    ///     log π(Φ) = Σ_i log p(z_i, x_i),    ∇_Φ = g_Zᵀ G
    /// </code>
    /// In Z a step is Langevin dynamics preconditioned by K = G Gᵀ across datapoints (laws I-45, I-46). Source: the seed, section 3; laws in the project's docs.
    /// Shapes: position [m, latentSize · features].
    /// </summary>
    /// <param name="density">The posteriors of the batch.</param>
    /// <param name="features">G, [n, features].</param>
    /// <param name="lastLayer">Φ to start from, [latentSize, features].</param>
    /// <returns>Coordinates.</returns>
    public static LatentCoordinates LastLayer(LatentDensity density, Tensor features, Tensor lastLayer)
    {
        (int n, int d) = (features.Shape[0], features.Shape[1]);
        int latentSize = density.LatentSize;
        RequireShape(lastLayer, new Shape(latentSize, d));
        RequireShape(features, new Shape(density.Points, d));
        return new LatentCoordinates(
            "last layer",
            Target.FromGradient(latentSize * d, Evaluate, density.DType, "amortized posterior"),
            lastLayer.Reshape(1, latentSize * d),
            position => Latents(position),
            position => position.Reshape(latentSize, d));

        // [m, latentSize·d] → [m·n, latentSize]
        Tensor Latents(Tensor position)
        {
            int m = position.Shape[0];
            return m == 1
                ? features.MatMul(position.Reshape(latentSize, d), transposeB: true)
                : position.Reshape(m * latentSize, d).MatMul(features, transposeB: true).Reshape(m, latentSize, n).Permute(0, 2, 1).Reshape(m * n, latentSize);
        }

        LogDensityAndGradient Evaluate(Tensor position)
        {
            int m = position.Shape[0];
            LogDensityAndGradient rows = density.Evaluate(Latents(position));
            Tensor gradient = m == 1
                ? rows.Gradient.MatMul(features, transposeA: true)
                : rows.Gradient.Reshape(m, n, latentSize).Permute(0, 2, 1).Reshape(m * latentSize, n).MatMul(features);
            return new LogDensityAndGradient(rows.LogDensity.Reshape(m, n).Sum(1), gradient.Reshape(m, latentSize * d));
        }
    }

    /// <summary>
    /// Preconditioned amortized Langevin dynamics with λ &gt; 0: P = Gᵀ R² G, R = (K + λI)⁻¹. The position is w with
    /// <code>
    ///     Z = Z₀ + K R w,    Φ = Φ₀ + wᵀ R G,    ∇_w = K R g_Z
    /// </code>
    /// so a plain Langevin step on w, Δw = −η K R g_Z + √(2η) ξ, is ΔΦ = Δwᵀ R G: drift −η ∇_Φ P and noise of covariance 2η P. In Z the effective K is (K R)²; at
    /// λ → 0 it is the identity, and the null space of G is left alone. One chain (row) holds the whole batch. Source: derived; docs/architecture.md says where it
    /// differs from the formula first written down. Shapes: position [m, n · latentSize].
    /// </summary>
    /// <param name="density">The posteriors of the batch.</param>
    /// <param name="features">G, [n, features].</param>
    /// <param name="lastLayer">Φ₀, [latentSize, features].</param>
    /// <param name="regularization">λ, positive.</param>
    /// <returns>Coordinates.</returns>
    public static LatentCoordinates Whitened(LatentDensity density, Tensor features, Tensor lastLayer, double regularization)
    {
        if (!(regularization > 0) || !double.IsFinite(regularization))
        {
            throw new ArgumentOutOfRangeException(nameof(regularization), regularization, "Must be positive and finite; with 0 use the coordinates of each datapoint.");
        }

        int n = features.Shape[0];
        int latentSize = density.LatentSize;
        RequireShape(lastLayer, new Shape(latentSize, features.Shape[1]));
        Tensor k = Gram(features);
        Tensor factor = (k + (regularization * Tensor.Identity(n, DType.Float64, k.Workspace))).Cholesky();
        Tensor mixing = factor.TriangularSolve(factor.TriangularSolve(k), transpose: true);
        mixing = (0.5 * (mixing + mixing.Transpose())).Cast(density.DType);
        Tensor origin = features.MatMul(lastLayer, transposeB: true);
        return new LatentCoordinates(
            "whitened",
            Target.FromGradient(n * latentSize, Evaluate, density.DType, "amortized posterior"),
            Tensor.Zeros(new Shape(1, n * latentSize), density.DType, features.Workspace),
            position => Latents(position),
            position =>
            {
                Tensor w = position.Reshape(n, latentSize).Cast(DType.Float64);
                Tensor solved = factor.TriangularSolve(factor.TriangularSolve(w), transpose: true);
                return lastLayer + solved.Cast(density.DType).MatMul(features, transposeA: true);
            });

        // the matrix M = K R acts on the datapoints of every row: [m, n·latentSize] → M applied to [n, m·latentSize] → [m·n, latentSize]
        Tensor Mix(Tensor rows, int m) => m == 1
            ? mixing.MatMul(rows.Reshape(n, latentSize))
            : mixing.MatMul(rows.Reshape(m, n, latentSize).Permute(1, 0, 2).Reshape(n, m * latentSize)).Reshape(n, m, latentSize).Permute(1, 0, 2).Reshape(m * n, latentSize);

        Tensor Latents(Tensor position)
        {
            int m = position.Shape[0];
            Tensor moved = Mix(position, m);
            return m == 1 ? moved + origin : (moved.Reshape(m, n, latentSize) + origin).Reshape(m * n, latentSize);
        }

        LogDensityAndGradient Evaluate(Tensor position)
        {
            int m = position.Shape[0];
            LogDensityAndGradient rows = density.Evaluate(Latents(position));
            return new LogDensityAndGradient(rows.LogDensity.Reshape(m, n).Sum(1), Mix(rows.Gradient, m).Reshape(m, n * latentSize));
        }
    }

    /// <summary>
    /// Every datapoint on its own: the position is Z itself and a chain (row) is a datapoint, so each has its own exact accept test. With the least-norm encoder
    /// update this is preconditioned amortized Langevin dynamics with λ = 0 (effective K = I); with regression or drift it is the distilled form. Shapes: position [n, latentSize].
    /// </summary>
    /// <param name="density">The posteriors of the batch.</param>
    /// <param name="latents">Z to start from, [n, latentSize].</param>
    /// <returns>Coordinates.</returns>
    public static LatentCoordinates Datapoints(LatentDensity density, Tensor latents)
    {
        RequireShape(latents, new Shape(density.Points, density.LatentSize));
        return new LatentCoordinates(
            "datapoints",
            density.Points == 1
                ? Target.FromGradient(density.LatentSize, density.Evaluate, density.DType, Posterior)
                : Target.OfPlaces(density.LatentSize, density.Evaluate, density.DType, Posterior),
            latents,
            static position => position,
            ToLastLayer: null)
        {
            ToLatentGradient = static gradient => gradient,
        };
    }

    /// <summary>
    /// Every datapoint on its own, in coordinates in which its posterior is about as wide in every direction,
    /// <code>
    ///     Z = Z₀ + Wᵀ w,    ∇_w = W g_Z,    W = C⁻¹ with C Cᵀ = H, the precision                         (GaussNewton)
    /// </code>
    /// with a matrix for each datapoint. Shapes: position [n, latentSize].
    /// </summary>
    /// <param name="density">The posteriors of the batch.</param>
    /// <param name="latents">Z₀ to start from, [n, latentSize].</param>
    /// <param name="precision">H, [n, latentSize, latentSize], symmetric and positive definite.</param>
    /// <returns>Coordinates.</returns>
    public static LatentCoordinates WhitenedDatapoints(LatentDensity density, Tensor latents, Tensor precision)
    {
        int size = density.LatentSize;
        RequireShape(latents, new Shape(density.Points, size));
        RequireShape(precision, new Shape(density.Points, size, size));
        Tensor forth = GaussNewton.Whitening(precision).Cast(density.DType);
        Tensor back = forth.Permute(0, 2, 1);
        Tensor curvature = precision.Cast(density.DType);
        return new LatentCoordinates(
            "whitened datapoints",
            density.Points == 1 ? Target.FromGradient(size, Evaluate, density.DType, Posterior) : Target.OfPlaces(size, Evaluate, density.DType, Posterior),
            Tensor.Zeros(latents.Shape, density.DType, latents.Workspace),
            Latents,
            ToLastLayer: null)
        {
            Precision = curvature,

            // g_Z = C ∇_w, and C = H C⁻ᵀ
            ToLatentGradient = gradient => Times(curvature, Times(back, gradient)),
        };

        Tensor Latents(Tensor position) => Sets(latents, position) + Times(back, position);

        LogDensityAndGradient Evaluate(Tensor position)
        {
            LogDensityAndGradient rows = density.Evaluate(Latents(position));
            return rows with { Gradient = Times(forth, rows.Gradient) };
        }

        // a matrix of each datapoint times its vectors: [m·n, latentSize] → [m·n, latentSize]
        Tensor Times(Tensor matrices, Tensor rows) => GaussNewton.Times(Sets(matrices, rows), rows);

        // what each datapoint has, for every set of latent points
        static Tensor Sets(Tensor own, Tensor rows) =>
            rows.Shape[0] == own.Shape[0] ? own : Shaping.Join(0, [.. Enumerable.Repeat(own, rows.Shape[0] / own.Shape[0])]);
    }

    /// <summary>K = G Gᵀ in double precision.</summary>
    /// <param name="features">G, [n, features].</param>
    /// <returns>[n, n] float64.</returns>
    public static Tensor Gram(Tensor features)
    {
        Tensor g = features.Cast(DType.Float64);
        return g.MatMul(g, transposeB: true);
    }

    /// <summary>The condition number of K: the pace of plain amortized Langevin dynamics is its inverse. Infinite where K is singular.</summary>
    /// <param name="features">G, [n, features].</param>
    /// <returns>λ_max / λ_min, 1 or more.</returns>
    public static double ConditionNumber(Tensor features)
    {
        double[] values = Gram(features).SymmetricEigen().Values.ToArray();
        return values[0] > 0 ? values[^1] / values[0] : double.PositiveInfinity;
    }

    private static void RequireShape(Tensor tensor, Shape shape)
    {
        if (tensor.Shape != shape)
        {
            throw new ArgumentException($"A tensor {shape} is needed, not {tensor.Shape}.", nameof(tensor));
        }
    }
}
