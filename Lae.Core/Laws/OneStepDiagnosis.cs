using System.Globalization;
using Lae.Kernels;
using Lae.Numerics;
using MathNet.Numerics.LinearAlgebra;

namespace Lae.Laws;

/// <summary>What a wrong one-step law suggests, in words.</summary>
internal static class OneStepDiagnosis
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
        if (!kernel.Initialize(Tensor.Zeros(new Shape(1, kernel.Dimension), DType.Float64)).Layout.Any(leaf => leaf.Name == "momentum"))
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

    private static double Largest(Tensor x) => x.Abs().Flatten().Max(0).ToDouble();

    private static double Damping(Tensor state, int dimension)
    {
        int size = state.Shape[0];
        return Math.Pow(Math.Abs(Matrix<double>.Build.DenseOfRowMajor(size, size, state.ToArray()).Determinant()), 1.0 / dimension);
    }
}
