namespace Lae.Targets;

/// <summary>Targets made of other targets: a temperature, and the way from one target to another.</summary>
public static class Tempering
{
    /// <summary>
    /// π^{1/T}, with log density log π(x)/T. Langevin dynamics know only U/T and h T: ULA of π at temperature T and step size h is ULA of this target at temperature 1 and step size h T.
    /// </summary>
    /// <param name="target">π.</param>
    /// <param name="temperature">T, positive and finite.</param>
    /// <returns>The tempered target; π itself at T = 1.</returns>
    public static Target Temper(this Target target, double temperature)
    {
        RequireTemperature(temperature, nameof(temperature));
        if (temperature == 1)
        {
            return target;
        }

        double inverse = 1 / temperature;
        return target.With(Evaluate, $"{target.Name} at temperature {FormattableString.Invariant($"{temperature:G6}")}");

        LogDensityAndGradient Evaluate(Numerics.Tensor position)
        {
            LogDensityAndGradient here = target.Evaluate(position);
            return new LogDensityAndGradient(here.LogDensity * inverse, here.Gradient * inverse);
        }
    }

    /// <summary>
    /// The geometric bridge π₀^{1−β} π₁^β, with log density (1 − β) log π₀(x) + β log π₁(x). A gradient of it costs one of each, also at the ends, so that an infinity of either is seen everywhere on the way.
    /// </summary>
    /// <param name="from">π₀.</param>
    /// <param name="to">π₁, of the same dimension and number type.</param>
    /// <param name="inverseTemperature">β, in [0, 1].</param>
    /// <returns>A target, not normalised.</returns>
    /// <exception cref="ArgumentException">The targets do not fit each other.</exception>
    public static Target Bridge(Target from, Target to, double inverseTemperature)
    {
        if (from.Dimension != to.Dimension || from.DType != to.DType)
        {
            throw new ArgumentException($"Targets of one dimension and type are needed, not {from.DType}[{from.Dimension}] and {to.DType}[{to.Dimension}].", nameof(to));
        }

        double beta = inverseTemperature;
        if (!(beta >= 0 && beta <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(inverseTemperature), beta, "Must be in [0, 1].");
        }

        return (from.KnowsRowsByPlace ? from : to).With(Evaluate, FormattableString.Invariant($"{beta:G6} of the way from {from.Name} to {to.Name}"));

        LogDensityAndGradient Evaluate(Numerics.Tensor position)
        {
            LogDensityAndGradient start = from.Evaluate(position);
            LogDensityAndGradient end = to.Evaluate(position);
            return new LogDensityAndGradient(start.LogDensity * (1 - beta) + end.LogDensity * beta, start.Gradient * (1 - beta) + end.Gradient * beta);
        }
    }

    /// <summary>Throws unless a temperature is positive and finite.</summary>
    internal static void RequireTemperature(double temperature, string name)
    {
        if (!(temperature > 0) || !double.IsFinite(temperature))
        {
            throw new ArgumentOutOfRangeException(name, temperature, "A temperature of a target must be positive and finite.");
        }
    }
}
