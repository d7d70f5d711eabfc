using Lae.Kernels;
using Lae.Numerics;
using Lae.Targets;
using MathNet.Numerics.LinearAlgebra;

namespace Lae.Tests.Kernels;

/// <summary>Kernels whose law on a Gaussian is known in closed form, to be put into combinators and annealing.</summary>
internal static class ExactKernels
{
    /// <summary>The exact Ornstein–Uhlenbeck transition of N(m, T A⁻¹) over a time t (I-10): x' = m + E (x − m) + L ξ, E = exp(−t A), L Lᵀ = T (A⁻¹ − E A⁻¹ E).</summary>
    public static Kernel<LangevinState> OrnsteinUhlenbeck(GaussianProblem p, double time) => OrnsteinUhlenbeck(p.Target, p.Mean, p.Precision, p.Temperature, time);

    public static Kernel<LangevinState> OrnsteinUhlenbeck(Target target, Vector<double> mean, Matrix<double> precision, double temperature, double time)
    {
        MathNet.Numerics.LinearAlgebra.Factorization.Evd<double> parts = precision.Evd(Symmetricity.Symmetric);
        Vector<double> values = parts.EigenValues.Real();
        Tensor decay = Of(values.Map(a => Math.Exp(-time * a)));
        Tensor root = Of(values.Map(a => Math.Sqrt(temperature * (1 - Math.Exp(-2 * time * a)) / a)));
        Tensor centre = Tensor.FromArray(mean.ToArray());
        return new Kernel<LangevinState>(
            "exact OU",
            target.Dimension,
            DType.Float64,
            x => LangevinState.At(target, x),
            state => LangevinState.At(target, state.Position),
            source => new Noise(TensorTree.Of(("xi", source.Normal(0, target.Dimension, DType.Float64)))),
            (noise, state) => new Transition<LangevinState>(
                LangevinState.At(target, centre + (state.Position - centre).MatMul(decay) + noise[0].MatMul(root)), StepInfo.Unadjusted));

        Tensor Of(Vector<double> spectrum) =>
            GaussianProblem.ToTensor(parts.EigenVectors * Matrix<double>.Build.DiagonalOfDiagonalVector(spectrum) * parts.EigenVectors.Transpose());
    }

    /// <summary>
    /// Hamiltonian dynamics on N(0, I) through an angle, exactly: (x, p) → (x cos θ + p sin θ, p cos θ − x sin θ). It leaves the joint law of x and p invariant, and the law of x only if p is drawn.
    /// </summary>
    public static Kernel<UnderdampedState> Rotation(int dimension, double angle)
    {
        Target target = GaussianTarget.Standard(dimension);
        return new Kernel<UnderdampedState>(
            "rotation",
            dimension,
            DType.Float64,
            x => UnderdampedState.At(target, x),
            state => UnderdampedState.At(target, state.Position, state.Momentum),
            _ => new Noise(TensorTree.Empty),
            (_, state) => new Transition<UnderdampedState>(
                UnderdampedState.At(
                    target, (state.Position * Math.Cos(angle)) + (state.Momentum * Math.Sin(angle)), (state.Momentum * Math.Cos(angle)) - (state.Position * Math.Sin(angle))),
                StepInfo.Unadjusted),
            (source, state) => state with { Momentum = source.Normal(0, dimension, DType.Float64) });
    }
}
