namespace Lae.Kernels;

/// <summary>The step size of every transition, as an immutable value: a pure function of the number of the transition, so that a run goes on where it stopped.</summary>
public interface IStepSchedule
{
    /// <summary>The largest step size of all transitions.</summary>
    double Largest { get; }

    /// <summary>h of one transition.</summary>
    /// <param name="transition">The number of the transition, from 0.</param>
    /// <returns>Positive.</returns>
    double At(long transition);
}
