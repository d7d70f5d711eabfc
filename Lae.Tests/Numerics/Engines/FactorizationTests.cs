using System.Numerics;
using FsCheck;
using FsCheck.Fluent;
using Lae.Numerics.Engines;
using static Lae.Tests.Numerics.Engines.EngineSamples;

namespace Lae.Tests.Numerics.Engines;

public class FactorizationTests
{
    [Fact]
    public void Cholesky_and_solves_have_the_bits_of_the_reference() => Check.One(
        Seeded(),
        Prop.ForAll(Size(40).ToArbitrary(), Size(40).ToArbitrary(), Seed.ToArbitrary(), (size, columns, seed) =>
        {
            foreach (IEngine engine in Managed)
            {
                SolvesAgree(size, columns, seed, engine.Float32);
                SolvesAgree(size, columns, seed, engine.Float64);
            }
        }));

    [Theory]
    [InlineData(0.0)]
    [InlineData(-1.0)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void The_first_bad_pivot_is_named(double bad)
    {
        double[] a = PositiveDefinite<double>(9, 1);
        a[(5 * 9) + 5] = bad;
        double[] l = new double[81];
        Assert.Equal(5, Reference.Float64.Cholesky(9, a, l));
        Assert.All(Managed, engine => Assert.Equal(5, engine.Float64.Cholesky(9, a, l)));
    }

    [Fact]
    public void Wide_solves_are_shared_without_a_trace()
    {
        float[] l = new float[60 * 60];
        Managed[0].Float32.Cholesky(60, PositiveDefinite<float>(60, 3), l);
        float[] b = Numbers<float>(4, 60 * 1030);
        float[] expected = new float[b.Length];
        Managed[0].Float32.TriangularSolve(60, 1030, true, l, b, expected);
        float[] actual = new float[b.Length];
        Managed[^1].Float32.TriangularSolve(60, 1030, true, l, b, actual);
        AssertSameBits<float>(expected, actual);
    }

    [Fact]
    public void Symmetric_eigen_agrees_with_the_reference() => Check.One(
        Seeded(40),
        Prop.ForAll(Size(16).ToArbitrary(), Seed.ToArbitrary(), (size, seed) =>
        {
            EigenAgrees(size, seed, Managed[1].Float32);
            EigenAgrees(size, seed, Managed[1].Float64);
        }));

    [Fact]
    public void Eigenvectors_of_a_multiple_eigenvalue_are_orthonormal()
    {
        double[] a = new double[36];
        for (int i = 0; i < 6; i++)
        {
            a[(i * 6) + i] = i < 4 ? 2 : -1;
        }

        double[] values = new double[6];
        double[] vectors = new double[36];
        Managed[0].Float64.SymmetricEigen(6, a, values, vectors);
        Assert.Equal([-1, -1, 2, 2, 2, 2], values);
        double[] gram = new double[36];
        Reference.Float64.MatrixProduct(new(6, 6, 6, true, false, false), vectors, vectors, gram);
        for (int i = 0; i < 36; i++)
        {
            Assert.Equal(i % 7 == 0 ? 1 : 0, gram[i], 14);
        }
    }

    [Fact]
    public void Spoiled_factors_are_rejected()
    {
        Assert.ThrowsAny<Exception>(() => SolvesAgree(4, 3, 1, new Planted<double>(Reference.Float64, Fault.LastBit)));
        Assert.ThrowsAny<Exception>(() => EigenAgrees(4, 3, new Planted<double>(Reference.Float64, Fault.LastElement)));
    }

    private static T[] PositiveDefinite<T>(int size, int seed)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T[] root = Numbers<T>(seed, size * size);
        T[] a = new T[size * size];
        Of<T>(Reference).MatrixProduct(new(size, size, size, false, true, false), root, root, a);
        for (int i = 0; i < size; i++)
        {
            a[(i * size) + i] += T.One;
        }

        return a;
    }

    private static void SolvesAgree<T>(int size, int columns, int seed, IPrimitives<T> primitives)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T[] a = PositiveDefinite<T>(size, seed);
        T[] expected = new T[a.Length];
        T[] actual = Numbers<T>(5, a.Length);
        Assert.Equal(-1, Of<T>(Reference).Cholesky(size, a, expected));
        Assert.Equal(-1, primitives.Cholesky(size, a, actual));
        AssertSameBits<T>(expected, actual, "factor");
        T[] b = Numbers<T>(seed + 1, size * columns);
        T[] x = new T[b.Length];
        T[] y = new T[b.Length];
        foreach (bool transpose in new[] { false, true })
        {
            Of<T>(Reference).TriangularSolve(size, columns, transpose, expected, b, x);
            primitives.TriangularSolve(size, columns, transpose, expected, b, y);
            AssertSameBits<T>(x, y, "solution");
        }
    }

    private static void EigenAgrees<T>(int size, int seed, IPrimitives<T> primitives)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T[] a = Numbers<T>(seed, size * size);
        for (int i = 0; i < size; i++)
        {
            for (int j = 0; j < i; j++)
            {
                a[(i * size) + j] = a[(j * size) + i];
            }
        }

        T[] expected = new T[size];
        T[] values = new T[size];
        T[] vectors = new T[a.Length];
        Of<T>(Reference).SymmetricEigen(size, a, expected, vectors);
        primitives.SymmetricEigen(size, a, values, vectors);
        AssertClose<T>(expected, values, 50, 4, "eigenvalues");

        // A V = V Λ, which names the vectors up to sign, and the sign by the largest entry.
        T[] left = new T[a.Length];
        T[] right = new T[a.Length];
        Of<T>(Reference).MatrixProduct(new(size, size, size, false, false, false), a, vectors, left);
        for (int i = 0; i < a.Length; i++)
        {
            right[i] = vectors[i] * values[i % Math.Max(1, size)];
        }

        AssertClose<T>(left, right, 50, 4, "residual");
        for (int column = 0; column < size; column++)
        {
            T largest = T.Zero;
            T norm = T.Zero;
            for (int row = 0; row < size; row++)
            {
                T entry = vectors[(row * size) + column];
                norm += entry * entry;
                largest = T.Abs(entry) > T.Abs(largest) ? entry : largest;
            }

            Assert.True(largest > T.Zero);
            AssertClose<T>([T.One], [norm], 20, 1, "norm");
        }
    }
}
