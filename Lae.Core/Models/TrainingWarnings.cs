using System.Globalization;

namespace Lae.Models;

/// <summary>Warnings by name, worked out from the figures of a log entry; a pure function.</summary>
public static class TrainingWarnings
{
    /// <summary>Acceptance below this has collapsed.</summary>
    public const double LowestAcceptance = 0.2;

    /// <summary>Acceptance above this wastes steps.</summary>
    public const double HighestAcceptance = 0.9;

    /// <summary>The norm of the last encoder layer may grow by this factor over its start: √d_z, since its rows start orthonormal, or its first logged value if that is less. A healthy run stays near its start.</summary>
    public const double LargestGrowth = 10;

    /// <summary>The mean energy of posterior or prior samples may be so far from 0, in nats.</summary>
    public const double LargestEnergy = 20;

    /// <summary>The mean energies of posterior and prior samples may be so far apart, in nats.</summary>
    public const double LargestEnergyGap = 10;

    /// <summary>The warnings that a log entry calls for.</summary>
    /// <param name="figures">Figures of the entry: acceptanceProbability, lastLayerNorm, featureCount, batchSize, energyOfData, energyOfSamples, activeLatents, latentSize where they apply.</param>
    /// <param name="first">Figures of the first entry of the run.</param>
    /// <returns>Name and sentence of each warning; names are stable: AcceptanceCollapsed, AcceptanceTooHigh, LastLayerGrows, FewerFeaturesThanBatch, EnergyDrift, LatentsIgnored.</returns>
    public static IReadOnlyList<(string Name, string Message)> Of(IReadOnlyDictionary<string, double> figures, IReadOnlyDictionary<string, double> first)
    {
        List<(string, string)> warnings = [];
        if (figures.TryGetValue("acceptanceProbability", out double acceptance) && acceptance < LowestAcceptance)
        {
            warnings.Add(("AcceptanceCollapsed", Line($"the mean acceptance probability is {acceptance:F3}, below {LowestAcceptance}: the latent step is too large, and the chain hardly moves")));
        }

        if (acceptance > HighestAcceptance)
        {
            warnings.Add(("AcceptanceTooHigh", Line($"the mean acceptance probability is {acceptance:F3}, above {HighestAcceptance}: the latent step is small for the posterior, and the chain moves slowly")));
        }

        double start = Math.Min(first.GetValueOrDefault("lastLayerNorm", double.PositiveInfinity), Math.Sqrt(first.GetValueOrDefault("latentSize", double.PositiveInfinity)));
        if (figures.TryGetValue("lastLayerNorm", out double norm) && norm > LargestGrowth * start)
        {
            warnings.Add(("LastLayerGrows", Line($"the norm of the last encoder layer grew from {start:G3} to {norm:G3}: encodings of new observations may be noise")));
        }

        if (figures.TryGetValue("featureCount", out double features) && figures.TryGetValue("batchSize", out double batch) && features < batch)
        {
            warnings.Add(("FewerFeaturesThanBatch", Line($"the encoder has {features} features for batches of {batch}: its last layer cannot reproduce every set of latent points, and amortized Langevin dynamics on it is not ergodic")));
        }

        if (figures.TryGetValue("energyOfData", out double data) && figures.TryGetValue("energyOfSamples", out double samples)
            && (Math.Max(Math.Abs(data), Math.Abs(samples)) > LargestEnergy || Math.Abs(data - samples) > LargestEnergyGap))
        {
            warnings.Add(("EnergyDrift", Line($"the mean energy is {data:G3} for the data and {samples:G3} for samples of the prior: the energy runs away from its samples; lower EnergyStepSize, raise EnergyPenalty, or sample the prior by more transitions")));
        }

        if (figures.TryGetValue("activeLatents", out double active) && figures.TryGetValue("latentSize", out double latents) && active < latents)
        {
            warnings.Add(("LatentsIgnored", Line($"only {active} of {latents} latent dimensions vary with the observation by more than {ActiveLatents.LeastVariance}: the decoder ignores the others")));
        }

        return warnings;
    }

    private static string Line(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
