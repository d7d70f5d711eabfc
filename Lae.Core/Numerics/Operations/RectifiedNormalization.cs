namespace Lae.Numerics;

/// <summary>
/// What a hidden layer of a dense network does to its products, as one differentiable operation:
/// y = max(0, n ∘ scale + shift), n = (x + bias − mean) / √(variance + ε) row by row.
/// </summary>
internal static class RectifiedNormalization
{
    private const double Epsilon = 1e-5;

    /// <summary>Value and gradients have the bits of (x + bias).LayerNormalize(), times scale, plus shift, rectified; where a recording is gone on from with a factor, the gradient in the bias is so within rounding.</summary>
    /// <param name="x">[rows, columns].</param>
    /// <param name="bias">[columns].</param>
    /// <param name="scale">[columns].</param>
    /// <param name="shift">[columns].</param>
    /// <returns>[rows, columns].</returns>
    public static Tensor NormalizeAndRectify(this Tensor x, Tensor bias, Tensor scale, Tensor shift)
    {
        int rows = x.Shape[0];
        int columns = x.Shape[1];
        Workspace workspace = Workspace.Of(Workspace.Of(x.Workspace, bias.Workspace), Workspace.Of(scale.Workspace, shift.Workspace));
        Raw.Same(x, bias);
        Raw.Same(scale, shift);
        Raw.Same(x, scale);
        Tensor normalized = Tensor.Uninitialized(workspace, x.Shape, x.DType);
        Tensor inverseDeviation = Tensor.Uninitialized(workspace, new Shape(rows), x.DType);
        Tensor y = Tensor.Uninitialized(workspace, x.Shape, x.DType);
        if (x.DType == DType.Float32)
        {
            workspace.Engine.Float32.RectifiedNormalization(
                rows, columns, (float)Epsilon, x.Read<float>(), bias.Read<float>(), scale.Read<float>(), shift.Read<float>(), normalized.Write<float>(), inverseDeviation.Write<float>(), y.Write<float>());
        }
        else
        {
            workspace.Engine.Float64.RectifiedNormalization(
                rows, columns, Epsilon, x.Read<double>(), bias.Read<double>(), scale.Read<double>(), shift.Read<double>(), normalized.Write<double>(), inverseDeviation.Write<double>(), y.Write<double>());
        }

        return GradientFlow.Wants(x) || GradientFlow.Wants(bias) || GradientFlow.Wants(scale) || GradientFlow.Wants(shift)
            ? Track(new Layer(x, bias, scale, shift, normalized, inverseDeviation, y), y)
            : y;
    }

    private static Tensor Track(Layer layer, Tensor y)
    {
        Tensor tracked = y.Tracked(layer, Rule, layer.X, layer.Bias, layer.Scale, layer.Shift);
        tracked.Node!.TakesFactor = true;
        return tracked;
    }

    private static void Rule(Layer of, Tensor g, GradientFlow flow)
    {
        // where a recording left the gradient in x, what is new are sums over rows
        double factor = flow.Factor;
        Tensor? known = flow.Known(of.X);
        if (known is null && factor != 1)
        {
            (g, factor) = (Raw.ScaleShift(factor, 0, g), 1);
        }

        Tensor alongX = known ?? AlongX(of, g);
        if (flow.Needs(of.Bias) || flow.Needs(of.Scale) || flow.Needs(of.Shift))
        {
            (Tensor alongBias, Tensor alongScale, Tensor alongShift) = Sums(of, factor, g, alongX);
            flow.Add(of.Shift, alongShift);
            flow.Add(of.Scale, alongScale);
            flow.Add(of.Bias, alongBias);
        }

        if (known is null)
        {
            flow.Add(of.X, alongX);
        }
    }

    private static Tensor AlongX(Layer of, Tensor g)
    {
        (int rows, int columns) = (of.X.Shape[0], of.X.Shape[1]);
        Tensor alongX = Tensor.Uninitialized(g.Workspace, of.X.Shape, g.DType);
        Tensor scale = of.Scale.Untracked;
        if (g.DType == DType.Float32)
        {
            g.Workspace.Engine.Float32.RectifiedNormalizationGradient(
                rows, columns, scale.Read<float>(), of.Normalized.Read<float>(), of.InverseDeviation.Read<float>(), of.Y.Read<float>(), g.Read<float>(), alongX.Write<float>());
        }
        else
        {
            g.Workspace.Engine.Float64.RectifiedNormalizationGradient(
                rows, columns, scale.Read<double>(), of.Normalized.Read<double>(), of.InverseDeviation.Read<double>(), of.Y.Read<double>(), g.Read<double>(), alongX.Write<double>());
        }

        return alongX;
    }

    private static (Tensor Bias, Tensor Scale, Tensor Shift) Sums(Layer of, double factor, Tensor g, Tensor alongX)
    {
        (int rows, int columns) = (of.X.Shape[0], of.X.Shape[1]);
        Tensor bias = Tensor.Uninitialized(g.Workspace, of.Bias.Shape, g.DType);
        Tensor scale = Tensor.Uninitialized(g.Workspace, of.Scale.Shape, g.DType);
        Tensor shift = Tensor.Uninitialized(g.Workspace, of.Shift.Shape, g.DType);
        if (g.DType == DType.Float32)
        {
            g.Workspace.Engine.Float32.RectifiedNormalizationSums(
                rows, columns, (float)factor, of.Normalized.Read<float>(), of.Y.Read<float>(), g.Read<float>(), alongX.Read<float>(), bias.Write<float>(), scale.Write<float>(), shift.Write<float>());
        }
        else
        {
            g.Workspace.Engine.Float64.RectifiedNormalizationSums(
                rows, columns, factor, of.Normalized.Read<double>(), of.Y.Read<double>(), g.Read<double>(), alongX.Read<double>(), bias.Write<double>(), scale.Write<double>(), shift.Write<double>());
        }

        return (bias, scale, shift);
    }

    /// <summary>What the rule needs.</summary>
    private readonly record struct Layer(Tensor X, Tensor Bias, Tensor Scale, Tensor Shift, Tensor Normalized, Tensor InverseDeviation, Tensor Y);
}
