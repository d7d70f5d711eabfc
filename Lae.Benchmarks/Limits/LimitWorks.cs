using System.Globalization;
using Lae.Benchmarks.SideBySide;
using Lae.Randomness;

namespace Lae.Benchmarks.Limits;

/// <summary>Lae's works beside what the machine can do.</summary>
internal static class LimitWorks
{
    private const int Turns = 7;
    private const double Turn = 0.15;
    private const double WarmUp = 0.8;
    private const double Chains = 1000;
    private const double Dimension = 100;
    private const double Numbers = Chains * Dimension;

    /// <summary>Measures every work.</summary>
    /// <param name="limits">What the machine can do.</param>
    public static IEnumerable<LimitRow> Measure(MachineLimits limits)
    {
        foreach ((string name, ProductShape shape) in ProductWorks.Shapes)
        {
            yield return OfOperations($"float32 product {shape}, one thread", ProductWorks.Lae(name)!, limits, 1, shape.Operations);
        }

        float[] images = TrainingWorks.Images(TrainingWorks.Pixels);
        foreach (int threads in new[] { 1, 2 })
        {
            string own = threads == 1 ? "one thread" : "two threads";
            Workload langevin = TrainingWorks.Of(threads, images, TrainingWorks.Batch, TrainingWorks.LangevinModel(TrainingWorks.Width));
            double seconds = Time(langevin.Advance);
            double acceptance = langevin.Figures()["acceptance"];
            double operations = 2 * TrainingWorks.Batch * TrainingOperations.Langevin(TrainingWorks.Width, acceptance);
            yield return new LimitRow(
                string.Create(CultureInfo.InvariantCulture, $"LAE training step (T = {TrainingWorks.Transitions}, MH, acceptance {acceptance:F2}), {own}"), seconds,
                new Bound(operations / limits.Operations(threads), "multiply-adds"), operations);
            yield return OfOperations(
                $"VAE training step, {own}", TrainingWorks.Of(threads, images, TrainingWorks.Batch, TrainingWorks.VariationalModel(TrainingWorks.Width)), limits, threads,
                2 * TrainingWorks.Batch * TrainingOperations.Variational(TrainingWorks.Width));
        }

        if (limits.RegisterBits >= 256)
        {
            foreach (LimitRow row in Draws(limits))
            {
                yield return row;
            }
        }
    }

    private static IEnumerable<LimitRow> Draws(MachineLimits limits)
    {
        InstructionCount single = DrawInstructions.Single(Numbers, limits.RegisterBits);
        InstructionCount twice = DrawInstructions.Double(Numbers, limits.RegisterBits);
        yield return new LimitRow("100,000 standard normals, float32, one thread", Time(SamplingWorks.Normals<float>().Advance), single.LeastTime(limits));
        yield return new LimitRow("… the same blocks into one place in the first cache, without rows", Time(BlocksAlone<float, NormalSingle>(limits.RegisterBits)), single.LeastTime(limits));
        yield return new LimitRow("100,000 standard normals, float64, one thread", Time(SamplingWorks.Normals<double>().Advance), twice.LeastTime(limits));
        yield return new LimitRow("… the same blocks into one place in the first cache, without rows", Time(BlocksAlone<double, NormalDouble>(limits.RegisterBits)), twice.LeastTime(limits));

        // two multiply-adds make the proposal, one the density; the gradient is a multiplication, or a product
        double vectors = Numbers / (limits.RegisterBits / 32);
        InstructionCount diagonal = single + new InstructionCount(MultiplyAdds: 4 * vectors);
        InstructionCount dense = single + new InstructionCount(MultiplyAdds: (3 + Dimension) * vectors);
        yield return OfTransition("ULA, 1,000 chains × 100 dimensions, diagonal precision, one thread", SamplingWorks.UlaDiagonal(1), diagonal, limits);
        yield return OfTransition("ULA, the same, dense precision, one thread", SamplingWorks.UlaDense(1, differentiated: false), dense, limits);
    }

    private static LimitRow OfOperations(string work, Workload load, MachineLimits limits, int threads, double operations) =>
        new(work, Time(load.Advance), new Bound(operations / limits.Operations(threads), "multiply-adds"), operations);

    // x is read and x' written; what need not be in memory is not counted. Arithmetic and memory go on at the same time, so that the longer of the two is the limit.
    private static LimitRow OfTransition(string work, Workload load, InstructionCount instructions, MachineLimits limits)
    {
        Bound arithmetic = instructions.LeastTime(limits);
        double memory = 2 * sizeof(float) * Numbers / limits.CacheBytes;
        string name = string.Create(CultureInfo.InvariantCulture, $"{arithmetic.Name} {Duration.Text(arithmetic.Seconds)}, memory {Duration.Text(memory)}");
        return new LimitRow(work, Time(load.Advance), new Bound(Math.Max(arithmetic.Seconds, memory), name));
    }

    private static Action<int> BlocksAlone<T, TDraw>(int registerBits)
        where T : unmanaged
        where TDraw : struct, IBlockDraw<T> => registerBits == 512 ? BlocksAlone<T, TDraw, DrawWidth512> : BlocksAlone<T, TDraw, DrawWidth256>;

    private static void BlocksAlone<T, TDraw, TWidth>(int units)
        where T : unmanaged
        where TDraw : struct, IBlockDraw<T>
        where TWidth : struct, IDrawWidth
    {
        T[] place = new T[TWidth.Blocks * TDraw.Columns];
        RoundKeys.Expand(RandomKey.FromSeed(1), out RoundKeys keys);
        for (int unit = 0; unit < units; unit++)
        {
            for (uint block = 0; block < Numbers / TDraw.Columns; block += (uint)TWidth.Blocks)
            {
                TWidth.Consecutive<T, TDraw>(in keys, 0, (uint)unit, block, ref place[0]);
            }
        }
    }

    private static double Time(Action<int> advance) => Duration.Of(advance, Turns, Turn, WarmUp);
}
