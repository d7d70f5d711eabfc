using Lae.Numerics;
using Lae.Randomness;
using Lae.Targets;

namespace Lae.Tests.Targets;

/// <summary>The funnel is the product of its two densities, and its exact draws have both laws.</summary>
public sealed class FunnelTests
{
    [Fact]
    public void The_density_is_that_of_v_times_that_of_x_given_v()
    {
        double[] at = [1.3, 0.4, -2, 0.7];
        double expected = Normal(1.3, 0, 2) + Enumerable.Range(1, 3).Sum(i => Normal(at[i], 0, Math.Exp(0.65)));
        Assert.Equal(expected, Funnel.Create(4, 2).Target.Evaluate(Tensor.FromArray(at, 1, 4)).LogDensity.ToArray()[0], 1e-12);

        static double Normal(double x, double mean, double deviation) => -Math.Log(deviation) - (0.5 * Math.Log(2 * Math.PI)) - (0.5 * Math.Pow((x - mean) / deviation, 2));
    }

    /// <summary>v/s and x e^(−v/2) of exact draws are standard normal: first four moments within 5 standard errors.</summary>
    [Fact]
    public void Exact_draws_have_the_law()
    {
        const int Draws = 40_000;
        double[] draws = Funnel.Create(3, 2).Draw(RandomKey.FromSeed(3), Draws).ToArray();
        double[] v = [.. Enumerable.Range(0, Draws).Select(i => draws[3 * i] / 2)];
        double[] x = [.. Enumerable.Range(0, Draws).Select(i => draws[(3 * i) + 2] * Math.Exp(-0.5 * draws[3 * i]))];
        foreach (double[] z in new[] { v, x })
        {
            double root = Math.Sqrt(Draws);
            Assert.InRange(z.Average() * root, -5, 5);
            Assert.InRange((z.Average(value => value * value) - 1) * root / Math.Sqrt(2), -5, 5);
            Assert.InRange((z.Average(value => Math.Pow(value, 4)) - 3) * root / Math.Sqrt(96), -5, 5);
        }

        Assert.InRange(v.Zip(x, (a, b) => a * b).Average() * Math.Sqrt(Draws), -5, 5);
    }

    [Fact]
    public void What_cannot_be_is_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Funnel.Create(1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Funnel.Create(3, 0));
    }
}
