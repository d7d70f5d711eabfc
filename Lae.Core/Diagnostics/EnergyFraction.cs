namespace Lae.Diagnostics;

/// <summary>
/// The estimated Bayesian fraction of missing information of a momentum-resampling kernel, E-BFMI = Σ (E_t − E_{t−1})² / Σ (E_t − mean)²: below 0.3 the momenta change the energy too little to reach
/// the tails in reasonable time. Source: Betancourt, arXiv 1604.00695 (2016).
/// </summary>
public static class EnergyFraction
{
    /// <summary>The fraction of each chain.</summary>
    /// <param name="energies">The Hamiltonian at each draw, at least two draws in each chain.</param>
    /// <returns>One number for each chain; NaN for a chain whose energy never changes.</returns>
    public static IReadOnlyList<double> Of(ChainDraws energies)
    {
        double[] result = new double[energies.Chains];
        for (int chain = 0; chain < result.Length; chain++)
        {
            ReadOnlySpan<double> energy = energies[chain];
            double mean = 0;
            foreach (double value in energy)
            {
                mean += value / energy.Length;
            }

            double steps = 0;
            double spread = (energy[0] - mean) * (energy[0] - mean);
            for (int t = 1; t < energy.Length; t++)
            {
                steps += (energy[t] - energy[t - 1]) * (energy[t] - energy[t - 1]);
                spread += (energy[t] - mean) * (energy[t] - mean);
            }

            result[chain] = steps / spread;
        }

        return result;
    }
}
