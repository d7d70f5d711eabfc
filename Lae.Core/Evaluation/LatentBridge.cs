using Lae.Kernels;
using Lae.Models;
using Lae.Numerics;
using Lae.Targets;

namespace Lae.Evaluation;

/// <summary>
/// Latent points on the way p₀^{1−β} p₁^β, with both ends' log densities and gradients apart: so that a new β costs no gradient, and log p₁ − log p₀, of which weights are made, is not lost in a sum.
/// </summary>
/// <param name="Position">z, [rows, d_z].</param>
/// <param name="StartLogDensity">log p₀, [rows].</param>
/// <param name="StartGradient">[rows, d_z].</param>
/// <param name="EndLogDensity">log p₁, [rows].</param>
/// <param name="EndGradient">[rows, d_z].</param>
internal sealed record LatentBridgeState(Tensor Position, Tensor StartLogDensity, Tensor StartGradient, Tensor EndLogDensity, Tensor EndGradient) : IKernelState<LatentBridgeState>
{
    public IReadOnlyList<StateLeaf> Layout => LayoutList;

    private static IReadOnlyList<StateLeaf> LayoutList { get; } =
    [
        new("position", LeafRole.Coordinate), new("startLogDensity", LeafRole.Cache), new("startGradient", LeafRole.Cache),
        new("endLogDensity", LeafRole.Cache), new("endGradient", LeafRole.Cache),
    ];

    public Tensor Leaf(int index) => index switch
    {
        0 => Position,
        1 => StartLogDensity,
        2 => StartGradient,
        3 => EndLogDensity,
        4 => EndGradient,
        _ => throw new ArgumentOutOfRangeException(nameof(index), index, "Must be in [0, 5)."),
    };

    public LatentBridgeState WithLeaves(IReadOnlyList<Tensor> leaves) => new(leaves[0], leaves[1], leaves[2], leaves[3], leaves[4]);

    /// <summary>The state of a Langevin kernel at β.</summary>
    public LangevinState At(double beta) => new(
        Position,
        (StartLogDensity * (1 - beta)) + (EndLogDensity * beta),
        (StartGradient * (1 - beta)) + (EndGradient * beta));
}

/// <summary>The two ends, and a MALA transition at any β between them: the formulas of <see cref="MetropolisLangevin"/>, one gradient of each end.</summary>
/// <param name="start">log p₀ with gradient.</param>
/// <param name="end">log p₁ with gradient.</param>
internal sealed class LatentBridge(Func<Tensor, LogDensityAndGradient> start, Func<Tensor, LogDensityAndGradient> end)
{
    public LatentBridgeState At(Tensor z)
    {
        LogDensityAndGradient p0 = start(z);
        LogDensityAndGradient p1 = end(z);
        return new LatentBridgeState(z, p0.LogDensity, p0.Gradient, p1.LogDensity, p1.Gradient);
    }

    public Transition<LatentBridgeState> Move(NoiseSource noise, LatentBridgeState state, double beta, double stepSize)
    {
        LangevinSettings settings = new(stepSize);
        LangevinState from = state.At(beta);
        Tensor xi = noise.Normal(0, state.Position.Shape[1], state.Position.DType);
        LatentBridgeState proposed = At(UnadjustedLangevin.Propose(settings, from, xi));
        Tensor ratio = MetropolisLangevin.LogAcceptanceRatio(settings, from, proposed.At(beta));
        return MetropolisAcceptance.Decide(ratio, noise.Uniform(1, state.Position.DType), proposed, state, gradientCount: 1);
    }

    /// <summary>log p with gradient of every row of a prior.</summary>
    public static LogDensityAndGradient OfPrior(IPrior prior, Tensor z)
    {
        ValueAndGradient result = Differentiation.ValueAndGradient(prior.LogDensity, z);
        return new LogDensityAndGradient(result.Value, result.Gradient);
    }
}
