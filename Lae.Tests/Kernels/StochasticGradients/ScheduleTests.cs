using FsCheck;
using FsCheck.Fluent;
using Lae.Kernels;
using Lae.Tests.Kernels.Mutants;
using Lae.Tests.Laws;

namespace Lae.Tests.Kernels;

/// <summary>R-12: schedules as functions of the number of the transition.</summary>
public sealed class ScheduleTests
{
    private static readonly Gen<(double First, long Transitions, int Cycles)> Cycles =
        from first in Gen.Choose(-3000, 1000)
        from cycles in Gen.Choose(1, 9)
        from transitions in Gen.Choose(0, 500)
        select (Math.Pow(10, first / 1000.0), (long)cycles + transitions, cycles);

    [Fact]
    [Proves("R-12", "SGLD", "pSGLD", "SGHMC", "SGNHT", "BADODAB")]
    public void R12_cyclical_is_positive_begins_at_its_largest_and_repeats_exactly() => Generated.ForAll(
        Cycles, c => Assert.True(HoldsCyclical(new CyclicalSchedule(c.First, c.Transitions, c.Cycles), c.First, c.Transitions, c.Cycles)));

    [Fact]
    [Rejects("§5 cyclical schedule off by one (SGMCMCJax)")]
    public void R12_sees_a_cycle_that_is_off_by_one()
    {
        foreach (ScheduleMutants.Bug bug in Enum.GetValues<ScheduleMutants.Bug>())
        {
            Assert.Equal(bug == ScheduleMutants.Bug.None, HoldsCyclical(ScheduleMutants.Cyclical(0.3, 50, 4, bug), 0.3, 50, 4));
        }
    }

    [Fact]
    [Proves("R-12", "SGLD", "pSGLD", "SGHMC", "SGNHT", "BADODAB")]
    public void R12_polynomial_is_positive_and_decreasing_with_the_power_of_the_formula() => Generated.ForAll(
        from a in Gen.Choose(-3000, 1000)
        from b in Gen.Choose(-1000, 3000)
        from power in Gen.Choose(1, 100)
        select (A: Math.Pow(10, a / 1000.0), B: Math.Pow(10, b / 1000.0), Power: power / 100.0),
        c =>
        {
            PolynomialSchedule schedule = new(c.A, c.B, c.Power);
            Assert.Equal(schedule.Largest, schedule.At(0));
            Assert.Equal(1, schedule.At(0) / (c.A * Math.Exp(-c.Power * Math.Log(c.B))), 1e-12);
            for (long k = 0; k < 40; k++)
            {
                Assert.True(schedule.At(k + 1) > 0 && schedule.At(k + 1) < schedule.At(k));
                Assert.Equal(1, schedule.At(k + 1) / schedule.At(k) / Math.Exp(-c.Power * Math.Log((c.B + k + 1) / (c.B + k))), 1e-12);
            }
        });

    [Fact]
    public void A_constant_is_one() => Assert.All(Enumerable.Range(0, 5), k => Assert.Equal(0.25, new ConstantSchedule(0.25).At(k)));

    [Fact]
    public void Constants_out_of_range_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new ConstantSchedule(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ConstantSchedule(double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>(() => new PolynomialSchedule(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new PolynomialSchedule(1, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new PolynomialSchedule(1, 1, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new PolynomialSchedule(1, 1, 1.1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new CyclicalSchedule(-1, 10, 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => new CyclicalSchedule(1, 0, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new CyclicalSchedule(1, 10, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new CyclicalSchedule(1, 10, 11));
    }

    /// <summary>In (0, α0]; α0 at the first of every cycle and nowhere else; decreasing within; period ⌈K/M⌉ exactly; halfway α0/2.</summary>
    private static bool HoldsCyclical(IStepSchedule schedule, double first, long transitions, int cycles)
    {
        long length = (long)Math.Ceiling(transitions / (double)cycles);
        for (long k = 0; k < 2 * transitions; k++)
        {
            double h = schedule.At(k);
            double formula = first / 2 * (Math.Cos(Math.PI * (k % length) / length) + 1);
            bool begins = k % length == 0;
            if (!(h > 0) || h > first || begins != (h == first) || h != schedule.At(k + length) || (!begins && !(h < schedule.At(k - 1))) || Math.Abs(h - formula) > 1e-12 * first)
            {
                return false;
            }
        }

        return schedule.Largest == first;
    }
}
