using Lae.Numerics;
using Lae.Targets;

namespace Lae.Tests.Kernels;

/// <summary>Targets that are not Gaussian: a quartic with a gradient by hand, logistic regression and a funnel by differentiation.</summary>
internal static class SampleTargets
{
    public static Target[] All { get; } = [Quartic(3), LogisticRegression(4), Funnel(3)];

    /// <summary>U = Σ x⁴/4 + |x|²/2 − Σ x_i x_(i+1) / 2.</summary>
    public static Target Quartic(int dimension)
    {
        return Target.FromGradient(dimension, Evaluate, name: "quartic");

        LogDensityAndGradient Evaluate(Tensor x)
        {
            Tensor coupling = Tensor.FromArray([.. Enumerable.Range(0, dimension * dimension).Select(i => Math.Abs((i / dimension) - (i % dimension)) == 1 ? 0.5 : 0.0)], dimension, dimension);
            Tensor neighbours = x.MatMul(coupling);
            Tensor cube = x.Square() * x;
            Tensor energy = (cube * x).Sum(1) * 0.25 + (x.Square().Sum(1) * 0.5) - ((neighbours * x).Sum(1) * 0.5);
            return new LogDensityAndGradient(-energy, -(cube + x - neighbours));
        }
    }

    /// <summary>Logistic regression on 25 generated rows with a standard normal prior.</summary>
    public static Target LogisticRegression(int dimension)
    {
        Tensor data = GaussianProblem.Noise(11, 25, dimension);
        Tensor labels = Elementwise.Greater(GaussianProblem.Noise(12, 1, 25).Reshape(25), Tensor.Zeros(new Shape(25), DType.Float64));
        return Target.FromFunction(
            dimension,
            x =>
            {
                Tensor logits = x.MatMul(data, transposeB: true);
                return (labels * logits - logits.Softplus()).Sum(1) - (x.Square().Sum(1) * 0.5);
            },
            name: "logistic regression");
    }

    /// <summary>Neal's funnel: v ~ N(0, 1.5²), the others N(0, eᵛ).</summary>
    public static Target Funnel(int dimension) => Target.FromFunction(
        dimension,
        x =>
        {
            Tensor v = x.Slice(1, 0, 1);
            Tensor rest = x.Slice(1, 1, dimension - 1);
            return (v.Square() * (-0.5 / 2.25)).Sum(1) - (rest.Square() * (-v).Exp()).Sum(1) * 0.5 - (v.Sum(1) * (0.5 * (dimension - 1)));
        },
        name: "funnel");
}
