namespace Lae.Numerics;

/// <summary>
/// What a hidden layer of a dense network does to its products, as one differentiable operation:
/// y = max(0, n ∘ scale + shift), n = (x + bias − mean) / √(variance + ε) row by row.
/// </summary>
internal static class RectifiedNormalization
{
    private const double Epsilon = 1e-5;

    /// <summary>Value and gradients have the bits of (x + bias).LayerNormalize(), times scale, plus shift, rectified.</summary>
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

    private static Tensor Track(Layer layer, Tensor y) => y.Tracked(layer, Rule, layer.X, layer.Bias, layer.Scale, layer.Shift);

    private static void Rule(Layer of, Tensor g, GradientFlow flow)
    {
        (int rows, int columns) = (of.X.Shape[0], of.X.Shape[1]);
        bool isLearning = flow.Needs(of.Scale) || flow.Needs(of.Shift);
        Tensor alongX = Tensor.Uninitialized(g.Workspace, of.X.Shape, g.DType);
        Tensor? alongShift = isLearning ? Tensor.Uninitialized(g.Workspace, of.X.Shape, g.DType) : null;
        Tensor? alongScale = isLearning ? Tensor.Uninitialized(g.Workspace, of.X.Shape, g.DType) : null;
        Tensor scale = of.Scale.Untracked;
        if (g.DType == DType.Float32)
        {
            g.Workspace.Engine.Float32.RectifiedNormalizationGradient(
                rows, columns, scale.Read<float>(), of.Normalized.Read<float>(), of.InverseDeviation.Read<float>(), of.Y.Read<float>(), g.Read<float>(), Write<float>(alongShift), Write<float>(alongScale), alongX.Write<float>());
        }
        else
        {
            g.Workspace.Engine.Float64.RectifiedNormalizationGradient(
                rows, columns, scale.Read<double>(), of.Normalized.Read<double>(), of.InverseDeviation.Read<double>(), of.Y.Read<double>(), g.Read<double>(), Write<double>(alongShift), Write<double>(alongScale), alongX.Write<double>());
        }

        if (flow.Needs(of.Shift))
        {
            flow.Add(of.Shift, Broadcasting.SumTo(alongShift!, of.Shift.Shape));
        }

        if (flow.Needs(of.Scale))
        {
            flow.Add(of.Scale, Broadcasting.SumTo(alongScale!, of.Scale.Shape));
        }

        if (flow.Needs(of.Bias))
        {
            flow.Add(of.Bias, Broadcasting.SumTo(alongX, of.Bias.Shape));
        }

        flow.Add(of.X, alongX);
    }

    private static Span<T> Write<T>(Tensor? tensor)
        where T : unmanaged => tensor is null ? [] : tensor.Write<T>();

    /// <summary>What the rule needs.</summary>
    private readonly record struct Layer(Tensor X, Tensor Bias, Tensor Scale, Tensor Shift, Tensor Normalized, Tensor InverseDeviation, Tensor Y);
}
