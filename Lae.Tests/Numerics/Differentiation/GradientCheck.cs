using Lae.Numerics;
using Xunit.Sdk;

namespace Lae.Tests.Numerics;

/// <summary>
/// Holds the gradient of a function of tensors against central differences in double precision. The result is made a scalar by a random
/// linear functional, ⟨w, f(x)⟩, so that every element of the result counts.
/// </summary>
/// <remarks>
/// The difference is (8 [F(x + h) − F(x − h)] − [F(x + 2h) − F(x − 2h)]) / 12h, of order h⁴: inputs stay at least 2h = 0.002 from kinks.
/// Beside it: shapes and types of the gradients, the value of a tracked run against an untracked, one gradient at a time against all at once
/// (bit for bit), and value and gradients in single precision against double.
/// </remarks>
internal static class GradientCheck
{
    private const double Step = 1e-3;
    private const double Tolerance = 1e-6;
    private const double SingleTolerance = 1e-3;

    /// <summary>Errors below this times the tolerance count as rounding.</summary>
    private const double Floor = 1e-2;

    public static void Against(Func<Tensor, Tensor> f, Tensor x) => Against(inputs => f(inputs[0]), [x]);

    public static void Against(Func<Tensor, Tensor, Tensor> f, Tensor a, Tensor b) => Against(inputs => f(inputs[0], inputs[1]), [a, b]);

    public static void Against(Func<IReadOnlyList<Tensor>, Tensor> f, params Tensor[] inputs)
    {
        Tensor value = f(inputs);
        Tensor weights = Given.AwayFromZero(value.Shape, 4711);
        Tensor[] gradients = Gradients(f, inputs, weights);
        for (int i = 0; i < inputs.Length; i++)
        {
            Assert.Equal(inputs[i].Shape, gradients[i].Shape);
            Assert.Equal(DType.Float64, gradients[i].DType);
            Assert.False(gradients[i].IsTracked);
            AssertClose(Differences(f, inputs, i, weights), gradients[i].ToArray(), Tolerance, Floor, $"input {i}, {inputs[i].Shape}");
            AssertAlone(f, inputs, i, value, gradients[i]);
        }

        Tensor[] singleInputs = [.. inputs.Select(input => input.Cast(DType.Float32))];
        AssertSingleValue(value, f(singleInputs));
        Tensor[] singles = Gradients(f, singleInputs, weights.Cast(DType.Float32));
        for (int i = 0; i < inputs.Length; i++)
        {
            Assert.Equal(DType.Float32, singles[i].DType);
            AssertClose(gradients[i].ToArray(), singles[i].ToArray(), SingleTolerance, 1, $"single precision, input {i}, {inputs[i].Shape}");
        }
    }

    private static Tensor[] Gradients(Func<IReadOnlyList<Tensor>, Tensor> f, Tensor[] inputs, Tensor weights)
    {
        TensorTree tree = TensorTree.Of(inputs.Select((input, i) => ($"input{i}", input)));
        return [.. Differentiation.ValueAndGradient(leaves => (f(leaves.Leaves) * weights).Sum(), tree).Gradient.Leaves];
    }

    /// <summary>The gradient of one input while the others are constants, seeded with ones as a log density is.</summary>
    private static void AssertAlone(Func<IReadOnlyList<Tensor>, Tensor> f, Tensor[] inputs, int index, Tensor value, Tensor joint)
    {
        Tensor weights = Given.AwayFromZero(value.Shape, 4711);
        ValueAndGradient alone = Differentiation.ValueAndGradient(x => f(With(inputs, index, x)), inputs[index]);
        Assert.Equal(value.ToArray(), alone.Value.ToArray());
        Assert.Equal(value.Shape, alone.Value.Shape);
        Assert.Equal(inputs[index].Shape, alone.Gradient.Shape);
        Tensor weighted = Differentiation.ValueAndGradient(x => (f(With(inputs, index, x)) * weights).Sum(), inputs[index]).Gradient;
        Assert.Equal(joint.ToArray(), weighted.ToArray());
    }

    private static double[] Differences(Func<IReadOnlyList<Tensor>, Tensor> f, Tensor[] inputs, int index, Tensor weights)
    {
        double[] x = inputs[index].ToArray();
        double[] differences = new double[x.Length];
        for (int i = 0; i < x.Length; i++)
        {
            double At(double offset)
            {
                double[] moved = [.. x];
                moved[i] += offset;
                Tensor input = Tensor.FromSpan<double>(inputs[index].Workspace, moved, inputs[index].Shape);
                double sum = 0;
                double[] values = f(With(inputs, index, input)).ToArray();
                for (int k = 0; k < values.Length; k++)
                {
                    sum += weights.ElementAt(k) * values[k];
                }

                return sum;
            }

            differences[i] = ((8 * (At(Step) - At(-Step))) - (At(2 * Step) - At(-2 * Step))) / (12 * Step);
        }

        return differences;
    }

    private static Tensor[] With(Tensor[] inputs, int index, Tensor replacement)
    {
        Tensor[] replaced = [.. inputs];
        replaced[index] = replacement;
        return replaced;
    }

    private static void AssertSingleValue(Tensor value, Tensor single)
    {
        Assert.Equal(DType.Float32, single.DType);
        Assert.Equal(value.Shape, single.Shape);
        foreach ((double expected, double actual) in value.ToArray().Zip(single.ToArray()))
        {
            // an empty axis gives the same NaN or infinity in both types
            bool close = expected.Equals(actual) || Math.Abs(expected - actual) <= SingleTolerance * Math.Max(1, Math.Abs(expected));
            Assert.True(close, $"In single precision {actual:R} where {expected:R} was expected.");
        }
    }

    private static void AssertClose(double[] expected, double[] actual, double tolerance, double floor, string what)
    {
        for (int i = 0; i < expected.Length; i++)
        {
            double scale = Math.Max(floor, Math.Max(Math.Abs(expected[i]), Math.Abs(actual[i])));

            // written so that NaN fails
            if (!(Math.Abs(expected[i] - actual[i]) <= tolerance * scale))
            {
                throw new XunitException($"Gradient of {what}, element {i}: {actual[i]:R} where {expected[i]:R} was expected.");
            }
        }
    }
}
