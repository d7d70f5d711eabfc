using Lae.Numerics.Engines;

namespace Lae.Numerics;

/// <summary>
/// The engine's primitives on tensors, dispatched once on the number type; no shapes are resolved here and no gradients recorded. Everything
/// differentiable is made of these.
/// </summary>
internal static partial class Raw
{
    public static Tensor Unary(UnaryOperation operation, Tensor x)
    {
        Tensor y = Tensor.Uninitialized(x.Workspace, x.Shape, x.DType);
        IEngine engine = x.Workspace.Engine;
        if (x.DType == DType.Float32)
        {
            engine.Float32.Unary(operation, x.Read<float>(), y.Write<float>());
        }
        else
        {
            engine.Float64.Unary(operation, x.Read<double>(), y.Write<double>());
        }

        return y;
    }

    public static Tensor Binary(BinaryOperation operation, BroadcastPlan plan, Shape shape, Tensor a, Tensor b)
    {
        Tensor y = Tensor.Uninitialized(Workspace.Of(a.Workspace, b.Workspace), shape, Same(a, b));
        IEngine engine = y.Workspace.Engine;
        if (y.DType == DType.Float32)
        {
            engine.Float32.Binary(operation, plan, a.Read<float>(), b.Read<float>(), y.Write<float>());
        }
        else
        {
            engine.Float64.Binary(operation, plan, a.Read<double>(), b.Read<double>(), y.Write<double>());
        }

        return y;
    }

    public static Tensor Choose(OperandLayout layout, int rows, int columns, Tensor condition, Tensor a, Tensor b)
    {
        Same(condition, a);
        Tensor y = Tensor.Uninitialized(Workspace.Of(Workspace.Of(a.Workspace, b.Workspace), condition.Workspace), a.Shape, Same(a, b));
        IEngine engine = y.Workspace.Engine;
        if (y.DType == DType.Float32)
        {
            engine.Float32.Choose(layout, rows, columns, condition.Read<float>(), a.Read<float>(), b.Read<float>(), y.Write<float>());
        }
        else
        {
            engine.Float64.Choose(layout, rows, columns, condition.Read<double>(), a.Read<double>(), b.Read<double>(), y.Write<double>());
        }

        return y;
    }

    public static Tensor ScaleShift(double scale, double shift, Tensor x)
    {
        Tensor y = Tensor.Uninitialized(x.Workspace, x.Shape, x.DType);
        IEngine engine = x.Workspace.Engine;
        if (x.DType == DType.Float32)
        {
            engine.Float32.ScaleShift((float)scale, (float)shift, x.Read<float>(), y.Write<float>());
        }
        else
        {
            engine.Float64.ScaleShift(scale, shift, x.Read<double>(), y.Write<double>());
        }

        return y;
    }

    /// <summary>scale · x + z; where x is spent, in its memory (<see cref="Tensor.InPlaceOf"/>).</summary>
    public static Tensor ScaleAdd(double scale, Tensor x, Tensor z, bool spendsX = false)
    {
        Workspace workspace = Workspace.Of(x.Workspace, z.Workspace);
        return Same(x, z) == DType.Float32
            ? Of(workspace.Engine.Float32, (float)scale, x.Read<float>(), z.Read<float>())
            : Of(workspace.Engine.Float64, scale, x.Read<double>(), z.Read<double>());

        Tensor Of<T>(IPrimitives<T> primitives, T factor, ReadOnlySpan<T> from, ReadOnlySpan<T> to)
            where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
        {
            Tensor y = ResultOf(x, workspace, spendsX);
            primitives.ScaleAdd(factor, from, to, y.Write<T>());
            return y;
        }
    }

    private static Tensor ResultOf(Tensor x, Workspace workspace, bool spendsX) => spendsX ? Tensor.InPlaceOf(x, workspace) : Tensor.Uninitialized(workspace, x.Shape, x.DType);

    public static Tensor LangevinProposal(double drift, double diffusion, Tensor x, Tensor gradient, Tensor noise)
    {
        Same(x, noise);
        Tensor y = Tensor.Uninitialized(Workspace.Of(Workspace.Of(x.Workspace, gradient.Workspace), noise.Workspace), x.Shape, Same(x, gradient));
        IEngine engine = y.Workspace.Engine;
        if (y.DType == DType.Float32)
        {
            engine.Float32.LangevinProposal((float)drift, (float)diffusion, x.Read<float>(), gradient.Read<float>(), noise.Read<float>(), y.Write<float>());
        }
        else
        {
            engine.Float64.LangevinProposal(drift, diffusion, x.Read<double>(), gradient.Read<double>(), noise.Read<double>(), y.Write<double>());
        }

        return y;
    }

    /// <summary><see cref="IPrimitives{T}.AdamStep"/> of tensors of one shape: θ', m', v'; where the gradient is spent, θ' in its memory (<see cref="Tensor.InPlaceOf"/>).</summary>
    public static (Tensor Parameter, Tensor First, Tensor Second) AdamStep(AdamFactors<double> factors, Tensor gradient, Tensor parameter, Tensor first, Tensor second, bool spendsGradient = false)
    {
        Same(gradient, parameter);
        Same(first, second);
        DType dtype = Same(parameter, first);
        Workspace workspace = Workspace.Of(Workspace.Of(gradient.Workspace, parameter.Workspace), Workspace.Of(first.Workspace, second.Workspace));
        Tensor m = Tensor.Uninitialized(workspace, parameter.Shape, dtype);
        Tensor v = Tensor.Uninitialized(workspace, parameter.Shape, dtype);
        if (dtype == DType.Float32)
        {
            AdamFactors<float> single = new(
                (float)factors.FirstDecay, (float)factors.FirstShare, (float)factors.SecondDecay, (float)factors.SecondShare,
                (float)factors.Correction, (float)factors.Epsilon, (float)factors.Step, (float)factors.Kept);
            ReadOnlySpan<float> g = gradient.Read<float>();
            Tensor theta = ResultOf(gradient, workspace, spendsGradient);
            workspace.Engine.Float32.AdamStep(single, g, parameter.Read<float>(), first.Read<float>(), second.Read<float>(), theta.Write<float>(), m.Write<float>(), v.Write<float>());
            return (theta, m, v);
        }
        else
        {
            ReadOnlySpan<double> g = gradient.Read<double>();
            Tensor theta = ResultOf(gradient, workspace, spendsGradient);
            workspace.Engine.Float64.AdamStep(factors, g, parameter.Read<double>(), first.Read<double>(), second.Read<double>(), theta.Write<double>(), m.Write<double>(), v.Write<double>());
            return (theta, m, v);
        }
    }

    /// <summary><see cref="IPrimitives{T}.LangevinRatio"/> of tensors: positions, gradients and P times gradients [rows, columns], log densities [rows].</summary>
    public static Tensor LangevinRatio(
        (double InverseTemperature, double Along, double Squares) factors,
        (Tensor Position, Tensor LogDensity, Tensor Gradient, Tensor Preconditioned) from,
        (Tensor Position, Tensor LogDensity, Tensor Gradient, Tensor Preconditioned) to)
    {
        Workspace workspace = from.Position.Workspace;
        foreach (Tensor tensor in (ReadOnlySpan<Tensor>)[to.Position, from.LogDensity, to.LogDensity, from.Gradient, to.Gradient, from.Preconditioned, to.Preconditioned])
        {
            Same(from.Position, tensor);
            workspace = Workspace.Of(workspace, tensor.Workspace);
        }

        int columns = from.Position.Shape[1];
        Tensor y = Tensor.Uninitialized(workspace, from.LogDensity.Shape, from.Position.DType);
        if (y.DType == DType.Float32)
        {
            workspace.Engine.Float32.LangevinRatio(
                columns, new((float)factors.InverseTemperature, (float)factors.Along, (float)factors.Squares), End<float>(from), End<float>(to), y.Write<float>());
        }
        else
        {
            workspace.Engine.Float64.LangevinRatio(columns, new(factors.InverseTemperature, factors.Along, factors.Squares), End<double>(from), End<double>(to), y.Write<double>());
        }

        return y;

        static LangevinEnd<T> End<T>((Tensor Position, Tensor LogDensity, Tensor Gradient, Tensor Preconditioned) of)
            where T : unmanaged => new()
            {
                Position = of.Position.Read<T>(),
                LogDensity = of.LogDensity.Read<T>(),
                Gradient = of.Gradient.Read<T>(),
                Preconditioned = of.Preconditioned.Read<T>(),
            };
    }

    public static Tensor Reduce(Reduction reduction, Tensor x, int outer, int length, int inner, Shape shape)
    {
        Tensor y = Tensor.Uninitialized(x.Workspace, shape, x.DType);
        IEngine engine = x.Workspace.Engine;
        if (x.DType == DType.Float32)
        {
            engine.Float32.Reduce(reduction, outer, length, inner, x.Read<float>(), y.Write<float>());
        }
        else
        {
            engine.Float64.Reduce(reduction, outer, length, inner, x.Read<double>(), y.Write<double>());
        }

        return y;
    }

    public static Tensor DotRows(int rows, int columns, Tensor a, Tensor b)
    {
        Tensor y = Tensor.Uninitialized(Workspace.Of(a.Workspace, b.Workspace), new Shape(rows), Same(a, b));
        IEngine engine = y.Workspace.Engine;
        if (y.DType == DType.Float32)
        {
            engine.Float32.DotRows(rows, columns, a.Read<float>(), b.Read<float>(), y.Write<float>());
        }
        else
        {
            engine.Float64.DotRows(rows, columns, a.Read<double>(), b.Read<double>(), y.Write<double>());
        }

        return y;
    }

    public static Tensor MatrixProduct(MatrixProductPlan plan, Tensor a, Tensor b)
    {
        Tensor c = Tensor.Uninitialized(Workspace.Of(a.Workspace, b.Workspace), new Shape(plan.M, plan.N), Same(a, b));
        IEngine engine = c.Workspace.Engine;
        if (c.DType == DType.Float32)
        {
            engine.Float32.MatrixProduct(plan, a.Read<float>(), b.Read<float>(), c.Write<float>());
        }
        else
        {
            engine.Float64.MatrixProduct(plan, a.Read<double>(), b.Read<double>(), c.Write<double>());
        }

        return c;
    }

    /// <summary>Adds a product to a tensor of which nobody else knows, with the bits of a product of its own and a sum.</summary>
    public static void AddMatrixProduct(MatrixProductPlan plan, Tensor a, Tensor b, Tensor sum)
    {
        Same(a, b);
        Same(a, sum);
        IEngine engine = sum.Workspace.Engine;
        if (sum.DType == DType.Float32)
        {
            engine.Float32.MatrixProduct(plan with { AddAtEnd = true }, a.Read<float>(), b.Read<float>(), sum.Write<float>());
        }
        else
        {
            engine.Float64.MatrixProduct(plan with { AddAtEnd = true }, a.Read<double>(), b.Read<double>(), sum.Write<double>());
        }
    }

    /// <summary>Copies a strided part of the source into a tensor that is still being made.</summary>
    public static void CopyStrided(StridedCopyPlan plan, Tensor source, Tensor destination)
    {
        Same(source, destination);
        IEngine engine = destination.Workspace.Engine;
        if (source.DType == DType.Float32)
        {
            engine.Float32.CopyStrided(plan, source.Read<float>(), destination.Write<float>());
        }
        else
        {
            engine.Float64.CopyStrided(plan, source.Read<double>(), destination.Write<double>());
        }
    }

    /// <summary>Copies a range of one axis of the source into a range of the same axis of a tensor that is still being made; all other extents are the same.</summary>
    public static void CopyRange(int axis, int count, Tensor source, int sourceStart, Tensor destination, int destinationStart)
    {
        Same(source, destination);
        if (source.DType == DType.Float32)
        {
            Copy(source.Read<float>(), destination.Write<float>());
        }
        else
        {
            Copy(source.Read<double>(), destination.Write<double>());
        }

        void Copy<T>(ReadOnlySpan<T> from, Span<T> to)
        {
            (Shape read, Shape written) = (source.Shape, destination.Shape);
            int inner = read.Extent(axis + 1, read.Rank);
            for (int outer = read.Extent(0, axis) - 1; outer >= 0; outer--)
            {
                from.Slice(((outer * read[axis]) + sourceStart) * inner, count * inner).CopyTo(to[(((outer * written[axis]) + destinationStart) * inner)..]);
            }
        }
    }

    /// <summary>Every element as many times as a shape has elements for it.</summary>
    public static Tensor RepeatElements(Tensor x, Shape shape)
    {
        Tensor y = Tensor.Uninitialized(x.Workspace, shape, x.DType);
        if (x.DType == DType.Float32)
        {
            Repeat(x.Read<float>(), y.Write<float>());
        }
        else
        {
            Repeat(x.Read<double>(), y.Write<double>());
        }

        return y;

        static void Repeat<T>(ReadOnlySpan<T> from, Span<T> to)
        {
            int times = from.IsEmpty ? 0 : to.Length / from.Length;
            for (int i = 0; i < from.Length; i++)
            {
                to.Slice(i * times, times).Fill(from[i]);
            }
        }
    }

    public static DType Same(Tensor a, Tensor b) => a.DType == b.DType
        ? a.DType
        : throw new ArgumentException($"An operation on {a.DType}{a.Shape} and {b.DType}{b.Shape}: number types never mix silently, use Cast.");
}
