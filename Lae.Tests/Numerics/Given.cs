using FsCheck;
using FsCheck.Fluent;
using Lae.Numerics;

namespace Lae.Tests.Numerics;

/// <summary>Generated shapes and values. A generator draws shapes and a seed; the values are a pure function of shape and seed.</summary>
internal static class Given
{
    private const ulong ReplaySeed = 20220607;
    private const ulong ReplayGamma = 9218868437227405311;

    public static Gen<int> Seeds => Gen.Choose(0, 1 << 30);

    /// <summary>Extents with empty and single ones among them.</summary>
    public static Gen<int> Extents => Gen.Frequency((1, Gen.Constant(0)), (2, Gen.Constant(1)), (3, Gen.Constant(2)), (3, Gen.Constant(3)));

    /// <summary>A law over generated cases, the same cases on every run.</summary>
    public static void ForAll<T>(Gen<T> cases, Action<T> law, int count = 25) =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(count).WithReplay(ReplaySeed, ReplayGamma), Prop.ForAll(cases.ToArbitrary(), law));

    public static Gen<Shape> Shapes(int minimumRank = 0, int maximumRank = 4) =>
        from rank in Gen.Choose(minimumRank, maximumRank)
        from sizes in Extents.ArrayOf(rank)
        select new Shape(sizes);

    /// <summary>One shape and a seed.</summary>
    public static Gen<ShapeCase> Cases(int minimumRank = 0, int maximumRank = 4) =>
        from shape in Shapes(minimumRank, maximumRank)
        from seed in Seeds
        select new ShapeCase(shape, seed);

    /// <summary>Two shapes that broadcast: each is the common shape with some axes set to 1 and some leading axes left out.</summary>
    public static Gen<PairCase> Pairs() =>
        from common in Shapes()
        from repeatA in Gen.Choose(0, 1).ArrayOf(common.Rank)
        from repeatB in Gen.Choose(0, 2).ArrayOf(common.Rank)
        from dropA in Gen.Choose(0, 6)
        from dropB in Gen.Choose(0, 6)
        from seed in Seeds
        select new PairCase(
            Repeated(common, repeatA, dropA),
            // an axis that the first repeats is whole in the second, and the other way round in two cases of three
            Repeated(common, [.. repeatB.Select((draw, axis) => draw == 0 && repeatA[axis] == 0 ? 1 : 0)], dropB),
            seed);

    /// <summary>Values spread evenly over [low, high].</summary>
    public static Tensor Uniform(Shape shape, int seed, double low = -1.5, double high = 1.5)
    {
        Random random = new(seed);
        double[] values = new double[shape.Count];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = low + ((high - low) * random.NextDouble());
        }

        return Tensor.FromSpan<double>(Workspace.Default, values, shape);
    }

    /// <summary>Values of both signs with magnitudes in [0.4, 1.8]: away from a kink or a pole at 0.</summary>
    public static Tensor AwayFromZero(Shape shape, int seed)
    {
        Tensor magnitude = Uniform(shape, seed, 0.4, 1.8);
        return magnitude * Uniform(shape, seed + 1).Sign();
    }

    /// <summary>Values on the grid offset + 0.2 k: two tensors with offsets 0 and 0.1 are nowhere near each other.</summary>
    public static Tensor OnGrid(Shape shape, int seed, double offset)
    {
        Random random = new(seed);
        double[] values = new double[shape.Count];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = offset + (0.2 * random.Next(-8, 8));
        }

        return Tensor.FromSpan<double>(Workspace.Default, values, shape);
    }

    /// <summary>Distinct values, at least 0.05 from each other, in random order.</summary>
    public static Tensor Distinct(Shape shape, int seed)
    {
        Random random = new(seed);
        double[] values = [.. Enumerable.Range(0, shape.Count).Select(i => (0.05 * i) - 1)];
        random.Shuffle(values);
        return Tensor.FromSpan<double>(Workspace.Default, values, shape);
    }

    private static Shape Repeated(Shape common, int[] repeat, int drop)
    {
        int[] sizes = [.. common.ToArray().Select((size, axis) => repeat[axis] == 1 ? 1 : size)];

        // leading axes can be left out only where they are 1
        int leading = sizes.TakeWhile(size => size == 1).Count();
        return new Shape(sizes.AsSpan(Math.Min(leading, drop)));
    }
}

internal sealed record ShapeCase(Shape Shape, int Seed);

internal sealed record PairCase(Shape A, Shape B, int Seed);
