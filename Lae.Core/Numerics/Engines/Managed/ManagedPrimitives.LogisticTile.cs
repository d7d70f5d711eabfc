using System.Runtime.CompilerServices;

namespace Lae.Numerics.Engines.Managed;

/// <summary>What a tile of 64 rows adds to the likelihood of a logistic regression.</summary>
internal sealed unsafe partial class ManagedPrimitives<T, TVector, TLanes>
{
    private partial struct LogisticWork
    {
        /// <summary>Adds a tile to the lanes of a chain, which are [2 + columns, 16]: Σ min(z, 0), Π (1 + e) and the gradient.</summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        [SkipLocalsInit]
        private static void AddTile<TLogits>(nint columns, nint rows, T* tile, T* position, T* lanes)
            where TLogits : struct, ILogitRange<T, TVector>
        {
            const int Tile = SignedDesign.TileRows;
            if (2 * TLanes.Count == LogisticLanes && 8 * TLanes.Count == Tile && rows == Tile && !TLogits.UsesLogits)
            {
                TakeTile<TLogits>(columns, tile, position, lanes);
                return;
            }

            T* memory = stackalloc T[Tile + (64 / sizeof(T))];
            T* slopes = (T*)(((nuint)memory + 63) & ~(nuint)63);
            for (nint i = 0; i < Tile; i += 4 * TLanes.Count)
            {
                T* x = tile + i;
                TVector u = TLanes.Broadcast(position[0]);
                TVector z0 = TLanes.Multiply(TLanes.Load(x), u);
                TVector z1 = TLanes.Multiply(TLanes.Load(x + TLanes.Count), u);
                TVector z2 = TLanes.Multiply(TLanes.Load(x + (2 * TLanes.Count)), u);
                TVector z3 = TLanes.Multiply(TLanes.Load(x + (3 * TLanes.Count)), u);
                for (nint j = 1; j < columns; j++)
                {
                    x += Tile;
                    u = TLanes.Broadcast(position[j]);
                    z0 = TLanes.MultiplyAdd(TLanes.Load(x), u, z0);
                    z1 = TLanes.MultiplyAdd(TLanes.Load(x + TLanes.Count), u, z1);
                    z2 = TLanes.MultiplyAdd(TLanes.Load(x + (2 * TLanes.Count)), u, z2);
                    z3 = TLanes.MultiplyAdd(TLanes.Load(x + (3 * TLanes.Count)), u, z3);
                }

                TLanes.Store(z0, slopes + i);
                TLanes.Store(z1, slopes + i + TLanes.Count);
                TLanes.Store(z2, slopes + i + (2 * TLanes.Count));
                TLanes.Store(z3, slopes + i + (3 * TLanes.Count));
            }

            // A row that only fills the tile up is one that is told for certain: it adds 0 to all sums.
            for (nint i = rows; i < Tile; i++)
            {
                slopes[i] = T.CreateTruncating(700);
            }

            if (8 * TLanes.Count <= Tile)
            {
                for (nint i = 0; i < Tile; i += 8 * TLanes.Count)
                {
                    TakeEight<TLogits>(columns, tile, slopes + i, lanes, i);
                }

                if (2 * TLanes.Count == LogisticLanes)
                {
                    return;
                }
            }
            else
            {
                for (nint i = 0; i < Tile; i += TLanes.Count)
                {
                    TVector z = TLanes.Load(slopes + i);
                    Take<TLogits>(z, VectorFunctions<T, TVector, TLanes>.NormalDecayOf(z), slopes + i, lanes + (i & (LogisticLanes - 1)));
                }
            }

            for (nint lane = 0; lane < LogisticLanes; lane += TLanes.Count)
            {
                TVector w0 = TLanes.Load(slopes + lane);
                TVector w1 = TLanes.Load(slopes + lane + LogisticLanes);
                TVector w2 = TLanes.Load(slopes + lane + (2 * LogisticLanes));
                TVector w3 = TLanes.Load(slopes + lane + (3 * LogisticLanes));
                T* x = tile + lane;
                T* total = lanes + (2 * LogisticLanes) + lane;
                for (nint j = 0; j < columns; j++)
                {
                    TVector sum = TLanes.MultiplyAdd(w0, TLanes.Load(x), TLanes.Load(total));
                    sum = TLanes.MultiplyAdd(w1, TLanes.Load(x + LogisticLanes), sum);
                    sum = TLanes.MultiplyAdd(w2, TLanes.Load(x + (2 * LogisticLanes)), sum);
                    TLanes.Store(TLanes.MultiplyAdd(w3, TLanes.Load(x + (3 * LogisticLanes)), sum), total);
                    x += Tile;
                    total += LogisticLanes;
                }
            }
        }

        /// <summary>
        /// Takes eight registers of logits, which begin at row <paramref name="first"/> of the tile, and stores σ(−z) in their place; where they are the whole tile in two sets of lanes, it adds to the gradient instead. A method of its own, for
        /// inside a loop the compiler would keep the constants in the registers that the eight need.
        /// </summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
        private static void TakeEight<TLogits>(nint columns, T* tile, T* slopes, T* lanes, nint first)
            where TLogits : struct, ILogitRange<T, TVector>
        {
            TVector e0 = TLanes.Load(slopes);
            TVector e1 = TLanes.Load(slopes + TLanes.Count);
            TVector e2 = TLanes.Load(slopes + (2 * TLanes.Count));
            TVector e3 = TLanes.Load(slopes + (3 * TLanes.Count));
            TVector e4 = TLanes.Load(slopes + (4 * TLanes.Count));
            TVector e5 = TLanes.Load(slopes + (5 * TLanes.Count));
            TVector e6 = TLanes.Load(slopes + (6 * TLanes.Count));
            TVector e7 = TLanes.Load(slopes + (7 * TLanes.Count));
            if (2 * TLanes.Count == LogisticLanes)
            {
                TakeWhole<TLogits>(columns, tile, slopes, lanes, e0, e1, e2, e3, e4, e5, e6, e7);
                return;
            }

            TLogits.Replace(ref e0, ref e1, ref e2, ref e3, ref e4, ref e5, ref e6, ref e7);

            Take<TLogits>(TLanes.Load(slopes), e0, slopes, lanes + (first & (LogisticLanes - 1)));
            Take<TLogits>(TLanes.Load(slopes + TLanes.Count), e1, slopes + TLanes.Count, lanes + ((first + TLanes.Count) & (LogisticLanes - 1)));
            Take<TLogits>(TLanes.Load(slopes + (2 * TLanes.Count)), e2, slopes + (2 * TLanes.Count), lanes + ((first + (2 * TLanes.Count)) & (LogisticLanes - 1)));
            Take<TLogits>(TLanes.Load(slopes + (3 * TLanes.Count)), e3, slopes + (3 * TLanes.Count), lanes + ((first + (3 * TLanes.Count)) & (LogisticLanes - 1)));
            Take<TLogits>(TLanes.Load(slopes + (4 * TLanes.Count)), e4, slopes + (4 * TLanes.Count), lanes + ((first + (4 * TLanes.Count)) & (LogisticLanes - 1)));
            Take<TLogits>(TLanes.Load(slopes + (5 * TLanes.Count)), e5, slopes + (5 * TLanes.Count), lanes + ((first + (5 * TLanes.Count)) & (LogisticLanes - 1)));
            Take<TLogits>(TLanes.Load(slopes + (6 * TLanes.Count)), e6, slopes + (6 * TLanes.Count), lanes + ((first + (6 * TLanes.Count)) & (LogisticLanes - 1)));
            Take<TLogits>(TLanes.Load(slopes + (7 * TLanes.Count)), e7, slopes + (7 * TLanes.Count), lanes + ((first + (7 * TLanes.Count)) & (LogisticLanes - 1)));
        }

        /// <summary>The logits of a whole tile in eight registers, which are taken where they are.</summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
        private static void TakeTile<TLogits>(nint columns, T* tile, T* position, T* lanes)
            where TLogits : struct, ILogitRange<T, TVector>
        {
            T* x = tile;
            TVector u = TLanes.Broadcast(position[0]);
            TVector z0 = TLanes.Multiply(TLanes.Load(x), u);
            TVector z1 = TLanes.Multiply(TLanes.Load(x + TLanes.Count), u);
            TVector z2 = TLanes.Multiply(TLanes.Load(x + (2 * TLanes.Count)), u);
            TVector z3 = TLanes.Multiply(TLanes.Load(x + (3 * TLanes.Count)), u);
            TVector z4 = TLanes.Multiply(TLanes.Load(x + (4 * TLanes.Count)), u);
            TVector z5 = TLanes.Multiply(TLanes.Load(x + (5 * TLanes.Count)), u);
            TVector z6 = TLanes.Multiply(TLanes.Load(x + (6 * TLanes.Count)), u);
            TVector z7 = TLanes.Multiply(TLanes.Load(x + (7 * TLanes.Count)), u);
            for (nint j = 1; j < columns; j++)
            {
                x += SignedDesign.TileRows;
                u = TLanes.Broadcast(position[j]);
                z0 = TLanes.MultiplyAdd(TLanes.Load(x), u, z0);
                z1 = TLanes.MultiplyAdd(TLanes.Load(x + TLanes.Count), u, z1);
                z2 = TLanes.MultiplyAdd(TLanes.Load(x + (2 * TLanes.Count)), u, z2);
                z3 = TLanes.MultiplyAdd(TLanes.Load(x + (3 * TLanes.Count)), u, z3);
                z4 = TLanes.MultiplyAdd(TLanes.Load(x + (4 * TLanes.Count)), u, z4);
                z5 = TLanes.MultiplyAdd(TLanes.Load(x + (5 * TLanes.Count)), u, z5);
                z6 = TLanes.MultiplyAdd(TLanes.Load(x + (6 * TLanes.Count)), u, z6);
                z7 = TLanes.MultiplyAdd(TLanes.Load(x + (7 * TLanes.Count)), u, z7);
            }

            TakeWhole<TLogits>(columns, tile, null, lanes, z0, z1, z2, z3, z4, z5, z6, z7);
        }

        /// <summary>A whole tile in two sets of lanes, whose totals and slopes stay in registers.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static void TakeWhole<TLogits>(
            nint columns, T* tile, T* logits, T* lanes, TVector e0, TVector e1, TVector e2, TVector e3, TVector e4, TVector e5, TVector e6, TVector e7)
            where TLogits : struct, ILogitRange<T, TVector>
        {
            TLogits.Replace(ref e0, ref e1, ref e2, ref e3, ref e4, ref e5, ref e6, ref e7);
            TakeFour<TLogits>(ref e0, ref e2, ref e4, ref e6, logits, lanes);
            TakeFour<TLogits>(ref e1, ref e3, ref e5, ref e7, logits + TLanes.Count, lanes + TLanes.Count);
            T* total = lanes + (2 * LogisticLanes);
            for (nint j = 0; j < columns; j++)
            {
                TVector even = TLanes.MultiplyAdd(e0, TLanes.Load(tile), TLanes.Load(total));
                TVector odd = TLanes.MultiplyAdd(e1, TLanes.Load(tile + TLanes.Count), TLanes.Load(total + TLanes.Count));
                even = TLanes.MultiplyAdd(e2, TLanes.Load(tile + (2 * TLanes.Count)), even);
                odd = TLanes.MultiplyAdd(e3, TLanes.Load(tile + (3 * TLanes.Count)), odd);
                even = TLanes.MultiplyAdd(e4, TLanes.Load(tile + (4 * TLanes.Count)), even);
                odd = TLanes.MultiplyAdd(e5, TLanes.Load(tile + (5 * TLanes.Count)), odd);
                TLanes.Store(TLanes.MultiplyAdd(e6, TLanes.Load(tile + (6 * TLanes.Count)), even), total);
                TLanes.Store(TLanes.MultiplyAdd(e7, TLanes.Load(tile + (7 * TLanes.Count)), odd), total + TLanes.Count);
                tile += SignedDesign.TileRows;
                total += LogisticLanes;
            }
        }

        /// <summary>Four registers to one set of lanes, in the order of four times one; σ(−z) is left of each.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static void TakeFour<TLogits>(ref TVector e0, ref TVector e1, ref TVector e2, ref TVector e3, T* logits, T* lanes)
            where TLogits : struct, ILogitRange<T, TVector>
        {
            TVector sum = TLanes.Load(lanes);
            TVector product = TLanes.Load(lanes + LogisticLanes);
            TLogits.Take(ref e0, TLogits.UsesLogits ? TLanes.Load(logits) : default, ref sum, ref product);
            TLogits.Take(ref e1, TLogits.UsesLogits ? TLanes.Load(logits + LogisticLanes) : default, ref sum, ref product);
            TLogits.Take(ref e2, TLogits.UsesLogits ? TLanes.Load(logits + (2 * LogisticLanes)) : default, ref sum, ref product);
            TLogits.Take(ref e3, TLogits.UsesLogits ? TLanes.Load(logits + (3 * LogisticLanes)) : default, ref sum, ref product);
            TLanes.Store(sum, lanes);
            TLanes.Store(product, lanes + LogisticLanes);
        }

        /// <summary>The same with the totals in the lanes, and σ(−z) stored.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static void Take<TLogits>(TVector z, TVector decay, T* slopes, T* lanes)
            where TLogits : struct, ILogitRange<T, TVector>
        {
            TVector sum = TLanes.Load(lanes);
            TVector product = TLanes.Load(lanes + LogisticLanes);
            TLogits.Take(ref decay, z, ref sum, ref product);
            TLanes.Store(sum, lanes);
            TLanes.Store(product, lanes + LogisticLanes);
            TLanes.Store(decay, slopes);
        }

        /// <summary>Moves the products into the sums: Σ min(z, 0) − ln Π.</summary>
        private static void TakeLogarithms(T* lanes)
        {
            for (nint lane = 0; lane < LogisticLanes; lane += TLanes.Count)
            {
                TVector logarithm = VectorFunctions<T, TVector, TLanes>.Logarithm(TLanes.Load(lanes + LogisticLanes + lane));
                TLanes.Store(TLanes.Subtract(TLanes.Load(lanes + lane), logarithm), lanes + lane);
                TLanes.Store(TLanes.Broadcast(T.One), lanes + LogisticLanes + lane);
            }
        }

        /// <summary>The sum of the 16 lanes, which it destroys: the upper half joins the lower, and so on.</summary>
        private static T Total(T* lanes)
        {
            nint half = LogisticLanes / 2;
            for (; half > TLanes.Count; half /= 2)
            {
                for (nint lane = 0; lane < half; lane += TLanes.Count)
                {
                    TLanes.Store(TLanes.Add(TLanes.Load(lanes + lane), TLanes.Load(lanes + lane + half)), lanes + lane);
                }
            }

            return TLanes.SumOfHalves(half < TLanes.Count ? TLanes.Load(lanes) : TLanes.Add(TLanes.Load(lanes), TLanes.Load(lanes + half)));
        }
    }
}
