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

    /// <summary>Sizes about the borders of a block of rows (48), and columns about a register and about a stripe (128 or 256).</summary>
    [Theory]
    [InlineData(1, 1, 7, 33)]
    [InlineData(47, 1, 7, 33)]
    [InlineData(48, 1, 7, 33)]
    [InlineData(49, 7, 128, 129, 300)]
    [InlineData(63, 1, 33)]
    [InlineData(64, 1, 33)]
    [InlineData(65, 1, 33)]
    [InlineData(96, 7, 257)]
    [InlineData(97, 1, 7, 33)]
    [InlineData(130, 1, 7, 33)]
    [InlineData(200, 1, 7, 33)]
    public void Blocks_of_rows_leave_no_trace(int size, params int[] columns)
    {
        foreach (IEngine engine in Managed)
        {
            foreach (int count in columns)
            {
                SolvesAgree(size, count, size + count, engine.Float32);
                SolvesAgree(size, count, size + count, engine.Float64);
            }
        }
    }

    [Theory]
    [InlineData(9, 5, 5, 0.0)]
    [InlineData(9, 5, 5, -1.0)]
    [InlineData(9, 5, 5, double.NaN)]
    [InlineData(9, 5, 5, double.PositiveInfinity)]
    [InlineData(9, 5, 2, double.NaN)]
    [InlineData(130, 0, 0, -1.0)]
    [InlineData(130, 47, 47, 0.0)]
    [InlineData(130, 47, 3, double.NaN)]
    [InlineData(130, 48, 48, 0.0)]
    [InlineData(130, 48, 47, double.PositiveInfinity)]
    [InlineData(130, 100, 100, -1.0)]
    [InlineData(130, 100, 97, double.NaN)]
    [InlineData(130, 129, 60, double.NaN)]
    [InlineData(130, 129, 129, double.PositiveInfinity)]
    public void The_first_bad_pivot_is_named(int size, int row, int column, double bad)
    {
        double[] a = PositiveDefinite<double>(size, 1);
        a[(row * size) + column] = bad;
        double[] l = new double[size * size];
        Assert.Equal(row, Reference.Float64.Cholesky(size, a, l));
        Assert.All(Managed, engine => Assert.Equal(row, engine.Float64.Cholesky(size, a, l)));
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

    /// <summary>Each fifth row and column is 0 but for the diagonal; below it −0.</summary>
    private static T[] PositiveDefinite<T>(int size, int seed)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T[] root = Numbers<T>(seed, size * size);
        for (int row = 4; row < size; row += 5)
        {
            root.AsSpan(row * size, size).Clear();
        }

        T[] a = new T[size * size];
        Of<T>(Reference).MatrixProduct(new(size, size, size, false, true, false), root, root, a);
        for (int i = 0; i < size; i++)
        {
            if (i % 5 == 4)
            {
                a.AsSpan(i * size, i).Fill(T.NegativeZero);
            }

            a[(i * size) + i] += T.One;
        }

        return a;
    }

    /// <summary>NaN where nothing may be read.</summary>
    private static void SpoilAbove<T>(int size, T[] matrix)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int row = 0; row < size; row++)
        {
            matrix.AsSpan((row * size) + row + 1, size - row - 1).Fill(T.NaN);
        }
    }

    private static void SolvesAgree<T>(int size, int columns, int seed, IPrimitives<T> primitives)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T[] a = PositiveDefinite<T>(size, seed);
        SpoilAbove(size, a);
        T[] expected = new T[a.Length];
        T[] actual = Numbers<T>(5, a.Length);
        Assert.Equal(-1, Of<T>(Reference).Cholesky(size, a, expected));
        Assert.Equal(-1, primitives.Cholesky(size, a, actual));
        AssertSameBits<T>(expected, actual, "factor");
        SpoilAbove(size, expected);
        T[] b = Numbers<T>(seed + 1, size * columns);
        for (int i = 0; i < b.Length; i++)
        {
            // zeros of both signs, for the sign of what comes of them is a bit of the result too
            b[i] = i % columns % 3 == 2 ? T.CopySign(T.Zero, b[i]) : b[i];
        }

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
