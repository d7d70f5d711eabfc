namespace Lae.Numerics;

/// <summary>Differentiable layer normalisation: y = (x − mean) / √(variance + ε) over the last axis (Ba, Kiros and Hinton 2016), without scale and shift.</summary>
public static class Normalization
{
    /// <summary>Each row centred and scaled to unit variance.</summary>
    /// <param name="x">At least one axis, the last of which is normalised.</param>
    /// <param name="epsilon">Added to the variance, positive and finite.</param>
    /// <returns>The same shape.</returns>
    public static Tensor LayerNormalize(this Tensor x, double epsilon = 1e-5)
    {
        if (!(epsilon > 0 && double.IsFinite(epsilon)))
        {
            throw new ArgumentOutOfRangeException(nameof(epsilon), epsilon, "Must be positive and finite.");
        }

        int columns = x.Shape[-1];
        int rows = x.Shape.Extent(0, x.Rank - 1);
        Tensor y = Tensor.Uninitialized(x.Workspace, x.Shape, x.DType);
        Tensor inverseDeviation = Tensor.Uninitialized(x.Workspace, new Shape(rows), x.DType);
        if (x.DType == DType.Float32)
        {
            x.Workspace.Engine.Float32.LayerNormalize(rows, columns, (float)epsilon, x.Read<float>(), y.Write<float>(), inverseDeviation.Write<float>());
        }
        else
        {
            x.Workspace.Engine.Float64.LayerNormalize(rows, columns, epsilon, x.Read<double>(), y.Write<double>(), inverseDeviation.Write<double>());
        }

        return GradientFlow.Wants(x) ? Track(x, y, inverseDeviation, rows, columns) : y;

        static Tensor Track(Tensor x, Tensor y, Tensor inverseDeviation, int rows, int columns)
        {
            return y.Tracked((x, y, inverseDeviation, rows, columns), Rule, x);

            static void Rule((Tensor X, Tensor Y, Tensor InverseDeviation, int Rows, int Columns) of, Tensor g, GradientFlow flow)
            {
                (Tensor x, Tensor y, Tensor inverseDeviation, int rows, int columns) = of;
                Tensor along = Tensor.Uninitialized(g.Workspace, x.Shape, x.DType);
                if (x.DType == DType.Float32)
                {
                    g.Workspace.Engine.Float32.LayerNormalizeGradient(
                        rows, columns, y.Read<float>(), inverseDeviation.Read<float>(), g.Read<float>(), along.Write<float>());
                }
                else
                {
                    g.Workspace.Engine.Float64.LayerNormalizeGradient(
                        rows, columns, y.Read<double>(), inverseDeviation.Read<double>(), g.Read<double>(), along.Write<double>());
                }

                flow.Add(x, along);
            }
        }
    }
}
