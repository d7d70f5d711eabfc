using Lae.Diagnostics;
using Lae.Evaluation;
using Lae.Numerics;
using Lae.Randomness;

namespace Lae.PosteriorInference;

/// <summary>
/// How far draws are from the laws of a problem. With means m and deviations s of the draws of point i and dimension j, and M and S of the reference:
/// <code>
///     meanError = √ mean_ij ((m − M)/S)²,    varianceRatio = median_ij s²/S²,    slicedWasserstein = mean_i SW₂(draws of i, as many reference draws of i)
/// </code>
/// Where the law falls into k equal modes: <c>modes</c>, those with at least a quarter of their mass, and <c>largestMassError</c>, the largest |share − 1/k|. <c>effectiveSampleSize</c> is the least over points and dimensions, of the mean.
/// A second reference sample, measured by the same figures, is the floor below which nothing is told apart.
/// </summary>
public sealed class InferenceFigures
{
    /// <summary>A mode is found where it has this part of its mass.</summary>
    private const double Found = 0.25;

    /// <summary>The directions are the same for every run, so that figures of runs can be put beside each other.</summary>
    private static readonly RandomKey Directions = RandomKey.FromSeed(0x5117CED);

    private readonly InferenceProblem problem;
    private readonly Tensor reference;
    private readonly int projections;
    private readonly double[] means;
    private readonly double[] variances;

    /// <summary>Figures against a reference sample.</summary>
    /// <param name="problem">The problem; its exact moments are used where it has them, and else those of the reference.</param>
    /// <param name="reference">[draws, n, latentSize].</param>
    /// <param name="projections">Directions of the sliced distance, 1 or more.</param>
    public InferenceFigures(InferenceProblem problem, Tensor reference, int projections)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(projections, 1);
        this.problem = problem;
        this.reference = reference.Detach();
        this.projections = projections;
        (means, variances) = problem.Moments is { } exact ? Exact(exact) : Sample(reference);
    }

    /// <summary>The figures of draws, by stable names.</summary>
    /// <param name="draws">As many draws as the reference has.</param>
    /// <param name="chains">c: draw i comes from chain i mod c.</param>
    /// <returns>Figures.</returns>
    /// <exception cref="ArgumentException">Another shape, or a draw is not finite.</exception>
    public IReadOnlyDictionary<string, double> Of(Tensor draws, int chains = 1)
    {
        if (draws.Shape != reference.Shape)
        {
            throw new ArgumentException($"Draws {reference.Shape} are needed, not {draws.Shape}.", nameof(draws));
        }

        (double[] m, double[] s) = Sample(draws);
        double[] ratios = [.. s.Zip(variances, (own, other) => own / other).Order()];
        Dictionary<string, double> figures = new(StringComparer.Ordinal)
        {
            ["meanError"] = Math.Sqrt(Enumerable.Range(0, m.Length).Average(i => (m[i] - means[i]) * (m[i] - means[i]) / variances[i])),
            ["varianceRatio"] = Quantile.Of(ratios, 0.5),
            ["slicedWasserstein"] = Enumerable.Range(0, problem.Points).Average(i => SlicedWasserstein.Distance(Point(draws, i), Point(reference, i), Directions, projections)),
            ["effectiveSampleSize"] = ByCoordinate(draws, chains).Min(EffectiveSampleSize.ForMean),
        };
        if (problem.Modes is { } modes)
        {
            double[] masses = [.. modes.Masses(Point(draws, 0))];
            figures["modes"] = masses.Count(mass => mass >= Found / modes.Count);
            figures["largestMassError"] = masses.Max(mass => Math.Abs(mass - (1.0 / modes.Count)));
        }

        return figures;
    }

    /// <summary>How much wider chains are together than each alone: the largest rank-normalised R-hat over points and dimensions. Chains that fall into modes between which they do not cross show it, two reference samples alike do not.</summary>
    /// <param name="draws">[draws, n, latentSize].</param>
    /// <param name="chains">c, 2 or more: draw i comes from chain i mod c; each has four draws or more.</param>
    /// <returns>About 1 for chains that have mixed; NaN where chains are too short to tell.</returns>
    public static double ScaleReduction(Tensor draws, int chains) => ByCoordinate(draws, chains).Max(PotentialScaleReduction.RankNormalized);

    private static (double[] Means, double[] Variances) Exact(LawMoments exact)
    {
        int d = exact.Means.Shape[1];
        double[] covariances = exact.Covariances.ToArray();
        return (exact.Means.ToArray(), [.. Enumerable.Range(0, exact.Means.Count).Select(i => covariances[(i / d * d * d) + (i % d * (d + 1))])]);
    }

    private static (double[] Means, double[] Variances) Sample(Tensor draws)
    {
        Tensor values = draws.Detach();
        Tensor mean = values.Mean(0);
        return (mean.ToArray(), ((values - mean).Square().Sum(0) / (values.Shape[0] - 1)).ToArray());
    }

    private static Tensor Point(Tensor draws, int point) => draws.Slice(1, point, 1).Reshape(draws.Shape[0], draws.Shape[2]);

    /// <summary>The chains of each point and dimension.</summary>
    private static IEnumerable<ChainDraws> ByCoordinate(Tensor draws, int chains)
    {
        int columns = draws.Shape[1] * draws.Shape[2];
        int length = draws.Shape[0] / chains;
        double[] values = draws.ToArray();
        return Enumerable.Range(0, columns).Select(column => ChainDraws.Of(
            [.. Enumerable.Range(0, chains).Select(chain => Enumerable.Range(0, length).Select(t => values[(((t * chains) + chain) * columns) + column]).ToArray())]));
    }
}
