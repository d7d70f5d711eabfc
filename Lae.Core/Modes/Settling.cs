using Lae.Adaptation;
using Lae.Kernels;
using Lae.Numerics;
using Lae.Randomness;

namespace Lae.Modes;

/// <summary>What walkers did that were let run from a place by an exact kernel.</summary>
/// <param name="Walkers">The positions of each after its step size was found, in order, with log π and gradient.</param>
/// <param name="Acceptance">Their mean acceptance.</param>
internal sealed record Settled(IReadOnlyList<IReadOnlyList<SettledDraw>> Walkers, double Acceptance);

/// <summary>One position of a walker.</summary>
/// <param name="Position">y.</param>
/// <param name="Height">log π.</param>
/// <param name="Gradient">∇ log π.</param>
internal sealed record SettledDraw(double[] Position, double Height, double[] Gradient);

/// <summary>
/// A short run of Metropolis-adjusted Langevin trajectories (MALT, 5 steps of step size h, friction 1) from one point: h is cut to a quarter until half of the proposals are accepted, adapted by dual averaging in 30 transitions to an acceptance of 0.8, and frozen
/// for 40.
/// </summary>
internal static class Settling
{
    /// <summary>Walkers that start in the point.</summary>
    public const int Walkers = 4;

    /// <summary>The most gradients of a call.</summary>
    public const int MostGradients = Walkers * (1 + (Steps * (MostTries + Adapted + Kept)));

    private const int Steps = 5;
    private const int Adapted = 30;
    private const int Kept = 40;
    private const int MostTries = 20;
    private const double Aim = 0.8;

    /// <summary>Runs.</summary>
    /// <param name="heights">The distribution.</param>
    /// <param name="start">The point.</param>
    /// <param name="key">The key of all draws.</param>
    public static Settled Run(Heights heights, double[] start, RandomKey key)
    {
        Chains chains = Chains.Range(Walkers);
        LangevinState state = Kernel(1).Initialize(heights.ToTensor([.. Enumerable.Repeat(start, Walkers)]));
        heights.Count += Walkers;
        long number = 0;
        double stepSize = 1;
        for (int i = 0; i < MostTries && Move(stepSize, state).Info.MeanAcceptance < 0.5; i++)
        {
            stepSize /= 4;
        }

        DualAveraging averaging = DualAveraging.Start(stepSize, Aim);
        for (int i = 0; i < Adapted; i++)
        {
            Transition<LangevinState> next = Move(averaging.StepSize, state);
            state = next.State;
            averaging = averaging.After(next.Info.MeanAcceptance);
        }

        List<SettledDraw>[] walkers = [.. Enumerable.Range(0, Walkers).Select(_ => new List<SettledDraw>(Kept))];
        double acceptance = 0;
        for (int i = 0; i < Kept; i++)
        {
            Transition<LangevinState> next = Move(averaging.AverageStepSize, state);
            state = next.State;
            acceptance += next.Info.MeanAcceptance / Kept;
            double[] positions = state.Position.ToArray();
            double[] gradients = state.Gradient.ToArray();
            double[] values = state.LogDensity.ToArray();
            int d = heights.Target.Dimension;
            for (int walker = 0; walker < Walkers; walker++)
            {
                walkers[walker].Add(new SettledDraw(positions.AsSpan(walker * d, d).ToArray(), values[walker], gradients.AsSpan(walker * d, d).ToArray()));
            }
        }

        return new Settled(walkers, acceptance);

        Kernel<LangevinState> Kernel(double size) => MetropolisLangevinTrajectories.Create(heights.Target, new LangevinTrajectorySettings(new HamiltonianSettings(size, Steps), 1));

        Transition<LangevinState> Move(double size, LangevinState from)
        {
            Transition<LangevinState> next = Kernel(Math.Clamp(size, 1e-12, 1e6)).Transition(new NoiseSource(key, number++, chains, heights.Memory), from);
            heights.Count += Walkers * (long)next.Info.GradientCount;
            return next;
        }
    }
}
