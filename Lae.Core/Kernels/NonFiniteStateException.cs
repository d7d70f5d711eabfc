namespace Lae.Kernels;

/// <summary>A NaN or an infinity arose in an accepted state, a parameter, a loss or an unadjusted step, and stopped the run.</summary>
public sealed class NonFiniteStateException : ArithmeticException
{
    /// <summary>The quantity and the step.</summary>
    /// <param name="quantity">What is not finite, such as <c>position</c>.</param>
    /// <param name="step">The transition in which it arose; 0 for the initial state.</param>
    /// <param name="inner">What was first noticed, if this names it in a wider setting.</param>
    public NonFiniteStateException(string quantity, long step, Exception? inner = null)
        : base(step == 0 ? $"{quantity} is not finite in the initial state." : $"{quantity} became NaN or infinite at step {step}.", inner)
    {
        Quantity = quantity;
        Step = step;
    }

    /// <summary>What is not finite.</summary>
    public string Quantity { get; }

    /// <summary>The transition in which it arose; 0 for the initial state.</summary>
    public long Step { get; }
}
