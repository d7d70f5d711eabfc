using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Lae.Numerics.Engines.Managed;

/// <summary>Totals along four rows at once: each is a chain of additions, and four chains go side by side in the time of one.</summary>
internal static unsafe partial class EightLanes<T>
{
    /// <summary>How many rows <see cref="AlongFourRows"/> takes.</summary>
    public const int RowsTogether = 4;

    /// <summary>The totals of <see cref="AlongRow"/> of four rows that lie <paramref name="stride"/> apart, each with its parameter.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    [SkipLocalsInit]
    public static void AlongFourRows<TTerm>(T* x, T* second, nint stride, nint length, T* parameters, T* totals)
        where TTerm : struct, IReductionTerm<T>
    {
        Vector256<T> start = Vector256.Create(TTerm.Start);
        (Vector256<T> low0, Vector256<T> low1, Vector256<T> low2, Vector256<T> low3) = (start, start, start, start);
        (Vector256<T> high0, Vector256<T> high1, Vector256<T> high2, Vector256<T> high3) = (start, start, start, start);
        Vector256<T> parameter0 = Vector256.Create(parameters[0]);
        Vector256<T> parameter1 = Vector256.Create(parameters[1]);
        Vector256<T> parameter2 = Vector256.Create(parameters[2]);
        Vector256<T> parameter3 = Vector256.Create(parameters[3]);
        T* x1 = x + stride;
        T* x2 = x1 + stride;
        T* x3 = x2 + stride;
        T* second1 = second + stride;
        T* second2 = second1 + stride;
        T* second3 = second2 + stride;
        nint whole = length / Lanes * Lanes;
        for (nint k = 0; k < whole; k += Lanes)
        {
            low0 = Take(low0, x + k, second + k, parameter0);
            low1 = Take(low1, x1 + k, second1 + k, parameter1);
            low2 = Take(low2, x2 + k, second2 + k, parameter2);
            low3 = Take(low3, x3 + k, second3 + k, parameter3);
            if (typeof(T) == typeof(double))
            {
                nint upper = k + Width;
                high0 = Take(high0, x + upper, second + upper, parameter0);
                high1 = Take(high1, x1 + upper, second1 + upper, parameter1);
                high2 = Take(high2, x2 + upper, second2 + upper, parameter2);
                high3 = Take(high3, x3 + upper, second3 + upper, parameter3);
            }
        }

        nint rest = length - whole;
        totals[0] = Finished(low0, high0, x + whole, second + whole, rest, parameters[0]);
        totals[1] = Finished(low1, high1, x1 + whole, second1 + whole, rest, parameters[1]);
        totals[2] = Finished(low2, high2, x2 + whole, second2 + whole, rest, parameters[2]);
        totals[3] = Finished(low3, high3, x3 + whole, second3 + whole, rest, parameters[3]);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static Vector256<T> Take(Vector256<T> total, T* values, T* seconds, Vector256<T> parameter) =>
            TTerm.Accumulate(total, Vector256.Load(values), TTerm.UsesSecond ? Vector256.Load(seconds) : default, parameter);

        static T Finished(Vector256<T> low, Vector256<T> high, T* values, T* seconds, nint count, T parameter)
        {
            AddRest<TTerm>(ref low, ref high, values, seconds, count, parameter);
            return Joined<TTerm>(low, high);
        }
    }

    /// <summary>Adds fewer elements than there are lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddRest<TTerm>(ref Vector256<T> low, ref Vector256<T> high, T* x, T* second, nint count, T parameter)
        where TTerm : struct, IReductionTerm<T>
    {
        if (count == 0)
        {
            return;
        }

        Vector256<T> padding = Vector256.Create(TTerm.Padding(parameter));
        Vector256<T> parameters = Vector256.Create(parameter);
        low = TTerm.Accumulate(low, LoadPart(x, count, padding), TTerm.UsesSecond ? LoadPart(second, count, default) : default, parameters);
        if (typeof(T) == typeof(double))
        {
            high = TTerm.Accumulate(high, LoadPart(x + Width, count - Width, padding), TTerm.UsesSecond ? LoadPart(second + Width, count - Width, default) : default, parameters);
        }
    }
}
