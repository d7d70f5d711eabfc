using Lae.Models;
using Lae.Numerics;
using Lae.Randomness;
using Lae.Targets;

namespace Lae.Tests.Models;

/// <summary>The bound where everything is Gaussian: z ~ N(0, I), x | z ~ N(z, s² I), so that x ~ N(0, (1 + s²) I) and the posterior is N(x/(1 + s²), σ² I), σ² = s²/(1 + s²).</summary>
public sealed class EncoderBoundTests
{
    private const int Rows = 20_000;
    private const int Columns = 2;
    private const double PosteriorWidth = 0.5;
    private const double NoiseVariance = 1.0 / 3;
    private static readonly RandomKey Key = RandomKey.FromSeed(20_261_122);
    private static readonly Tensor X = Observations();
    private static readonly Tensor PosteriorMeans = X / (1 + NoiseVariance);

    [Theory]
    [InlineData(0.05)]
    [InlineData(0.5)]
    [InlineData(0.7)]
    public void The_bound_is_the_evidence_and_the_divergence(double width)
    {
        // the quadratic term is that of ε², of variance 2, over 8 draws for each number of the encoding: six deviations
        double bound = EncoderBound.NegativeBound(Key, Density(), PosteriorMeans, Columns, width);
        double quadratic = 0.5 * width * width / (PosteriorWidth * PosteriorWidth);
        Assert.Equal(NegativeEvidence() + Divergence(width), bound, 6 * quadratic * Math.Sqrt(2.0 / (8 * Rows * Columns)));
    }

    [Fact]
    public void The_figures_are_those_of_the_published_and_of_the_best_width()
    {
        IReadOnlyDictionary<string, double> figures = EncoderBound.Evaluate(Key, Density(), PosteriorMeans, Columns);
        Assert.Equal(3, figures.Count);
        Assert.Equal(PosteriorWidth, figures["bestWidth"]);
        Assert.Equal(EncoderBound.NegativeBound(Key, Density(), PosteriorMeans, Columns, 0.05), figures["negativeElboPerDimension"]);
        Assert.Equal(EncoderBound.NegativeBound(Key, Density(), PosteriorMeans, Columns, PosteriorWidth), figures["negativeElboBestWidthPerDimension"]);
    }

    [Theory]
    [InlineData(0.02)]
    [InlineData(0.03)]
    [InlineData(0.05)]
    [InlineData(0.1)]
    public void The_best_width_of_a_narrow_posterior_is_found(double posterior)
    {
        // log p(z, x) of a posterior N(m, w² I)
        LatentDensity density = new(Rows, Columns, DType.Float64, z => new LogDensityAndGradient(
            Reductions.DotRows(z - PosteriorMeans, z - PosteriorMeans).ScaleShift(-0.5 / (posterior * posterior), 0), z));
        Assert.Equal(posterior, EncoderBound.Evaluate(Key, density, PosteriorMeans, Columns)["bestWidth"]);
    }

    [Fact]
    public void Widths_and_draws_are_those_asked_for_and_the_published_width()
    {
        EncoderBoundSettings settings = new([0.5, 0.7], draws: 3);
        Assert.Equal([0.5, 0.7, 0.05], settings.Widths.ToArray());
        Assert.Equal([0.7, 0.05], new EncoderBoundSettings([0.7, 0.05]).Widths.ToArray());
        IReadOnlyDictionary<string, double> figures = EncoderBound.Evaluate(Key, Density(), PosteriorMeans, Columns, settings);
        Assert.Equal(EncoderBound.NegativeBound(Key, Density(), PosteriorMeans, Columns, 0.05, draws: 3), figures["negativeElboPerDimension"]);
        Assert.Equal(EncoderBound.NegativeBound(Key, Density(), PosteriorMeans, Columns, 0.5, draws: 3), figures["negativeElboBestWidthPerDimension"]);
        Assert.NotEqual(EncoderBound.NegativeBound(Key, Density(), PosteriorMeans, Columns, 0.5), figures["negativeElboBestWidthPerDimension"]);

        Assert.Throws<ArgumentOutOfRangeException>(() => new EncoderBoundSettings([0.0]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new EncoderBoundSettings([double.NaN]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new EncoderBoundSettings(draws: 0));
        Assert.Throws<ArgumentException>(() => EncoderBound.Figures([1.0], settings));
    }

    [Fact]
    public void Observations_in_parts_have_the_draws_of_the_whole()
    {
        List<double> seen = [];
        LatentDensity Watched(int rows) => new(rows, 1, DType.Float64, z =>
        {
            seen.AddRange(z.ToArray());
            return new LogDensityAndGradient(Tensor.Zeros(new Shape(rows), DType.Float64), z);
        });
        EncoderBound.NegativeBound(Key, Watched(5), Tensor.Zeros(new Shape(5, 1), DType.Float64), 1, 0.5, draws: 1);
        EncoderBound.NegativeBound(Key, Watched(2), Tensor.Zeros(new Shape(2, 1), DType.Float64), 1, 0.5, draws: 1);
        EncoderBound.NegativeBound(Key, Watched(3), Tensor.Zeros(new Shape(3, 1), DType.Float64), 1, 0.5, draws: 1, firstRow: 2);
        Assert.Equal(seen[..5], seen[5..]);
    }

    [Fact]
    public void The_bound_is_for_each_dimension_of_the_data() => Assert.Equal(
        EncoderBound.NegativeBound(Key, Density(), PosteriorMeans, 1, 0.5),
        5 * EncoderBound.NegativeBound(Key, Density(), PosteriorMeans, 5, 0.5),
        1e-12);

    [Fact]
    public void Eight_different_draws_are_made_for_each_observation()
    {
        List<double> seen = [];
        LatentDensity density = new(2, 1, DType.Float64, z =>
        {
            seen.AddRange(z.ToArray());
            return new LogDensityAndGradient(Tensor.Zeros(new Shape(2), DType.Float64), z);
        });
        EncoderBound.NegativeBound(Key, density, Tensor.FromArray([0.0, 0], 2, 1), 1, 0.5);
        Assert.Equal(16, seen.Distinct().Count());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void A_width_outside_its_range_is_refused(double width) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => EncoderBound.NegativeBound(Key, Density(), PosteriorMeans, Columns, width));

    private static double NegativeEvidence() => X.ToArray().Average(x => (0.5 * x * x / (1 + NoiseVariance)) + (0.5 * Math.Log(2 * Math.PI * (1 + NoiseVariance))));

    /// <summary>KL(N(m, w²) ‖ N(m, σ²)).</summary>
    private static double Divergence(double width)
    {
        double ratio = width / PosteriorWidth;
        return (0.5 * ((ratio * ratio) - 1)) - Math.Log(ratio);
    }

    private static LatentDensity Density() => LatentDensity.FromFunction(X, Columns, (z, observed) =>
        new StandardNormalPrior().LogDensity(z)
        + Reductions.DotRows(observed - z, observed - z).ScaleShift(-0.5 / NoiseVariance, -0.5 * Columns * Math.Log(2 * Math.PI * NoiseVariance)));

    private static Tensor Observations()
    {
        double[] values = new double[Rows * Columns];
        RowDraws.Normal(Key.FoldIn(1), 0, 0, Rows, Columns, values);
        return Tensor.FromArray(values, Rows, Columns);
    }
}
