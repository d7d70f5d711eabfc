using Lae.Annealing;
using Lae.Models;
using Lae.Numerics;
using Lae.Randomness;

namespace Lae.Evaluation;

/// <summary>log Z = log ∫ exp(log p̃(z)) dz of a prior whose density is not normalised, such as an energy, by annealed importance sampling from N(0, I) (<see cref="AnnealedWay"/>).</summary>
public static class PriorConstant
{
    /// <summary>The estimate.</summary>
    /// <param name="key">All randomness.</param>
    /// <param name="prior">The prior.</param>
    /// <param name="latentSize">d_z, 1 or more.</param>
    /// <param name="dtype">The number type.</param>
    /// <param name="settings">Chains, temperatures and the rest, of one block; 256 chains and 500 temperatures if null.</param>
    /// <returns>log Ẑ with its standard error; 0 without error where the prior is normalised.</returns>
    public static LogNormalizingConstant Estimate(RandomKey key, IPrior prior, int latentSize, DType dtype, AnnealedLikelihoodSettings? settings = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(latentSize, 1);
        AnnealedLikelihoodSettings chosen = settings ?? new(chains: 256, temperatures: 500, pilotChains: 64);
        if (prior.IsNormalized)
        {
            return new LogNormalizingConstant(0, 0, chosen.Chains);
        }

        StandardNormalPrior from = new();
        Workspace workspace = Workspace.Pooled();
        AnnealedWay way = new(new LatentBridge(z => LatentBridge.OfPrior(from, z), z => LatentBridge.OfPrior(prior, z)), chosen);
        double[] stepSizes = way.StepSizes(key.FoldIn(0), from.Sample(key.FoldIn(1), chosen.PilotChains, latentSize, dtype).CopyTo(workspace));
        return LogNormalizingConstant.OfForward(
            way.LogWeights(key.FoldIn(2), from.Sample(key.FoldIn(3), chosen.Chains, latentSize, dtype).CopyTo(workspace), stepSizes, reverse: false));
    }
}
