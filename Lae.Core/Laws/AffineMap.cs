using Lae.Kernels;
using Lae.Numerics;
using Lae.Randomness;

namespace Lae.Laws;

/// <summary>
/// A step on a Gaussian target as the affine map that it is: s' = B s + C ξ + c, with s the coordinates of the state (position, momentum, …) and
/// ξ the noise, read off exactly by probing with unit vectors.
/// </summary>
/// <param name="State">B, [s, s] float64.</param>
/// <param name="Noise">C, [s, k] float64.</param>
/// <param name="Offset">c, [s] float64.</param>
public sealed record AffineMap(Tensor State, Tensor Noise, Tensor Offset)
{
    /// <summary>C Cᵀ, the covariance that one step adds.</summary>
    /// <returns>[s, s].</returns>
    public Tensor NoiseCovariance() => Noise.MatMul(Noise, transposeB: true);

    /// <summary>
    /// Reads the map off a kernel, all probes as rows of one call: s + k + 1 chains, no random number. Meaningful for unadjusted kernels on Gaussian targets;
    /// <see cref="Residual"/> says whether a kernel is affine at all. Leaves of the noise that are not normal (whose names do not begin with <c>xi</c>) are held, the same in every
    /// probe: so a minibatch kernel is read off with one batch.
    /// </summary>
    /// <typeparam name="TState">The state type.</typeparam>
    /// <param name="kernel">A kernel in double precision.</param>
    /// <returns>The map.</returns>
    public static AffineMap ReadOff<TState>(Kernel<TState> kernel)
        where TState : class, IKernelState<TState>
    {
        (int coordinates, int noises) = Sizes(kernel);
        double[] points = new double[(1 + coordinates + noises) * (coordinates + noises)];
        for (int i = 0; i < coordinates + noises; i++)
        {
            points[((1 + i) * (coordinates + noises)) + i] = 1;
        }

        double[][] images = Apply(kernel, points, coordinates, noises);
        double[] offset = images[0];
        double[] b = new double[coordinates * coordinates];
        double[] c = new double[coordinates * noises];
        for (int row = 0; row < coordinates; row++)
        {
            for (int i = 0; i < coordinates; i++)
            {
                b[(row * coordinates) + i] = images[1 + i][row] - offset[row];
            }

            for (int i = 0; i < noises; i++)
            {
                c[(row * noises) + i] = images[1 + coordinates + i][row] - offset[row];
            }
        }

        return new AffineMap(
            Tensor.FromArray(b, coordinates, coordinates), Tensor.FromArray(c, coordinates, noises), Tensor.FromArray(offset, coordinates));
    }

    /// <summary>The largest difference between the kernel and this map at given points: 0 up to rounding if the kernel is affine.</summary>
    /// <typeparam name="TState">The state type.</typeparam>
    /// <param name="kernel">The kernel that was read off.</param>
    /// <param name="points">[points, s + k]: coordinates and noise side by side.</param>
    /// <returns>The largest absolute difference.</returns>
    public double Residual<TState>(Kernel<TState> kernel, Tensor points)
        where TState : class, IKernelState<TState>
    {
        int coordinates = Offset.Count;
        int noises = Noise.Shape[1];
        double[][] images = Apply(kernel, points.ToArray(), coordinates, noises);
        Tensor states = points.Slice(1, 0, coordinates);
        Tensor noise = points.Slice(1, coordinates, noises);
        double[] expected = (states.MatMul(State, transposeB: true) + noise.MatMul(Noise, transposeB: true) + Offset).ToArray();
        double largest = 0;
        for (int i = 0; i < expected.Length; i++)
        {
            largest = double.MaxMagnitude(largest, Math.Abs(expected[i] - images[i / coordinates][i % coordinates]));
        }

        return largest;
    }

    /// <summary>The residual at points well away from those of the probe, relative to their images: 0 up to rounding if the kernel is affine.</summary>
    /// <typeparam name="TState">The state type.</typeparam>
    /// <param name="kernel">The kernel that was read off.</param>
    /// <returns>0 or more; NaN where the kernel gave one.</returns>
    public double AffineError<TState>(Kernel<TState> kernel)
        where TState : class, IKernelState<TState>
    {
        const int Points = 4;
        int width = Offset.Count + Noise.Shape[1];
        Tensor points = Tensor.Uninitialized(Workspace.Default, new Shape(Points, width), DType.Float64);
        RowDraws.Normal(RandomKey.FromSeed(0), 0, 0, Points, width, points.Write<double>());
        double scale = 1 + (4 * (Size(State) + Size(Noise))) + Size(Offset);
        return Residual(kernel, points) / scale;

        static double Size(Tensor x) => x.Count == 0 ? 0 : x.Abs().Flatten().Max(0).ToDouble();
    }

    private static (int Coordinates, int Noises) Sizes<TState>(Kernel<TState> kernel)
        where TState : class, IKernelState<TState>
    {
        if (kernel.DType != DType.Float64)
        {
            throw new ArgumentException($"A kernel is read off in double precision; '{kernel.Name}' is {kernel.DType}.", nameof(kernel));
        }

        TState state = kernel.Initialize(Tensor.Zeros(new Shape(1, kernel.Dimension), DType.Float64));
        int coordinates = Enumerable.Range(0, state.Layout.Count).Where(i => state.Layout[i].Role == LeafRole.Coordinate).Sum(i => state.Leaf(i).Count);
        return (coordinates, Draw(kernel).Normals().Sum(leaf => leaf.Count));
    }

    private static Noise Draw<TState>(Kernel<TState> kernel)
        where TState : class, IKernelState<TState> => kernel.DrawNoise(new NoiseSource(RandomKey.FromSeed(0), 0, Chains.Range(1), Workspace.Default));

    /// <summary>The coordinates after one step from each row of points.</summary>
    private static double[][] Apply<TState>(Kernel<TState> kernel, double[] points, int coordinates, int noises)
        where TState : class, IKernelState<TState>
    {
        int width = coordinates + noises;
        int rows = points.Length / width;
        Tensor table = Tensor.FromArray(points, rows, width);
        int next = 0;
        Tensor Take(Tensor like)
        {
            int columns = like.Count / rows;
            Tensor part = table.Slice(1, next, columns).Reshape(like.Shape);
            next += columns;
            return part;
        }

        TState state = kernel.Initialize(Tensor.Zeros(new Shape(rows, kernel.Dimension), DType.Float64));
        Tensor[] leaves = [.. Enumerable.Range(0, state.Layout.Count).Select(i => state.Layout[i].Role == LeafRole.Coordinate ? Take(state.Leaf(i)) : state.Leaf(i))];
        state = kernel.Refresh(state.WithLeaves(leaves));
        int[] repeated = new int[rows];
        Noise noise = Draw(kernel).MapRows(rows => rows.GatherRows(repeated), Take);
        TState image = kernel.Advance(noise, state).State;
        double[][] images = [.. Enumerable.Range(0, rows).Select(_ => new double[coordinates])];
        int column = 0;
        for (int i = 0; i < image.Layout.Count; i++)
        {
            if (image.Layout[i].Role == LeafRole.Coordinate)
            {
                double[] values = image.Leaf(i).ToArray();
                int columns = values.Length / rows;
                for (int row = 0; row < rows; row++)
                {
                    Array.Copy(values, row * columns, images[row], column, columns);
                }

                column += columns;
            }
        }

        return images;
    }
}
