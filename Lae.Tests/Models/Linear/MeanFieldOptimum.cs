using Lae.Models;
using Lae.Numerics;

namespace Lae.Tests.Models;

/// <summary>
/// What variational learning by Gaussians with independent coordinates can reach where loadings and mean are held, and only the noise variance σ² is free: the greatest value of
/// log p(x; σ²) − KL(σ²), with KL = [Σ log M_jj − log det M]/2 and M = I + WᵀW/σ². By golden sections in log σ².
/// </summary>
/// <param name="Variance">σ² there.</param>
/// <param name="Gap">log p(x) there below the optimum, nats for each datapoint.</param>
/// <param name="BoundGap">The bound there below the optimum.</param>
internal sealed record MeanFieldOptimum(double Variance, double Gap, double BoundGap)
{
    public static MeanFieldOptimum Of(LinearGaussian decoder, Tensor data)
    {
        double optimum = decoder.LogMarginal(data).Mean().ToDouble();
        double centre = Math.Log(decoder.Variances.ElementAt(0));
        (double low, double high) = (centre - 1, centre + 1);
        double ratio = (Math.Sqrt(5) - 1) / 2;
        for (int i = 0; i < 80; i++)
        {
            (double left, double right) = (high - (ratio * (high - low)), low + (ratio * (high - low)));
            (low, high) = Bound(left) > Bound(right) ? (low, right) : (left, high);
        }

        double variance = Math.Exp(0.5 * (low + high));
        return new MeanFieldOptimum(variance, optimum - With(variance).LogMarginal(data).Mean().ToDouble(), optimum - Bound(Math.Log(variance)));

        double Bound(double logVariance)
        {
            LinearGaussian model = With(Math.Exp(logVariance));
            return model.LogMarginal(data).Mean().ToDouble() - Divergence(model);
        }

        LinearGaussian With(double value) => new(decoder.Loadings, decoder.Mean, Tensor.Full(value, decoder.Variances.Shape, DType.Float64));
    }

    /// <summary>The least KL(q ‖ posterior) of any Gaussian q with independent coordinates.</summary>
    public static double Divergence(LinearGaussian model)
    {
        int k = model.Loadings.Shape[1];
        double[] m = model.Factor.MatMul(model.Factor, transposeB: true).ToArray();
        return 0.5 * (Enumerable.Range(0, k).Sum(j => Math.Log(m[(j * k) + j])) - model.LogDeterminant);
    }
}
