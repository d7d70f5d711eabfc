using Lae.Numerics;
using Lae.Targets;

namespace Lae.Modes;

/// <summary>
/// Draws in the coordinates in which they have mean 0 and covariance I, x = m + L y with S = L Lᵀ their covariance, and what is far from them there. With fewer than 5 draws a dimension, or in more than 200 dimensions, S is the diagonal of
/// variances.
/// </summary>
internal sealed class WhitenedDraws
{
    private const int MostDense = 200;
    private const double Apart = 2;
    private const double UsualQuantile = 0.95;

    /// <summary>Keeps the correlations of coordinates that determine each other positive definite.</summary>
    private const double Ridge = 1e-8;

    private readonly Tensor mean;
    private readonly Tensor root;
    private readonly double[][] rows;
    private readonly double usualDistance;

    private WhitenedDraws(Target target, Tensor mean, Tensor root, Tensor whitened, int references)
    {
        this.mean = mean;
        this.root = root;
        int d = target.Dimension;
        rows = Split(whitened);
        References = [.. Spread(rows.Length, references).Select(row => rows[row])];
        Target = Target.FromGradient(d, Evaluate, target.DType, target.Name);
        double[] nearest = [.. References.Select((one, i) => References.Where((_, j) => j != i).Min(other => Distance(one, other))).Order()];
        usualDistance = nearest[(int)(UsualQuantile * (nearest.Length - 1))];

        LogDensityAndGradient Evaluate(Tensor y)
        {
            LogDensityAndGradient at = target.Evaluate(ToTarget(y));
            return at with { Gradient = root.Rank == 1 ? at.Gradient * root : at.Gradient.MatMul(root) };
        }
    }

    /// <summary>The target in these coordinates, up to the constant log det L.</summary>
    public Target Target { get; }

    /// <summary>Draws spread evenly over all.</summary>
    public IReadOnlyList<double[]> References { get; }

    /// <summary>Whitens draws.</summary>
    /// <param name="target">The distribution.</param>
    /// <param name="draws">[n, dimension], finite; 2 or more that differ.</param>
    /// <param name="references">How many references to take.</param>
    public static WhitenedDraws Of(Target target, Tensor draws, int references)
    {
        Tensor x = draws.Cast(DType.Float64);
        int n = x.Shape[0];
        int d = x.Shape[1];
        Tensor centre = x.Mean(0);
        Tensor centred = x - centre;
        double[] variances = (centred.Square().Sum(0) * (1.0 / (n - 1))).ToArray();
        // a coordinate in which nothing moved gets the scale of its value, so that the others can still be searched
        double[] middle = centre.ToArray();
        Tensor deviations = Tensor.FromArray([.. variances.Select((variance, i) => variance > 0 ? Math.Sqrt(variance) : Math.Max(1e-3 * Math.Abs(middle[i]), 1e-3))]);
        Tensor standard = centred / deviations;
        if (n < 5 * d || d > MostDense)
        {
            return new WhitenedDraws(target, centre.Cast(target.DType), deviations.Cast(target.DType), standard, references);
        }

        Tensor correlation = (standard.MatMul(standard, transposeA: true) * (1.0 / (n - 1))) + (Tensor.Identity(d, DType.Float64) * Ridge);
        Tensor factor = correlation.Cholesky();
        Tensor whitened = factor.TriangularSolve(standard.Transpose()).Transpose();
        return new WhitenedDraws(target, centre.Cast(target.DType), (factor * deviations.Reshape(-1, 1)).Cast(target.DType), whitened, references);
    }

    /// <summary>Numbers 0 to count − 1, at most so many of them and evenly spread.</summary>
    public static IEnumerable<int> Spread(int count, int most) => Enumerable.Range(0, Math.Min(count, most)).Select(i => (int)((long)i * count / Math.Min(count, most)));

    /// <summary>m + L y.</summary>
    /// <param name="y">[rows, dimension].</param>
    public Tensor ToTarget(Tensor y) => mean + (root.Rank == 1 ? y * root : y.MatMul(root, transposeB: true));

    /// <summary>L⁻¹ (x − m), [rows, dimension].</summary>
    /// <param name="x">[rows, dimension].</param>
    public Tensor FromTarget(Tensor x) => root.Rank == 1 ? (x - mean) / root : root.TriangularSolve((x - mean).Transpose()).Transpose();

    /// <summary>In what way a point is away from the draws.</summary>
    /// <param name="y">A point.</param>
    public Remoteness RemotenessOf(double[] y)
    {
        double length = Math.Sqrt(Dot(y, y));
        double[] direction = [.. y.Select(value => value / Math.Max(length, double.Epsilon))];
        double outermost = rows.Max(row => Dot(row, direction));
        return new Remoteness(this, direction, outermost, length > outermost, IsIsolated(y));
    }

    /// <summary>How far along a direction a point is.</summary>
    public static double Along(double[] point, double[] direction) => Dot(point, direction);

    /// <summary>Whether a point is twice as far from the nearest reference as references are from each other.</summary>
    public bool IsIsolated(double[] y) => References.Min(reference => Distance(reference, y)) > Apart * usualDistance;

    /// <summary>The rows of a matrix.</summary>
    public static double[][] Split(Tensor matrix)
    {
        double[] values = matrix.ToArray();
        int columns = matrix.Shape[1];
        return [.. Enumerable.Range(0, matrix.Shape[0]).Select(row => values.AsSpan(row * columns, columns).ToArray())];
    }

    /// <summary>Euclidean distance.</summary>
    public static double Distance(double[] a, double[] b)
    {
        double sum = 0;
        for (int i = 0; i < a.Length; i++)
        {
            sum += (a[i] - b[i]) * (a[i] - b[i]);
        }

        return Math.Sqrt(sum);
    }

    private static double Dot(double[] a, double[] b)
    {
        double sum = 0;
        for (int i = 0; i < a.Length; i++)
        {
            sum += a[i] * b[i];
        }

        return sum;
    }
}
