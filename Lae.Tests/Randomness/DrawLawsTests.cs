using Lae.Randomness;

namespace Lae.Tests.Randomness;

/// <summary>The draws satisfy their laws, and the same checks reject planted bugs.</summary>
public sealed class DrawLawsTests
{
    private const int Rows = 1000;
    private const int Columns = 500;
    private static readonly RandomKey Key = RandomKey.FromSeed(2718);

    [Fact]
    public void Uniform_floats_are_independent_and_uniform() => Assert.Empty(DrawLaws.UniformFailures(UniformSingles(1), UniformSingles(2)));

    [Fact]
    public void Uniform_doubles_are_independent_and_uniform() => Assert.Empty(DrawLaws.UniformFailures(UniformDoubles(1), UniformDoubles(2)));

    [Fact]
    public void Normal_floats_are_independent_and_normal() => Assert.Empty(DrawLaws.NormalFailures(NormalSingles(1), NormalSingles(2)));

    [Fact]
    public void Normal_doubles_are_independent_and_normal() => Assert.Empty(DrawLaws.NormalFailures(NormalDoubles(1), NormalDoubles(2)));

    [Fact]
    public void The_first_column_of_many_rows_is_a_good_sequence_too()
    {
        float[] accept = new float[Rows * Columns];
        float[] other = new float[Rows * Columns];
        RowDraws.Uniform(Key, 5, 0, accept.Length, 1, accept);
        RowDraws.Uniform(Key, 6, 0, accept.Length, 1, other);

        Assert.Empty(DrawLaws.UniformFailures(Matrix(accept), Matrix(other)));
    }

    [Fact]
    public void The_first_normals_of_folded_keys_are_a_good_sequence_too()
    {
        double[] steps = new double[Rows * Columns / 5];
        double[] other = new double[steps.Length];
        for (int i = 0; i < steps.Length; i++)
        {
            RowDraws.Normal(Key.FoldIn((ulong)i), 0, 0, 1, 1, steps.AsSpan(i, 1));
            RowDraws.Normal(Key.FoldIn((ulong)i).FoldIn(1), 0, 0, 1, 1, other.AsSpan(i, 1));
        }

        Assert.Empty(DrawLaws.NormalFailures(new DrawMatrix(Rows, Columns / 5, steps), new DrawMatrix(Rows, Columns / 5, other)));
    }

    [Fact]
    public void Rows_that_share_a_counter_are_rejected()
    {
        float[] shared = new float[Rows * Columns];
        RowDraws.Normal(Key, 1, new int[Rows], Columns, shared);
        float[] uniform = new float[Rows * Columns];
        RowDraws.Uniform(Key, 1, new int[Rows], Columns, uniform);

        Assert.Contains($"lag {Columns}", DrawLaws.NormalFailures(Matrix(shared), NormalSingles(2)));
        Assert.Contains($"lag {Columns}", DrawLaws.UniformFailures(Matrix(uniform), UniformSingles(2)));
    }

    [Fact]
    public void A_stream_that_is_ignored_is_rejected()
    {
        Assert.Contains("streams", DrawLaws.NormalFailures(NormalSingles(1), NormalSingles(1)));
        Assert.Contains("streams", DrawLaws.UniformFailures(UniformSingles(1), UniformSingles(1)));
    }

    [Fact]
    public void A_stream_of_mirrored_draws_is_rejected() =>
        Assert.Contains("streams of squares", DrawLaws.NormalFailures(NormalSingles(1), Planted((i, z) => i % 2 == 0 ? -z[i] : z[i])));

    [Fact]
    public void The_sine_branch_used_twice_is_rejected()
    {
        DrawMatrix planted = Planted((i, z) => z[i | 1]);

        Assert.Contains("lag 1", DrawLaws.NormalFailures(planted, NormalSingles(2)));
    }

    [Fact]
    public void One_radius_for_two_pairs_is_rejected()
    {
        DrawMatrix planted = FromWords((block, odd) => (block.Word0, odd ? block.Word3 : block.Word1));

        Assert.Contains("lag 2 of squares", DrawLaws.NormalFailures(planted, NormalSingles(2)));
    }

    [Fact]
    public void A_radius_of_16_bits_is_rejected()
    {
        DrawMatrix planted = FromWords((block, odd) => ((odd ? block.Word2 : block.Word0) & 0xFFFF0000 | 0x8000, odd ? block.Word3 : block.Word1));

        Assert.Contains("coincidences", DrawLaws.NormalFailures(planted, NormalSingles(2)));
    }

    [Fact]
    public void Radius_and_angle_from_one_word_are_rejected()
    {
        DrawMatrix planted = FromWords((block, odd) => odd ? (block.Word2, block.Word2) : (block.Word0, block.Word0));

        Assert.NotEmpty(DrawLaws.NormalFailures(planted, NormalSingles(2)));
    }

    [Fact]
    public void An_angle_of_half_a_turn_is_rejected()
    {
        DrawMatrix planted = FromWords((block, odd) => odd ? (block.Word2, block.Word3 >> 1) : (block.Word0, block.Word1 >> 1));

        Assert.Contains("mean", DrawLaws.NormalFailures(planted, NormalSingles(2)));
    }

    [Fact]
    public void Uniforms_of_16_bits_and_uniforms_that_are_not_centred_on_the_interval_are_rejected()
    {
        float[] coarse = new float[Rows * Columns];
        float[] closed = new float[Rows * Columns];
        RowDraws.Uniform(Key, 1, 0, Rows, Columns, coarse);
        coarse.CopyTo(closed, 0);
        for (int i = 0; i < coarse.Length; i++)
        {
            coarse[i] = (MathF.Floor(coarse[i] * 65536) + 0.5f) / 65536;
            closed[i] = MathF.Floor(closed[i] * 65536) / 65535;
        }

        Assert.Contains("coincidences", DrawLaws.UniformFailures(Matrix(coarse), UniformSingles(2)));
        Assert.Contains("interval", DrawLaws.UniformFailures(Matrix(closed), UniformSingles(2)));
    }

    private static DrawMatrix Matrix(float[] values) => new(Rows, Columns, Array.ConvertAll(values, x => (double)x));

    private static DrawMatrix UniformSingles(uint stream)
    {
        float[] values = new float[Rows * Columns];
        RowDraws.Uniform(Key, stream, 0, Rows, Columns, values);
        return Matrix(values);
    }

    private static DrawMatrix UniformDoubles(uint stream)
    {
        double[] values = new double[Rows * Columns];
        RowDraws.Uniform(Key, stream, 0, Rows, Columns, values);
        return new DrawMatrix(Rows, Columns, values);
    }

    private static DrawMatrix NormalSingles(uint stream)
    {
        float[] values = new float[Rows * Columns];
        RowDraws.Normal(Key, stream, 0, Rows, Columns, values);
        return Matrix(values);
    }

    private static DrawMatrix NormalDoubles(uint stream)
    {
        double[] values = new double[Rows * Columns];
        RowDraws.Normal(Key, stream, 0, Rows, Columns, values);
        return new DrawMatrix(Rows, Columns, values);
    }

    // Stream 1 of normals with a bug: element i from all of them.
    private static DrawMatrix Planted(Func<int, double[], double> bug)
    {
        DrawMatrix sound = NormalSingles(1);
        return sound with { Values = Enumerable.Range(0, sound.Values.Length).Select(i => bug(i, sound.Values)).ToArray() };
    }

    // Normals whose radius and angle words a bug chooses, for the even and the odd pair of a block.
    private static DrawMatrix FromWords(Func<PhiloxBlock, bool, (uint Radius, uint Angle)> bug)
    {
        float[] values = new float[Rows * Columns];
        for (int i = 0; i < values.Length; i += 2)
        {
            PhiloxBlock block = Philox.Block(Key, new PhiloxBlock((uint)i / 4, 0, 0, DrawDomain.NormalSingle));
            (uint radius, uint angle) = bug(block, i % 4 != 0);
            SingleTransform.Normal<SingleLane, float, uint>(radius, angle, out values[i], out values[i + 1]);
        }

        return Matrix(values);
    }
}
