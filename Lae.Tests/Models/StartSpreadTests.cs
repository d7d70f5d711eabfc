using Lae.Kernels;
using Lae.Models;
using Lae.Numerics;
using Lae.Randomness;
using Lae.Targets;

namespace Lae.Tests.Models;

/// <summary>The spread with which chains start: the variances of Gaussian posteriors are its fixed point for any number of transitions, and it goes there.</summary>
public class StartSpreadTests
{
    private const int Rows = 4_000;
    private static readonly Tensor Variances = Tensor.FromArray([0.04, 0.25, 1.0], 3);
    private static readonly Tensor Means = Tensor.FromSpan<double>(Workspace.Default, Normals(7), new Shape(Rows, 3));

    /// <summary>log N(z_i; m_i, diag v).</summary>
    private static readonly LatentDensity Posteriors = new(Rows, 3, DType.Float64, z =>
    {
        Tensor scaled = (z - Means) / Variances;
        return new LogDensityAndGradient(-0.5 * ((z - Means) * scaled).Sum(1), -scaled);
    });

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(10)]
    public void Variances_of_the_posteriors_are_a_fixed_point_for_any_number_of_transitions(int transitions)
    {
        TensorTree exact = TensorTree.Of(("spread", Variances));
        double[] change = (Step(exact, transitions, 1) - Variances).ToArray();

        // the gain is 0.05, and a mean of n squares has the deviation v √(2/n); 5.3 deviations are one false alarm in 10⁷
        Assert.All(change.Zip(Variances.ToArray()), pair => Assert.InRange(pair.First / pair.Second, -5.3 * 0.05 * Math.Sqrt(2.0 / Rows), 5.3 * 0.05 * Math.Sqrt(2.0 / Rows)));
    }

    [Fact]
    public void From_no_spread_it_goes_to_the_variances_of_the_posteriors()
    {
        double[] relative = Settled((before, start, ends) => StartSpread.Follow(before, Means, ends));
        // e^−5.8 of the way is left in the slowest direction, and the noise of the mean of squares, 0.05 √(2/n) a batch, is forgotten at its rate of 0.0058: a deviation of 0.010
        Assert.All(relative, ratio => Assert.InRange(ratio, 0.94, 1.06));
    }

    [Fact]
    public void A_spread_measured_from_the_starts_is_rejected()
    {
        double[] relative = Settled((before, start, ends) => StartSpread.Follow(before, start, ends));
        Assert.Contains(relative, ratio => ratio is < 0.5 or > 2);
    }

    /// <summary>The spread after 1,000 batches of two transitions each, beside the variances.</summary>
    private static double[] Settled(Func<TensorTree, Tensor, Tensor, TensorTree> follow)
    {
        TensorTree state = StartSpread.Initialize(3);
        for (int batch = 0; batch < 1_000; batch++)
        {
            (Tensor start, Tensor ends) = Chain(state, 2, (ulong)batch);
            state = follow(state, start, ends);
        }

        return (state["spread"] / Variances).ToArray();
    }

    private static Tensor Step(TensorTree state, int transitions, ulong batch) => StartSpread.Follow(state, Means, Chain(state, transitions, batch).Ends)["spread"];

    private static (Tensor Start, Tensor Ends) Chain(TensorTree state, int transitions, ulong batch)
    {
        RandomKey key = RandomKey.FromSeed(11).FoldIn(batch);
        Tensor start = StartSpread.Draw(key.FoldIn(0), state, Means);
        return (start, LatentRun.Of(new DatapointLangevin(), LatentCoordinates.Datapoints(Posteriors, start), stepSize: 0.03, transitions, key.FoldIn(1)).Latents[^1]);
    }

    private static double[] Normals(ulong seed)
    {
        double[] values = new double[Rows * 3];
        RowDraws.Normal(RandomKey.FromSeed(seed), 0, 0, Rows, 3, values);
        return values;
    }
}
