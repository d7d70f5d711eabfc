using Lae.Kernels;
using Lae.Numerics;
using MathNet.Numerics.LinearAlgebra;
using static Lae.Tests.Kernels.GaussianProblem;
using static Lae.Tests.Kernels.Microcanonical.MicrocanonicalProblem;

namespace Lae.Tests.Kernels.Microcanonical;

/// <summary>The volume of phase space under a step, by central differences.</summary>
internal static class PhaseVolume
{
    /// <summary>The largest difference between log |det J| of the step on R^d × S^(d−1), by central differences, and −ΔK, which is −(ΔE + Δlog π/T).</summary>
    public static double Gap(MicrocanonicalProblem p, Kernel<MicrocanonicalState> kernel)
    {
        const double H = 1e-5;
        int d = p.Dimension;
        int n = (2 * d) - 1;
        Matrix<double> x = ToMatrix(p.Position);
        Matrix<double> u = ToMatrix(p.Direction);
        Matrix<double> positions = Matrix<double>.Build.Dense(Points * 2 * n, d);
        Matrix<double> directions = Matrix<double>.Build.Dense(Points * 2 * n, d);
        for (int point = 0; point < Points; point++)
        {
            Matrix<double> tangent = Tangent(u.Row(point));
            for (int i = 0; i < 2 * n; i++)
            {
                double h = i % 2 == 0 ? H : -H;
                int axis = i / 2;
                Vector<double> position = x.Row(point);
                Vector<double> direction = u.Row(point);
                if (axis < d)
                {
                    position[axis] += h;
                }
                else
                {
                    direction = (direction + (h * tangent.Column(axis - d))).Normalize(2);
                }

                positions.SetRow((point * 2 * n) + i, position);
                directions.SetRow((point * 2 * n) + i, direction);
            }
        }

        Transition<MicrocanonicalState> centre = Step(kernel, p.Position, p.Direction, p.Xi);
        MicrocanonicalState moved = Step(kernel, ToTensor(positions), ToTensor(directions), ToTensor(positions)).State;
        Matrix<double> movedPositions = ToMatrix(moved.Position);
        Matrix<double> movedDirections = ToMatrix(moved.Direction);
        Matrix<double> ends = ToMatrix(centre.State.Direction);
        double[] before = p.Target.Evaluate(p.Position).LogDensity.ToArray();
        double[] after = centre.State.LogDensity.ToArray();
        double[] energy = centre.Info.Extras!["energyChange"].ToArray();
        double worst = 0;
        for (int point = 0; point < Points; point++)
        {
            Matrix<double> tangent = Tangent(ends.Row(point));
            Matrix<double> jacobian = Matrix<double>.Build.Dense(n, n);
            for (int axis = 0; axis < n; axis++)
            {
                int row = (point * 2 * n) + (2 * axis);
                jacobian.SetColumn(axis, 0, d, (movedPositions.Row(row) - movedPositions.Row(row + 1)) / (2 * H));
                jacobian.SetColumn(axis, d, d - 1, tangent.TransposeThisAndMultiply((movedDirections.Row(row) - movedDirections.Row(row + 1)) / (2 * H)));
            }

            double kinetic = energy[point] + ((after[point] - before[point]) / p.Temperature);
            double logDeterminant = Math.Log(Math.Abs(jacobian.Determinant()));
            worst = double.MaxMagnitude(worst, Math.Abs(logDeterminant + kinetic) / (1 + Math.Abs(kinetic)));
        }

        return worst;
    }

    /// <summary>An orthonormal basis of the tangent space of the sphere at a point, in columns.</summary>
    private static Matrix<double> Tangent(Vector<double> u)
    {
        int d = u.Count;
        Matrix<double> frame = Normals(99, d, d);
        frame.SetColumn(0, u);
        return frame.QR().Q.SubMatrix(0, d, 1, d - 1);
    }
}
