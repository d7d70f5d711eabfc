using Lae.Numerics;

namespace Lae.Targets;

/// <summary>A parameter from its unconstrained coordinates.</summary>
/// <param name="Value">x, [chains, size].</param>
/// <param name="LogJacobian">log |∂x/∂u|, [chains].</param>
public sealed record Constrained(Tensor Value, Tensor LogJacobian);

/// <summary>
/// The range of a parameter, as a smooth one-to-one transform from unconstrained coordinates u onto it, with the log of its Jacobian. All are made of differentiable operations. Source of the
/// transforms: the Stan Reference Manual, chapter on constraint transforms.
/// </summary>
public abstract class Constraint
{
    /// <summary>Only the transforms of this library: each knows its own size and inverse.</summary>
    private protected Constraint(string name) => Name = name;

    /// <summary>Any real number: x = u.</summary>
    public static Constraint None { get; } = new ElementwiseConstraint("none", u => new(u, Zero(u)), x => x, _ => true);

    /// <summary>x &gt; 0: x = eᵘ, log Jacobian Σ u.</summary>
    public static Constraint Positive { get; } = new ElementwiseConstraint("positive", u => new(u.Exp(), u.Sum(1)), Math.Log, x => x > 0);

    /// <summary>x₁ &lt; x₂ &lt; …: x₁ = u₁, x_k = x_{k−1} + exp u_k.</summary>
    public static Constraint Ordered { get; } = new OrderedConstraint();

    /// <summary>x_k &gt; 0 and Σ x_k = 1, by breaking a stick; one coordinate fewer than numbers.</summary>
    public static Constraint Simplex { get; } = new SimplexConstraint();

    /// <summary>
    /// The Cholesky factor of a correlation matrix of K rows: a lower triangle with positive diagonal and rows of length 1, all K² numbers of it row by row. K (K − 1)/2 coordinates.
    /// </summary>
    public static Constraint CorrelationCholesky { get; } = new CorrelationCholeskyConstraint();

    /// <summary>What it is called in messages.</summary>
    public string Name { get; }

    /// <summary>low &lt; x &lt; high: x = low + (high − low) σ(u).</summary>
    /// <param name="low">Finite.</param>
    /// <param name="high">Finite, above low.</param>
    /// <returns>A constraint.</returns>
    public static Constraint Interval(double low, double high)
    {
        if (!(low < high) || !double.IsFinite(low) || !double.IsFinite(high))
        {
            throw new ArgumentOutOfRangeException(nameof(high), high, $"An interval needs finite ends, the upper above {low:R}.");
        }

        double width = high - low;
        return new ElementwiseConstraint(
            FormattableString.Invariant($"({low}, {high})"),
            // log σ(u)(1 − σ(u)) = −u − 2 log(1 + e^{−u}), in the form that keeps its digits on both sides
            u => new(u.Sigmoid().ScaleShift(width, low), (-(u.Softplus() + (-u).Softplus())).ScaleShift(1, Math.Log(width)).Sum(1)),
            x => Math.Log((x - low) / (high - x)),
            x => x > low && x < high);
    }

    /// <summary>x &gt; low: x = low + eᵘ.</summary>
    /// <param name="low">Finite.</param>
    /// <returns>A constraint.</returns>
    public static Constraint Above(double low)
    {
        if (!double.IsFinite(low))
        {
            throw new ArgumentOutOfRangeException(nameof(low), low, "A bound must be finite.");
        }

        return new ElementwiseConstraint(FormattableString.Invariant($"above {low}"), u => new(u.Exp() + low, u.Sum(1)), x => Math.Log(x - low), x => x > low);
    }

    /// <summary>Coordinates of a parameter.</summary>
    /// <param name="size">Numbers of the parameter, 1 or more.</param>
    /// <returns>How many unconstrained coordinates stand for it.</returns>
    /// <exception cref="ArgumentOutOfRangeException">No parameter of this range has that size.</exception>
    public abstract int Coordinates(int size);

    /// <summary>The parameter at unconstrained coordinates.</summary>
    /// <param name="u">[chains, coordinates], float64 or float32.</param>
    /// <returns>Value and log Jacobian; differentiable.</returns>
    public abstract Constrained Constrain(Tensor u);

    /// <summary>The coordinates of a value, for starting points.</summary>
    /// <param name="value">The parameter's numbers.</param>
    /// <returns>u.</returns>
    /// <exception cref="ArgumentException">The value is not in the range.</exception>
    public abstract double[] Unconstrain(IReadOnlyList<double> value);

    /// <inheritdoc/>
    public override string ToString() => Name;

    /// <summary>The error of a value outside the range.</summary>
    private protected ArgumentException OutOfRange(IReadOnlyList<double> value) =>
        new($"{string.Join(", ", value)} is not in the range \"{Name}\".", nameof(value));

    /// <summary>u times the upper triangle of ones: sums of all columns up to each one, that one included or not.</summary>
    private protected static Tensor RunningSum(Tensor u, bool inclusive)
    {
        int size = u.Shape[1];
        Tensor ones = Tensor.FromArray([.. Enumerable.Range(0, size * size).Select(at => (at / size) < (at % size) + (inclusive ? 1 : 0) ? 1.0 : 0)], size, size);
        return u.MatMul(ones.Cast(u.DType));
    }

    private static Tensor Zero(Tensor u) => Tensor.Zeros(new Shape(u.Shape[0]), u.DType, u.Workspace);
}
