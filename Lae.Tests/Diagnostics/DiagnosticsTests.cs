using FsCheck;
using FsCheck.Fluent;
using Lae.Diagnostics;
using Lae.Numerics;
using Lae.Targets;
using Lae.Tests.Kernels;
using Lae.Tests.Laws;
using MathNet.Numerics.LinearAlgebra;

namespace Lae.Tests.Diagnostics;

/// <summary>What diagnostics must be whatever the draws: invariances, closed forms, and what they say of draws that cannot be judged.</summary>
public sealed class DiagnosticsTests
{
    private static readonly Gen<ChainDraws> Cases =
        from seed in Gen.Choose(0, 1_000_000)
        from chains in Gen.Choose(1, 5)
        from length in Gen.Choose(12, 60)
        from memory in Gen.Choose(-500, 950)
        select Correlated(seed, chains, length, memory / 1000.0);

    [Fact]
    [Proves("R-15", "runner")]
    public void R15_bulk_figures_are_unchanged_by_monotone_maps() => Generated.ForAll(Cases, draws =>
    {
        foreach (Func<double, double> map in new Func<double, double>[] { x => x * x * x, Math.Exp, x => Math.Tanh(x / 10) })
        {
            Assert.Equal(EffectiveSampleSize.Bulk(draws), EffectiveSampleSize.Bulk(draws.Map(map)));
            Assert.Equal(PotentialScaleReduction.Bulk(draws), PotentialScaleReduction.Bulk(draws.Map(map)));
        }
    });

    [Fact]
    [Proves("R-15", "runner")]
    public void R15_R_hat_is_unchanged_by_affine_maps_and_the_order_of_chains() => Generated.ForAll(Cases, draws =>
    {
        double expected = PotentialScaleReduction.RankNormalized(draws);
        // powers of two scale without rounding, so that no tie or order changes
        Assert.Equal(expected, PotentialScaleReduction.RankNormalized(draws.Map(x => 4 * x)), 1e-12);
        Assert.Equal(expected, PotentialScaleReduction.RankNormalized(ChainDraws.Of([.. Enumerable.Range(0, draws.Chains).Reverse().Select(chain => (IReadOnlyList<double>)draws[chain].ToArray())])), 1e-12);
    });

    [Fact]
    [Proves("R-15", "runner")]
    public void R15_time_reversal_changes_no_figure() => Generated.ForAll(Cases, draws =>
    {
        ChainDraws back = ChainDraws.Of([.. Enumerable.Range(0, draws.Chains).Select(chain => (IReadOnlyList<double>)[.. draws[chain].ToArray().Reverse()])]);
        Assert.Equal(EffectiveSampleSize.Bulk(draws), EffectiveSampleSize.Bulk(back), 1e-8 * draws.Count);
        Assert.Equal(PotentialScaleReduction.RankNormalized(draws), PotentialScaleReduction.RankNormalized(back), 1e-10);
    });

    [Theory]
    [InlineData(-0.3)]
    [InlineData(0)]
    [InlineData(0.5)]
    [InlineData(0.9)]
    [Proves("R-15", "runner")]
    public void R15_an_autoregression_has_the_closed_form(double memory)
    {
        // the relative error of the estimate is about sqrt(8 τ² / N): 8 of them
        double expected = (1 - memory) / (1 + memory);
        double found = EffectiveSampleSize.ForMean(Correlated(3, 8, 40_000, memory)) / 320_000;
        Assert.Equal(1, found / expected, 8 * Math.Sqrt(8 * Math.Max(1, 1 / expected) / 320_000) * Math.Sqrt(Math.Max(1, 1 / expected)));
    }

    [Fact]
    [Proves("R-15", "runner")]
    public void R15_chains_that_differ_in_spread_are_seen_by_the_folded_part_only()
    {
        Matrix<double> normals = GaussianProblem.Normals(4, 4, 4_000);
        ChainDraws draws = ChainDraws.Of([.. Enumerable.Range(0, 4).Select(chain => (IReadOnlyList<double>)[.. normals.Row(chain).Select(x => chain == 3 ? 4 * x : x)])]);
        Assert.Equal(1, PotentialScaleReduction.Basic(draws), 0.01);
        Assert.True(PotentialScaleReduction.RankNormalized(draws) > 1.2);
    }

    [Fact]
    public void Autocovariances_are_the_sums_that_define_them()
    {
        double[] x = [.. GaussianProblem.Normals(9, 1, 37).Row(0)];
        double mean = x.Average();
        double[] found = Autocovariance.Of(x);
        for (int k = 0; k < x.Length; k++)
        {
            Assert.Equal(Enumerable.Range(0, x.Length - k).Sum(t => (x[t] - mean) * (x[t + k] - mean)) / x.Length, found[k], 1e-13);
        }
    }

    [Fact]
    [Proves("R-14", "runner")]
    public void R14_streaming_moments_are_those_of_the_batch_and_merging_has_no_order() => Generated.ForAll(
        from seed in Gen.Choose(0, 1_000_000)
        from rows in Gen.Choose(3, 60)
        from columns in Gen.Choose(1, 5)
        from cut in Gen.Choose(0, 3)
        select (seed, rows, columns, cut),
        c =>
        {
            Matrix<double> x = 3 + GaussianProblem.Normals(c.seed, c.rows, c.columns);
            StreamingMoments all = Streamed(x, 0, c.rows);
            Vector<double> mean = x.ColumnSums() / c.rows;
            Matrix<double> centred = x - Matrix<double>.Build.Dense(c.rows, c.columns, (_, j) => mean[j]);
            Matrix<double> covariance = centred.TransposeThisAndMultiply(centred) / (c.rows - 1);
            AssertClose([.. mean], [.. all.Mean], 1e-12);
            AssertClose(covariance.ToRowMajorArray(), all.Covariance(), 1e-12);
            StreamingMoments a = Streamed(x, 0, c.cut);
            StreamingMoments b = Streamed(x, c.cut, 3);
            StreamingMoments rest = Streamed(x, 3, c.rows);
            AssertClose(all.Covariance(), a.Merge(b).Merge(rest).Covariance(), 1e-12);
            AssertClose(a.Merge(b.Merge(rest)).Covariance(), rest.Merge(b).Merge(a).Covariance(), 1e-12);
        });

    [Fact]
    public void The_energy_fraction_of_independent_energies_is_two()
    {
        ChainDraws energies = ChainDraws.Of([.. GaussianProblem.Normals(5, 2, 100_000).EnumerateRows().Select(row => (IReadOnlyList<double>)[.. row])]);
        // the variance of the estimate is about 8 / n: 5 deviations
        Assert.All(EnergyFraction.Of(energies), fraction => Assert.Equal(2, fraction, 5 * Math.Sqrt(8.0 / 100_000)));
        // differences 2, -3, 1, 0 (squares 14) over a spread about 1.2 of 4.8
        Assert.Equal(14 / 4.8, EnergyFraction.Of(ChainDraws.Of([1, 3, 0, 1, 1])).Single(), 1e-12);
    }

    [Fact]
    public void The_Stein_discrepancy_vanishes_for_the_target_and_sees_shift_and_scale()
    {
        Target target = GaussianTarget.Standard(3);
        Tensor exact = GaussianProblem.Noise(6, 1_000, 3);
        double right = Discrepancy(exact);
        // under the target n KSD² is near its mean E u(x, x), here about 3 + 3/3
        Assert.InRange(right * right * 1_000, 0, 10);
        Assert.True(Discrepancy(exact + 0.3) > 2 * right);
        Assert.True(Discrepancy(exact * 1.3) > 2 * right);
        Assert.True(Discrepancy(exact * 0.7) > 2 * right);

        // one draw by hand, d = 2, c² = 2: |s|² + d / c²
        Assert.Equal(Math.Sqrt(25 + 1), KernelSteinDiscrepancy.Of(Tensor.FromArray([1.0, 1], 1, 2), Tensor.FromArray([3.0, 4], 1, 2)), 1e-12);

        double Discrepancy(Tensor at) => KernelSteinDiscrepancy.Of(at, target.Evaluate(at).Gradient);
    }

    [Fact]
    public void Draws_that_cannot_be_judged_give_NaN_and_bad_arguments_are_refused()
    {
        foreach (ChainDraws draws in new[] { ChainDraws.Of([1, 1, 1, 1, 1, 1, 1, 1]), ChainDraws.Of([1, 2, double.NaN, 1, 2, 3, 4, 5]), ChainDraws.Of([1, 2, double.PositiveInfinity, 1, 2, 3, 4, 5]) })
        {
            Assert.Equal(double.NaN, PotentialScaleReduction.RankNormalized(draws));
            Assert.Equal(double.NaN, EffectiveSampleSize.Bulk(draws));
            Assert.Equal(double.NaN, EffectiveSampleSize.Tail(draws));
            Assert.Equal(double.NaN, MonteCarloError.OfMean(draws));
            Assert.Equal(double.NaN, MonteCarloError.OfQuantile(draws, 0.1));
        }

        Assert.Throws<ArgumentException>(() => ChainDraws.Of([1, 2], [1]));
        Assert.Throws<ArgumentException>(() => ChainDraws.Of());
        Assert.Throws<ArgumentOutOfRangeException>(() => Quantile.Of([1], 1.1));
        Assert.Throws<ArgumentException>(() => StreamingMoments.Empty(2).Add([1]));
        Assert.Throws<ArgumentException>(() => ChainDraws.OfPositions(Tensor.Zeros(new Shape(2, 2), DType.Float64), 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => ChainDraws.OfPositions(Tensor.Zeros(new Shape(2, 2, 2), DType.Float64), 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => KernelSteinDiscrepancy.Of(Tensor.Zeros(new Shape(2, 2), DType.Float64), Tensor.Zeros(new Shape(2, 2), DType.Float64), 0));
    }

    [Fact]
    public void A_column_of_positions_is_taken_chain_by_chain()
    {
        ChainDraws draws = ChainDraws.OfPositions(Tensor.FromArray([.. Enumerable.Range(0, 12).Select(i => (double)i)], 2, 3, 2), 1);
        Assert.Equal([1, 7], draws[0].ToArray());
        Assert.Equal([3, 9], draws[1].ToArray());
        Assert.Equal([5, 11], draws[2].ToArray());
    }

    private static ChainDraws Correlated(int seed, int chains, int length, double memory)
    {
        Matrix<double> normals = GaussianProblem.Normals(seed, chains, length);
        double fresh = Math.Sqrt(1 - (memory * memory));
        return ChainDraws.Of([.. normals.EnumerateRows().Select(row =>
        {
            double[] x = [.. row];
            for (int t = 1; t < length; t++)
            {
                x[t] = (memory * x[t - 1]) + (fresh * x[t]);
            }

            return (IReadOnlyList<double>)x;
        })]);
    }

    private static StreamingMoments Streamed(Matrix<double> x, int from, int to)
    {
        StreamingMoments moments = StreamingMoments.Empty(x.ColumnCount);
        for (int i = from; i < to; i++)
        {
            moments = moments.Add(x.Row(i).ToArray());
        }

        return moments;
    }

    private static void AssertClose(double[] expected, double[] found, double tolerance)
    {
        double scale = 1 + expected.Max(Math.Abs);
        Assert.All(expected.Zip(found), pair => Assert.Equal(pair.First, pair.Second, tolerance * scale));
    }
}
