using System.Runtime.CompilerServices;

namespace Lae.Numerics.Engines.Managed;

/// <summary>The discretised logistic likelihood.</summary>
internal sealed unsafe partial class ManagedPrimitives<T, TVector, TLanes>
{
    public void DiscretizedLogistic(
        T inverseScale, T halfBin, T low, T high, ReadOnlySpan<T> x, ReadOnlySpan<T> mean,
        Span<T> logProbability, Span<T> meanGradient, Span<T> inverseScaleGradient)
    {
        Require(
            mean.Length == x.Length && logProbability.Length == x.Length
            && (meanGradient.IsEmpty || meanGradient.Length == x.Length)
            && (inverseScaleGradient.IsEmpty || inverseScaleGradient.Length == x.Length));

        // The distance of the two arguments is the same for all elements, so what depends on it alone is computed once, and without the rounding of a difference.
        T width = (halfBin + halfBin) * inverseScale;

        // 1 − e⁻ʷ through tanh, for T.ExpM1 is no more than a difference.
        T half = T.Tanh(width / (T.One + T.One));
        T hidden = (half + half) / (T.One + half);
        fixed (T* xAddress = x, meanAddress = mean, probabilityAddress = logProbability, meanGradientAddress = meanGradient, scaleGradientAddress = inverseScaleGradient)
        {
            DiscretizedLogisticWork work = new()
            {
                InverseScale = inverseScale,
                HalfBin = halfBin,
                Low = low,
                High = high,
                LogHidden = T.Log(hidden),
                WidthSlope = (halfBin + halfBin) * T.Exp(-width) / hidden,
                X = xAddress,
                Mean = meanAddress,
                LogProbability = probabilityAddress,
                MeanGradient = meanGradientAddress,
                ScaleGradient = scaleGradientAddress,
                Length = x.Length,
            };
            pool.Run(ref work, pool.Parts(x.Length, TranscendentalGrain / 2));
        }
    }

    private struct DiscretizedLogisticWork : IPartitionedWork
    {
        public T InverseScale;
        public T HalfBin;
        public T Low;
        public T High;
        public T LogHidden;
        public T WidthSlope;
        public T* X;
        public T* Mean;
        public T* LogProbability;
        public T* MeanGradient;
        public T* ScaleGradient;
        public nint Length;

        public readonly void Run(int part, int parts, ScratchMemory workspace)
        {
            (nint i, nint end) = Stretch(Length, part, parts);
            nint whole = (end - i) / TLanes.Count * TLanes.Count;
            Evaluate(X + i, Mean + i, LogProbability + i, Offset(MeanGradient, i), Offset(ScaleGradient, i), whole);
            i += whole;
            if (i < end)
            {
                // The last few go through a padded register.
                TVector x = default;
                TVector mean = default;
                TVector probability;
                TVector meanGradient;
                TVector scaleGradient;
                uint bytes = (uint)((end - i) * sizeof(T));
                Unsafe.CopyBlockUnaligned(&x, X + i, bytes);
                Unsafe.CopyBlockUnaligned(&mean, Mean + i, bytes);
                Evaluate((T*)&x, (T*)&mean, (T*)&probability, (T*)&meanGradient, (T*)&scaleGradient, TLanes.Count);
                Unsafe.CopyBlockUnaligned(LogProbability + i, &probability, bytes);
                if (MeanGradient != null)
                {
                    Unsafe.CopyBlockUnaligned(MeanGradient + i, &meanGradient, bytes);
                }

                if (ScaleGradient != null)
                {
                    Unsafe.CopyBlockUnaligned(ScaleGradient + i, &scaleGradient, bytes);
                }
            }
        }

        private static T* Offset(T* start, nint i) => start == null ? null : start + i;

        /// <summary>A multiple of a register's elements. With u, l the two arguments, σ(u) − σ(l) = σ(u) σ(−l) (1 − e^{l−u}).</summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private readonly void Evaluate(T* x, T* mean, T* logProbability, T* meanGradient, T* scaleGradient, nint count)
        {
            TVector zero = TLanes.Broadcast(T.Zero);
            TVector inverseScale = TLanes.Broadcast(InverseScale);
            TVector halfBin = TLanes.Broadcast(HalfBin);
            for (nint i = 0; i < count; i += TLanes.Count)
            {
                TVector value = TLanes.Load(x + i);
                TVector centre = TLanes.Subtract(value, TLanes.Load(mean + i));
                TVector above = TLanes.Add(centre, halfBin);
                TVector below = TLanes.Subtract(centre, halfBin);
                TVector upper = TLanes.Negate(TLanes.Multiply(above, inverseScale));
                TVector lower = TLanes.Multiply(below, inverseScale);
                TVector isLow = TLanes.GreaterThanOrEqual(TLanes.Broadcast(Low), value);
                TVector isHigh = TLanes.GreaterThanOrEqual(value, TLanes.Broadcast(High));

                // An open edge drops the term of its missing bound, and with it the correction for the bin's width.
                TVector upperDecay = VectorFunctions<T, TVector, TLanes>.DecayOf(upper);
                TVector lowerDecay = VectorFunctions<T, TVector, TLanes>.DecayOf(lower);
                TVector upperCost = VectorFunctions<T, TVector, TLanes>.Softplus(upper, upperDecay);
                TVector lowerCost = VectorFunctions<T, TVector, TLanes>.Softplus(lower, lowerDecay);
                TVector inner = TLanes.Add(TLanes.Subtract(TLanes.Negate(upperCost), lowerCost), TLanes.Broadcast(LogHidden));
                TVector outer = TLanes.Select(isLow, TLanes.Negate(upperCost), TLanes.Negate(lowerCost));
                TVector isEdge = TLanes.BitOr(isLow, isHigh);
                TLanes.Store(TLanes.Select(isEdge, outer, inner), logProbability + i);
                if (meanGradient == null && scaleGradient == null)
                {
                    continue;
                }

                // The slopes in u and l also have the terms ±e^{l−u} / (1 − e^{l−u}), which cancel in the mean and leave a constant in the scale.
                TVector slopeUpper = VectorFunctions<T, TVector, TLanes>.Sigmoid(upper, upperDecay);
                TVector slopeLower = VectorFunctions<T, TVector, TLanes>.Sigmoid(lower, lowerDecay);
                slopeLower = TLanes.Select(isLow, zero, slopeLower);
                slopeUpper = TLanes.Select(isLow, slopeUpper, TLanes.Select(isHigh, zero, slopeUpper));
                if (meanGradient != null)
                {
                    TLanes.Store(TLanes.Multiply(TLanes.Subtract(slopeLower, slopeUpper), inverseScale), meanGradient + i);
                }

                if (scaleGradient != null)
                {
                    TVector edges = TLanes.Subtract(TLanes.Multiply(slopeUpper, above), TLanes.Multiply(slopeLower, below));
                    TLanes.Store(TLanes.Add(edges, TLanes.Select(isEdge, zero, TLanes.Broadcast(WidthSlope))), scaleGradient + i);
                }
            }
        }
    }
}
