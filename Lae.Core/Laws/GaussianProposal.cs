using Lae.Kernels;
using Lae.Numerics;
using Lae.Randomness;
using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Factorization;

namespace Lae.Laws;

/// <summary>
/// The proposals y = m(x) + S(x) ξ of a Metropolis-adjusted kernel at given points, read off as a black box: with the accept uniform at 0 every finite
/// proposal is taken, so that one call with ξ = 0 and the unit vectors shows m and S. Precision: a column of S is a difference of two positions, so
/// its error is about 1e-16 |y| / |S|.
/// </summary>
internal sealed class GaussianProposal
{
    private readonly Vector<double>[] means;
    private readonly LU<double>[] roots;
    private readonly int dimension;

    private GaussianProposal(Vector<double>[] means, LU<double>[] roots, int dimension)
    {
        this.means = means;
        this.roots = roots;
        this.dimension = dimension;
    }

    /// <summary>Reads the proposals off at every row of points, all in one call of the kernel.</summary>
    public static GaussianProposal ReadOff<TState>(Kernel<TState> kernel, Tensor points)
        where TState : class, IKernelState<TState>
    {
        int d = kernel.Dimension;
        int count = points.Shape[0];
        int[] repeated = [.. Enumerable.Range(0, count * (d + 1)).Select(row => row / (d + 1))];
        double[] noise = new double[count * (d + 1) * d];
        for (int point = 0; point < count; point++)
        {
            for (int i = 0; i < d; i++)
            {
                noise[((((point * (d + 1)) + 1 + i) * d) + i)] = 1;
            }
        }

        Tensor from = points.GatherRows(repeated);
        double[] proposed = Advance(kernel, from, Tensor.FromArray(noise, from.Shape[0], d), Tensor.Zeros(new Shape(from.Shape[0]), DType.Float64)).State.Position.ToArray();
        Vector<double>[] means = new Vector<double>[count];
        LU<double>[] roots = new LU<double>[count];
        for (int point = 0; point < count; point++)
        {
            int start = point * (d + 1) * d;
            means[point] = Vector<double>.Build.Dense(d, i => proposed[start + i]);
            roots[point] = Matrix<double>.Build.Dense(d, d, (i, j) => proposed[start + ((1 + j) * d) + i] - proposed[start + i]).LU();
        }

        return new GaussianProposal(means, roots, d);
    }

    /// <summary>Whether the proposal can be read off at all: noise leaves xi and uniform alone, an energy error, and a proposal that is affine in xi.</summary>
    public static bool IsReadable<TState>(Kernel<TState> kernel, Tensor position, Tensor xi)
        where TState : class, IKernelState<TState>
    {
        const double Tolerance = 1e-9;
        Noise drawn = kernel.DrawNoise(new NoiseSource(RandomKey.FromSeed(0), 0, Chains.Range(position.Shape[0]), Workspace.Default));
        if (drawn.Parts.Length != 0 || !drawn.Leaves.Names.Order(StringComparer.Ordinal).SequenceEqual(["uniform", "xi"])
            || drawn.Leaves["xi"].Shape != position.Shape || drawn.Leaves["uniform"].Shape != new Shape(position.Shape[0]))
        {
            return false;
        }

        Tensor zero = Tensor.Zeros(new Shape(position.Shape[0]), DType.Float64);
        Transition<TState> there = Advance(kernel, position, xi, zero);
        Tensor back = Advance(kernel, position, -xi, zero).State.Position;
        Tensor further = Advance(kernel, position, xi * 2, zero).State.Position;
        Tensor middle = (there.State.Position + back) * 0.5;
        double bend = (further - middle - ((there.State.Position - middle) * 2)).Abs().Flatten().Max(0).ToDouble();
        double size = (there.State.Position - middle).Abs().Flatten().Max(0).ToDouble();
        return there.Info.EnergyError is not null && size > 0 && bend <= Tolerance * (1 + size);
    }

    /// <summary>The noise that proposes <paramref name="to"/>: S⁻¹ (y − m), row by row.</summary>
    public Tensor NoiseOf(Tensor to)
    {
        double[] target = to.ToArray();
        double[] noise = new double[target.Length];
        for (int point = 0; point < means.Length; point++)
        {
            Vector<double> difference = Vector<double>.Build.Dense(dimension, i => target[(point * dimension) + i]) - means[point];
            roots[point].Solve(difference).AsArray().CopyTo(noise, point * dimension);
        }

        return Tensor.FromArray(noise, means.Length, dimension);
    }

    /// <summary>log q of what noise ξ proposes: −|ξ|²/2 − log |det S| − (d/2) log 2π, row by row.</summary>
    public Tensor LogDensity(Tensor noise)
    {
        double[] constants = [.. roots.Select(root => -root.U.Diagonal().PointwiseAbs().PointwiseLog().Sum() - (0.5 * dimension * Math.Log(2 * Math.PI)))];
        return Reductions.DotRows(noise, noise).ScaleShift(-0.5, 0) + Tensor.FromArray(constants);
    }

    /// <summary>One transition from given points by given noise and accept uniforms.</summary>
    public static Transition<TState> Advance<TState>(Kernel<TState> kernel, Tensor position, Tensor xi, Tensor uniform)
        where TState : class, IKernelState<TState>
    {
        if (kernel.DType != DType.Float64)
        {
            throw new ArgumentException($"A kernel is read off in double precision; '{kernel.Name}' is {kernel.DType}.", nameof(kernel));
        }

        Noise drawn = kernel.DrawNoise(new NoiseSource(RandomKey.FromSeed(0), 0, Chains.Range(position.Shape[0]), Workspace.Default));
        if (drawn.Parts.Length != 0 || !drawn.Leaves.Names.Order(StringComparer.Ordinal).SequenceEqual(["uniform", "xi"]))
        {
            throw new ArgumentException(
                $"The noise of '{kernel.Name}' must be two leaves, xi and uniform; it is {string.Join(", ", drawn.Flatten().Select(leaf => leaf.Key))}.", nameof(kernel));
        }

        if (xi.Shape != drawn.Leaves["xi"].Shape || uniform.Shape != drawn.Leaves["uniform"].Shape)
        {
            throw new ArgumentException(
                $"'{kernel.Name}' takes noise {drawn.Leaves["xi"].Shape} and {drawn.Leaves["uniform"].Shape}, not {xi.Shape} and {uniform.Shape}.", nameof(xi));
        }

        return kernel.Advance(drawn with { Leaves = drawn.Leaves.With("xi", xi).With("uniform", uniform) }, kernel.Initialize(position));
    }
}
