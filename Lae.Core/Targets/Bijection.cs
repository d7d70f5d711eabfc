using Lae.Numerics;
using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Factorization;

namespace Lae.Targets;

/// <summary>
/// A change of variables x = f(y), one row at a time: smooth, invertible, with the logarithm of its Jacobian log |det Df(y)|. Ready ones are <see cref="Affine"/>, <see cref="Exp"/> and their
/// compositions (<see cref="Then"/>).
/// </summary>
public sealed class Bijection
{
    private readonly Func<Tensor, Tensor> forward;
    private readonly Func<Tensor, Tensor> inverse;
    private readonly Func<Tensor, Tensor> logJacobian;

    /// <summary>A change of variables from its three functions, each pure and row by row.</summary>
    /// <param name="name">What it is called in messages.</param>
    /// <param name="forward">x = f(y), [chains, dimension], made of Lae's operations: it is differentiated.</param>
    /// <param name="inverse">y = f⁻¹(x), [chains, dimension]; not differentiated.</param>
    /// <param name="logJacobian">log |det Df(y)|, [chains], made of Lae's operations: it is differentiated.</param>
    /// <param name="dimension">Columns of y and x, 1 or more; null if it fits any.</param>
    public Bijection(string name, Func<Tensor, Tensor> forward, Func<Tensor, Tensor> inverse, Func<Tensor, Tensor> logJacobian, int? dimension = null)
    {
        if (dimension < 1)
        {
            throw new ArgumentOutOfRangeException(nameof(dimension), dimension, "A change of variables has 1 dimension or more.");
        }

        Name = name;
        Dimension = dimension;
        this.forward = forward;
        this.inverse = inverse;
        this.logJacobian = logJacobian;
    }

    /// <summary>What it is called in messages.</summary>
    public string Name { get; }

    /// <summary>Columns of y and x; null if it fits any.</summary>
    public int? Dimension { get; }

    /// <summary>x = m + S y.</summary>
    /// <param name="shift">m, [dimension], finite.</param>
    /// <param name="scale">S: its diagonal [dimension], without a zero, or all of it [dimension, dimension], invertible.</param>
    /// <returns>A change of variables with a constant Jacobian.</returns>
    /// <exception cref="ArgumentException">The shapes or types do not match, an entry is not finite, or S cannot be inverted.</exception>
    public static Bijection Affine(Tensor shift, Tensor scale)
    {
        int d = shift.Count;
        if (shift.Rank != 1 || d == 0 || scale.DType != shift.DType || (scale.Shape != shift.Shape && scale.Shape != new Shape(d, d)))
        {
            throw new ArgumentException($"A shift [d] and a scale [d] or [d, d] of one type are needed, not {shift.DType}{shift.Shape} and {scale.DType}{scale.Shape}.", nameof(scale));
        }

        if (!shift.AllFinite() || !scale.AllFinite())
        {
            throw new ArgumentException("A shift and a scale must be finite.", nameof(scale));
        }

        Tensor m = shift.Detach();
        Tensor s = scale.Detach();
        if (scale.Rank == 1)
        {
            double sum = scale.ToArray().Sum(value => value == 0
                ? throw new ArgumentException("A scale without an inverse: an entry of its diagonal is 0.", nameof(scale))
                : Math.Log(Math.Abs(value)));
            Tensor reciprocal = s.Reciprocal();
            return new Bijection("affine", y => y * s + m, x => (x - m) * reciprocal, y => Constant(y, sum), d);
        }

        LU<double> factors = Matrix<double>.Build.DenseOfRowMajor(d, d, scale.ToArray()).LU();
        double logDeterminant = factors.U.Diagonal().Sum(value => Math.Log(Math.Abs(value)));
        if (!double.IsFinite(logDeterminant))
        {
            throw new ArgumentException("A scale without an inverse: its determinant is 0.", nameof(scale));
        }

        Tensor inverse = Tensor.FromArray(factors.Inverse().Transpose().ToColumnMajorArray(), d, d).Cast(scale.DType);
        return new Bijection("affine", y => y.MatMul(s, transposeB: true) + m, x => (x - m).MatMul(inverse, transposeB: true), y => Constant(y, logDeterminant), d);
    }

    /// <summary>xᵢ = exp(yᵢ), which brings a positive coordinate to the whole line.</summary>
    /// <param name="dimension">Columns, 1 or more.</param>
    /// <param name="columns">The coordinates that are positive; all if none is named, the others stay.</param>
    /// <param name="dtype">The number type.</param>
    /// <returns>A change of variables with log Jacobian Σ yᵢ over the coordinates named.</returns>
    public static Bijection Exp(int dimension, IReadOnlyList<int>? columns = null, DType dtype = DType.Float64)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(dimension, 1);
        int[] positive = columns is null || columns.Count == 0 ? [.. Enumerable.Range(0, dimension)] : [.. columns];
        foreach (int column in positive)
        {
            if (column < 0 || column >= dimension)
            {
                throw new ArgumentOutOfRangeException(nameof(columns), column, $"Must be in [0, {dimension}).");
            }
        }

        if (positive.Distinct().Count() == dimension)
        {
            return new Bijection("exp", y => y.Exp(), x => x.Log(), y => y.Sum(1), dimension);
        }

        // the mask is a row of its own, so that it is never read as one value for each chain
        Tensor mask = Tensor.FromArray([.. Enumerable.Range(0, dimension).Select(i => positive.Contains(i) ? 1.0 : 0.0)], 1, dimension).Cast(dtype);
        return new Bijection("exp", y => Choose(y, (y * mask).Exp(), y), x => Choose(x, Choose(x, x, Tensor.Ones(x.Shape, x.DType, x.Workspace)).Log(), x), y => (y * mask).Sum(1), dimension);

        // the exponential and the logarithm of a coordinate that is not named are of 0 and 1, so that nothing infinite arises there
        Tensor Choose(Tensor like, Tensor named, Tensor other) => Elementwise.Choose(mask.BroadcastTo(like.Shape), named, other);
    }

    /// <summary>This change of variables, and then another of its outcome: x = g(f(y)).</summary>
    /// <param name="next">g.</param>
    /// <returns>The composition, with log Jacobian log |det Df(y)| + log |det Dg(f(y))|.</returns>
    /// <exception cref="ArgumentException">The dimensions differ.</exception>
    public Bijection Then(Bijection next)
    {
        if (Dimension is { } here && next.Dimension is { } there && here != there)
        {
            throw new ArgumentException($"Changes of variables of one dimension are needed, not {here} and {there}.", nameof(next));
        }

        return new Bijection(
            $"{Name} then {next.Name}", y => next.forward(forward(y)), x => inverse(next.inverse(x)), y => logJacobian(y) + next.logJacobian(forward(y)), Dimension ?? next.Dimension);
    }

    /// <summary>f(y).</summary>
    /// <param name="y">[chains, dimension].</param>
    /// <returns>[chains, dimension].</returns>
    public Tensor Forward(Tensor y) => forward(y);

    /// <summary>f⁻¹(x).</summary>
    /// <param name="x">[chains, dimension], in the image of f.</param>
    /// <returns>[chains, dimension]; not finite outside the image.</returns>
    public Tensor Inverse(Tensor x) => inverse(x);

    /// <summary>log |det Df(y)|.</summary>
    /// <param name="y">[chains, dimension].</param>
    /// <returns>[chains].</returns>
    public Tensor LogJacobian(Tensor y) => logJacobian(y);

    /// <summary>Throws unless the change of variables fits positions of a target.</summary>
    internal void RequireFits(Target target)
    {
        if (Dimension is { } d && d != target.Dimension)
        {
            throw new ArgumentException($"A change of {d} variables ({Name}) does not fit target '{target.Name}' of dimension {target.Dimension}.", nameof(target));
        }
    }

    private static Tensor Constant(Tensor y, double value) => Tensor.Full(value, new Shape(y.Shape[0]), y.DType, y.Workspace);
}
