using FsCheck;
using FsCheck.Fluent;
using Lae.Numerics;
using Lae.Targets;
using Lae.Tests.Kernels;
using static Lae.Tests.Kernels.GaussianProblem;

namespace Lae.Tests.Targets;

/// <summary>Tempered, bridged and pulled-back targets against their formulas; changes of variables against numeric Jacobians.</summary>
public sealed class TargetOperationTests
{
    private const int Rows = 4;
    private static readonly Gen<int> Seeds = Gen.Choose(0, 1_000_000);

    [Fact]
    public void Tempering_divides_log_density_and_gradient() => Generated.ForAll(Seeds, seed =>
    {
        Target target = SampleTargets.All[seed % 3];
        double temperature = Math.Pow(10, ((seed % 200) - 100) / 100.0);
        Tensor x = Noise(seed, Rows, target.Dimension);
        LogDensityAndGradient plain = target.Evaluate(x);
        LogDensityAndGradient tempered = target.Temper(temperature).Evaluate(x);
        AssertClose(plain.LogDensity / temperature, tempered.LogDensity, 1e-14);
        AssertClose(plain.Gradient / temperature, tempered.Gradient, 1e-14);
        Assert.Same(target, target.Temper(1));
    });

    [Fact]
    public void A_bridge_is_the_geometric_mean_and_ends_at_its_ends() => Generated.ForAll(Seeds, seed =>
    {
        Target from = GaussianTarget.Standard(3);
        Target to = SampleTargets.Quartic(3);
        Tensor x = Noise(seed, Rows, 3);
        double beta = seed % 101 / 100.0;
        LogDensityAndGradient here = Tempering.Bridge(from, to, beta).Evaluate(x);
        AssertClose((from.Evaluate(x).LogDensity * (1 - beta)) + (to.Evaluate(x).LogDensity * beta), here.LogDensity, 1e-14);
        AssertClose((from.Evaluate(x).Gradient * (1 - beta)) + (to.Evaluate(x).Gradient * beta), here.Gradient, 1e-14);
        Assert.Equal(to.Evaluate(x).LogDensity.ToArray(), Tempering.Bridge(from, to, 1).Evaluate(x).LogDensity.ToArray());
    });

    [Fact]
    public void Inverse_and_log_Jacobian_are_those_of_the_forward_map() => Generated.ForAll(
        Seeds,
        seed =>
        {
            Assert.All(Maps(seed), map =>
            {
                Tensor y = Noise(seed, Rows, 3);
                AssertClose(y, map.Inverse(map.Forward(y)), 1e-11);
                double[] logs = map.LogJacobian(y).ToArray();
                for (int row = 0; row < Rows; row++)
                {
                    Assert.Equal(NumericLogJacobian(map, y.Slice(0, row, 1)), logs[row], 1e-7 * (1 + Math.Abs(logs[row])));
                }
            });
        },
        30);

    [Fact]
    public void A_pulled_back_target_has_the_gradient_of_its_log_density() => Generated.ForAll(
        Seeds,
        seed => Assert.All(Maps(seed), map =>
        {
            // by hand and by differentiation, the one through the vector-Jacobian product, the other straight through
            Target hand = SampleTargets.Quartic(3).PullBack(map);
            Tensor y = Noise(seed + 1, Rows, 3) * 0.5;
            LogDensityAndGradient here = hand.Evaluate(y);
            AssertClose(SampleTargets.Quartic(3).Evaluate(map.Forward(y)).LogDensity + map.LogJacobian(y), here.LogDensity, 1e-14);
            Target funnel = SampleTargets.Funnel(3);
            Assert.All(new[] { hand, funnel.PullBack(map) }, target =>
            {
                LogDensityAndGradient at = target.Evaluate(y);
                for (int i = 0; i < 3; i++)
                {
                    const double Step = 1e-5;
                    Tensor unit = Tensor.FromArray([.. Enumerable.Range(0, 3).Select(j => i == j ? Step : 0.0)]);
                    Tensor numeric = (target.Evaluate(y + unit).LogDensity - target.Evaluate(y - unit).LogDensity) * (0.5 / Step);
                    AssertClose(numeric, at.Gradient.Slice(1, i, 1).Reshape(Rows), 2e-5 * (1 + at.LogDensity.Abs().Max(0).ToDouble()));
                }
            });
        }),
        20);

    [Fact]
    public void A_pulled_back_target_keeps_the_engine_and_memory_of_its_argument()
    {
        Workspace pooled = Workspace.Pooled();
        Tensor y = Noise(1, Rows, 3).CopyTo(pooled);
        Target target = SampleTargets.Funnel(3).PullBack(Bijection.Exp(3));
        double[] expected = target.Evaluate(Noise(1, Rows, 3)).Gradient.ToArray();
        int before = pooled.LiveCount;
        LogDensityAndGradient here = target.Evaluate(y);
        Assert.Equal(expected, here.Gradient.ToArray());
        Assert.InRange(pooled.LiveCount - before, 1, 2);
    }

    [Fact]
    public void Arguments_are_checked()
    {
        Target two = GaussianTarget.Standard(2);
        Assert.Throws<ArgumentOutOfRangeException>(() => two.Temper(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => two.Temper(double.NaN));
        Assert.Throws<ArgumentException>(() => Tempering.Bridge(two, GaussianTarget.Standard(3), 0.5));
        Assert.Throws<ArgumentOutOfRangeException>(() => Tempering.Bridge(two, two, 1.1));
        Assert.Throws<ArgumentException>(() => Bijection.Affine(Tensor.FromArray([0.0, 0]), Tensor.FromArray([1.0, 0])));
        Assert.Throws<ArgumentException>(() => Bijection.Affine(Tensor.FromArray([0.0, 0]), Tensor.FromArray([1.0, 2, 2, 4], 2, 2)));
        Assert.Throws<ArgumentException>(() => Bijection.Affine(Tensor.FromArray([0.0, 0]), Tensor.FromArray([1.0, 2, 2])));
        Assert.Throws<ArgumentException>(() => Bijection.Affine(Tensor.FromArray([0.0, double.NaN]), Tensor.FromArray([1.0, 2])));
        Assert.Throws<ArgumentOutOfRangeException>(() => Bijection.Exp(2, [2]));
        Assert.Throws<ArgumentException>(() => Bijection.Exp(2).Then(Bijection.Exp(3)));
        Assert.Throws<ArgumentException>(() => two.PullBack(Bijection.Exp(3)));
    }

    private static Bijection[] Maps(int seed)
    {
        Bijection diagonal = Bijection.Affine(Noise(seed + 2, 1, 3).Reshape(3), Noise(seed + 3, 1, 3).Reshape(3).Abs() + 0.2);
        Bijection dense = Bijection.Affine(Noise(seed + 4, 1, 3).Reshape(3), ToTensor(Rotation(3, seed) * Positive(3, 0.3, 2, seed + 5)));
        return [diagonal, dense, Bijection.Exp(3), Bijection.Exp(3, [1]), dense.Then(Bijection.Exp(3, [0, 2])), Bijection.Exp(3, [2]).Then(diagonal)];
    }

    private static double NumericLogJacobian(Bijection map, Tensor y)
    {
        const double Step = 1e-5;
        Tensor unit = Tensor.Identity(3, DType.Float64) * Step;
        Tensor columns = (map.Forward(y + unit) - map.Forward(y - unit)) * (0.5 / Step);
        return Math.Log(Math.Abs(ToMatrix(columns).Determinant()));
    }

    private static void AssertClose(Tensor expected, Tensor actual, double tolerance) =>
        Assert.All(expected.ToArray().Zip(actual.ToArray()), pair => Assert.True(Math.Abs(pair.First - pair.Second) <= tolerance * (1 + Math.Abs(pair.First)), $"{pair.First:R} and {pair.Second:R}"));
}
