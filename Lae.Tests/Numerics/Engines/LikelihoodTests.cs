using System.Numerics;
using FsCheck;
using FsCheck.Fluent;
using Lae.Numerics.Engines;
using static Lae.Tests.Numerics.Engines.EngineSamples;

namespace Lae.Tests.Numerics.Engines;

public class LikelihoodTests
{
    [Fact]
    public void Discretised_logistic_agrees_with_the_reference() => Check.One(
        Seeded(),
        Prop.ForAll(Size(200).ToArbitrary(), Seed.ToArbitrary(), (length, seed) =>
        {
            foreach (IEngine engine in Managed)
            {
                // The reference forms the distance of two close arguments, and 1 − e^{−distance}, by subtraction, which costs it half the digits of float32.
                Agrees(length, seed, 0.4, 5000, engine.Float32);
                Agrees(length, seed, 20, 5000, engine.Float32);
                Agrees(length, seed, 0.4, 20000, engine.Float64);
                Agrees(length, seed, 20, 20000, engine.Float64);
            }
        }));

    [Fact]
    public void Bits_do_not_depend_on_length_threads_or_wanted_gradients()
    {
        const int Length = 40_011;
        float[] x = Grid<float>(1, Length);
        float[] mean = Numbers<float>(2, Length);
        float[][] expected = Results(8f, x, mean, Managed[1].Float32);
        foreach (IEngine engine in Managed)
        {
            float[][] all = Results(8f, x, mean, engine.Float32);
            for (int i = 0; i < 3; i++)
            {
                AssertSameBits<float>(expected[i], all[i]);
            }

            for (int length = 1; length < 36; length++)
            {
                float[][] part = Results(8f, x[length..(2 * length)], mean[length..(2 * length)], engine.Float32);
                for (int i = 0; i < 3; i++)
                {
                    AssertSameBits<float>(expected[i].AsSpan(length, length), part[i]);
                }

                float[] alone = new float[length];
                engine.Float32.DiscretizedLogistic(8f, 1f / 255, -1, 1, x.AsSpan(length, length), mean.AsSpan(length, length), alone, [], []);
                AssertSameBits<float>(expected[0].AsSpan(length, length), alone);
            }
        }
    }

    [Fact]
    public void Spoiled_probabilities_are_rejected() =>
        Assert.ThrowsAny<Exception>(() => Agrees(5, 1, 2, 5000, new Planted<double>(Reference.Float64, Fault.LastElement)));

    private static T[] Grid<T>(int seed, int length)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        System.Random random = new(seed);
        T[] x = new T[length];
        for (int i = 0; i < length; i++)
        {
            int level = random.Next(5) switch { 0 => 0, 1 => 255, _ => random.Next(256) };
            x[i] = T.CreateChecked((level / 127.5) - 1);
        }

        return x;
    }

    private static void Agrees<T>(int length, int seed, double inverseScale, double tolerance, IPrimitives<T> primitives)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T[] x = Grid<T>(seed, length);
        T[] mean = Numbers<T>(seed, length, 1.2);
        T[][] expected = Results(T.CreateChecked(inverseScale), x, mean, Of<T>(Reference));
        T[][] actual = Results(T.CreateChecked(inverseScale), x, mean, primitives);
        for (int i = 0; i < expected.Length; i++)
        {
            AssertClose<T>(expected[i], actual[i], tolerance, 1 + inverseScale, $"result {i}");
        }
    }

    private static T[][] Results<T>(T inverseScale, T[] x, T[] mean, IPrimitives<T> primitives)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T[][] results = [new T[x.Length], new T[x.Length], new T[x.Length]];
        primitives.DiscretizedLogistic(inverseScale, T.CreateChecked(1.0 / 255), -T.One, T.One, x, mean, results[0], results[1], results[2]);
        return results;
    }
}
