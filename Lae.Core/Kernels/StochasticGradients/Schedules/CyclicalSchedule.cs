namespace Lae.Kernels;

/// <summary>
/// Step sizes that begin every cycle large, to find another mode, and end it small, to sample there:
/// <code>
///     h_k = (h_0/2) [cos(π (k mod C)/C) + 1],    C = ⌈K/M⌉
/// </code>
/// k the number of the transition, from 0, of K in M cycles; positive everywhere, h_0 at the first of each cycle. After K transitions the cycles go on. Source: Zhang, Li, Zhang, Chen and Wilson, ICLR 2020,
/// equation 1, where k counts from 1 and k − 1 stands in place of k.
/// </summary>
public sealed record CyclicalSchedule : IStepSchedule
{
    /// <summary>A schedule.</summary>
    /// <param name="stepSize">h_0, positive and finite.</param>
    /// <param name="transitions">K, 1 or more.</param>
    /// <param name="cycles">M, in [1, K].</param>
    public CyclicalSchedule(double stepSize, long transitions, int cycles)
    {
        StepSize = double.IsFinite(stepSize) && stepSize > 0
            ? stepSize
            : throw new ArgumentOutOfRangeException(nameof(stepSize), stepSize, "A step size must be positive and finite.");
        ArgumentOutOfRangeException.ThrowIfLessThan(transitions, 1);
        if (cycles < 1 || cycles > transitions)
        {
            throw new ArgumentOutOfRangeException(nameof(cycles), cycles, $"The number of cycles must be in [1, {transitions}].");
        }

        Length = ((transitions - 1) / cycles) + 1;
    }

    /// <summary>h_0.</summary>
    public double StepSize { get; }

    /// <summary>C, the transitions of a cycle.</summary>
    public long Length { get; }

    /// <inheritdoc/>
    public double Largest => StepSize;

    /// <inheritdoc/>
    public double At(long transition) => 0.5 * StepSize * (Math.Cos(Math.PI * (transition % Length) / Length) + 1);
}
