using Lae.Numerics.Engines;

namespace Lae.Numerics;

/// <summary>Differentiable functions of each element, and arithmetic that broadcasts (shapes aligned at the last axis, extents of 1 repeated).</summary>
public static class Elementwise
{
    /// <summary>|x|; its gradient at 0 is 0.</summary>
    /// <param name="x">Any shape.</param>
    /// <returns>The same shape.</returns>
    public static Tensor Abs(this Tensor x) => Unary(UnaryOperation.Absolute, x);

    /// <summary>1 / x.</summary>
    /// <param name="x">Any shape.</param>
    /// <returns>The same shape.</returns>
    public static Tensor Reciprocal(this Tensor x) => Unary(UnaryOperation.Reciprocal, x);

    /// <summary>x².</summary>
    /// <param name="x">Any shape.</param>
    /// <returns>The same shape.</returns>
    public static Tensor Square(this Tensor x) => Unary(UnaryOperation.Square, x);

    /// <summary>√x.</summary>
    /// <param name="x">Any shape, 0 or more.</param>
    /// <returns>The same shape.</returns>
    public static Tensor Sqrt(this Tensor x) => Unary(UnaryOperation.SquareRoot, x);

    /// <summary>eˣ.</summary>
    /// <param name="x">Any shape.</param>
    /// <returns>The same shape.</returns>
    public static Tensor Exp(this Tensor x) => Unary(UnaryOperation.Exponential, x);

    /// <summary>ln x.</summary>
    /// <param name="x">Any shape, positive.</param>
    /// <returns>The same shape.</returns>
    public static Tensor Log(this Tensor x) => Unary(UnaryOperation.Logarithm, x);

    /// <summary>tanh x.</summary>
    /// <param name="x">Any shape.</param>
    /// <returns>The same shape.</returns>
    public static Tensor Tanh(this Tensor x) => Unary(UnaryOperation.Tanh, x);

    /// <summary>1 / (1 + e⁻ˣ).</summary>
    /// <param name="x">Any shape.</param>
    /// <returns>The same shape.</returns>
    public static Tensor Sigmoid(this Tensor x) => Unary(UnaryOperation.Sigmoid, x);

    /// <summary>ln(1 + eˣ).</summary>
    /// <param name="x">Any shape.</param>
    /// <returns>The same shape.</returns>
    public static Tensor Softplus(this Tensor x) => Unary(UnaryOperation.Softplus, x);

    /// <summary>max(x, 0); its gradient at 0 is 0.</summary>
    /// <param name="x">Any shape.</param>
    /// <returns>The same shape.</returns>
    public static Tensor Relu(this Tensor x) => Unary(UnaryOperation.Relu, x);

    /// <summary>x σ(x), also called swish.</summary>
    /// <param name="x">Any shape.</param>
    /// <returns>The same shape.</returns>
    public static Tensor Silu(this Tensor x) => Multiply(x, Sigmoid(x));

    /// <summary>sin x.</summary>
    /// <param name="x">Any shape.</param>
    /// <returns>The same shape.</returns>
    public static Tensor Sin(this Tensor x) => Unary(UnaryOperation.Sine, x);

    /// <summary>cos x.</summary>
    /// <param name="x">Any shape.</param>
    /// <returns>The same shape.</returns>
    public static Tensor Cos(this Tensor x) => Unary(UnaryOperation.Cosine, x);

    /// <summary>−1, 0 or 1; no gradient flows.</summary>
    /// <param name="x">Any shape.</param>
    /// <returns>The same shape.</returns>
    public static Tensor Sign(this Tensor x) => Raw.Unary(UnaryOperation.Sign, x);

    /// <summary>1 where x is finite, else 0; no gradient flows.</summary>
    /// <param name="x">Any shape.</param>
    /// <returns>The same shape.</returns>
    public static Tensor IsFinite(this Tensor x) => Raw.Unary(UnaryOperation.IsFinite, x);

    /// <summary>1 where a &gt; b, else 0; no gradient flows.</summary>
    /// <param name="a">One operand.</param>
    /// <param name="b">The other, of a shape that broadcasts.</param>
    /// <returns>A mask.</returns>
    public static Tensor Greater(Tensor a, Tensor b) => Broadcasting.Apply(BinaryOperation.Greater, a, b);

    /// <summary>a + b.</summary>
    /// <param name="a">One operand.</param>
    /// <param name="b">The other, of a shape that broadcasts.</param>
    /// <returns>The common shape.</returns>
    public static Tensor Add(Tensor a, Tensor b) => Binary(BinaryOperation.Add, a, b);

    /// <summary>a − b.</summary>
    /// <param name="a">One operand.</param>
    /// <param name="b">The other, of a shape that broadcasts.</param>
    /// <returns>The common shape.</returns>
    public static Tensor Subtract(Tensor a, Tensor b) => Binary(BinaryOperation.Subtract, a, b);

    /// <summary>a · b, element by element.</summary>
    /// <param name="a">One operand.</param>
    /// <param name="b">The other, of a shape that broadcasts.</param>
    /// <returns>The common shape.</returns>
    public static Tensor Multiply(Tensor a, Tensor b) => Binary(BinaryOperation.Multiply, a, b);

    /// <summary>a / b.</summary>
    /// <param name="a">One operand.</param>
    /// <param name="b">The other, of a shape that broadcasts.</param>
    /// <returns>The common shape.</returns>
    public static Tensor Divide(Tensor a, Tensor b) => Binary(BinaryOperation.Divide, a, b);

    /// <summary>The greater of two; where they are equal the gradient goes to <paramref name="a"/>.</summary>
    /// <param name="a">One operand.</param>
    /// <param name="b">The other, of a shape that broadcasts.</param>
    /// <returns>The common shape.</returns>
    public static Tensor Maximum(Tensor a, Tensor b) => Binary(BinaryOperation.Maximum, a, b);

    /// <summary>The smaller of two; where they are equal the gradient goes to <paramref name="a"/>.</summary>
    /// <param name="a">One operand.</param>
    /// <param name="b">The other, of a shape that broadcasts.</param>
    /// <returns>The common shape.</returns>
    public static Tensor Minimum(Tensor a, Tensor b) => Binary(BinaryOperation.Minimum, a, b);

    /// <summary>scale · x + shift.</summary>
    /// <param name="x">Any shape.</param>
    /// <param name="scale">Factor.</param>
    /// <param name="shift">Summand.</param>
    /// <returns>The same shape.</returns>
    public static Tensor ScaleShift(this Tensor x, double scale, double shift)
    {
        Tensor y = Raw.ScaleShift(scale, shift, x);
        return GradientFlow.Wants(x) ? Track(x, y, scale) : y;

        static Tensor Track(Tensor x, Tensor y, double scale) =>
            y.Tracked((x, scale), static (of, g, flow) => flow.Add(of.x, Raw.ScaleShift(of.scale, 0, g)), x);
    }

    /// <summary>scale · x + z, for tensors of one shape, with one rounding.</summary>
    /// <param name="scale">Factor.</param>
    /// <param name="x">Any shape.</param>
    /// <param name="z">The same shape.</param>
    /// <returns>The same shape.</returns>
    public static Tensor ScaleAdd(double scale, Tensor x, Tensor z)
    {
        RequireSameShape(x, z);
        Tensor y = Raw.ScaleAdd(scale, x, z);
        return GradientFlow.Wants(x) || GradientFlow.Wants(z) ? Track(scale, x, z, y) : y;

        static Tensor Track(double scale, Tensor x, Tensor z, Tensor y)
        {
            return y.Tracked((scale, x, z), Rule, x, z);

            static void Rule((double Scale, Tensor X, Tensor Z) of, Tensor g, GradientFlow flow)
            {
                if (flow.Needs(of.X))
                {
                    flow.Add(of.X, Raw.ScaleShift(of.Scale, 0, g));
                }

                if (flow.Needs(of.Z))
                {
                    flow.Add(of.Z, g);
                }
            }
        }
    }

    /// <summary>a where the condition is not 0, else b. The condition takes no gradient.</summary>
    /// <param name="condition">
    /// A mask: one value for each index of the first axes of a, as [chains] for a of [chains, dimension], or else a shape that broadcasts to that of a.
    /// Where both readings fit, as [2] for a of [2, 2], the first holds.
    /// </param>
    /// <param name="a">Any shape.</param>
    /// <param name="b">The same shape.</param>
    /// <returns>The same shape.</returns>
    public static Tensor Choose(Tensor condition, Tensor a, Tensor b)
    {
        RequireSameShape(a, b);
        Tensor y = Pick(condition, a, b);
        return GradientFlow.Wants(a) || GradientFlow.Wants(b) ? Track(condition, a, b, y) : y;

        static Tensor Track(Tensor condition, Tensor a, Tensor b, Tensor y)
        {
            return y.Tracked((condition, a, b), Rule, a, b);

            static void Rule((Tensor Condition, Tensor A, Tensor B) of, Tensor g, GradientFlow flow)
            {
                Tensor zero = Tensor.Zeros(g.Shape, g.DType, g.Workspace);
                if (flow.Needs(of.A))
                {
                    flow.Add(of.A, Pick(of.Condition, g, zero));
                }

                if (flow.Needs(of.B))
                {
                    flow.Add(of.B, Pick(of.Condition, zero, g));
                }
            }
        }
    }

    /// <summary>x + drift · gradient + diffusion · noise in one pass, for tensors of one shape; no gradient flows.</summary>
    /// <param name="x">Any shape.</param>
    /// <param name="drift">Factor of the gradient.</param>
    /// <param name="gradient">The same shape.</param>
    /// <param name="diffusion">Factor of the noise.</param>
    /// <param name="noise">The same shape.</param>
    /// <returns>The same shape.</returns>
    public static Tensor LangevinProposal(Tensor x, double drift, Tensor gradient, double diffusion, Tensor noise)
    {
        RequireSameShape(x, gradient);
        RequireSameShape(x, noise);
        return Raw.LangevinProposal(drift, diffusion, x, gradient, noise);
    }

    /// <summary>Whether every element is finite.</summary>
    /// <param name="x">Any shape.</param>
    /// <returns>False if a NaN or an infinity is among the elements.</returns>
    public static bool AllFinite(this Tensor x) => x.DType == DType.Float32
        ? x.Workspace.Engine.Float32.AllFinite(x.Read<float>())
        : x.Workspace.Engine.Float64.AllFinite(x.Read<double>());

    /// <summary>The values in another number type.</summary>
    /// <param name="x">Any shape.</param>
    /// <param name="dtype">The type to convert to.</param>
    /// <returns>The same shape; <paramref name="x"/> itself if it has the type.</returns>
    public static Tensor Cast(this Tensor x, DType dtype)
    {
        if (x.DType == dtype)
        {
            return x;
        }

        Tensor y = Tensor.Uninitialized(x.Workspace, x.Shape, dtype);
        if (dtype == DType.Float64)
        {
            System.Numerics.Tensors.TensorPrimitives.ConvertChecked(x.Read<float>(), y.Write<double>());
        }
        else
        {
            System.Numerics.Tensors.TensorPrimitives.ConvertChecked(x.Read<double>(), y.Write<float>());
        }

        return GradientFlow.Wants(x) ? Track(x, y) : y;

        static Tensor Track(Tensor x, Tensor y) => y.Tracked(x, static (x, g, flow) => flow.Add(x, g.Cast(x.DType)), x);
    }

    internal static void RequireSameShape(Tensor a, Tensor b)
    {
        if (!a.HasShapeOf(b))
        {
            throw new ArgumentException($"Two tensors of one shape are needed, not {a.Shape} and {b.Shape}.");
        }
    }

    internal static Tensor Unary(UnaryOperation operation, Tensor x)
    {
        Tensor y = Raw.Unary(operation, x);
        return GradientFlow.Wants(x) ? Track(operation, x, y) : y;

        static Tensor Track(UnaryOperation operation, Tensor x, Tensor y) =>
            y.Tracked((operation, x, y), static (of, g, flow) => flow.Add(of.x, Derivative(of.operation, of.x.Untracked, of.y, g)), x);
    }

    internal static Tensor Binary(BinaryOperation operation, Tensor a, Tensor b)
    {
        Tensor y = Broadcasting.Apply(operation, a, b);
        return GradientFlow.Wants(a) || GradientFlow.Wants(b) ? Track(operation, a, b, y) : y;

        static Tensor Track(BinaryOperation operation, Tensor a, Tensor b, Tensor y)
        {
            return y.Tracked((operation, a, b, y), Rule, a, b);

            static void Rule((BinaryOperation Operation, Tensor A, Tensor B, Tensor Y) of, Tensor g, GradientFlow flow)
            {
                (BinaryOperation operation, Tensor a, Tensor b, Tensor y) = of;
                (Tensor u, Tensor v) = (a.Untracked, b.Untracked);
                if (flow.Needs(a))
                {
                    Tensor along = operation switch
                    {
                        BinaryOperation.Add or BinaryOperation.Subtract => g,
                        BinaryOperation.Multiply => g * v,
                        BinaryOperation.Divide => g / v,
                        BinaryOperation.Maximum => g * (1 - Greater(v, u)),
                        _ => g * (1 - Greater(u, v)),
                    };
                    flow.Add(a, Broadcasting.SumTo(along, a.Shape));
                }

                if (flow.Needs(b))
                {
                    Tensor along = operation switch
                    {
                        BinaryOperation.Add => g,
                        BinaryOperation.Subtract => -g,
                        BinaryOperation.Multiply => g * u,
                        BinaryOperation.Divide => -(g * y / v),
                        BinaryOperation.Maximum => g * Greater(v, u),
                        _ => g * Greater(u, v),
                    };
                    flow.Add(b, Broadcasting.SumTo(along, b.Shape));
                }
            }
        }
    }

    private static Tensor Derivative(UnaryOperation operation, Tensor x, Tensor y, Tensor g) => operation switch
    {
        UnaryOperation.Negate => Raw.Unary(UnaryOperation.Negate, g),
        UnaryOperation.Absolute => g * Sign(x),
        UnaryOperation.Reciprocal => -(g * Square(y)),
        UnaryOperation.Square => Raw.ScaleShift(2, 0, g) * x,
        UnaryOperation.SquareRoot => Raw.ScaleShift(0.5, 0, g) / y,
        UnaryOperation.Exponential => g * y,
        UnaryOperation.Logarithm => g / x,
        UnaryOperation.Tanh => g * Raw.ScaleShift(-1, 1, Square(y)),
        UnaryOperation.Sigmoid => g * (y * Raw.ScaleShift(-1, 1, y)),
        UnaryOperation.Softplus => g * Sigmoid(x),
        UnaryOperation.Relu => g * Raw.Unary(UnaryOperation.IsPositive, x),
        UnaryOperation.Sine => g * Cos(x),
        UnaryOperation.Cosine => -(g * Sin(x)),
        _ => throw new InvalidOperationException($"{operation} has no derivative."),
    };

    private static Tensor Pick(Tensor condition, Tensor a, Tensor b)
    {
        Shape shape = a.Shape;
        Shape aligned = IsLeading(condition.Shape, shape) ? Padded(condition.Shape, shape.Rank) : condition.Shape;
        if (!Broadcasting.Reaches(aligned, shape))
        {
            throw new ArgumentException($"A condition of shape {condition.Shape} does not broadcast to {shape}.", nameof(condition));
        }

        for (int split = shape.Rank; split >= 0; split--)
        {
            if (Broadcasting.Layout(aligned, shape, split) is { } layout)
            {
                return Raw.Choose(layout, shape.Extent(0, split), shape.Extent(split, shape.Rank), condition, a, b);
            }
        }

        return Pick(Broadcasting.Expand(condition.View(aligned, node: null), shape), a, b);
    }

    /// <summary>Whether a condition has the first axes of a shape: one value a row, as accept masks [chains] have.</summary>
    private static bool IsLeading(Shape condition, Shape shape)
    {
        if (condition.Rank >= shape.Rank)
        {
            return false;
        }

        for (int axis = 0; axis < condition.Rank; axis++)
        {
            if (condition[axis] != shape[axis])
            {
                return false;
            }
        }

        return true;
    }

    private static Shape Padded(Shape shape, int rank)
    {
        Span<int> sizes = stackalloc int[rank];
        sizes.Fill(1);
        shape.CopyTo(sizes);
        return new Shape(sizes);
    }
}
