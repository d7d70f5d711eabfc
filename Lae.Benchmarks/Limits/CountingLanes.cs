using Lae.Randomness;

namespace Lae.Benchmarks.Limits;

/// <summary>A real that nobody computes.</summary>
internal readonly struct CountedReal;

/// <summary>A word that nobody computes.</summary>
internal readonly struct CountedWord;

/// <summary>Lanes that count the instructions of what is written in lanes, instead of computing it: the count is that of the code itself, whatever becomes of the code. Constants and reinterpreted bits cost nothing.</summary>
internal readonly struct CountingLanes : ISingleLanes<CountedReal, CountedWord>, ILanes<double, CountedReal, CountedWord>
{
    [ThreadStatic]
    private static InstructionCount count;

    [ThreadStatic]
    private static bool isDouble;

    /// <summary>The instructions of some code that is written in these lanes.</summary>
    /// <param name="code">The code.</param>
    /// <param name="inDouble">Whether a real is a float64.</param>
    public static InstructionCount Of(Action code, bool inDouble)
    {
        (count, isDouble) = (default, inDouble);
        code();
        return count;
    }

    public static CountedReal Real(float value) => default;

    public static CountedReal Real(double value) => default;

    public static CountedWord Word(ulong value) => default;

    public static CountedReal AsReal(CountedWord bits) => default;

    public static CountedWord AsWord(CountedReal value) => default;

    public static CountedReal Plus(CountedReal a, CountedReal b) => Real(new InstructionCount(Others: 1));

    public static CountedReal Minus(CountedReal a, CountedReal b) => Real(new InstructionCount(Others: 1));

    public static CountedReal Times(CountedReal a, CountedReal b) => Real(new InstructionCount(MultiplyAdds: 1));

    public static CountedReal Over(CountedReal a, CountedReal b) => isDouble
        ? Real(new InstructionCount(DoubleDivisions: 1))
        : throw new NotSupportedException("The rate of float32 divisions is not measured.");

    public static CountedReal Fma(CountedReal a, CountedReal b, CountedReal c) => Real(new InstructionCount(MultiplyAdds: 1));

    public static CountedReal Sqrt(CountedReal value) => Real(isDouble ? new InstructionCount(DoubleRoots: 1) : new InstructionCount(SingleRoots: 1));

    public static CountedWord Plus(CountedWord a, CountedWord b) => Word(new InstructionCount(Others: 1));

    public static CountedWord And(CountedWord a, CountedWord b) => Word(new InstructionCount(Logic: 1));

    public static CountedWord Or(CountedWord a, CountedWord b) => Word(new InstructionCount(Logic: 1));

    public static CountedWord Xor(CountedWord a, CountedWord b) => Word(new InstructionCount(Logic: 1));

    public static CountedWord Left(CountedWord value, int bits) => Word(new InstructionCount(Shifts: 1));

    public static CountedWord Right(CountedWord value, int bits) => Word(new InstructionCount(Shifts: 1));

    public static CountedWord TopBitMask(CountedWord value) => Word(new InstructionCount(Others: 1));

    public static CountedReal FromInt32(CountedWord value) => Real(new InstructionCount(Others: 1));

    private static CountedReal Real(InstructionCount more)
    {
        count += more;
        return default;
    }

    private static CountedWord Word(InstructionCount more)
    {
        count += more;
        return default;
    }
}
