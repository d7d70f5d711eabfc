using Lae.Numerics;

namespace Lae.Adaptation;

/// <summary>
/// The step size at which the variance of the energy error of a step is v for each dimension. Since Var ΔE ∝ ε⁶, each step of size ε says ε* = ε (ΔE²/(d v))^(−1/6); the answers
/// are averaged as ε*⁻⁶, recent ones more (an average over about 150 steps), and those far from the target less:
/// <code>
///     q = ΔE²/(d v) + 1e-8,   w = exp(−(log q / 9)²/2),   F' = γF + w q/ε⁶,   W' = γW + w,   ε' = (F'/W')^(−1/6),   γ = 149/151
/// </code>
/// Source: Robnik, De Luca, Silverstein and Seljak, JMLR 24 (2023), section 5. Chains answer together: w q and w are their means.
/// </summary>
/// <param name="StepSize">ε, for the next step.</param>
/// <param name="Sum">F.</param>
/// <param name="Weight">W.</param>
internal readonly record struct EnergyVarianceStepSize(double StepSize, double Sum = 0, double Weight = 0)
{
    private const double Decay = 149.0 / 151.0;

    /// <summary>How much shorter the step becomes where one was not finite.</summary>
    private const double Shorter = 0.8;

    /// <summary>What is known after a step by which the energy changed so, [chains].</summary>
    public EnergyVarianceStepSize After(Tensor energyChange, double energyVariance, int dimension)
    {
        double[] changes = energyChange.ToArray();
        if (!changes.All(double.IsFinite))
        {
            return new EnergyVarianceStepSize(Shorter * StepSize);
        }

        double weights = 0;
        double answers = 0;
        foreach (double change in changes)
        {
            double ratio = (change * change / (dimension * energyVariance)) + 1e-8;
            double far = Math.Log(ratio) / 9;
            double weight = Math.Exp(-0.5 * far * far);
            weights += weight / changes.Length;
            answers += weight * ratio / changes.Length;
        }

        double sum = (Decay * Sum) + (answers / Math.Pow(StepSize, 6));
        double total = (Decay * Weight) + weights;
        double next = Math.Pow(sum / total, -1.0 / 6);
        return new EnergyVarianceStepSize(double.IsFinite(next) && next > 0 ? next : Shorter * StepSize, sum, total);
    }
}
