using System.Globalization;
using Lae.Numerics;

namespace Lae.Laws;

/// <summary>What a wrong stationary covariance suggests, in words.</summary>
internal static class StationaryDiagnosis
{
    private const double Close = 1e-6;

    /// <summary>The likeliest cause, from how the covariance that was found compares with the one expected.</summary>
    public static string Of(AffineMap map, Tensor actual, Tensor expected, double temperature)
    {
        double[] found = actual.ToArray();
        double[] wanted = expected.ToArray();
        if (wanted.All(value => value == 0))
        {
            return "No noise was expected (temperature 0), and there is some.";
        }

        if (found.All(value => value == 0))
        {
            return "The stationary covariance is 0: no noise enters the step.";
        }

        if (ConstantRatio(found, wanted) is { } ratio)
        {
            return Scaled(ratio, temperature);
        }

        int diagonal = map.Offset.Count + 1;
        if (Enumerable.Range(0, map.Offset.Count).Any(i => found[i * diagonal] == 0 && wanted[i * diagonal] != 0))
        {
            return "The stationary variance of some coordinates is 0: no noise enters them.";
        }

        SymmetricEigensystem noise = map.NoiseCovariance().SymmetricEigen();
        SymmetricEigensystem stationary = actual.SymmetricEigen();
        int size = map.Offset.Count;
        int rank = Rank(noise);
        // a step with momenta may well have less noise than coordinates, yet a full stationary law
        if (Rank(stationary) < size || (rank == 1 && size > 1 && map.Noise.Shape[1] == size))
        {
            return Text($"The noise of a step has rank {rank} for {size} coordinates: coordinates share their normals.");
        }

        if (DriftFactor(map, expected) is { } drift)
        {
            return Text($"The drift of the step is {drift:G6} times what its noise needs: the gradient may be multiplied by {drift:G6}.");
        }

        double trace = Trace(found) / Trace(wanted);
        return Text(
            $"The ratio of the covariances is not constant (traces {trace:G4} to 1): the drift is mis-scaled (a gradient multiplied, or taken twice or at the wrong point), or the preconditioner and its root, or the mass matrix and its root, or the order of substeps, do not belong together.");
    }

    /// <summary>The likeliest cause where only the positions of a larger state (with momenta) are known.</summary>
    public static string OfPositions(Tensor actual, Tensor expected, double temperature)
    {
        double[] found = actual.ToArray();
        double[] wanted = expected.ToArray();
        return found.All(value => value == 0) ? "The stationary covariance of positions is 0: no noise enters the step."
            : ConstantRatio(found, wanted) is { } ratio ? Scaled(ratio, temperature)
            : Text($"The ratio of the covariances is not constant (traces {Trace(found) / Trace(wanted):G4} to 1): a force is mis-scaled, or the noise and the friction, or the mass matrix and its root, do not belong together.");
    }

    /// <summary>A drift that is h times a multiple c of the precision, where the covariance is 1/c of what it should be: the gradient is multiplied and the noise is right; null where it is not so.</summary>
    public static string? DriftMultiple(Tensor drift, Tensor precision, Tensor actual, Tensor expected) =>
        ConstantRatio(drift.ToArray(), precision.ToArray()) is { } multiple
        && ConstantRatio(actual.ToArray(), expected.ToArray()) is { } ratio
        && !Near(multiple, 1)
        && Near(multiple * ratio, 1)
            ? Text($"The stationary covariance is {ratio:G6} times what it should be, everywhere, and the drift of a small step {multiple:G6} times h ∇log π: the gradient may be multiplied by {multiple:G6}.")
            : null;

    private static string Scaled(double ratio, double temperature)
    {
        string size = Text($"The stationary covariance is {ratio:G6} times what it should be, everywhere");
        if (temperature != 1 && temperature > 0)
        {
            if (Near(ratio, temperature))
            {
                return Text($"The stationary covariance is T = {temperature:G6} times too large everywhere: noise may be scaled by T instead of sqrt(T), or twice by sqrt(T).");
            }

            if (Near(ratio, 1 / temperature))
            {
                return $"{size}, which is 1/T: the temperature may be missing from the noise.";
            }

            if (Near(ratio, Math.Sqrt(temperature)) || Near(ratio, 1 / Math.Sqrt(temperature)))
            {
                return $"{size}, which is a root of T: noise may be scaled by a wrong power of T.";
            }
        }

        return Near(ratio, 0.5) ? $"{size}: noise may be sqrt(h) where sqrt(2h) is needed."
            : Near(ratio, 2) ? $"{size}: noise may carry a factor sqrt(2) too many."
            : Text($"{size}: noise may be multiplied by {Math.Sqrt(ratio):G6}, the same in every direction; a noise scale that lacks its root, as 2h for sqrt(2h), looks so too.");
    }

    /// <summary>
    /// The factor f such that the step would be right with its drift divided by f: with M = I − B and k = 1/f, the k that solves k (M S + S Mᵀ) − k² M S Mᵀ = C Cᵀ;
    /// null if there is none.
    /// </summary>
    private static double? DriftFactor(AffineMap map, Tensor expected)
    {
        Tensor drift = Tensor.Identity(map.Offset.Count, DType.Float64) - map.State;
        Tensor once = drift.MatMul(expected);
        Tensor linear = once + once.Transpose();
        Tensor quadratic = once.MatMul(drift, transposeB: true);
        Tensor noise = map.NoiseCovariance();
        (double t0, double t1, double t2) = (Trace(noise.ToArray()), Trace(linear.ToArray()), Trace(quadratic.ToArray()));
        double root = Math.Sqrt((t1 * t1) - (4 * t2 * t0));
        foreach (double k in (ReadOnlySpan<double>)[(t1 - root) / (2 * t2), (t1 + root) / (2 * t2)])
        {
            if (k > 0 && ConstantRatio((k * linear - (k * k) * quadratic).ToArray(), noise.ToArray()) is { } ratio && Near(ratio, 1))
            {
                return 1 / k;
            }
        }

        return null;
    }

    /// <summary>The factor between two matrices; null if there is none.</summary>
    private static double? ConstantRatio(double[] found, double[] wanted)
    {
        double product = 0;
        double square = 0;
        for (int i = 0; i < found.Length; i++)
        {
            product += found[i] * wanted[i];
            square += wanted[i] * wanted[i];
        }

        double ratio = product / square;
        double gap = 0;
        for (int i = 0; i < found.Length; i++)
        {
            gap = Math.Max(gap, Math.Abs(found[i] - (ratio * wanted[i])));
        }

        return gap <= Close * wanted.Max(Math.Abs) * Math.Abs(ratio) ? ratio : null;
    }

    private static int Rank(SymmetricEigensystem system)
    {
        double[] values = system.Values.ToArray();
        return values.Count(value => value > 1e-12 * values[^1]);
    }

    private static double Trace(double[] matrix)
    {
        int size = (int)Math.Round(Math.Sqrt(matrix.Length));
        return Enumerable.Range(0, size).Sum(i => matrix[(i * size) + i]);
    }

    private static bool Near(double a, double b) => Math.Abs(a - b) <= Close * Math.Abs(b);

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
