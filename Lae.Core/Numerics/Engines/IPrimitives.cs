using System.Numerics;

namespace Lae.Numerics.Engines;

/// <summary>
/// The raw operations of an engine on dense row-major memory. Spans hold exactly the number of elements that the shapes say;
/// a destination may be the same span as an elementwise source, and otherwise overlaps none. The caller checks shapes.
/// </summary>
/// <remarks>
/// The promise of every engine: the bits of an element depend on the values that enter it alone, never on the length of the span, the
/// number of rows, the partition among threads or the address. A matrix product is one chain of fused multiply-adds over k
/// in rising order. The fused operations at the end have a default made of the primitives, which is also their oracle.
/// </remarks>
/// <typeparam name="T">float or double.</typeparam>
public interface IPrimitives<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>y_i = operation(x_i).</summary>
    void Unary(UnaryOperation operation, ReadOnlySpan<T> x, Span<T> y);

    /// <summary>y_rc = operation(a_rc, b_rc) under the broadcast of <paramref name="plan"/>.</summary>
    void Binary(BinaryOperation operation, BroadcastPlan plan, ReadOnlySpan<T> a, ReadOnlySpan<T> b, Span<T> y);

    /// <summary>y_rc = a_rc where the condition is not 0, else b_rc; the condition lies as <paramref name="layout"/> says, a, b and y are full.</summary>
    void Choose(OperandLayout layout, int rows, int columns, ReadOnlySpan<T> condition, ReadOnlySpan<T> a, ReadOnlySpan<T> b, Span<T> y);

    /// <summary>y_i = scale · x_i + shift, with one rounding.</summary>
    void ScaleShift(T scale, T shift, ReadOnlySpan<T> x, Span<T> y);

    /// <summary>y_i = scale · x_i + z_i, with one rounding.</summary>
    void ScaleAdd(T scale, ReadOnlySpan<T> x, ReadOnlySpan<T> z, Span<T> y);

    /// <summary>Copies between strided layouts.</summary>
    void CopyStrided(StridedCopyPlan plan, ReadOnlySpan<T> source, Span<T> destination);

    /// <summary>Row i of y is row indices[i] of x; rows have <paramref name="columns"/> elements.</summary>
    void GatherRows(int columns, ReadOnlySpan<int> indices, ReadOnlySpan<T> x, Span<T> y);

    /// <summary>Adds row i of x to row indices[i] of y, in rising i.</summary>
    void ScatterAddRows(int columns, ReadOnlySpan<int> indices, ReadOnlySpan<T> x, Span<T> y);

    /// <summary>Reduces the middle axis of x [outer, length, inner] into y [outer, inner].</summary>
    void Reduce(Reduction reduction, int outer, int length, int inner, ReadOnlySpan<T> x, Span<T> y);

    /// <summary>y_r = Σ_c a_rc b_rc.</summary>
    void DotRows(int rows, int columns, ReadOnlySpan<T> a, ReadOnlySpan<T> b, Span<T> y);

    /// <summary>C = op(A) op(B), or added to C: one fused chain over k in rising order for every element.</summary>
    void MatrixProduct(MatrixProductPlan plan, ReadOnlySpan<T> a, ReadOnlySpan<T> b, Span<T> c);

    /// <summary>y = x ⋆ kernel.</summary>
    void Convolve(ConvolutionPlan plan, ReadOnlySpan<T> x, ReadOnlySpan<T> kernel, Span<T> y);

    /// <summary>The gradient of ⟨y, gradient⟩ in x; it is also the transposed convolution.</summary>
    void ConvolveInputGradient(ConvolutionPlan plan, ReadOnlySpan<T> gradient, ReadOnlySpan<T> kernel, Span<T> x);

    /// <summary>The gradient of ⟨y, gradient⟩ in the kernel.</summary>
    void ConvolveKernelGradient(ConvolutionPlan plan, ReadOnlySpan<T> x, ReadOnlySpan<T> gradient, Span<T> kernel);

    /// <summary>
    /// y_r = (x_r − mean) · inverseDeviation_r with inverseDeviation_r = 1/√(variance + epsilon), variance over the columns with divisor <paramref name="columns"/>.
    /// </summary>
    void LayerNormalize(int rows, int columns, T epsilon, ReadOnlySpan<T> x, Span<T> y, Span<T> inverseDeviation);

    /// <summary>The gradient in x: inverseDeviation_r (g − mean(g) − y mean(g y)), with y the normalised rows.</summary>
    void LayerNormalizeGradient(int rows, int columns, ReadOnlySpan<T> y, ReadOnlySpan<T> inverseDeviation, ReadOnlySpan<T> gradient, Span<T> x);

    /// <summary>
    /// What a hidden layer does to its products, y = max(0, n ∘ scale + shift) with n the rows of x + bias, normalised as <see cref="LayerNormalize"/> does: in one pass, with the roundings of the single steps.
    /// </summary>
    /// <param name="rows">Rows.</param>
    /// <param name="columns">Columns, 1 or more.</param>
    /// <param name="epsilon">Added to the variance.</param>
    /// <param name="x">[rows, columns].</param>
    /// <param name="bias">[columns].</param>
    /// <param name="scale">[columns].</param>
    /// <param name="shift">[columns].</param>
    /// <param name="normalized">n, [rows, columns].</param>
    /// <param name="inverseDeviation">[rows].</param>
    /// <param name="y">[rows, columns].</param>
    void RectifiedNormalization(
        int rows, int columns, T epsilon, ReadOnlySpan<T> x, ReadOnlySpan<T> bias, ReadOnlySpan<T> scale, ReadOnlySpan<T> shift, Span<T> normalized, Span<T> inverseDeviation, Span<T> y) =>
        ComposedRectifiedNormalization.Evaluate(this, rows, columns, epsilon, x, bias, scale, shift, normalized, inverseDeviation, y);

    /// <summary>The gradient of <see cref="RectifiedNormalization"/> in x.</summary>
    /// <param name="rows">Rows.</param>
    /// <param name="columns">Columns, 1 or more.</param>
    /// <param name="scale">[columns].</param>
    /// <param name="normalized">n.</param>
    /// <param name="inverseDeviation">[rows].</param>
    /// <param name="y">The result.</param>
    /// <param name="gradient">g, its gradient.</param>
    /// <param name="alongX">The gradient in x.</param>
    void RectifiedNormalizationGradient(
        int rows, int columns, ReadOnlySpan<T> scale, ReadOnlySpan<T> normalized, ReadOnlySpan<T> inverseDeviation, ReadOnlySpan<T> y, ReadOnlySpan<T> gradient, Span<T> alongX) =>
        ComposedRectifiedNormalization.Gradient(this, rows, columns, scale, normalized, inverseDeviation, y, gradient, alongX);

    /// <summary>The gradients of <see cref="RectifiedNormalization"/> in bias, scale and shift, sums over the rows, all multiplied with a factor before they are summed.</summary>
    /// <param name="rows">Rows.</param>
    /// <param name="columns">Columns, 1 or more.</param>
    /// <param name="factor">The factor.</param>
    /// <param name="normalized">n.</param>
    /// <param name="y">The result.</param>
    /// <param name="gradient">g, its gradient without the factor.</param>
    /// <param name="alongX">The gradient in x, without the factor.</param>
    /// <param name="bias">Sums of the gradient in x, [columns].</param>
    /// <param name="scale">Sums of h ∘ n, where h is g where y is above 0, else 0; [columns].</param>
    /// <param name="shift">Sums of h, [columns].</param>
    void RectifiedNormalizationSums(
        int rows, int columns, T factor, ReadOnlySpan<T> normalized, ReadOnlySpan<T> y, ReadOnlySpan<T> gradient, ReadOnlySpan<T> alongX, Span<T> bias, Span<T> scale, Span<T> shift) =>
        ComposedRectifiedNormalization.Sums(this, rows, columns, factor, normalized, y, gradient, alongX, bias, scale, shift);

    /// <summary>The lower factor L of A = L Lᵀ; the upper triangle of L is 0, that of A is not read.</summary>
    /// <returns>−1, or the first row whose pivot is not positive (L is then undefined).</returns>
    int Cholesky(int size, ReadOnlySpan<T> a, Span<T> l);

    /// <summary>Solves L X = B, or Lᵀ X = B, with L lower triangular [size, size] and B, X [size, columns].</summary>
    void TriangularSolve(int size, int columns, bool transpose, ReadOnlySpan<T> l, ReadOnlySpan<T> b, Span<T> x);

    /// <summary>Eigenvalues in rising order and eigenvectors (columns of <paramref name="vectors"/>) of a symmetric matrix; each vector's entry of largest magnitude (the first of equals) is positive.</summary>
    void SymmetricEigen(int size, ReadOnlySpan<T> a, Span<T> values, Span<T> vectors);

    /// <summary>Whether every element is finite.</summary>
    bool AllFinite(ReadOnlySpan<T> x);

    /// <summary>
    /// The log probability of grid values under a discretised logistic with open edge bins, and its derivatives:
    /// log[σ((x + w − μ) r) − σ((x − w − μ) r)], the lower σ replaced by 0 where x ≤ low, the upper by 1 where x ≥ high.
    /// All spans have one length; an empty gradient span is not computed.
    /// </summary>
    /// <param name="inverseScale">r = 1/s, positive.</param>
    /// <param name="halfBin">w, half the distance between levels.</param>
    /// <param name="low">The lowest level.</param>
    /// <param name="high">The highest level.</param>
    /// <param name="x">Grid values.</param>
    /// <param name="mean">μ.</param>
    /// <param name="logProbability">The log probabilities.</param>
    /// <param name="meanGradient">∂/∂μ, or empty.</param>
    /// <param name="inverseScaleGradient">∂/∂r, or empty.</param>
    void DiscretizedLogistic(
        T inverseScale, T halfBin, T low, T high, ReadOnlySpan<T> x, ReadOnlySpan<T> mean,
        Span<T> logProbability, Span<T> meanGradient, Span<T> inverseScaleGradient);

    /// <summary>The Langevin proposal y_i = x_i + drift · g_i + diffusion · ξ_i, as ScaleAdd of ScaleAdd.</summary>
    void LangevinProposal(T drift, T diffusion, ReadOnlySpan<T> x, ReadOnlySpan<T> gradient, ReadOnlySpan<T> noise, Span<T> y)
    {
        ScaleAdd(drift, gradient, x, y);
        ScaleAdd(diffusion, noise, y, y);
    }

    /// <summary>The log acceptance ratio of a Langevin proposal in every row, as <see cref="LangevinRatioFactors{T}"/> writes it; not finite where a number that enters is not.</summary>
    /// <param name="columns">Columns of the positions.</param>
    /// <param name="factors">β, −β/2, h β/4.</param>
    /// <param name="current">x with its log densities and gradients.</param>
    /// <param name="proposed">y with its own.</param>
    /// <param name="ratio">r, [rows].</param>
    void LangevinRatio(int columns, LangevinRatioFactors<T> factors, LangevinEnd<T> current, LangevinEnd<T> proposed, Span<T> ratio) =>
        ComposedLangevinRatio.Evaluate(this, columns, factors, current, proposed, ratio);

    /// <summary>A step of Adam on every element, as <see cref="AdamFactors{T}"/> writes it. Spans have one length and do not overlap, but for <paramref name="nextParameter"/>, which may be <paramref name="gradient"/>.</summary>
    /// <param name="factors">The constants of the step.</param>
    /// <param name="gradient">g.</param>
    /// <param name="parameter">θ.</param>
    /// <param name="first">m.</param>
    /// <param name="second">v.</param>
    /// <param name="nextParameter">θ'.</param>
    /// <param name="nextFirst">m'.</param>
    /// <param name="nextSecond">v'.</param>
    void AdamStep(
        AdamFactors<T> factors, ReadOnlySpan<T> gradient, ReadOnlySpan<T> parameter, ReadOnlySpan<T> first, ReadOnlySpan<T> second,
        Span<T> nextParameter, Span<T> nextFirst, Span<T> nextSecond) =>
        ComposedAdam.Step(this, factors, gradient, parameter, first, second, nextParameter, nextFirst, nextSecond);

    /// <summary>
    /// The log likelihood of a logistic regression and its gradient, for every chain: with z = X̃ u for the signed design X̃,
    /// log L = −Σ_i ln(1 + e^{−z_i}) and ∇ = Σ_i σ(−z_i) x̃_i.
    /// </summary>
    /// <param name="rows">Rows of the design, without those that fill the last tile up.</param>
    /// <param name="columns">Columns of the design.</param>
    /// <param name="signedDesign">X̃ as <see cref="SignedDesign"/> packs it; finite.</param>
    /// <param name="position">u, [chains, columns].</param>
    /// <param name="logLikelihood">[chains].</param>
    /// <param name="gradient">[chains, columns].</param>
    void LogisticLikelihood(int rows, int columns, ReadOnlySpan<T> signedDesign, ReadOnlySpan<T> position, Span<T> logLikelihood, Span<T> gradient) =>
        ComposedLogisticLikelihood.Evaluate(this, rows, columns, signedDesign, position, logLikelihood, gradient);
}
