using System.Numerics;
using FsCheck;
using FsCheck.Fluent;
using Lae.Numerics.Engines;
using Lae.Numerics.Engines.Managed;
using static Lae.Tests.Numerics.Engines.EngineSamples;

namespace Lae.Tests.Numerics.Engines;

/// <summary>The fused likelihood of a logistic regression: against its composition of primitives, and bit for bit whatever divides the work.</summary>
public sealed class LogisticLikelihoodTests
{
    [Fact]
    public void It_agrees_with_the_composition_of_primitives() => Check.One(
        Seeded(40),
        Prop.ForAll(
            Gen.Zip(Size(700), Gen.Choose(1, 9)).ToArbitrary(), Gen.Zip(Gen.Choose(1, 11), Gen.Elements(0.1, 3, 300)).ToArbitrary(), Seed.ToArbitrary(), (size, at, seed) =>
            {
                foreach (IEngine engine in Managed)
                {
                    Agrees(size.Item1, size.Item2, at.Item1, at.Item2, seed, engine.Float64);
                    Agrees(size.Item1, size.Item2, at.Item1, at.Item2, seed, engine.Float32);
                }
            }));

    [Theory]
    [InlineData(4096)]
    [InlineData(4097)]
    [InlineData(20_000)]
    public void It_agrees_over_several_blocks(int rows)
    {
        Agrees(rows, 3, 2, 1, 5, Managed[3].Float64);
        Agrees(rows, 3, 2, 1, 5, Managed[3].Float32);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1000, 1)]
    [InlineData(10_000, 1)]
    [InlineData(1, 0.1)]
    [InlineData(1000, 0.1)]
    [InlineData(10_000, 0.4)]
    public void Bits_depend_on_the_chain_alone(int rows, double scale)
    {
        const int Chains = 19;
        const int Columns = 7;
        double[] design = Design<double>(rows, Columns, 1);
        // by the scale all chains have modest logits, or some, or none
        double[] position = Numbers<double>(2, Chains * Columns, scale);
        (double[] expected, double[] slopes) = Results(rows, Columns, design, position, Managed[0].Float64);
        foreach (ManagedEngine engine in Managed)
        {
            (double[] values, double[] gradient) = Results(rows, Columns, design, position, engine.Float64);
            AssertSameBits<double>(expected, values);
            AssertSameBits<double>(slopes, gradient);
            for (int chain = 0; chain < Chains; chain += 6)
            {
                (double[] own, double[] ownSlopes) = Results(rows, Columns, design, position[(chain * Columns)..((chain + 1) * Columns)], engine.Float64);
                AssertSameBits<double>(expected.AsSpan(chain, 1), own);
                AssertSameBits<double>(slopes.AsSpan(chain * Columns, Columns), ownSlopes);
            }
        }
    }

    [Fact]
    public void Products_of_a_whole_block_neither_overflow_nor_lose_digits()
    {
        // at 0 each factor is 2, the greatest there is: log L = −n ln 2
        foreach (ManagedEngine engine in Managed)
        {
            double value = Results(9000, 1, Design<double>(9000, 1, 3), [0], engine.Float64).Values[0];
            Assert.Equal(-9000 * Math.Log(2), value, 1e-13 * 9000);
            Assert.Equal(-9000 * Math.Log(2), Results(9000, 1, Design<float>(9000, 1, 3), [0f], engine.Float32).Values[0], 0.01);
        }
    }

    [Fact]
    public void At_the_border_of_modest_logits_products_are_finite_and_both_ways_agree()
    {
        const int Rows = 9000;
        double[] packed = new double[SignedDesign.Length(Rows, 1)];
        SignedDesign.Pack(1, [.. Enumerable.Repeat(1d, Rows)], new double[Rows], packed);
        double slope = 1 / (1 + Math.Exp(-10d));
        foreach (ManagedEngine engine in Managed)
        {
            foreach (double u in new[] { 10, Math.BitIncrement(10d) })
            {
                // every datum is told wrong: z = −u
                (double[] values, double[] gradient) = Results(Rows, 1, packed, [u], engine.Float64);
                Assert.Equal(-Rows * (u + Math.Log(1 + Math.Exp(-u))), values[0], 1e-13 * Rows * u);
                Assert.Equal(-Rows * slope, gradient[0], 1e-14 * Rows);

                // and right: z = u
                (values, gradient) = Results(Rows, 1, packed, [-u], engine.Float64);
                Assert.Equal(-Rows * Math.Log(1 + Math.Exp(-u)), values[0], 1e-15 * Rows);
                Assert.Equal(-Rows * (1 - slope), gradient[0], 1e-15 * Rows);
            }
        }
    }

    [Fact]
    public void The_magnitudes_of_columns_stand_after_the_tiles()
    {
        double[] packed = new double[SignedDesign.Length(3, 2)];
        SignedDesign.Pack(2, [1, -2, -7, 0.5, 3, 1], [0, 1, 0], packed);
        Assert.Equal(130, packed.Length);
        Assert.Equal([7, 2], packed[^2..]);
    }

    [Fact]
    public void Extreme_logits_and_positions_that_are_no_numbers()
    {
        double[] packed = new double[SignedDesign.Length(2, 1)];
        SignedDesign.Pack(1, [1, 2], [0, 1], packed);
        foreach (IPrimitives<double> primitives in Managed.Select(engine => engine.Float64).Append(Reference.Float64))
        {
            // z = −u and 2 u
            Assert.Equal((-1000, -1), Only(1000));
            Assert.Equal((-2000, 2), Only(-1000));
            Assert.Equal((-1e300, -1), Only(1e300));
            Assert.True(Only(double.NaN) is { Value: double.NaN, Slope: double.NaN });
            Assert.False(double.IsFinite(Only(double.PositiveInfinity).Value));

            (double Value, double Slope) Only(double u)
            {
                (double[] values, double[] gradient) = Results(2, 1, packed, [u], primitives);
                return (values[0], gradient[0]);
            }
        }
    }

    [Fact]
    public void A_position_that_is_no_number_spoils_no_other_chain()
    {
        double[] design = Design<double>(130, 2, 4);
        double[] position = [0.3, double.NaN, 0.5, -0.2, double.PositiveInfinity, 1];
        foreach (ManagedEngine engine in Managed)
        {
            (double[] values, double[] gradient) = Results(130, 2, design, position, engine.Float64);
            (double[] own, double[] slopes) = Results(130, 2, design, [0.5, -0.2], engine.Float64);
            Assert.True(double.IsNaN(values[0]) && double.IsNaN(gradient[0]) && double.IsNaN(gradient[1]) && !double.IsFinite(values[2]));
            AssertSameBits<double>(own, values.AsSpan(1, 1));
            AssertSameBits<double>(slopes, gradient.AsSpan(2, 2));
        }
    }

    [Fact]
    public void Spoiled_likelihoods_are_rejected() =>
        Assert.ThrowsAny<Exception>(() => Agrees(100, 3, 2, 1, 5, new Planted<double>(Reference.Float64, Fault.LastElement)));

    private static void Agrees<T>(int rows, int columns, int chains, double scale, int seed, IPrimitives<T> primitives)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T[] design = Design<T>(rows, columns, seed);
        T[] position = Numbers<T>(seed + 1, chains * columns, scale);
        (T[] expected, T[] slopes) = Results(rows, columns, design, position, Of<T>(Reference));
        (T[] values, T[] gradient) = Results(rows, columns, design, position, primitives);
        // each logit is off by a few units of its size, and so is each term
        AssertClose<T>(expected, values, 8, rows * (1 + scale * columns), "log likelihood");
        AssertClose<T>(slopes, gradient, 8, rows * (1 + scale * columns), "gradient");
    }

    private static T[] Design<T>(int rows, int columns, int seed)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        System.Random random = new(seed);
        double[] packed = new double[SignedDesign.Length(rows, columns)];
        SignedDesign.Pack(columns, Numbers<double>(seed, rows * columns), [.. Enumerable.Range(0, rows).Select(_ => (double)random.Next(2))], packed);
        return Array.ConvertAll(packed, T.CreateChecked);
    }

    private static (T[] Values, T[] Gradient) Results<T>(int rows, int columns, T[] design, T[] position, IPrimitives<T> primitives)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        (T[] values, T[] gradient) = (new T[position.Length / columns], new T[position.Length]);
        primitives.LogisticLikelihood(rows, columns, design, position, values, gradient);
        return (values, gradient);
    }
}
