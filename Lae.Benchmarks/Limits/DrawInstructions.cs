using Lae.Randomness;

namespace Lae.Benchmarks.Limits;

/// <summary>
/// The vector instructions of standard normals: Philox4x32-10 with a counter to each 64-bit lane, then Box and Muller. Of a register of counters come 4 float32 or 2 float64 numbers to each 64 bits. Loads and stores are not counted,
/// nor what cuts rows into groups.
/// </summary>
internal static class DrawInstructions
{
    // a round: two products, whose high halves are shifted down and each brought together with a word and a round key
    private static readonly InstructionCount Block = Philox.Rounds * new InstructionCount(WideningProducts: 2, Shifts: 2, Logic: 4);

    /// <summary>Of so many float32 normals.</summary>
    public static InstructionCount Single(double numbers, int registerBits)
    {
        // pairs of words are put into one register: a word is shifted up, the other cut out and joined; at the end two registers are interleaved
        InstructionCount around = new(Shifts: 2, Logic: 4, Others: 2);
        InstructionCount transform = CountingLanes.Of(static () => SingleTransform.Normal<CountingLanes, CountedReal, CountedWord>(default, default, out _, out _), inDouble: false);
        return numbers / (4 * (registerBits / 64)) * (Block + around + transform);
    }

    /// <summary>Of so many float64 normals.</summary>
    public static InstructionCount Double(double numbers, int registerBits)
    {
        InstructionCount around = new(Others: 2);
        InstructionCount transform = CountingLanes.Of(static () => DoubleTransform.Normal<CountingLanes, CountedReal, CountedWord>(default, default, default, default, out _, out _), inDouble: true);
        return numbers / (2 * (registerBits / 64)) * (Block + around + transform);
    }
}
