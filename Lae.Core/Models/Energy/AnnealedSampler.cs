using Lae.Numerics;
using Lae.Randomness;
using Lae.Targets;

namespace Lae.Models;

/// <summary>How a sampler network is annealed.</summary>
public sealed record AnnealingPlan
{
    /// <summary>A plan with checked ranges.</summary>
    /// <param name="inverseTemperatures">β of each stage, in [0, 1], rising; the last one 1.</param>
    /// <param name="movesPerStage">Moves (of the sampler's T transitions each) at every stage, 1 or more.</param>
    /// <param name="cycles">Cycles, 1 or more: each begins at the first stage again and ends in k samples.</param>
    /// <param name="baseDeviation">s of the base N(0, s² I), positive; about the spread of the target.</param>
    public AnnealingPlan(IReadOnlyList<double> inverseTemperatures, int movesPerStage, int cycles, double baseDeviation)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(movesPerStage, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(cycles, 1);
        if (!(baseDeviation > 0) || !double.IsFinite(baseDeviation))
        {
            throw new ArgumentOutOfRangeException(nameof(baseDeviation), baseDeviation, "Must be positive and finite.");
        }

        double before = 0;
        foreach (double beta in inverseTemperatures)
        {
            before = beta >= before && beta <= 1
                ? beta
                : throw new ArgumentOutOfRangeException(nameof(inverseTemperatures), beta, "Inverse temperatures must rise within [0, 1].");
        }

        if (before != 1)
        {
            throw new ArgumentOutOfRangeException(nameof(inverseTemperatures), before, "The last inverse temperature must be 1.");
        }

        InverseTemperatures = [.. inverseTemperatures];
        MovesPerStage = movesPerStage;
        Cycles = cycles;
        BaseDeviation = baseDeviation;
    }

    /// <summary>β of each stage.</summary>
    public IReadOnlyList<double> InverseTemperatures { get; }

    /// <summary>Moves at every stage.</summary>
    public int MovesPerStage { get; }

    /// <summary>Cycles.</summary>
    public int Cycles { get; }

    /// <summary>s.</summary>
    public double BaseDeviation { get; }

    /// <summary>A first stage on the base itself, and then inverse temperatures that grow by one factor.</summary>
    /// <param name="lowest">The second β, in (0, 1).</param>
    /// <param name="stages">Stages in all, 3 or more.</param>
    /// <param name="movesPerStage">Moves at every stage, 1 or more.</param>
    /// <param name="cycles">Cycles, 1 or more.</param>
    /// <param name="baseDeviation">s, positive.</param>
    /// <returns>A plan.</returns>
    public static AnnealingPlan Geometric(double lowest, int stages, int movesPerStage, int cycles, double baseDeviation)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(stages, 3);
        if (!(lowest > 0 && lowest < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(lowest), lowest, "Must be in (0, 1).");
        }

        IEnumerable<double> rising = Enumerable.Range(0, stages - 2).Select(i => Math.Pow(lowest, 1 - ((double)i / (stages - 2))));
        return new AnnealingPlan([0, .. rising, 1], movesPerStage, cycles, baseDeviation);
    }
}

/// <summary>What an annealed sampler network made.</summary>
/// <param name="Samples">[cycles · k, d], a cycle after the other.</param>
/// <param name="Parameters">The sampler as the last cycle left it: its outputs are the last k samples.</param>
/// <param name="Acceptance">The mean acceptance probability of the moves at β = 1.</param>
public sealed record AnnealedSamples(Tensor Samples, TensorTree Parameters, double Acceptance);

/// <summary>
/// Sampler-ALD of a target with modes that Langevin moves do not cross: in each cycle the sampler network is moved along the geometric bridge from a broad Gaussian to the target,
/// <code>
///     log π_β(z) = (1 − β) log N(z; 0, s² I) + β log π(z),    β = 0 … 1
/// </code>
/// At β near 0 every sample forgets where it was, so cycles are nearly independent; on the way up each falls into a mode. What a mode gets is decided where the modes part, and is its mass exactly where the modes are alike by a
/// symmetry that the base shares (a ring of equal modes). Else it is its share at that β (wide modes get too much), and only transitions at β = 1 that cross would mend it. After n cycles of k samples a mass p has the deviation
/// √(p(1 − p)/(n k)). Per-point moves anneal each sample on its own; plain moves share one accept test and the pace of K, and would need a cycle longer by the condition number.
/// </summary>
public static class AnnealedSampler
{
    /// <summary>Runs all cycles.</summary>
    /// <param name="key">All randomness.</param>
    /// <param name="sampler">The sampler network.</param>
    /// <param name="parameters">Its parameters.</param>
    /// <param name="target">π, of the sampler's dimension and number type.</param>
    /// <param name="plan">The plan.</param>
    /// <returns>Samples of all cycles.</returns>
    public static AnnealedSamples Run(RandomKey key, SamplerLangevin sampler, TensorTree parameters, Target target, AnnealingPlan plan)
    {
        Tensor centre = Tensor.Zeros(new Shape(target.Dimension), target.DType);
        Target broad = GaussianTarget.Diagonal(centre, Tensor.Full(1 / (plan.BaseDeviation * plan.BaseDeviation), centre.Shape, target.DType));
        LatentDensity[] stages = [.. plan.InverseTemperatures.Select(
            beta => new LatentDensity(sampler.Points, target.Dimension, target.DType, Tempering.Bridge(broad, target, beta).Evaluate))];
        List<Tensor> samples = [];
        double acceptance = 0;
        long move = 0;
        for (int cycle = 0; cycle < plan.Cycles; cycle++)
        {
            // the step that suits the end of a cycle is far too short for its beginning
            TensorTree adaptation = sampler.InitializeAdaptation();
            for (int stage = 0; stage < stages.Length; stage++)
            {
                for (int i = 0; i < plan.MovesPerStage; i++)
                {
                    SamplerMove next = sampler.Move(key.FoldIn((ulong)move), stages[stage], parameters, adaptation, ++move);
                    (parameters, adaptation) = (next.Parameters, next.Adaptation);
                    acceptance += stage == stages.Length - 1 ? next.Run.Acceptance : 0;
                }
            }

            samples.Add(sampler.Samples(parameters));
        }

        return new AnnealedSamples(Shaping.Join(0, [.. samples]), parameters, acceptance / (plan.Cycles * plan.MovesPerStage));
    }
}
