namespace Lae.Numerics.Engines.Managed;

/// <summary>
/// The log acceptance ratio of Langevin proposals, a row at a time and with the bits of the primitives that it is made of: with one chain of a few dimensions ten operations on tensors would cost more than they compute.
/// </summary>
internal sealed unsafe partial class ManagedPrimitives<T, TVector, TLanes>
{
    public void LangevinRatio(int columns, LangevinRatioFactors<T> factors, LangevinEnd<T> current, LangevinEnd<T> proposed, Span<T> ratio)
    {
        if (columns > BlockLength)
        {
            // a longer row is reduced in blocks, which the primitives know to do
            ComposedLangevinRatio.Evaluate(this, columns, factors, current, proposed, ratio);
            return;
        }

        int rows = ratio.Length;
        RequireEnd(current, rows, columns);
        RequireEnd(proposed, rows, columns);
        fixed (T* x = current.Position, y = proposed.Position, gx = current.Gradient, gy = proposed.Gradient, px = current.Preconditioned, py = proposed.Preconditioned)
        fixed (T* lx = current.LogDensity, ly = proposed.LogDensity, r = ratio)
        {
            RatioWork work = new()
            {
                Factors = factors, Rows = rows, Columns = columns, X = x, Y = y, GradientX = gx, GradientY = gy, PreconditionedX = px, PreconditionedY = py, LogDensityX = lx, LogDensityY = ly, Ratio = r,
            };
            pool.Run(ref work, Math.Clamp(pool.Parts((long)rows * columns, StreamGrain), 1, Math.Max(rows, 1)));
        }
    }

    private static void RequireEnd(LangevinEnd<T> end, int rows, int columns)
    {
        long count = (long)rows * columns;
        Require(end.Position.Length == count && end.Gradient.Length == count && end.Preconditioned.Length == count && end.LogDensity.Length == rows);
    }

    private struct RatioWork : IPartitionedWork
    {
        public LangevinRatioFactors<T> Factors;
        public nint Rows;
        public nint Columns;
        public T* X;
        public T* Y;
        public T* GradientX;
        public T* GradientY;
        public T* PreconditionedX;
        public T* PreconditionedY;
        public T* LogDensityX;
        public T* LogDensityY;
        public T* Ratio;

        public readonly void Run(int part, int parts, ScratchMemory workspace)
        {
            T* move = workspace.Reserve<T>(ScratchRegion.Scratch, 2 * Columns);
            T* slopes = move + Columns;
            (nint row, nint last) = Split(Rows, part, parts);
            for (; row < last; row++)
            {
                nint start = row * Columns;
                for (nint j = 0; j < Columns; j++)
                {
                    move[j] = Y[start + j] - X[start + j];
                    slopes[j] = GradientX[start + j] + GradientY[start + j];
                }

                T along = EightLanes<T>.AlongRow<EightLanes<T>.SumOfProducts>(move, slopes, Columns, T.Zero);
                T squares = EightLanes<T>.AlongRow<EightLanes<T>.SumOfProducts>(GradientX + start, PreconditionedX + start, Columns, T.Zero)
                    - EightLanes<T>.AlongRow<EightLanes<T>.SumOfProducts>(GradientY + start, PreconditionedY + start, Columns, T.Zero);
                T difference = T.FusedMultiplyAdd(Factors.InverseTemperature, LogDensityY[row] - LogDensityX[row], T.Zero);
                Ratio[row] = T.FusedMultiplyAdd(Factors.Squares, squares, T.FusedMultiplyAdd(Factors.Along, along, difference));
            }
        }
    }
}
