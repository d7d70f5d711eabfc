using Lae.Numerics;
using Lae.Targets;
using MathNet.Numerics.LinearAlgebra;

namespace Lae.Tests.Kernels;

/// <summary>Targets made of others, in which a symmetric kernel must step as in the first.</summary>
internal static class MappedTargets
{
    /// <summary>U'(y) = U(M⁻¹ y), with gradient M⁻ᵀ ∇U(M⁻¹ y).</summary>
    public static Target Mapped(this Target target, Matrix<double> m)
    {
        Tensor inverse = GaussianProblem.ToTensor(m.Inverse());
        return Target.FromGradient(
            target.Dimension,
            y => target.Evaluate(y.MatMul(inverse, transposeB: true)) is var at ? at with { Gradient = at.Gradient.MatMul(inverse) } : at,
            name: $"{target.Name}, mapped");
    }

    public static Target Translated(this Target target, Tensor shift) => Target.FromGradient(target.Dimension, x => target.Evaluate(x - shift), name: $"{target.Name}, translated");

    public static Target Raised(this Target target, double constant) => Target.FromGradient(
        target.Dimension, x => target.Evaluate(x) is var at ? at with { LogDensity = at.LogDensity + constant } : at, name: $"{target.Name}, raised");

    /// <summary>U/T.</summary>
    public static Target Tempered(this Target target, double temperature) => Target.FromGradient(
        target.Dimension, x => target.Evaluate(x) is var at ? new LogDensityAndGradient(at.LogDensity / temperature, at.Gradient / temperature) : at, name: $"{target.Name}, tempered");

    /// <summary>The product of two targets, the coordinates of the first before those of the second.</summary>
    public static Target Product(Target first, Target second) => Target.FromGradient(
        first.Dimension + second.Dimension,
        x =>
        {
            LogDensityAndGradient a = first.Evaluate(x.Slice(1, 0, first.Dimension));
            LogDensityAndGradient b = second.Evaluate(x.Slice(1, first.Dimension, second.Dimension));
            return new LogDensityAndGradient(a.LogDensity + b.LogDensity, Shaping.Join(1, [a.Gradient, b.Gradient]));
        },
        name: $"{first.Name} × {second.Name}");

    /// <summary>Every row mapped by a matrix.</summary>
    public static Tensor Times(this Tensor rows, Matrix<double> m) => rows.MatMul(GaussianProblem.ToTensor(m), transposeB: true);

    /// <summary>Equal up to a tolerance relative to 1 + the largest value.</summary>
    public static void AssertSame(Tensor a, Tensor b, double tolerance)
    {
        double scale = 1 + a.Abs().Flatten().Max(0).ToDouble();
        double gap = (a - b).Abs().Flatten().Max(0).ToDouble();
        Assert.True(gap <= tolerance * scale, $"off by {gap:G3} at scale {scale:G3}");
    }
}
