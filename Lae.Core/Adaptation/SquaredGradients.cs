using Lae.Numerics;

namespace Lae.Adaptation;

/// <summary>
/// The mean of the squared gradients of all chains over a window, as an immutable value. On a Gaussian with precision A it tends to the diagonal of A, so that its inverse stands where variances would: for kernels that scale themselves by it
/// (RMSprop, pSGLD). Regularised towards a small number as <see cref="CovarianceEstimate.Regularized"/> is.
/// </summary>
internal sealed record SquaredGradients(Tensor? Sum, long Count)
{
    public static SquaredGradients Empty { get; } = new(null, 0);

    /// <summary>With the gradients of one transition more, [chains, dimension].</summary>
    public SquaredGradients Add(Tensor gradient)
    {
        Tensor squares = gradient.Detach().Cast(DType.Float64).Square().Sum(0);
        return new SquaredGradients(Sum is null ? squares : Sum + squares, Count + gradient.Shape[0]);
    }

    /// <summary>The inverse of the mean, [dimension].</summary>
    public Tensor Inverse() => Sum is null
        ? throw new InvalidOperationException("A mean needs gradients.")
        : ((Sum / (Count + 5.0)) + (1e-3 * 5 / (Count + 5.0))).Reciprocal();
}
