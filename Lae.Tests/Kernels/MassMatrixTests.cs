using Lae.Kernels;
using Lae.Numerics;
using MathNet.Numerics.LinearAlgebra;
using static Lae.Tests.Kernels.GaussianProblem;

namespace Lae.Tests.Kernels;

/// <summary>The mass matrix: velocity, momentum root and kinetic energy belong to one M, however it was given.</summary>
public sealed class MassMatrixTests
{
    [Fact]
    public void Velocity_root_and_energy_belong_together()
    {
        Matrix<double> dense = Positive(4, 0.3, 6, 2);
        Matrix<double> diagonal = Matrix<double>.Build.DiagonalOfDiagonalVector(dense.Diagonal());
        Tensor values = Tensor.FromArray(dense.Diagonal().ToArray());
        foreach ((MassMatrix mass, Matrix<double> matrix) in new[]
        {
            (MassMatrix.Dense(ToTensor(dense)), dense),
            (MassMatrix.FromCovariance(ToTensor(dense)), dense.Inverse()),
            (MassMatrix.Diagonal(values), diagonal),
            (MassMatrix.FromCovariance(values), diagonal.Inverse()),
            (MassMatrix.Identity, Matrix<double>.Build.DenseIdentity(4)),
        })
        {
            Matrix<double> rows = Normals(5, 7, 4);
            Matrix<double> root = ToMatrix(mass.ApplyRoot(Tensor.Identity(4, DType.Float64)));
            Assert.True(Gap(root.Transpose() * root, matrix) < 1e-12);
            Assert.True(Gap(ToMatrix(mass.Velocity(ToTensor(rows))), rows * matrix.Inverse()) < 1e-12);
            double[] energy = mass.KineticEnergy(ToTensor(rows)).ToArray();
            for (int i = 0; i < energy.Length; i++)
            {
                Assert.Equal(0.5 * rows.Row(i) * (matrix.Inverse() * rows.Row(i)), energy[i], 1e-11);
            }
        }
    }

    [Fact]
    public void Arguments_are_checked()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => MassMatrix.Diagonal(Tensor.FromArray([1.0, 0])));
        Assert.Throws<ArgumentException>(() => MassMatrix.Diagonal(Tensor.Identity(2, DType.Float64)));
        Assert.Throws<ArgumentException>(() => MassMatrix.Dense(Tensor.FromArray([1.0, 2, 3, 4], 2, 2)));
        Assert.Throws<ArithmeticException>(() => MassMatrix.Dense(Tensor.FromArray([1.0, 2, 2, 1], 2, 2)));
    }
}
