using System.Globalization;
using System.Text;
using Lae.Benchmarks.SideBySide;

namespace Lae.Benchmarks.Limits;

/// <summary>The section of docs/benchmarks.md that <c>limits</c> writes.</summary>
internal static class LimitSection
{
    public static string Of(MachineLimits limits, IReadOnlyList<LimitRow> rows)
    {
        int bits = limits.RegisterBits;
        StringBuilder page = new();
        page.Append(CultureInfo.InvariantCulture, $"""
            Written by `dotnet run -c Release --project Lae.Benchmarks -- limits`. {Machine.Description}.

            What the machine can do at most, measured in the same process just before the works: vector instructions of {bits} bits in twelve independent accumulators that stay in registers, and STREAM's triad a = b + s c over three arrays (12 bytes
            an element). The fastest of many short rounds counts, of one thread where nothing else is said.

            | limit | a second |
            |---|---|
            | float32 multiply-adds | {Billions(limits.MultiplyAdds)} instructions = {Billions(limits.Operations(1))} floating-point operations |
            | float32 multiply-adds, two threads | {Billions(limits.MultiplyAddsOfTwo)} instructions = {Billions(limits.Operations(2))} floating-point operations |
            | additions of integers | {Billions(limits.IntegerAdditions)} instructions |
            | shifts | {Billions(limits.Shifts)} instructions |
            | products of 32 by 32 bits to 64 | {Billions(limits.WideningProducts)} instructions |
            | square roots, float32 | {Billions(limits.SingleRoots)} instructions |
            | square roots, float64 | {Billions(limits.DoubleRoots)} instructions |
            | divisions, float64 | {Billions(limits.DoubleDivisions)} instructions |
            | triad, {MachineLimits.CacheSet / 1e6:F1} MB | {limits.CacheBytes / 1e9:F0} GB |
            | triad, {MachineLimits.MemorySet / 1e6:F0} MB | {limits.MemoryBytes / 1e9:F0} GB |

            Share = limit / measured, the limit being the least time in which this machine could do the work; the median of seven turns counts as measured.

            *Products and training steps*: floating-point operations of matrix products at the peak rate of as many threads. Those of a training step are counted from the shapes of the networks ({TrainingWorks.Pixels}-3×{TrainingWorks.Width}-{TrainingWorks.LatentSize} and back,
            batch {TrainingWorks.Batch}), products alone: forward, gradient of the weights, gradient of the inputs (not for those of the first encoder layer). VAE: encoder and decoder once forward and backward. LAE: the encoder once forward and backward; the decoder forward and
            its gradient in Φ, without that of its weights, at the start and at each of the T = {TrainingWorks.Transitions} proposals; the gradients of the decoder's weights at the states that teach, T where every proposal is accepted. That makes at most {Billions(2 * TrainingWorks.Batch * TrainingOperations.Langevin(TrainingWorks.Width))} operations
            a step for the LAE and {Billions(2 * TrainingWorks.Batch * TrainingOperations.Variational(TrainingWorks.Width))} for the VAE. Normalisation, likelihood, noise and descent count as nothing.

            *Normals*: the vector instructions of Philox4x32-10 and Box–Muller as Lae writes them, counted by kind from the code (the transform runs once on lanes that count; two logical connectives are one instruction where AVX-512 can do so), each kind at its rate
            above and all together at the rate of the fastest kind. The limit is the largest of these times: no order of these instructions can be faster. Loads, stores and the cutting into rows count as nothing; the rows "the same blocks" leave the cutting and the wide
            stores out, so that what they lack is latency, dispatch and registers.

            *ULA*: the instructions of the normals and 4 multiply-adds for each register of elements (proposal 2, density 1, gradient 1; with the dense precision the product, {Dense} operations, in place of the last), or the position read once and written once at the rate
            of the {MachineLimits.CacheSet / 1e6:F1} MB triad, whichever is longer, since the two overlap. Lae's operations also write and read the noise, the gradient and the products in between; a transition in one pass would not.

            | work | measured | limit | share | which limit |
            |---|---|---|---|---|

            """);
        foreach (LimitRow row in rows)
        {
            page.AppendLine(Row(row));
        }

        return page.ToString();
    }

    /// <summary>A row of the table.</summary>
    public static string Row(LimitRow row)
    {
        string rate = row.Operations is { } operations ? string.Create(CultureInfo.InvariantCulture, $" ({operations / row.Seconds / 1e9:F0} GFLOP/s)") : "";
        return string.Create(CultureInfo.InvariantCulture, $"| {row.Work} | {Duration.Text(row.Seconds)}{rate} | {Duration.Text(row.Limit.Seconds)} | {100 * row.Share:F0} % | {row.Limit.Name} |");
    }

    private const string Dense = "2 · 10⁷";

    private static string Billions(double count) => string.Create(CultureInfo.InvariantCulture, $"{count / 1e9:G3} · 10⁹");
}
