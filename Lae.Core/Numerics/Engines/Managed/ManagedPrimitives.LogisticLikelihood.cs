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

    public void LogisticLikelihood(int rows, int columns, ReadOnlySpan<T> signedDesign, ReadOnlySpan<T> position, Span<T> logLikelihood, Span<T> gradient)
    {
        int chains = logLikelihood.Length;
        Require(signedDesign.Length == SignedDesign.Length(rows, columns) && position.Length == (long)chains * columns && gradient.Length == position.Length);
        int blocks = Math.Max(1, (rows + LogisticBlock - 1) / LogisticBlock);
        int parts = pool.Parts((long)rows * chains * ((2 * columns) + LogisticCost), ProductGrain);
        int group = Math.Clamp(blocks >= 2 * parts || parts == 1 ? chains : chains / parts, 1, MostChainsOfGroup);
        int groups = chains == group ? 1 : (chains + group - 1) / group;
        fixed (T* design = signedDesign, from = position, values = logLikelihood, slopes = gradient)
        {
            LogisticWork work = new()
            {
                Rows = rows,
                Columns = columns,
                Chains = chains,
                Group = group,
                Groups = groups,
                Units = (long)blocks * groups,
                Design = design,
                Position = from,
                Values = values,
                Slopes = slopes,
            };
            parts = (int)Math.Min(work.Units, parts);
            if (blocks == 1)
            {
                pool.Run(ref work, parts);
                return;
            }

            ScratchMemory memory = pool.Rent();
            try
            {
                work.Values = memory.Reserve<T>(ScratchRegion.Sums, (long)blocks * chains * (columns + 1));
                work.Slopes = work.Values + ((long)blocks * chains);
                pool.Run(ref work, parts);
                Join(blocks, work.Values, logLikelihood);
                Join(blocks, work.Slopes, gradient);
            }
            finally
            {
                pool.Return(memory);
            }
        }
    }

    /// <summary>Adds the totals of blocks, [blocks, totals], in rising order.</summary>
    private static void Join(int blocks, T* parts, Span<T> totals)
    {
        totals.Clear();
        for (int block = 0; block < blocks; block++)
        {
            for (int i = 0; i < totals.Length; i++)
            {
                totals[i] += *parts++;
            }
        }
    }

    private partial struct LogisticWork : IPartitionedWork
    {
        public nint Rows;
        public nint Columns;
        public nint Chains;
        public nint Group;
        public nint Groups;
        public long Units;
        public T* Design;
        public T* Position;

        /// <summary>[blocks, chains].</summary>
        public T* Values;

        /// <summary>[blocks, chains, columns].</summary>
        public T* Slopes;

        public readonly void Run(int part, int parts, ScratchMemory workspace)
        {
            nint size = (Columns + 2) * LogisticLanes;
            T* lanes = workspace.Reserve<T>(ScratchRegion.Scratch, Group * size);
            bool* modest = stackalloc bool[MostChainsOfGroup];
            (nint unit, nint last) = Split(Units, part, parts);
            for (; unit < last; unit++)
            {
                (nint block, nint place) = Groups == 1 ? (unit, 0) : Math.DivRem(unit, Groups);
                nint firstChain = place * Group;
                nint chains = Math.Min(Group, Chains - firstChain);
                nint row = block * LogisticBlock;
                nint end = Math.Min(Rows, row + LogisticBlock);
                new Span<T>(lanes, (int)(chains * size)).Clear();
                for (nint chain = 0; chain < chains; chain++)
                {
                    new Span<T>(lanes + (chain * size) + LogisticLanes, LogisticLanes).Fill(T.One);
                    modest[chain] = typeof(T) == typeof(double) && IsModest(Position + ((firstChain + chain) * Columns));
                }

                for (nint first = row; first < end; first += SignedDesign.TileRows)
                {
                    for (nint chain = 0; chain < chains; chain++)
                    {
                        AddTile(modest[chain], first - row, end - first, Design + (first * Columns), Position + ((firstChain + chain) * Columns), lanes + (chain * size));
                    }
                }

                for (nint chain = 0; chain < chains; chain++)
                {
                    T* own = lanes + (chain * size);
                    nint to = (block * Chains) + firstChain + chain;
                    TakeLogarithms(own);
                    Values[to] = Total(own);
                    for (nint j = 0; j < Columns; j++)
                    {
                        Slopes[(to * Columns) + j] = Total(own + ((2 + j) * LogisticLanes));
                    }
                }
            }
        }

        /// <summary>Whether no logit of a chain is greater than <see cref="ModestLogits{T,TVector,TLanes}.Greatest"/>, by the greatest magnitudes of the columns, which stand after the tiles.</summary>
        private readonly bool IsModest(T* position)
        {
            T* bounds = Design + ((Rows + SignedDesign.TileRows - 1) / SignedDesign.TileRows * SignedDesign.TileRows * Columns);
            T bound = T.Zero;
            for (nint j = 0; j < Columns; j++)
            {
                bound += bounds[j] * T.Abs(position[j]);
            }

            return bound <= T.CreateTruncating(ModestLogits<T, TVector, TLanes>.Greatest);
        }

        /// <summary>Adds a tile, which begins at a row of the block that so many are left of, and takes logarithms where they are due before more factors come.</summary>
        private readonly void AddTile(bool isModest, nint row, nint left, T* tile, T* position, T* lanes)
        {
            nint rows = Math.Min(SignedDesign.TileRows, left);
            if (isModest)
            {
                AddTile<ModestLogits<T, TVector, TLanes>>(Columns, rows, tile, position, lanes);
            }
            else
            {
                AddTile<AnyLogits<T, TVector, TLanes>>(Columns, rows, tile, position, lanes);
            }

            if (left > SignedDesign.TileRows && (row + SignedDesign.TileRows) % (isModest ? ModestLogits<T, TVector, TLanes>.RowsOfProduct : AnyLogits<T, TVector, TLanes>.RowsOfProduct) == 0)
            {
                TakeLogarithms(lanes);
            }
        }
    }
}
