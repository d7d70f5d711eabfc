using System.Globalization;
using Lae.Kernels;
using Lae.Numerics;
using MathNet.Numerics.LinearAlgebra;

namespace Lae.Laws;

/// <summary>What a wrong law of a kernel with momenta suggests, in words.</summary>
internal static class MomentumDiagnosis
{
    private const double Close = 1e-7;

    /// <summary>
    /// The friction, if it is the likeliest cause, else null. Drifts and kicks keep volume, so that det B of a step is that of its friction alone: with d momenta det B = exp(−γ h d). A step with the expected
    /// stationary law and another determinant has another friction, and nothing else wrong that could be seen.
    /// </summary>
    /// <typeparam name="TState">The state type.</typeparam>
    /// <param name="kernel">The kernel.</param>
    /// <param name="found">Its step.</param>
    /// <param name="expectedState">B expected, [s, s].</param>
    /// <param name="expectedNoiseCovariance">C Cᵀ expected, [s, s].</param>
    public static string? WrongFriction<TState>(Kernel<TState> kernel, AffineMap found, Tensor expectedState, Tensor expectedNoiseCovariance)
        where TState : class, IKernelState<TState>
    {
        if (!HasMomentum(kernel) || found.Offset.Count != 2 * kernel.Dimension)
        {
            return null;
        }

        double damping = Damping(found.State, kernel.Dimension);
        double expected = Damping(expectedState, kernel.Dimension);
        if (!(Math.Abs(damping - expected) > Close * expected))
        {
            return null;
        }

        if (!(StationaryLaw.SpectralRadius(expectedState) < 1))
        {
            return null;
        }

        Tensor law = StationaryLaw.Covariance(expectedState, expectedNoiseCovariance);
        Tensor after = found.State.MatMul(law).MatMul(found.State, transposeB: true) + found.NoiseCovariance();
        return Largest(after - law) > Close * Largest(law) ? null : string.Create(
            CultureInfo.InvariantCulture,
            $"The stationary law is right, and one step is not: the friction is wrong. A step damps a momentum by {damping:G6}, where exp(-friction * h) = {expected:G6} is expected.");
    }

    /// <summary>Which blocks of a stationary covariance are wrong; empty for a kernel whose coordinates are not position and momentum.</summary>
    /// <typeparam name="TState">The state type.</typeparam>
    /// <param name="kernel">The kernel.</param>
    /// <param name="actual">The covariance found, [s, s].</param>
    /// <param name="expected">The covariance expected, [s, s].</param>
    /// <param name="tolerance">The largest error relative to the variances of a block.</param>
    public static string Blocks<TState>(Kernel<TState> kernel, Tensor actual, Tensor expected, double tolerance)
        where TState : class, IKernelState<TState>
    {
        int d = kernel.Dimension;
        if (!HasMomentum(kernel) || expected.Shape[0] != 2 * d)
        {
            return "";
        }

        double x = Largest(Block(expected, 0, 0));
        double p = Largest(Block(expected, d, d));
        return $" The covariance of positions is {Verdict(0, 0, x)}, that of momenta is {Verdict(d, d, p)}, that between them is {Verdict(0, d, Math.Sqrt(x * p))}.";

        Tensor Block(Tensor all, int row, int column) => all.Slice(0, row, d).Slice(1, column, d);

        string Verdict(int row, int column, double scale) => Largest(Block(actual, row, column) - Block(expected, row, column)) <= tolerance * scale ? "right" : "wrong";
    }

    private static bool HasMomentum<TState>(Kernel<TState> kernel)
        where TState : class, IKernelState<TState> =>
        kernel.Initialize(Tensor.Zeros(new Shape(1, kernel.Dimension), DType.Float64)).Layout.Any(leaf => leaf.Name == "momentum");

    private static double Largest(Tensor x) => x.Abs().Flatten().Max(0).ToDouble();

    private static double Damping(Tensor state, int dimension)
    {
        int size = state.Shape[0];
        return Math.Pow(Math.Abs(Matrix<double>.Build.DenseOfRowMajor(size, size, state.ToArray()).Determinant()), 1.0 / dimension);
    }
}
