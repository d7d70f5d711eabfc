namespace Lae.Kernels;

/// <summary>The same step size h for every transition.</summary>
public sealed record ConstantSchedule : IStepSchedule
{
    /// <summary>A constant.</summary>
    /// <param name="stepSize">h, positive and finite.</param>
    public ConstantSchedule(double stepSize)
    {
        StepSize = double.IsFinite(stepSize) && stepSize > 0
            ? stepSize
            : throw new ArgumentOutOfRangeException(nameof(stepSize), stepSize, "A step size must be positive and finite.");
    }

    /// <summary>h.</summary>
    public double StepSize { get; }

    /// <inheritdoc/>
    public double Largest => StepSize;

    /// <inheritdoc/>
    public double At(long transition) => StepSize;
}
