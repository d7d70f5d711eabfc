using Lae.Numerics;

namespace Lae.Laws;

/// <summary>The exact law of an affine step driven by standard normal noise: transient, stationary, and whether it is stable.</summary>
public static class StationaryLaw
{
    private const int Doublings = 60;

    /// <summary>The stationary covariance, the solution of S = B S Bᵀ + C Cᵀ, by doubling: S ← S + B S Bᵀ, B ← B B.</summary>
    /// <param name="map">A stable affine step.</param>
    /// <returns>[s, s].</returns>
    /// <exception cref="ArithmeticException">The step is not stable.</exception>
    public static Tensor Covariance(AffineMap map)
    {
        Tensor b = map.State;
        Tensor s = map.NoiseCovariance();
        for (int i = 0; i < Doublings; i++)
        {
            s += b.MatMul(s).MatMul(b, transposeB: true);
            b = b.MatMul(b);
            if (!s.AllFinite())
            {
                throw new ArithmeticException("The step has no stationary law: its spectral radius is 1 or more.");
            }

            if (Largest(b) == 0)
            {
                break;
            }
        }

        return Largest(b) < 1
            ? s
            : throw new ArithmeticException("The step has no stationary law: its spectral radius is 1 or more.");
    }

    /// <summary>The stationary mean, the solution of m = B m + c.</summary>
    /// <param name="map">A stable affine step.</param>
    /// <returns>[s].</returns>
    public static Tensor Mean(AffineMap map)
    {
        Tensor b = map.State;
        Tensor m = map.Offset.Reshape(map.Offset.Count, 1);
        for (int i = 0; i < Doublings; i++)
        {
            m += b.MatMul(m);
            b = b.MatMul(b);
        }

        return m.Reshape(map.Offset.Count);
    }

    /// <summary>The covariance after n steps from N(m, S).</summary>
    /// <param name="map">The step.</param>
    /// <param name="covariance">S, [s, s]; zeros for a start from a point.</param>
    /// <param name="steps">n, 0 or more.</param>
    /// <returns>[s, s].</returns>
    public static Tensor CovarianceAfter(AffineMap map, Tensor covariance, int steps)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(steps);
        Tensor s = covariance;
        Tensor added = map.NoiseCovariance();
        for (int i = 0; i < steps; i++)
        {
            s = map.State.MatMul(s).MatMul(map.State, transposeB: true) + added;
        }

        return s;
    }

    /// <summary>The mean after n steps from mean m.</summary>
    /// <param name="map">The step.</param>
    /// <param name="mean">m, [s].</param>
    /// <param name="steps">n, 0 or more.</param>
    /// <returns>[s].</returns>
    public static Tensor MeanAfter(AffineMap map, Tensor mean, int steps)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(steps);
        Tensor m = mean.Reshape(mean.Count, 1);
        for (int i = 0; i < steps; i++)
        {
            m = map.State.MatMul(m) + map.Offset.Reshape(mean.Count, 1);
        }

        return m.Reshape(mean.Count);
    }

    /// <summary>The spectral radius of B, as ‖B^(2^k)‖^(1/2^k) with rescaling; the step is stable iff it is below 1.</summary>
    /// <param name="map">The step.</param>
    /// <returns>The largest modulus of an eigenvalue.</returns>
    public static double SpectralRadius(AffineMap map)
    {
        Tensor b = map.State;
        double logScale = 0;
        double power = 1;
        for (int i = 0; i < Doublings; i++)
        {
            double norm = Math.Sqrt(b.Square().Sum().ToDouble());
            if (norm == 0)
            {
                return 0;
            }

            logScale += Math.Log(norm) / power;
            b *= 1 / norm;
            b = b.MatMul(b);
            power *= 2;
        }

        return Math.Exp(logScale);
    }

    private static double Largest(Tensor b) => b.Abs().Flatten().Max(0).ToDouble();
}
