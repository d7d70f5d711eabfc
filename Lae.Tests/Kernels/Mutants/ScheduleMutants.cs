using Lae.Kernels;

namespace Lae.Tests.Kernels.Mutants;

/// <summary>Cyclical schedules with one bug each, which R-12 must see.</summary>
public static class ScheduleMutants
{
    public enum Bug
    {
        None,

        /// <summary>SGMCMCJax: transitions counted from 1 in a formula for 0, so that the first step size is never seen.</summary>
        CountsFromOne,

        /// <summary>The cycle divided by its length less one, so that each ends at 0.</summary>
        ReachesZero,

        /// <summary>⌊K/M⌋ for ⌈K/M⌉.</summary>
        CycleTooShort,
    }

    public static IStepSchedule Cyclical(double first, long transitions, int cycles, Bug bug) => new Mutant(first, transitions, cycles, bug);

    private sealed class Mutant(double first, long transitions, int cycles, Bug bug) : IStepSchedule
    {
        public double Largest => first;

        public double At(long transition)
        {
            long length = bug == Bug.CycleTooShort ? transitions / cycles : ((transitions - 1) / cycles) + 1;
            long k = (transition + (bug == Bug.CountsFromOne ? 1 : 0)) % length;
            return first / 2 * (Math.Cos(Math.PI * k / (bug == Bug.ReachesZero ? length - 1 : length)) + 1);
        }
    }
}
