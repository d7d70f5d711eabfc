using Lae.Models;
using Lae.Numerics;

namespace Lae.Tests.Models;

/// <summary>The exact answers of any model with a linear decoder and Gaussian noise of one variance, read off its contract: W and μ from what it decodes, σ² from its density.</summary>
internal static class LinearDecoder
{
    public static LinearGaussian Of(ILatentVariableModel model, TensorTree parameters)
    {
        (int d, int k) = (model.Data.Columns, model.LatentSize);
        Tensor offset = model.Decode(parameters, Tensor.Zeros(new Shape(1, k), DType.Float64));
        Tensor loadings = (model.Decode(parameters, Tensor.Identity(k, DType.Float64)) - offset).Transpose();

        // at z = 0 and x = μ the density is −(k/2) log 2π − (d/2) log 2πσ²
        double density = model.Density(parameters, offset).LogDensity(Tensor.Zeros(new Shape(1, k), DType.Float64)).ElementAt(0);
        double variance = Math.Exp(-2.0 / d * (density + (0.5 * k * Math.Log(2 * Math.PI)))) / (2 * Math.PI);
        return new LinearGaussian(loadings, offset.Reshape(d), Tensor.Full(variance, new Shape(d), DType.Float64));
    }
}
