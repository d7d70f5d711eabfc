using System.Numerics;
using FsCheck;
using FsCheck.Fluent;
using Lae.Numerics.Engines;
using static Lae.Tests.Numerics.Engines.EngineSamples;

namespace Lae.Tests.Numerics.Engines;

public class ElementwiseTests
{
    public static TheoryData<UnaryOperation> UnaryOperations => [.. Enum.GetValues<UnaryOperation>()];

    public static TheoryData<BinaryOperation> BinaryOperations => [.. Enum.GetValues<BinaryOperation>()];

    [Theory]
    [MemberData(nameof(UnaryOperations))]
    public void Unary_agrees_with_the_reference(UnaryOperation operation)
    {
        UnaryAgrees(operation, Arguments<float>());
        UnaryAgrees(operation, Arguments<double>());
    }

    [Theory]
    [MemberData(nameof(UnaryOperations))]
    public void Unary_bits_do_not_depend_on_length_or_position(UnaryOperation operation)
    {
        UnaryIsLocal(operation, Arguments<float>());
        UnaryIsLocal(operation, Arguments<double>());
    }

    [Theory]
    [MemberData(nameof(BinaryOperations))]
    public void Binary_has_the_bits_of_the_reference_under_every_broadcast(BinaryOperation operation) =>
        Check.One(Seeded(40), Prop.ForAll(Broadcasts.ToArbitrary(), c =>
        {
            foreach (IEngine engine in Managed)
            {
                BinaryAgrees(operation, c, engine.Float32);
                BinaryAgrees(operation, c, engine.Float64);
            }
        }));

    [Fact]
    public void Binary_agrees_on_special_values()
    {
        foreach (BinaryOperation operation in Enum.GetValues<BinaryOperation>())
        {
            BinarySpecial<float>(operation);
            BinarySpecial<double>(operation);
        }
    }

    [Fact]
    public void Choose_has_the_bits_of_the_reference() => Check.One(Seeded(), Prop.ForAll(Broadcasts.ToArbitrary(), c =>
    {
        foreach (IEngine engine in Managed)
        {
            ChooseAgrees<float>(c, engine);
            ChooseAgrees<double>(c, engine);
        }
    }));

    [Fact]
    public void Scaled_sums_and_the_proposal_have_the_bits_of_the_reference() => Check.One(
        Seeded(),
        Prop.ForAll(Size(300).ToArbitrary(), Seed.ToArbitrary(), (length, seed) =>
        {
            foreach (IEngine engine in Managed)
            {
                ScalesAgree(length, seed, engine.Float32);
                ScalesAgree(length, seed, engine.Float64);
            }
        }));

    [Fact]
    public void Long_spans_are_shared_among_threads_without_a_trace()
    {
        float[] x = Numbers<float>(5, 200_003, 4);
        float[] expected = new float[x.Length];
        float[] actual = new float[x.Length];
        foreach (UnaryOperation operation in Enum.GetValues<UnaryOperation>())
        {
            Managed[1].Float32.Unary(operation, x, expected);
            Managed[^1].Float32.Unary(operation, x, actual);
            AssertSameBits<float>(expected, actual, operation.ToString());
        }
    }

    [Fact]
    public void Spoiled_results_are_rejected()
    {
        Planted<float> spoiled = new(Reference.Float32, Fault.LastBit);
        Assert.ThrowsAny<Exception>(() => BinaryAgrees(BinaryOperation.Add, new Broadcast(2, 3, OperandLayout.Full, OperandLayout.Row, 3), spoiled));
        Assert.ThrowsAny<Exception>(() => ScalesAgree(7, 3, spoiled));
        Planted<float> off = new(Reference.Float32, Fault.LastElement);
        Assert.ThrowsAny<Exception>(() => UnaryAgrees(UnaryOperation.Tanh, Numbers<float>(1, 9), off));
    }

    private static Gen<Broadcast> Broadcasts =>
        from rows in Size(40)
        from columns in Size(60)
        from a in Gen.Elements(Enum.GetValues<OperandLayout>())
        from b in Gen.Elements(Enum.GetValues<OperandLayout>())
        from seed in Seed
        select new Broadcast(rows, columns, a, b, seed);

    private static int Extent(OperandLayout layout, int rows, int columns) => layout switch
    {
        OperandLayout.Full => rows * columns,
        OperandLayout.Row => columns,
        OperandLayout.Column => rows,
        _ => 1,
    };

    /// <summary>Special values, borders of the reductions, and numbers of every magnitude and sign.</summary>
    private static T[] Arguments<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        bool single = typeof(T) == typeof(float);
        List<T> values =
        [
            T.NaN, T.PositiveInfinity, T.NegativeInfinity, T.Zero, -T.Zero, T.Epsilon, -T.Epsilon, T.One, -T.One,
            T.BitDecrement(T.One), T.BitIncrement(T.One), T.CreateChecked(single ? float.MaxValue : double.MaxValue),
            T.CreateChecked(single ? 1.17549435e-38f : 2.2250738585072014e-308), T.CreateChecked(single ? 1e-39f : 1e-310),
        ];
        foreach (double border in new[] { 88.72, 88.73, 89, 103.9, 104, 709.78, 709.79, 710, 745.1, 745.2, 746, 0.34657, 0.5, 2, 9.01, 10, 16.6, 17.4, 19.06, 21, 36, 37, 99999, 100001, 1e9, 1.1e9, 3e10 })
        {
            values.Add(T.CreateChecked(border));
            values.Add(T.CreateChecked(-border));
        }

        foreach (double scale in new[] { 1e-30, 1e-5, 0.1, 1, 4, 20, 100, 700, 3000, 9e4 })
        {
            values.AddRange(Numbers<T>(7, 400, scale));
        }

        T[] all = [.. values];
        new System.Random(3).Shuffle(all);
        return all;
    }

    private static void UnaryAgrees<T>(UnaryOperation operation, T[] x, IPrimitives<T>? only = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T[] expected = new T[x.Length];
        Of<T>(Reference).Unary(operation, x, expected);
        if (operation is UnaryOperation.Softplus)
        {
            expected = Array.ConvertAll(x, value => T.CreateChecked(Softplus(double.CreateChecked(value))));
        }

        foreach (IPrimitives<T> primitives in only is null ? Managed.Select(e => Of<T>(e)) : [only])
        {
            T[] actual = new T[x.Length];
            primitives.Unary(operation, x, actual);
            for (int i = 0; i < x.Length; i++)
            {
                bool close = operation switch
                {
                    UnaryOperation.Exponential or UnaryOperation.Logarithm or UnaryOperation.Tanh or UnaryOperation.Sigmoid
                        or UnaryOperation.Softplus => Ulps(expected[i], actual[i]) <= 4,
                    UnaryOperation.Sine or UnaryOperation.Cosine => Ulps(expected[i], actual[i]) <= 4
                        || double.CreateChecked(T.Abs(expected[i] - actual[i])) <= Precision<T>(),
                    _ => (T.IsNaN(expected[i]) && T.IsNaN(actual[i])) || Bits(expected[i]) == Bits(actual[i]),
                };
                Assert.True(close, $"{operation}({x[i]:R}) is {expected[i]:R}, got {actual[i]:R}");
            }

            T[] inPlace = [.. x];
            primitives.Unary(operation, inPlace, inPlace);
            AssertSameBits<T>(actual, inPlace, "in place");
        }
    }

    private static void UnaryIsLocal<T>(UnaryOperation operation, T[] x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T[] whole = new T[x.Length];
        Of<T>(Managed[1]).Unary(operation, x, whole);
        foreach (IEngine engine in Managed)
        {
            for (int length = 1; length <= 40; length++)
            {
                int start = (length * 37) % 1000;
                T[] part = new T[length];
                Of<T>(engine).Unary(operation, x.AsSpan(start, length), part);
                AssertSameBits<T>(whole.AsSpan(start, length), part, $"{operation} from {start}, length {length},");
            }
        }
    }

    private static void BinaryAgrees<T>(BinaryOperation operation, Broadcast c, IPrimitives<T> primitives)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        BroadcastPlan plan = new(c.Rows, c.Columns, c.A, c.B);
        T[] a = Numbers<T>(c.Seed, Extent(c.A, c.Rows, c.Columns));
        T[] b = Numbers<T>(operation is BinaryOperation.Equal ? c.Seed : c.Seed + 1, Extent(c.B, c.Rows, c.Columns));
        T[] expected = new T[c.Rows * c.Columns];
        T[] actual = new T[expected.Length];
        Of<T>(Reference).Binary(operation, plan, a, b, expected);
        primitives.Binary(operation, plan, a, b, actual);
        AssertSameBits<T>(expected, actual, plan.ToString());
    }

    private static void BinarySpecial<T>(BinaryOperation operation)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T[] special = [T.NaN, T.PositiveInfinity, T.NegativeInfinity, T.Zero, -T.Zero, T.Epsilon, -T.Epsilon, T.One, -T.One, T.Pi];
        T[] a = new T[special.Length * special.Length];
        T[] b = new T[a.Length];
        for (int i = 0; i < a.Length; i++)
        {
            (a[i], b[i]) = (special[i / special.Length], special[i % special.Length]);
        }

        BroadcastPlan plan = new(1, a.Length, OperandLayout.Full, OperandLayout.Full);
        T[] expected = new T[a.Length];
        Of<T>(Reference).Binary(operation, plan, a, b, expected);
        foreach (IEngine engine in Managed)
        {
            T[] actual = new T[a.Length];
            Of<T>(engine).Binary(operation, plan, a, b, actual);
            AssertSameBits<T>(expected, actual, operation.ToString());

            // The same through a register's tail.
            for (int i = 0; i < a.Length; i++)
            {
                Of<T>(engine).Binary(operation, new(1, 1, OperandLayout.Full, OperandLayout.Full), a.AsSpan(i, 1), b.AsSpan(i, 1), actual.AsSpan(i, 1));
            }

            AssertSameBits<T>(expected, actual, operation.ToString());
        }
    }

    private static void ChooseAgrees<T>(Broadcast c, IEngine engine)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int count = c.Rows * c.Columns;
        T[] condition = new T[Extent(c.A, c.Rows, c.Columns)];
        System.Random random = new(c.Seed);
        for (int i = 0; i < condition.Length; i++)
        {
            condition[i] = random.Next(4) switch { 0 => T.One, 1 => -T.Zero, 2 => T.NaN, _ => T.Zero };
        }

        T[] a = Numbers<T>(c.Seed, count);
        T[] b = Numbers<T>(c.Seed + 1, count);
        T[] expected = new T[count];
        Of<T>(Reference).Choose(c.A, c.Rows, c.Columns, condition, a, b, expected);
        T[] actual = new T[count];
        Of<T>(engine).Choose(c.A, c.Rows, c.Columns, condition, a, b, actual);
        AssertSameBits<T>(expected, actual);
    }

    private static void ScalesAgree<T>(int length, int seed, IPrimitives<T> primitives)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T[] x = Numbers<T>(seed, length);
        T[] z = Numbers<T>(seed + 1, length);
        T[] noise = Numbers<T>(seed + 2, length);
        (T scale, T shift) = (T.CreateChecked(0.37), T.CreateChecked(-1.3));
        T[] expected = new T[length];
        T[] actual = new T[length];
        Of<T>(Reference).ScaleShift(scale, shift, x, expected);
        primitives.ScaleShift(scale, shift, x, actual);
        AssertSameBits<T>(expected, actual, "scale and shift");
        Of<T>(Reference).ScaleAdd(scale, x, z, expected);
        primitives.ScaleAdd(scale, x, z, actual);
        AssertSameBits<T>(expected, actual, "scale and add");
        Of<T>(Reference).LangevinProposal(scale, shift, x, z, noise, expected);
        primitives.LangevinProposal(scale, shift, x, z, noise, actual);
        AssertSameBits<T>(expected, actual, "Langevin proposal");
    }

    private sealed record Broadcast(int Rows, int Columns, OperandLayout A, OperandLayout B, int Seed);
}
