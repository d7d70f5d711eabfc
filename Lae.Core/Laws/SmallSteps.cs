using System.Globalization;
using Lae.Kernels;
using Lae.Numerics;
using Lae.Targets;

namespace Lae.Laws;

/// <summary>
/// What an unadjusted kernel is on a Gaussian as its step size goes to 0. Its affine map is read off exactly at h/8, h/16, … h/256 and what follows from it extrapolated to h = 0 by Neville's scheme, so that the limits are
/// known to about ten digits though no step size is 0.
/// </summary>
internal static class SmallSteps
{
    private const double Tolerance = 1e-7;
    private const double OrderTolerance = 0.1;

    /// <summary>The laws: affine and stable at h, mean and covariance in the limit, order of the bias.</summary>
    public static IEnumerable<LawResult> Check<TState>(Func<Target, double, Kernel<TState>> create, double stepSize, KernelLawSettings claim)
        where TState : class, IKernelState<TState>
    {
        Target target = TestTargets.Gaussian(claim.Dimension).Target;
        LawResult stable = Stable(create(target, stepSize));
        yield return stable;
        if (!stable.Holds)
        {
            yield break;
        }

        double[] steps = [.. Enumerable.Range(3, 6).Select(i => stepSize / (1 << i))];
        Kernel<TState>[] kernels = [.. steps.Select(h => create(target, h))];
        AffineMap[] maps = [.. kernels.Select(AffineMap.ReadOff)];
        if (maps.FirstOrDefault(map => !(StationaryLaw.SpectralRadius(map) < 1)) is not null)
        {
            yield return new LawResult(
                "small steps are stable", double.PositiveInfinity, 1, "The step is stable at h and not at a fraction of it: nothing draws the chain back as h goes to 0, or the step size is used twice.");
            yield break;
        }

        int at = PositionOffset(kernels[0]);
        Tensor[] covariances = [.. maps.Select(map => Block(StationaryLaw.Covariance(map), at, claim.Dimension))];
        Tensor expected = Covariance(claim);
        Tensor limit = ToZero(steps, covariances);
        double scale = Largest(expected);
        double error = Largest(limit - expected) / scale;
        yield return new LawResult(
            "stationary covariance as the step size goes to 0",
            error,
            Tolerance,
            error <= Tolerance
                ? "The covariance of positions tends to T times the inverse precision."
                : NoLimit(covariances) ?? Explain(maps, steps, limit, expected, claim));

        Tensor mean = ToZero(steps, [.. maps.Select(map => StationaryLaw.Mean(map).Slice(0, at, claim.Dimension))]);
        Tensor expectedMean = TestTargets.Mean(claim.Dimension);
        yield return new LawResult(
            "stationary mean as the step size goes to 0",
            Largest(mean - expectedMean) / (Math.Sqrt(scale) + Largest(expectedMean)),
            Tolerance,
            "The mean of positions must tend to the target's: a drift with a constant error, or one that vanishes in the wrong place, moves it.");
        if (error <= Tolerance)
        {
            yield return Order(covariances, limit, claim);
        }
    }

    private static LawResult Stable<TState>(Kernel<TState> kernel)
        where TState : class, IKernelState<TState>
    {
        AffineMap map = AffineMap.ReadOff(kernel);
        double bend = map.AffineError(kernel);
        if (!(bend <= 1e-9))
        {
            return new LawResult("the step is affine on a Gaussian", bend, 1e-9, "An unadjusted step on a Gaussian target must be affine in state and noise: a decision is made, noise is not used as it is drawn (is a leaf of normals not named xi?), or the gradient is not the target's.");
        }

        double radius = StationaryLaw.SpectralRadius(map);
        return new LawResult(
            "the step is stable on a Gaussian", radius, Math.BitDecrement(1.0),
            "The spectral radius of a step must be below 1: otherwise the step size is too large where the largest precision is 2, the gradient has the wrong sign, or a coordinate never moves.");
    }

    /// <summary>p = log₂ of the ratio of the biases at 2h and h; a bias that is rounding has any order.</summary>
    private static LawResult Order(Tensor[] covariances, Tensor limit, KernelLawSettings claim)
    {
        const double Rounding = 1e-9;
        const int From = 1;
        double coarse = Largest(covariances[From] - limit) / Largest(limit);
        double fine = Largest(covariances[From + 1] - limit) / Largest(limit);
        double order = Math.Log2(coarse / fine);
        bool none = coarse < Rounding;
        return new LawResult(
            "order of the bias",
            none ? 0 : Math.Max(0, claim.Order - order),
            OrderTolerance,
            none
                ? "The stationary covariance has no bias at any step size."
                : string.Create(CultureInfo.InvariantCulture, $"The bias of the stationary covariance falls as h to the power {order:F2}; at least {claim.Order} was claimed. A force at the wrong point, or substeps in the wrong order, cost orders."));
    }

    /// <summary>Words where the covariance tends to no positive limit, but goes with a power of h; null where it has a limit, or is 0.</summary>
    private static string? NoLimit(Tensor[] covariances)
    {
        const double Near = 0.02;
        double power = Math.Log2(Largest(covariances[^2]) / Largest(covariances[^1]));
        return power > 1 - Near ? "The stationary covariance falls to 0 with the step size: noise may be multiplied by h where sqrt(2h) is needed, or the drift may lack its factor h."
            : power < Near - 1 ? "The stationary covariance grows without bound as the step size falls: noise may lack its factor sqrt(h), or the drift have one factor h too many."
            : null;
    }

    private static string Explain(AffineMap[] maps, double[] steps, Tensor limit, Tensor expected, KernelLawSettings claim)
    {
        AffineMap last = maps[^1];
        if (last.Offset.Count != claim.Dimension)
        {
            return StationaryDiagnosis.OfPositions(limit, expected, claim.Temperature);
        }

        // as h → 0 a doubled drift and a halved noise have one law; what one step does tells them apart
        Tensor drift = ToZero(steps, [.. maps.Zip(steps, (map, h) => (Tensor.Identity(claim.Dimension, DType.Float64) - map.State) * (1 / h))]);
        return StationaryDiagnosis.DriftMultiple(drift, TestTargets.Precision(claim.Dimension), limit, expected)
            ?? StationaryDiagnosis.Of(last, limit, expected, claim.Temperature);
    }

    private static Tensor Covariance(KernelLawSettings claim)
    {
        Tensor root = TestTargets.Precision(claim.Dimension).Cholesky();
        Tensor inverse = root.TriangularSolve(Tensor.Identity(claim.Dimension, DType.Float64));
        return inverse.MatMul(inverse, transposeA: true) * claim.Temperature;
    }

    /// <summary>Where the positions begin among the coordinates of the state.</summary>
    private static int PositionOffset<TState>(Kernel<TState> kernel)
        where TState : class, IKernelState<TState>
    {
        TState state = kernel.Initialize(Tensor.Zeros(new Shape(1, kernel.Dimension), DType.Float64));
        int offset = 0;
        for (int i = 0; i < state.Layout.Count && !ReferenceEquals(state.Leaf(i), state.Position); i++)
        {
            offset += state.Layout[i].Role == LeafRole.Coordinate ? state.Leaf(i).Count : 0;
        }

        return offset;
    }

    private static Tensor Block(Tensor matrix, int at, int size) => matrix.Slice(0, at, size).Slice(1, at, size);

    /// <summary>The value at 0 of the polynomial through the values at h, by Neville's scheme.</summary>
    private static Tensor ToZero(double[] steps, Tensor[] values)
    {
        Tensor[] p = [.. values];
        for (int level = 1; level < p.Length; level++)
        {
            for (int i = 0; i < p.Length - level; i++)
            {
                p[i] = (p[i + 1] * steps[i] - p[i] * steps[i + level]) * (1 / (steps[i] - steps[i + level]));
            }
        }

        return p[0];
    }

    private static double Largest(Tensor x) => x.Abs().Flatten().Max(0).ToDouble();
}
