using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Lae.Numerics.Engines.Managed;

/// <summary>What a reduction gathers of each element; x and second are registers of elements, the parameter belongs to the whole axis.</summary>
internal interface IReductionTerm<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    static abstract T Start { get; }

    /// <summary>Whether the second argument matters.</summary>
    static abstract bool UsesSecond { get; }

    /// <summary>Whether the term is so long that the compiler should see it but once.</summary>
    static abstract bool IsLong { get; }

    static abstract Vector256<T> Accumulate(Vector256<T> total, Vector256<T> x, Vector256<T> second, Vector256<T> parameter);

    /// <summary>Joins two totals.</summary>
    static abstract Vector256<T> Join(Vector256<T> a, Vector256<T> b);

    /// <summary>What stands in for x where a register reaches beyond the axis, so that it changes no total.</summary>
    static abstract T Padding(T parameter);
}

/// <summary>
/// Reductions in one fixed order: element k goes to lane k mod 8, in rising k, and lanes 0–7 are joined as ((0+4)+(2+6)) + ((1+5)+(3+7)).
/// Along a row the lanes lie in registers; down a column each lane is a register of columns. Both give the same bits, for any register width.
/// </summary>
internal static unsafe partial class EightLanes<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>How many sums go side by side.</summary>
    public const int Lanes = 8;

    private static int Width
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector256<T>.Count;
    }

    /// <summary>The total of <paramref name="length"/> neighbours; <paramref name="second"/> may be null.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    [SkipLocalsInit]
    public static T AlongRow<TTerm>(T* x, T* second, nint length, T parameter)
        where TTerm : struct, IReductionTerm<T>
    {
        Vector256<T> fixedParameter = Vector256.Create(parameter);
        Vector256<T> low = Vector256.Create(TTerm.Start);
        Vector256<T> high = low;
        nint k = 0;
        for (; k <= length - Lanes; k += Lanes)
        {
            low = TTerm.Accumulate(low, Vector256.Load(x + k), TTerm.UsesSecond ? Vector256.Load(second + k) : default, fixedParameter);
            if (typeof(T) == typeof(double))
            {
                high = TTerm.Accumulate(high, Vector256.Load(x + k + Width), TTerm.UsesSecond ? Vector256.Load(second + k + Width) : default, fixedParameter);
            }
        }

        AddRest<TTerm>(ref low, ref high, x + k, second + k, length - k, parameter);
        return Joined<TTerm>(low, high);
    }

    /// <summary>One total of the eight lanes, which are both registers in double and the first in float.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Joined<TTerm>(Vector256<T> low, Vector256<T> high)
        where TTerm : struct, IReductionTerm<T>
    {
        if (typeof(T) == typeof(double))
        {
            // 0+4 1+5 2+6 3+7
            Vector256<T> pairs = TTerm.Join(low, high);
            Vector256<T> quads = TTerm.Join(pairs, Vector256.Create(pairs.GetUpper(), pairs.GetUpper()));
            return TTerm.Join(quads, Vector256.Create(quads.GetElement(1)))[0];
        }
        else
        {
            Vector256<T> pairs = TTerm.Join(low, Vector256.Create(low.GetUpper(), low.GetUpper()));
            Vector256<T> quads = TTerm.Join(pairs, Vector256.Shuffle(pairs.AsSingle(), Vector256.Create(2, 3, 2, 3, 2, 3, 2, 3)).As<float, T>());
            return TTerm.Join(quads, Vector256.Create(quads.GetElement(1)))[0];
        }
    }

    /// <summary>The first <paramref name="count"/> elements and padding after them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> LoadPart(T* x, nint count, Vector256<T> padding)
    {
        if (count >= Width)
        {
            return Vector256.Load(x);
        }

        if (Avx.IsSupported)
        {
            // what lies beyond is not touched, and no number is stored just before it is loaded, which would have to wait
            Vector256<T> mask = typeof(T) == typeof(double)
                ? Vector256.LessThan(Vector256<long>.Indices, Vector256.Create((long)count)).As<long, T>()
                : Vector256.LessThan(Vector256<int>.Indices, Vector256.Create((int)count)).As<int, T>();
            Vector256<T> part = typeof(T) == typeof(double)
                ? Avx.MaskLoad((double*)x, mask.AsDouble()).As<double, T>()
                : Avx.MaskLoad((float*)x, mask.AsSingle()).As<float, T>();
            return Vector256.ConditionalSelect(mask, part, padding);
        }

        Vector256<T> value = padding;
        for (nint i = 0; i < count; i++)
        {
            ((T*)&value)[i] = x[i];
        }

        return value;
    }

    /// <summary>Stores the first <paramref name="count"/> elements.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StorePart(Vector256<T> value, T* y, nint count)
    {
        if (count >= Width)
        {
            value.Store(y);
            return;
        }

        for (nint i = 0; i < count; i++)
        {
            y[i] = ((T*)&value)[i];
        }
    }

    public struct Sum : IReductionTerm<T>
    {
        public static T Start => T.Zero;

        public static bool UsesSecond
        {
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            get => false;
        }

        public static bool IsLong
        {
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            get => false;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<T> Accumulate(Vector256<T> total, Vector256<T> x, Vector256<T> second, Vector256<T> parameter) => total + x;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<T> Join(Vector256<T> a, Vector256<T> b) => a + b;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Padding(T parameter) => T.Zero;
    }

    public struct Maximum : IReductionTerm<T>
    {
        public static T Start => T.NegativeInfinity;

        public static bool UsesSecond
        {
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            get => false;
        }

        public static bool IsLong
        {
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            get => false;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<T> Accumulate(Vector256<T> total, Vector256<T> x, Vector256<T> second, Vector256<T> parameter) => Vector256.Max(total, x);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<T> Join(Vector256<T> a, Vector256<T> b) => Vector256.Max(a, b);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Padding(T parameter) => T.NegativeInfinity;
    }

    /// <summary>Σ e^{x − parameter}.</summary>
    public struct SumOfExponentials : IReductionTerm<T>
    {
        public static T Start => T.Zero;

        public static bool UsesSecond
        {
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            get => false;
        }

        public static bool IsLong
        {
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            get => true;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<T> Accumulate(Vector256<T> total, Vector256<T> x, Vector256<T> second, Vector256<T> parameter) =>
            total + VectorFunctions<T, Vector256<T>, Lanes256<T>>.Exponential(x - parameter);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<T> Join(Vector256<T> a, Vector256<T> b) => a + b;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Padding(T parameter) => T.NegativeInfinity;
    }

    /// <summary>Σ (x − parameter)².</summary>
    public struct SumOfSquaredDeviations : IReductionTerm<T>
    {
        public static T Start => T.Zero;

        public static bool UsesSecond
        {
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            get => false;
        }

        public static bool IsLong
        {
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            get => false;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<T> Accumulate(Vector256<T> total, Vector256<T> x, Vector256<T> second, Vector256<T> parameter)
        {
            Vector256<T> deviation = x - parameter;
            return Lanes256<T>.MultiplyAdd(deviation, deviation, total);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<T> Join(Vector256<T> a, Vector256<T> b) => a + b;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Padding(T parameter) => parameter;
    }

    /// <summary>Σ x · second.</summary>
    public struct SumOfProducts : IReductionTerm<T>
    {
        public static T Start => T.Zero;

        public static bool UsesSecond
        {
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            get => true;
        }

        public static bool IsLong
        {
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            get => false;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<T> Accumulate(Vector256<T> total, Vector256<T> x, Vector256<T> second, Vector256<T> parameter) =>
            Lanes256<T>.MultiplyAdd(x, second, total);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<T> Join(Vector256<T> a, Vector256<T> b) => a + b;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Padding(T parameter) => T.Zero;
    }
}
