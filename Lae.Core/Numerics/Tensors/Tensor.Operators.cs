using Lae.Numerics.Engines;

namespace Lae.Numerics;

/// <summary>Operators: arithmetic that broadcasts, with tensors and with numbers.</summary>
public sealed partial class Tensor
{
    /// <summary>a + b.</summary>
    /// <param name="a">One operand.</param>
    /// <param name="b">The other, of a shape that broadcasts.</param>
    /// <returns>The common shape.</returns>
    public static Tensor operator +(Tensor a, Tensor b) => Elementwise.Add(a, b);

    /// <summary>a + b.</summary>
    /// <param name="a">Any shape.</param>
    /// <param name="b">A number.</param>
    /// <returns>The same shape.</returns>
    public static Tensor operator +(Tensor a, double b) => a.ScaleShift(1, b);

    /// <summary>a + b.</summary>
    /// <param name="a">A number.</param>
    /// <param name="b">Any shape.</param>
    /// <returns>The same shape.</returns>
    public static Tensor operator +(double a, Tensor b) => b.ScaleShift(1, a);

    /// <summary>a − b.</summary>
    /// <param name="a">One operand.</param>
    /// <param name="b">The other, of a shape that broadcasts.</param>
    /// <returns>The common shape.</returns>
    public static Tensor operator -(Tensor a, Tensor b) => Elementwise.Subtract(a, b);

    /// <summary>a − b.</summary>
    /// <param name="a">Any shape.</param>
    /// <param name="b">A number.</param>
    /// <returns>The same shape.</returns>
    public static Tensor operator -(Tensor a, double b) => a.ScaleShift(1, -b);

    /// <summary>a − b.</summary>
    /// <param name="a">A number.</param>
    /// <param name="b">Any shape.</param>
    /// <returns>The same shape.</returns>
    public static Tensor operator -(double a, Tensor b) => b.ScaleShift(-1, a);

    /// <summary>−x.</summary>
    /// <param name="x">Any shape.</param>
    /// <returns>The same shape.</returns>
    public static Tensor operator -(Tensor x) => Elementwise.Unary(UnaryOperation.Negate, x);

    /// <summary>a · b, element by element.</summary>
    /// <param name="a">One operand.</param>
    /// <param name="b">The other, of a shape that broadcasts.</param>
    /// <returns>The common shape.</returns>
    public static Tensor operator *(Tensor a, Tensor b) => Elementwise.Multiply(a, b);

    /// <summary>a · b.</summary>
    /// <param name="a">Any shape.</param>
    /// <param name="b">A number.</param>
    /// <returns>The same shape.</returns>
    public static Tensor operator *(Tensor a, double b) => a.ScaleShift(b, 0);

    /// <summary>a · b.</summary>
    /// <param name="a">A number.</param>
    /// <param name="b">Any shape.</param>
    /// <returns>The same shape.</returns>
    public static Tensor operator *(double a, Tensor b) => b.ScaleShift(a, 0);

    /// <summary>a / b.</summary>
    /// <param name="a">One operand.</param>
    /// <param name="b">The other, of a shape that broadcasts.</param>
    /// <returns>The common shape.</returns>
    public static Tensor operator /(Tensor a, Tensor b) => Elementwise.Divide(a, b);

    /// <summary>a / b.</summary>
    /// <param name="a">Any shape.</param>
    /// <param name="b">A number.</param>
    /// <returns>The same shape.</returns>
    public static Tensor operator /(Tensor a, double b) => a.ScaleShift(1 / b, 0);

    /// <summary>a / b.</summary>
    /// <param name="a">A number.</param>
    /// <param name="b">Any shape.</param>
    /// <returns>The same shape.</returns>
    public static Tensor operator /(double a, Tensor b) => b.Reciprocal().ScaleShift(a, 0);
}
