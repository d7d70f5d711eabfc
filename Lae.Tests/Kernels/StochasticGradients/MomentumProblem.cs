using FsCheck;
using FsCheck.Fluent;
using Lae.Kernels;
using Lae.Laws;
using Lae.Numerics;
using MathNet.Numerics.LinearAlgebra;
using static Lae.Tests.Kernels.GaussianProblem;

namespace Lae.Tests.Kernels;

/// <summary>
/// A generated Gaussian target with mass matrix, friction and temperature, none of them 1, and what stochastic-gradient dynamics with a momentum does on it by closed formulas in MathNet's arithmetic. The
/// relative step size is that of the stability bound: <see cref="Largest"/> for SGHMC and SGNHT with their friction, 2/ω for BADODAB.
/// </summary>
public sealed record MomentumProblem(GaussianProblem Gaussian, double Friction, double Relative, int MassKind)
{
    public static Gen<MomentumProblem> All { get; } =
        from gaussian in GaussianProblem.WithIdentity
        from friction in Gen.Choose(-1500, 1000)
        from relative in Gen.Choose(20, 950)
        from mass in Gen.Choose(0, 2)
        select new MomentumProblem(gaussian with { Condition = Math.Min(gaussian.Condition, 100) }, Math.Pow(10, friction / 1000.0), relative / 1000.0, mass);

    public int Dimension => Gaussian.Dimension;

    public double Temperature => Gaussian.Temperature;

    public Matrix<double> Precision => Gaussian.Precision;

    /// <summary>M.</summary>
    public Matrix<double> MassMatrix => MassKind switch
    {
        0 => Matrix<double>.Build.DenseIdentity(Dimension),
        1 => Matrix<double>.Build.DiagonalOfDiagonalVector(Normals(Gaussian.Seed + 11, 1, Dimension).Row(0).PointwiseExp()),
        _ => Positive(Dimension, 0.3, 3, Gaussian.Seed + 12),
    };

    public MassMatrix Mass => MassKind switch
    {
        0 => Lae.Kernels.MassMatrix.Identity,
        1 => Lae.Kernels.MassMatrix.Diagonal(Tensor.FromArray(MassMatrix.Diagonal().ToArray())),
        _ => Lae.Kernels.MassMatrix.Dense(ToTensor(MassMatrix)),
    };

    /// <summary>ω², the largest eigenvalue of M⁻¹ A.</summary>
    public double SquaredFrequency
    {
        get
        {
            Matrix<double> inverseRoot = MassMatrix.Cholesky().Factor.Inverse();
            return (inverseRoot * Precision * inverseRoot.Transpose()).Evd(Symmetricity.Symmetric).EigenValues.Real().Maximum();
        }
    }

    /// <summary>The step size at which SGHMC ceases to be stable: h²ω² = 4 (1 − hα/2).</summary>
    public double Largest => (Math.Sqrt((Friction * Friction) + (4 * SquaredFrequency)) - Friction) / SquaredFrequency;

    public double StepSize => Relative * Largest;

    /// <summary>κ = 1 − hα/2.</summary>
    public double Kappa => 1 - (StepSize * Friction / 2);

    /// <summary>T (κ M⁻¹ − (h²/4) M⁻¹ A M⁻¹)⁻¹.</summary>
    public Matrix<double> MomentumCovariance
    {
        get
        {
            Matrix<double> inverse = MassMatrix.Inverse();
            return Temperature * ((Kappa * inverse) - (StepSize * StepSize / 4 * inverse * Precision * inverse)).Inverse();
        }
    }

    /// <summary>Of (x, p) for SGHMC (sign −1) and SGNHT with the thermostat held (sign +1).</summary>
    public Matrix<double> Covariance(int sign)
    {
        Matrix<double> position = Temperature * Kappa * ((Kappa * Precision) - (StepSize * StepSize / 4 * Precision * MassMatrix.Inverse() * Precision)).Inverse();
        Matrix<double> cross = sign * StepSize / 2 * MassMatrix.Inverse() * MomentumCovariance;
        return Blocks(position, cross, cross.Transpose(), MomentumCovariance);
    }

    public Tensor Mean() => Tensor.FromArray([.. Gaussian.Mean, .. Enumerable.Repeat(0.0, Dimension)]);

    public Kernel<StochasticState> Kernel(StochasticDynamics dynamics, double? stepSize = null) =>
        StochasticGradient.Create(Gaussian.Target, dynamics, new FullGradient(), new ConstantSchedule(stepSize ?? StepSize));

    /// <summary>The stationary law of position and momentum, mean included.</summary>
    public LawResult Check(Kernel<StochasticState> kernel, Matrix<double> covariance) => StationaryLaw.Check(kernel, ToTensor(covariance), Mean(), Temperature);

    public static Matrix<double> Blocks(Matrix<double> a, Matrix<double> b, Matrix<double> c, Matrix<double> d) => Matrix<double>.Build.DenseOfMatrixArray(new[,] { { a, b }, { c, d } });

    public static Matrix<double> Identity(int size) => Matrix<double>.Build.DenseIdentity(size);

    public static Matrix<double> Zero(int size) => Matrix<double>.Build.Dense(size, size);
}
