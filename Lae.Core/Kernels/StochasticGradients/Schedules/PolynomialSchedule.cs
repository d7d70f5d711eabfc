namespace Lae.Kernels;

/// <summary>
/// Step sizes that decrease to 0:
/// <code>
///     h_k = a (b + k)^−γ
/// </code>
/// k the number of the transition, from 0. With γ in (1/2, 1] their sum is infinite and that of their squares finite, so that averages weighted by h_k converge. Source: Welling and Teh, ICML
/// 2011, section 5 (a, b and γ as there).
/// </summary>
public sealed record PolynomialSchedule : IStepSchedule
{
    /// <summary>A schedule.</summary>
    /// <param name="scale">a, positive and finite; the first step size is a b^−γ.</param>
    /// <param name="offset">b, positive and finite.</param>
    /// <param name="power">γ, in (0, 1].</param>
    public PolynomialSchedule(double scale, double offset = 1, double power = 0.55)
    {
        Scale = double.IsFinite(scale) && scale > 0 ? scale : throw new ArgumentOutOfRangeException(nameof(scale), scale, "a must be positive and finite.");
        Offset = double.IsFinite(offset) && offset > 0 ? offset : throw new ArgumentOutOfRangeException(nameof(offset), offset, "b must be positive and finite.");
        Power = power > 0 && power <= 1 ? power : throw new ArgumentOutOfRangeException(nameof(power), power, "γ must be in (0, 1].");
    }

    /// <summary>a.</summary>
    public double Scale { get; }

    /// <summary>b.</summary>
    public double Offset { get; }

    /// <summary>γ.</summary>
    public double Power { get; }

    /// <inheritdoc/>
    public double Largest => At(0);

    /// <inheritdoc/>
    public double At(long transition) => Scale * Math.Pow(Offset + transition, -Power);
}
