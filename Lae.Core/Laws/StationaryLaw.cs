using System.Globalization;
using Lae.Kernels;
using Lae.Numerics;

namespace Lae.Laws;

/// <summary>The exact law of an affine step driven by standard normal noise: transient, stationary, and whether it is stable.</summary>
public static class StationaryLaw
{
    private const int Doublings = 60;

    /// <summary>
    /// The stationary law of a kernel on a Gaussian target, against the one it should have, with no draw made: the kernel is read off as an affine map and
    /// its fixed point solved for. A failure is explained in words.
    /// </summary>
    /// <typeparam name="TState">The state type.</typeparam>
    /// <param name="kernel">An unadjusted kernel in double precision on a Gaussian target.</param>
    /// <param name="covariance">The covariance expected of all coordinates of the state (position, momentum, …), [s, s], temperature included; for ULA T (A − (h/2) A P A)⁻¹.</param>
    /// <param name="mean">The mean expected, [s]; not checked if null.</param>
    /// <param name="temperature">T, 0 or more, by which a failure is explained; choose T ≠ 1, where wrong powers of T show.</param>
    /// <param name="tolerance">The largest error, relative to the largest variance (of the mean: to the largest deviation and mean).</param>
    /// <returns>The law's result; its error is NaN or infinite if the step is not affine or has no stationary law.</returns>
    public static LawResult Check<TState>(Kernel<TState> kernel, Tensor covariance, Tensor? mean = null, double temperature = 1, double tolerance = 1e-9)
        where TState : class, IKernelState<TState>
    {
        const string Law = "stationary law";
        AffineMap map = AffineMap.ReadOff(kernel);
        int size = map.Offset.Count;
        if (covariance.Shape != new Shape(size, size) || (mean is not null && mean.Shape != new Shape(size)))
        {
            throw new ArgumentException($"'{kernel.Name}' has {size} coordinates: a covariance [{size}, {size}] and a mean [{size}] are needed, not {covariance.Shape} and {mean?.Shape.ToString() ?? "none"}.", nameof(covariance));
        }

        double residual = map.AffineError(kernel);
        if (!(residual <= tolerance))
        {
            return new LawResult(Law, double.NaN, tolerance, string.Create(
                CultureInfo.InvariantCulture, $"The step is not affine in state and noise (off by {residual:G3}): the target is not Gaussian, or the step makes a decision."));
        }

        double radius = SpectralRadius(map);
        if (!(radius < 1))
        {
            if (NeverMoves(map))
            {
                return new LawResult(Law, double.PositiveInfinity, tolerance, "There is no stationary law: coordinates never move, whatever the state and the noise.");
            }

            return new LawResult(Law, double.PositiveInfinity, tolerance, string.Create(
                CultureInfo.InvariantCulture, $"There is no stationary law: the step is not stable, its spectral radius is {radius:G6}. The step size may be too large, or the gradient have the wrong sign."));
        }

        Tensor actual = Covariance(map);
        double largest = OrOne(Largest(covariance));
        double error = Largest(actual - covariance) / largest;
        double meanError = mean is null ? 0 : Largest(Mean(map) - mean) / OrOne(Math.Sqrt(Largest(covariance)) + Largest(mean));
        string explanation = error > tolerance || double.IsNaN(error)
            ? StationaryDiagnosis.Of(map, actual, covariance, temperature) + MomentumDiagnosis.Blocks(kernel, actual, covariance, tolerance)
            : meanError > tolerance || double.IsNaN(meanError)
                ? "The covariance is right and the mean is not: the drift has a constant error, or vanishes in the wrong place."
                : "Stationary mean and covariance were solved for exactly.";
        return new LawResult(Law, double.MaxMagnitude(error, meanError), tolerance, explanation);
    }

    /// <summary>
    /// The one-step law of a kernel on a Gaussian target, B and C Cᵀ of s' = B s + C ξ + c, against the formula. It sees what the stationary law cannot, such as a wrong friction.
    /// </summary>
    /// <typeparam name="TState">The state type.</typeparam>
    /// <param name="kernel">An unadjusted kernel in double precision on a Gaussian target.</param>
    /// <param name="state">B expected, [s, s].</param>
    /// <param name="noiseCovariance">C Cᵀ expected, [s, s].</param>
    /// <param name="offset">c expected, [s]; not checked if null.</param>
    /// <param name="tolerance">The largest error, relative to the largest entry of each (for B and c at least 1).</param>
    /// <returns>The law's result.</returns>
    public static LawResult CheckOneStep<TState>(Kernel<TState> kernel, Tensor state, Tensor noiseCovariance, Tensor? offset = null, double tolerance = 1e-12)
        where TState : class, IKernelState<TState>
    {
        AffineMap map = AffineMap.ReadOff(kernel);
        double drift = Largest(map.State - state) / Math.Max(1, Largest(state));
        double noise = Largest(map.NoiseCovariance() - noiseCovariance) / OrOne(Largest(noiseCovariance));
        double shift = offset is null ? 0 : Largest(map.Offset - offset) / Math.Max(1, Largest(offset));
        bool driftWrong = !(drift <= tolerance) || !(shift <= tolerance);
        return new LawResult(
            "one-step law",
            double.MaxMagnitude(double.MaxMagnitude(drift, noise), shift),
            tolerance,
            (driftWrong, !(noise <= tolerance)) switch
            {
                (true, _) when MomentumDiagnosis.WrongFriction(kernel, map, state, noiseCovariance) is { } friction => friction,
                (true, true) => "Both the drift (the state's part of the step) and the noise differ from the formula.",
                (true, false) => "The noise is right; the drift (the state's part of the step) differs from the formula.",
                (false, true) => "The drift is right; the covariance of the noise differs from the formula.",
                _ => "Drift and noise covariance were read off exactly.",
            });
    }

    /// <summary>The stationary covariance, the solution of S = B S Bᵀ + C Cᵀ, by doubling: S ← S + B S Bᵀ, B ← B B.</summary>
    /// <param name="map">A stable affine step.</param>
    /// <returns>[s, s].</returns>
    /// <exception cref="ArithmeticException">The step is not stable.</exception>
    public static Tensor Covariance(AffineMap map) => Covariance(map.State, map.NoiseCovariance());

    /// <summary>The stationary covariance of a step by B and C Cᵀ.</summary>
    internal static Tensor Covariance(Tensor state, Tensor noiseCovariance)
    {
        Tensor b = state;
        Tensor s = noiseCovariance;
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
    /// <exception cref="ArithmeticException">The step is not stable.</exception>
    public static Tensor Mean(AffineMap map)
    {
        Tensor b = map.State;
        Tensor m = map.Offset.Reshape(map.Offset.Count, 1);
        for (int i = 0; i < Doublings; i++)
        {
            m += b.MatMul(m);
            b = b.MatMul(b);
        }

        return m.AllFinite() && Largest(b) < 1
            ? m.Reshape(map.Offset.Count)
            : throw new ArithmeticException("The step has no stationary law: its spectral radius is 1 or more.");
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
    public static double SpectralRadius(AffineMap map) => SpectralRadius(map.State);

    /// <summary>The spectral radius of a matrix.</summary>
    internal static double SpectralRadius(Tensor state)
    {
        Tensor b = state;
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

    /// <summary>Whether a coordinate stays where it is, whatever the others and the noise are.</summary>
    private static bool NeverMoves(AffineMap map)
    {
        int size = map.Offset.Count;
        int noises = map.Noise.Shape[1];
        double[] b = map.State.ToArray();
        double[] c = map.Noise.ToArray();
        return Enumerable.Range(0, size).Any(row =>
            Enumerable.Range(0, size).All(column => b[(row * size) + column] == (row == column ? 1 : 0)) && Enumerable.Range(0, noises).All(column => c[(row * noises) + column] == 0));
    }

    /// <summary>A scale to divide by: 1 where there is none, as at temperature 0.</summary>
    private static double OrOne(double scale) => scale > 0 ? scale : 1;

    private static double Largest(Tensor b) => b.Abs().Flatten().Max(0).ToDouble();
}
