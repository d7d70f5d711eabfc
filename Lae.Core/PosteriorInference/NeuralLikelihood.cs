using Lae.Models;
using Lae.Networks;
using Lae.Numerics;
using Lae.Randomness;
using Lae.Targets;

namespace Lae.PosteriorInference;

/// <summary>
/// Posteriors under a random decoder network:
/// <code>
///     z ~ N(0, I),   x | z ~ N(h(z), σ² I),   h a network with weights of its random start, times a gain
/// </code>
/// A gain above 1 bends h, so that posteriors are no Gaussians. The reference is that of many long MALA chains for each point, from the prior, as in <see cref="LangevinChains"/>.
/// Source: the ICLR 2022 submission, section 5.1. Shapes: x [n, columns], z [n, latentSize].
/// </summary>
public sealed class NeuralLikelihood
{
    private const int ReferenceChains = 100;
    private const int ReferenceBurnIn = 2000;
    private const double ReferenceStepSize = 0.01;

    private readonly INetwork decoder;
    private readonly TensorTree weights;
    private readonly int latentSize;
    private readonly int columns;
    private readonly double deviation;

    /// <summary>A model.</summary>
    /// <param name="key">Decides the weights.</param>
    /// <param name="latentSize">Columns of z, 1 or more.</param>
    /// <param name="columns">Columns of x, 1 or more.</param>
    /// <param name="architecture">The architecture of h.</param>
    /// <param name="gain">What the weights are multiplied by, positive.</param>
    /// <param name="deviation">σ, positive.</param>
    public NeuralLikelihood(RandomKey key, int latentSize, int columns, INetworkArchitecture architecture, double gain, double deviation)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(latentSize, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);
        this.latentSize = latentSize;
        this.columns = columns;
        this.deviation = Positive(deviation, nameof(deviation));
        Positive(gain, nameof(gain));
        decoder = architecture.Whole(new RowForm(latentSize), new RowForm(columns));
        weights = TensorTree.Of(decoder.Initialize(key, DType.Float64)
            .Select(leaf => (leaf.Key, leaf.Key.EndsWith("weight", StringComparison.Ordinal) ? leaf.Value * gain : leaf.Value)));
    }

    /// <summary>h(z).</summary>
    /// <param name="z">[n, latentSize].</param>
    /// <returns>[n, columns].</returns>
    public Tensor Decode(Tensor z) => decoder.Apply(weights, z);

    /// <summary>Points drawn from the model.</summary>
    /// <param name="key">All randomness; point i does not depend on how many there are.</param>
    /// <param name="points">n, 1 or more.</param>
    /// <returns>x, [n, columns].</returns>
    public Tensor Simulate(RandomKey key, int points) => Decode(ExactTarget.Normals(key, points, latentSize, DType.Float64))
        + (deviation * ExactTarget.Normals(key, points, columns, DType.Float64, stream: 1));

    /// <summary>The posteriors of observations.</summary>
    /// <param name="x">[n, columns], float64.</param>
    /// <param name="apart">Transitions of the reference chains from one draw to the next, 1 or more.</param>
    /// <returns>A problem.</returns>
    public InferenceProblem Problem(Tensor x, int apart = 50)
    {
        if (x.Rank != 2 || x.Shape[1] != columns || x.Count == 0)
        {
            throw new ArgumentException($"Observations [n, {columns}] are needed, not {x.Shape}.", nameof(x));
        }

        double logConstant = -columns * ((0.5 * Math.Log(2 * Math.PI)) + Math.Log(deviation));
        LangevinChainPlan plan = new(ReferenceChains, ReferenceBurnIn, apart, ReferenceStepSize);
        return InferenceProblem.OfObservations(
            "neural likelihood",
            latentSize,
            new ObservedModel(x, LogLikelihood),
            (density, key, draws) => LangevinChains.Run(key, density, plan, draws, x.Workspace).Draws,
            isReferenceExact: false) with
        {
            ReferenceChains = ReferenceChains,
        };

        Tensor LogLikelihood(Tensor z, Tensor observed)
        {
            Tensor residual = observed - Decode(z);
            return Reductions.DotRows(residual, residual).ScaleShift(-0.5 / (deviation * deviation), logConstant);
        }
    }

    private static double Positive(double value, string name) => value > 0 && double.IsFinite(value)
        ? value
        : throw new ArgumentOutOfRangeException(name, value, "Must be positive and finite.");
}
