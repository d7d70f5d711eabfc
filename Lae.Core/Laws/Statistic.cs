using Lae.Numerics;
using Lae.Targets;

namespace Lae.Laws;

/// <summary>A number of each chain, by whose distribution chains are compared with their exact law.</summary>
/// <param name="Name">What it is called in messages, such as <c>coordinate 0</c>.</param>
/// <param name="Of">A pure function of positions, from [chains, dimension] to [chains].</param>
/// <param name="Distribution">Its exact cumulative distribution function under the law, continuous; null where it is not known, and draws are compared with draws.</param>
public sealed record Statistic(string Name, Func<Tensor, Tensor> Of, Func<double, double>? Distribution = null)
{
    /// <summary>What a law is called in which the statistic is too large, said of the chains.</summary>
    public string WhenLarge { get; init; } = "shifted to larger values";

    /// <summary>What a law is called in which the statistic is too small, said of the chains.</summary>
    public string WhenSmall { get; init; } = "shifted to smaller values";

    /// <summary>Coordinates, squares of their distance to a centre, and the log density of a target.</summary>
    /// <param name="target">The target, for its log density and dimension.</param>
    /// <param name="centre">[dimension], such as the mean of independent draws: where squares see a wrong width best.</param>
    /// <returns>2 · dimension + 1 statistics.</returns>
    public static IReadOnlyList<Statistic> CoordinatesSquaresAndEnergy(Target target, Tensor centre) =>
    [
        .. Enumerable.Range(0, target.Dimension).Select(i => Coordinate(i)),
        .. Enumerable.Range(0, target.Dimension).Select(i => Square(i, centre.ElementAt(i))),
        LogDensity(target),
    ];

    /// <summary>Coordinate i.</summary>
    /// <param name="index">i, 0 or more.</param>
    /// <param name="distribution">Its exact distribution function, if known.</param>
    /// <returns>The statistic x_i.</returns>
    public static Statistic Coordinate(int index, Func<double, double>? distribution = null) =>
        new($"coordinate {index}", x => Column(x, index), distribution);

    /// <summary>The square of coordinate i from a centre.</summary>
    /// <param name="index">i, 0 or more.</param>
    /// <param name="centre">c.</param>
    /// <returns>The statistic (x_i − c)².</returns>
    public static Statistic Square(int index, double centre) =>
        new($"the square of coordinate {index}", x => (Column(x, index) - centre).Square()) { WhenLarge = "too wide", WhenSmall = "too narrow" };

    /// <summary>The log density, minus the energy.</summary>
    /// <param name="target">The target.</param>
    /// <returns>The statistic log π(x).</returns>
    public static Statistic LogDensity(Target target) =>
        new("the energy", x => -target.Evaluate(x).LogDensity) { WhenLarge = "too high (the chains lie too far out)", WhenSmall = "too low (the chains lie too near the modes)" };

    private static Tensor Column(Tensor x, int index) => x.Slice(1, index, 1).Reshape(x.Shape[0]);
}
