using System.Runtime.CompilerServices;

namespace Lae.Numerics.Engines.Managed;

/// <summary>
/// The log likelihood of a logistic regression in one pass over the data: a tile of 64 rows stays in the first cache while all chains of a group read it. With e = e^{−|z|},
/// <code>
///     ln(1 + e^{−z}) = −min(z, 0) + ln(1 + e),    σ(−z) = (1 if z &lt; 0 else e) / (1 + e)
/// </code>
/// and Σ ln(1 + e) is the logarithm of a running product: a factor is in (1, 2], so that hundreds of them are finite, and one logarithm serves them all.
/// </summary>
/// <remarks>
/// The order of sums is fixed. Row i goes to lane i mod 16, in rising i within a block of 4,096 rows; then lane k + 8 joins lane k, k + 4 joins k, and so on; then blocks are added in rising order. So the bits of a chain depend
/// neither on the register's width, nor on the threads, nor on the other chains.
/// </remarks>
internal sealed unsafe partial class ManagedPrimitives<T, TVector, TLanes>
{
    private const int LogisticLanes = 16;
    private const int LogisticBlock = 4096;
    private const int MostChainsOfGroup = 8;

    /// <summary>What a datum costs beside its 2 · columns multiply-adds, in multiply-adds.</summary>
    private const int LogisticCost = 40;

    /// <summary>Rows between logarithms: 256 factors to a lane in double, 64 in float, each 2 at most.</summary>
    private static int RowsOfProduct => typeof(T) == typeof(float) ? LogisticBlock / 4 : LogisticBlock;

    public void LogisticLikelihood(int rows, int columns, ReadOnlySpan<T> signedDesign, ReadOnlySpan<T> position, Span<T> logLikelihood, Span<T> gradient)
    {
        int chains = logLikelihood.Length;
        Require(signedDesign.Length == SignedDesign.Length(rows, columns) && position.Length == (long)chains * columns && gradient.Length == position.Length);
        int blocks = Math.Max(1, (rows + LogisticBlock - 1) / LogisticBlock);
        int parts = pool.Parts((long)rows * chains * ((2 * columns) + LogisticCost), ProductGrain);
        int group = Math.Clamp(blocks >= 2 * parts ? chains : chains / parts, 1, MostChainsOfGroup);
        int groups = (chains + group - 1) / group;
        ScratchMemory memory = pool.Rent();
        try
        {
            T* totals = memory.Reserve<T>(ScratchRegion.Sums, (long)blocks * chains * (columns + 1));
            fixed (T* design = signedDesign, from = position)
            {
                LogisticWork work = new()
                {
                    Rows = rows, Columns = columns, Chains = chains, Group = group, Groups = groups, Units = (long)blocks * groups, Design = design, Position = from, Totals = totals,
                };
                pool.Run(ref work, (int)Math.Min(work.Units, parts));
            }

            Join(blocks, columns, totals, logLikelihood, gradient);
        }
        finally
        {
            pool.Return(memory);
        }
    }

    /// <summary>Adds the totals of blocks, [blocks, chains, 1 + columns], in rising order.</summary>
    private static void Join(int blocks, int columns, T* totals, Span<T> logLikelihood, Span<T> gradient)
    {
        logLikelihood.Clear();
        gradient.Clear();
        for (int block = 0; block < blocks; block++)
        {
            for (int chain = 0; chain < logLikelihood.Length; chain++)
            {
                logLikelihood[chain] += *totals++;
                for (int j = 0; j < columns; j++)
                {
                    gradient[(chain * columns) + j] += *totals++;
                }
            }
        }
    }

    private struct LogisticWork : IPartitionedWork
    {
        public nint Rows;
        public nint Columns;
        public nint Chains;
        public nint Group;
        public nint Groups;
        public long Units;
        public T* Design;
        public T* Position;
        public T* Totals;

        public readonly void Run(int part, int parts, ScratchMemory workspace)
        {
            nint size = (Columns + 2) * LogisticLanes;
            T* lanes = workspace.Reserve<T>(ScratchRegion.Scratch, Group * size);
            (nint unit, nint last) = Split(Units, part, parts);
            for (; unit < last; unit++)
            {
                nint firstChain = unit % Groups * Group;
                nint chains = Math.Min(Group, Chains - firstChain);
                nint row = unit / Groups * LogisticBlock;
                nint end = Math.Min(Rows, row + LogisticBlock);
                new Span<T>(lanes, (int)(chains * size)).Clear();
                for (nint chain = 0; chain < chains; chain++)
                {
                    new Span<T>(lanes + (chain * size) + LogisticLanes, LogisticLanes).Fill(T.One);
                }

                for (nint first = row; first < end; first += SignedDesign.TileRows)
                {
                    for (nint chain = 0; chain < chains; chain++)
                    {
                        T* own = lanes + (chain * size);
                        AddTile(Columns, Math.Min(SignedDesign.TileRows, end - first), Design + (first * Columns), Position + ((firstChain + chain) * Columns), own);
                        if ((first + SignedDesign.TileRows - row) % RowsOfProduct == 0)
                        {
                            TakeLogarithms(own);
                        }
                    }
                }

                for (nint chain = 0; chain < chains; chain++)
                {
                    T* own = lanes + (chain * size);
                    T* totals = Totals + (((unit / Groups * Chains) + firstChain + chain) * (Columns + 1));
                    TakeLogarithms(own);
                    *totals = Total(own);
                    for (nint j = 0; j < Columns; j++)
                    {
                        totals[1 + j] = Total(own + ((2 + j) * LogisticLanes));
                    }
                }
            }
        }

        /// <summary>Adds a tile to the lanes of a chain, which are [2 + columns, 16]: Σ min(z, 0), Π (1 + e) and the gradient.</summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        [SkipLocalsInit]
        private static void AddTile(nint columns, nint rows, T* tile, T* position, T* lanes)
        {
            const int Tile = SignedDesign.TileRows;
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
                slopes[i] = T.CreateTruncating(1000);
            }

            TVector zero = TLanes.Broadcast(T.Zero);
            TVector one = TLanes.Broadcast(T.One);
            for (nint i = 0; i < Tile; i += TLanes.Count)
            {
                TVector z = TLanes.Load(slopes + i);
                TVector decay = VectorFunctions<T, TVector, TLanes>.NormalDecayOf(z);
                TVector factor = TLanes.Add(one, decay);
                TVector isNegative = TLanes.GreaterThan(zero, z);
                T* sum = lanes + (i & (LogisticLanes - 1));
                T* product = sum + LogisticLanes;
                TLanes.Store(TLanes.Add(TLanes.Load(sum), TLanes.Select(isNegative, z, zero)), sum);
                TLanes.Store(TLanes.Multiply(TLanes.Load(product), factor), product);
                TLanes.Store(TLanes.Divide(TLanes.Select(isNegative, one, decay), factor), slopes + i);
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

        private static T Total(T* lanes)
        {
            for (nint half = LogisticLanes / 2; half > 0; half /= 2)
            {
                for (nint lane = 0; lane < half; lane++)
                {
                    lanes[lane] += lanes[lane + half];
                }
            }

            return lanes[0];
        }
    }
}
