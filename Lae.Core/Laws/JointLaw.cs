using Lae.Numerics;
using Lae.Randomness;

namespace Lae.Laws;

/// <summary>
/// A joint law of parameters θ and data y that can be drawn from: a prior and a simulator. Each row is a replication of its own, with its own data.
/// </summary>
/// <param name="DrawParameters">Independent draws of θ [rows, dimension] from the prior, given a key and the number of rows. θ are the positions of the kernel that is tested: where it runs on transformed parameters, their Jacobian included.</param>
/// <param name="DrawData">y [rows, columns] given a key and θ [rows, dimension]: row i from p(y | θ_i), independent of the other rows.</param>
public sealed record JointLaw(Func<RandomKey, int, Tensor> DrawParameters, Func<RandomKey, Tensor, Tensor> DrawData);

/// <summary>A number of each replication.</summary>
/// <param name="Name">What it is called in messages.</param>
/// <param name="Of">A pure function of θ [rows, dimension] and y [rows, columns], to [rows].</param>
public sealed record JointStatistic(string Name, Func<Tensor, Tensor, Tensor> Of)
{
    /// <summary>What a law is called in which the statistic is too large.</summary>
    public string WhenLarge { get; init; } = "shifted to larger values";

    /// <summary>What a law is called in which the statistic is too small.</summary>
    public string WhenSmall { get; init; } = "shifted to smaller values";

    /// <summary>Parameters, their squares about a centre, and products of the first parameters with the first columns of data: by the products a kernel is seen that keeps the prior and forgets the data.</summary>
    /// <param name="centre">[dimension], such as the mean of independent draws of θ.</param>
    /// <param name="columns">Columns of the data.</param>
    /// <returns>Statistics.</returns>
    public static IReadOnlyList<JointStatistic> ParametersSquaresAndProducts(Tensor centre, int columns)
    {
        const int Most = 4;
        int dimension = centre.Count;
        return
        [
            .. Parameters(centre),
            .. from i in Enumerable.Range(0, Math.Min(Most, dimension))
               from j in Enumerable.Range(0, Math.Min(Most, columns))
               select new JointStatistic($"the product of parameter {i} and column {j} of the data", (theta, y) => (Column(theta, i) - centre.ElementAt(i)) * Column(y, j)),
        ];
    }

    /// <summary>Parameters and their squares about a centre.</summary>
    /// <param name="centre">[dimension].</param>
    /// <returns>2 · dimension statistics.</returns>
    public static IReadOnlyList<JointStatistic> Parameters(Tensor centre) =>
    [
        .. Enumerable.Range(0, centre.Count).Select(i => new JointStatistic($"parameter {i}", (theta, _) => Column(theta, i))),
        .. Enumerable.Range(0, centre.Count).Select(i => new JointStatistic($"the square of parameter {i}", (theta, _) => (Column(theta, i) - centre.ElementAt(i)).Square())
        {
            WhenLarge = "too wide",
            WhenSmall = "too narrow",
        }),
    ];

    private static Tensor Column(Tensor x, int index) => x.Slice(1, index, 1).Reshape(x.Shape[0]);
}
