using System.Runtime.CompilerServices;

namespace Lae.Numerics.Engines.Managed;

/// <summary>
/// Convolutions as matrix products with the columns of all windows (im2col). The columns are made for a few rows of one output image at a time, so that they stay in
/// the cache, and threads share images, rows of images, or channels. No element's chain depends on how that is cut.
/// </summary>
internal sealed unsafe partial class ManagedPrimitives<T, TVector, TLanes>
{
    private const int ColumnBytes = 192 * 1024;

    public void Convolve(ConvolutionPlan plan, ReadOnlySpan<T> x, ReadOnlySpan<T> kernel, Span<T> y)
    {
        Geometry g = new(plan);
        Require(x.Length == g.InputLength && kernel.Length == g.KernelLength && y.Length == g.OutputLength);
        fixed (T* xAddress = x, kernelAddress = kernel, yAddress = y)
        {
            ConvolveWork work = new() { G = g, X = xAddress, Kernel = kernelAddress, Y = yAddress };
            pool.Run(ref work, (int)Math.Max(1, Math.Min((long)g.Batch * g.Bands, pool.Parts(g.Work, ProductGrain))));
        }
    }

    public void ConvolveInputGradient(ConvolutionPlan plan, ReadOnlySpan<T> gradient, ReadOnlySpan<T> kernel, Span<T> x)
    {
        Geometry g = new(plan);
        Require(x.Length == g.InputLength && kernel.Length == g.KernelLength && gradient.Length == g.OutputLength);
        fixed (T* xAddress = x, kernelAddress = kernel, gradientAddress = gradient)
        {
            InputGradientWork work = new() { G = g, X = xAddress, Kernel = kernelAddress, Gradient = gradientAddress };
            pool.Run(ref work, (int)Math.Max(1, Math.Min((long)g.Batch * g.InputChannels, pool.Parts(g.Work, ProductGrain))));
        }
    }

    public void ConvolveKernelGradient(ConvolutionPlan plan, ReadOnlySpan<T> x, ReadOnlySpan<T> gradient, Span<T> kernel)
    {
        Geometry g = new(plan);
        Require(x.Length == g.InputLength && kernel.Length == g.KernelLength && gradient.Length == g.OutputLength);
        fixed (T* xAddress = x, kernelAddress = kernel, gradientAddress = gradient)
        {
            KernelGradientWork work = new() { G = g, X = xAddress, Kernel = kernelAddress, Gradient = gradientAddress };
            pool.Run(ref work, Math.Max(1, Math.Min(g.Taps, pool.Parts(g.Work, ProductGrain))));
        }
    }

    /// <summary>A convolution's sizes, all computed once.</summary>
    private readonly struct Geometry
    {
        public Geometry(ConvolutionPlan plan)
        {
            Batch = plan.Batch;
            InputChannels = plan.InputChannels;
            InputHeight = plan.InputHeight;
            InputWidth = plan.InputWidth;
            OutputChannels = plan.OutputChannels;
            KernelHeight = plan.KernelHeight;
            KernelWidth = plan.KernelWidth;
            Stride = plan.Stride;
            Padding = plan.Padding;
            OutputHeight = Math.Max(0, plan.OutputHeight);
            OutputWidth = Math.Max(0, plan.OutputWidth);
            Taps = InputChannels * KernelHeight * KernelWidth;
            long rowBytes = Math.Max(1, (long)Taps * OutputWidth * sizeof(T));
            BandRows = (int)Math.Clamp(ColumnBytes / rowBytes, 1, Math.Max(1, OutputHeight));
        }

        public int Batch { get; }

        public int InputChannels { get; }

        public int InputHeight { get; }

        public int InputWidth { get; }

        public int OutputChannels { get; }

        public int KernelHeight { get; }

        public int KernelWidth { get; }

        public int Stride { get; }

        public int Padding { get; }

        public int OutputHeight { get; }

        public int OutputWidth { get; }

        /// <summary>Elements of a window.</summary>
        public int Taps { get; }

        /// <summary>Output rows whose columns are made at once.</summary>
        public int BandRows { get; }

        public int Bands => (OutputHeight + BandRows - 1) / BandRows;

        public nint InputImage => (nint)InputChannels * InputHeight * InputWidth;

        public nint OutputPlane => (nint)OutputHeight * OutputWidth;

        public nint OutputImage => OutputChannels * OutputPlane;

        public long InputLength => Batch * (long)InputImage;

        public long OutputLength => Batch * (long)OutputImage;

        public long KernelLength => (long)OutputChannels * Taps;

        public long Work => OutputLength * Taps;

        /// <summary>The output columns for which column·stride + j − padding is inside the image.</summary>
        public (int First, int Last) Inside(int j)
        {
            int first = Math.Max(0, (Padding - j + Stride - 1) / Stride);
            int reach = InputWidth - 1 + Padding - j;
            int last = reach < 0 ? 0 : Math.Min(OutputWidth, (reach / Stride) + 1);
            return (Math.Min(first, last), last);
        }

        public (int Channel, int I, int J) Tap(int tap) =>
            (tap / (KernelHeight * KernelWidth), tap / KernelWidth % KernelHeight, tap % KernelWidth);
    }

    /// <summary>columns[tap − firstTap, position] = the element of the image under a tap of the window at an output position, 0 outside.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void GatherColumns(in Geometry g, T* image, int firstTap, int lastTap, int firstRow, int lastRow, T* columns)
    {
        for (int tap = firstTap; tap < lastTap; tap++)
        {
            (int channel, int i, int j) = g.Tap(tap);
            (int first, int last) = g.Inside(j);
            for (int row = firstRow; row < lastRow; row++)
            {
                int y = (row * g.Stride) + i - g.Padding;
                if (y < 0 || y >= g.InputHeight)
                {
                    new Span<T>(columns, g.OutputWidth).Clear();
                    columns += g.OutputWidth;
                    continue;
                }

                T* from = image + ((((nint)channel * g.InputHeight) + y) * g.InputWidth) + j - g.Padding;
                new Span<T>(columns, first).Clear();
                if (g.Stride == 1)
                {
                    Copy(from + first, columns + first, last - first);
                }
                else
                {
                    for (nint column = first; column < last; column++)
                    {
                        columns[column] = from[column * g.Stride];
                    }
                }

                new Span<T>(columns + last, g.OutputWidth - last).Clear();
                columns += g.OutputWidth;
            }
        }
    }

    /// <summary>Adds columns back to the places of the image that they came from.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ScatterColumns(in Geometry g, T* columns, int firstTap, int lastTap, int firstRow, int lastRow, T* image)
    {
        for (int tap = firstTap; tap < lastTap; tap++)
        {
            (int channel, int i, int j) = g.Tap(tap);
            (int first, int last) = g.Inside(j);
            for (int row = firstRow; row < lastRow; row++, columns += g.OutputWidth)
            {
                int y = (row * g.Stride) + i - g.Padding;
                if (y < 0 || y >= g.InputHeight)
                {
                    continue;
                }

                T* to = image + ((((nint)channel * g.InputHeight) + y) * g.InputWidth) + j - g.Padding;
                nint column = first;
                if (g.Stride == 1)
                {
                    for (; column <= last - TLanes.Count; column += TLanes.Count)
                    {
                        TLanes.Store(TLanes.Add(TLanes.Load(to + column), TLanes.Load(columns + column)), to + column);
                    }
                }

                for (; column < last; column++)
                {
                    to[column * g.Stride] += columns[column];
                }
            }
        }
    }

    /// <summary>y[image] = kernel [channels, taps] · columns [taps, positions], a band of rows at a time.</summary>
    private struct ConvolveWork : IPartitionedWork
    {
        public Geometry G;
        public T* X;
        public T* Kernel;
        public T* Y;

        public readonly void Run(int part, int parts, ScratchMemory workspace)
        {
            (nint unit, nint last) = Split((long)G.Batch * G.Bands, part, parts);
            T* columns = workspace.Reserve<T>(ScratchRegion.Columns, (long)G.Taps * G.BandRows * G.OutputWidth);
            for (; unit < last; unit++)
            {
                nint image = unit / G.Bands;
                int firstRow = (int)(unit % G.Bands) * G.BandRows;
                int lastRow = Math.Min(G.OutputHeight, firstRow + G.BandRows);
                int positions = (lastRow - firstRow) * G.OutputWidth;
                GatherColumns(G, X + (image * G.InputImage), 0, G.Taps, firstRow, lastRow, columns);
                PackedProduct<T, TVector, TLanes>.Multiply(
                    G.OutputChannels,
                    positions,
                    G.Taps,
                    new(Kernel, G.Taps, 1),
                    new(columns, positions, 1),
                    new(Y + (image * G.OutputImage) + ((nint)firstRow * G.OutputWidth), G.OutputPlane, 1),
                    false,
                    addAtEnd: false,
                    workspace: workspace);
            }
        }
    }

    /// <summary>columns = kernelᵀ · gradient[image], then added back to the image; a unit is an image's channel, so that each has one writer and one order.</summary>
    private struct InputGradientWork : IPartitionedWork
    {
        public Geometry G;
        public T* X;
        public T* Kernel;
        public T* Gradient;

        public readonly void Run(int part, int parts, ScratchMemory workspace)
        {
            (nint unit, nint last) = Split((long)G.Batch * G.InputChannels, part, parts);
            T* columns = workspace.Reserve<T>(ScratchRegion.Columns, (long)G.Taps * G.BandRows * G.OutputWidth);
            int tapsOfChannel = G.KernelHeight * G.KernelWidth;
            nint plane = (nint)G.InputHeight * G.InputWidth;
            while (unit < last)
            {
                // As many channels of this image as are ours.
                nint image = unit / G.InputChannels;
                nint end = Math.Min(last, (image + 1) * G.InputChannels);
                int firstTap = (int)(unit - (image * G.InputChannels)) * tapsOfChannel;
                int lastTap = (int)(end - (image * G.InputChannels)) * tapsOfChannel;
                for (nint channel = unit; channel < end; channel++)
                {
                    new Span<T>(X + (channel * plane), (int)plane).Clear();
                }

                for (int firstRow = 0; firstRow < G.OutputHeight; firstRow += G.BandRows)
                {
                    int lastRow = Math.Min(G.OutputHeight, firstRow + G.BandRows);
                    int positions = (lastRow - firstRow) * G.OutputWidth;
                    PackedProduct<T, TVector, TLanes>.Multiply(
                        lastTap - firstTap,
                        positions,
                        G.OutputChannels,
                        new(Kernel + firstTap, 1, G.Taps),
                        new(Gradient + (image * G.OutputImage) + ((nint)firstRow * G.OutputWidth), G.OutputPlane, 1),
                        new(columns, positions, 1),
                        false,
                        addAtEnd: false,
                        workspace: workspace);
                    ScatterColumns(G, columns, firstTap, lastTap, firstRow, lastRow, X + (image * G.InputImage));
                }

                unit = end;
            }
        }
    }

    /// <summary>kernel [channels, taps] = Σ over images and positions of gradient · columnsᵀ, one chain in rising order; threads share the taps.</summary>
    private struct KernelGradientWork : IPartitionedWork
    {
        public Geometry G;
        public T* X;
        public T* Kernel;
        public T* Gradient;

        public readonly void Run(int part, int parts, ScratchMemory workspace)
        {
            (nint firstTap, nint lastTap) = Split(G.Taps, part, parts);
            int taps = (int)(lastTap - firstTap);
            T* columns = workspace.Reserve<T>(ScratchRegion.Columns, (long)taps * G.BandRows * G.OutputWidth);
            for (int channel = 0; channel < G.OutputChannels; channel++)
            {
                new Span<T>(Kernel + ((nint)channel * G.Taps) + firstTap, taps).Clear();
            }

            for (nint image = 0; image < G.Batch; image++)
            {
                for (int firstRow = 0; firstRow < G.OutputHeight; firstRow += G.BandRows)
                {
                    int lastRow = Math.Min(G.OutputHeight, firstRow + G.BandRows);
                    int positions = (lastRow - firstRow) * G.OutputWidth;
                    GatherColumns(G, X + (image * G.InputImage), (int)firstTap, (int)lastTap, firstRow, lastRow, columns);
                    PackedProduct<T, TVector, TLanes>.Multiply(
                        G.OutputChannels,
                        taps,
                        positions,
                        new(Gradient + (image * G.OutputImage) + ((nint)firstRow * G.OutputWidth), G.OutputPlane, 1),
                        new(columns, 1, positions),
                        new(Kernel + firstTap, G.Taps, 1),
                        true,
                        addAtEnd: false,
                        workspace: workspace);
                }
            }
        }
    }
}
