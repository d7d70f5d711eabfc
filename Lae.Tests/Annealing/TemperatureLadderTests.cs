using FsCheck;
using FsCheck.Fluent;
using Lae.Annealing;
using Lae.Kernels;
using Lae.Numerics;
using Lae.Randomness;
using Lae.Running;
using Lae.Targets;
using Lae.Tests.Kernels;
using static Lae.Tests.Kernels.GaussianProblem;

namespace Lae.Tests.Annealing;

/// <summary>Ladders of temperatures: rising, with equal shares of the communication barrier, and found by pilot runs.</summary>
public sealed class TemperatureLadderTests
{
    private static readonly RandomKey Key = RandomKey.FromSeed(20_261_122);

    private static readonly Gen<double[]> Rejections =
        from count in Gen.Choose(1, 8)
        from values in Gen.Choose(1, 1000).ArrayOf(count)
        select values.Select(v => v / 1000.0).ToArray();

    [Fact]
    public void The_barrier_rises_by_the_same_amount_from_each_temperature_to_the_next() => Generated.ForAll(Rejections, rejections =>
    {
        double[] ladder = [.. TemperatureLadder.Geometric(rejections.Length + 1, 12)];
        double[] found = [.. TemperatureLadder.Equalise(ladder, rejections)];
        double share = rejections.Sum() / rejections.Length;
        for (int k = 0; k < found.Length; k++)
        {
            Assert.Equal(k * share, Barrier(found[k]), 1e-12 * rejections.Length);
        }

        Assert.Equal((1.0, 12.0), (found[0], found[^1]));
        Assert.All(found.Zip(found.Skip(1)), pair => Assert.True(pair.First < pair.Second));

        double Barrier(double t)
        {
            double sum = 0;
            for (int k = 0; k < rejections.Length; k++)
            {
                double whole = (1 / ladder[k]) - (1 / ladder[k + 1]);
                sum += rejections[k] * Math.Clamp(((1 / ladder[k]) - (1 / t)) / whole, 0, 1);
            }

            return sum;
        }
    });

    [Fact]
    public void Equal_rejections_keep_the_ladder() => Generated.ForAll(Gen.Choose(2, 9), count =>
    {
        double[] ladder = [.. TemperatureLadder.Geometric(count, 30)];
        Assert.All(ladder.Zip(TemperatureLadder.Equalise(ladder, [.. Enumerable.Repeat(0.4, count - 1)])), pair => Assert.Equal(pair.First, pair.Second, 1e-12 * pair.First));
        Assert.Equal(ladder, TemperatureLadder.Equalise(ladder, new double[count - 1]).ToArray());
    });

    [Fact]
    public void Pilot_runs_make_the_swap_acceptances_equal()
    {
        // a 20-dimensional Gaussian, whose good ladder is geometric, from one that is not
        Target target = GaussianTarget.Standard(20);
        double[] bad = [1, 1.1, 1.3, 1.6, 6];
        Kernel<LangevinState> Replica(double t) => MetropolisLangevin.Create(target, new LangevinSettings(0.5, t));
        Tensor start = Noise(2, 40, 20);
        AdaptedLadder adapted = LadderAdaptation.Adapt(bad, Replica, start, Key, rounds: 4, transitions: 30);
        double[] before = Acceptances(bad);
        double[] after = Acceptances([.. adapted.Temperatures]);
        Assert.True(before.Max() - before.Min() > 0.5, string.Join(", ", before));
        Assert.True(after.Max() - after.Min() < 0.1, string.Join(", ", after));
        Assert.InRange(adapted.Barrier, 0.5, 4);
        Assert.All(adapted.Temperatures.Zip(TemperatureLadder.Geometric(5, 6)), pair => Assert.InRange(pair.First / pair.Second, 0.85, 1.15));
        Assert.Equal(adapted.Temperatures.ToArray(), LadderAdaptation.Adapt(bad, Replica, start, Key, rounds: 4, transitions: 30).Temperatures.ToArray());

        double[] Acceptances(double[] ladder)
        {
            Kernel<ReplicaExchangeState<LangevinState>> kernel = ReplicaExchange.Create(ladder, Replica);
            RunResult<ReplicaExchangeState<LangevinState>> warm = ChainRunner.Run(kernel, RunState.Start(kernel, start, Key.FoldIn(9)), new RunOptions(100));
            return [.. LadderAdaptation.SwapAcceptances(ChainRunner.Run(kernel, warm.Final, new RunOptions(100)).Draws)];
        }
    }

    [Fact]
    public void Arguments_are_checked()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => TemperatureLadder.Geometric(1, 5));
        Assert.Throws<ArgumentOutOfRangeException>(() => TemperatureLadder.Geometric(3, 1));
        Assert.Throws<ArgumentException>(() => TemperatureLadder.Equalise([1, 2, 3], [0.5]));
        Assert.Throws<ArgumentException>(() => TemperatureLadder.Equalise([1, 2], [1.5]));
        Assert.Throws<ArgumentException>(() => TemperatureLadder.Equalise([1, 2], [double.NaN]));
        Assert.Throws<ArgumentException>(() => LadderAdaptation.SwapAcceptances([]));
        Kernel<LangevinState> plain = UnadjustedLangevin.Create(GaussianTarget.Standard(2), new LangevinSettings(0.1));
        Assert.Throws<ArgumentException>(() => LadderAdaptation.SwapAcceptances(ChainRunner.Run(plain, RunState.Start(plain, Noise(1, 2, 2), Key), new RunOptions(1)).Draws));
        Assert.Throws<ArgumentOutOfRangeException>(() => LadderAdaptation.Adapt([1, 2], _ => plain, Noise(1, 2, 2), Key, rounds: 0));
    }
}
