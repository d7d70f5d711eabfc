using MathNet.Numerics;

namespace Lae.Targets;

/// <summary>
/// The prior of one number, as its log density with derivative. A number that must be positive has its prior on the positive half line; the Jacobian of the
/// transform belongs to the posterior, not to the prior.
/// </summary>
public sealed class Prior
{
    private readonly Func<double, (double LogDensity, double Derivative)> evaluate;

    private Prior(string name, Func<double, (double LogDensity, double Derivative)> evaluate, PriorSupport support = PriorSupport.Real)
    {
        Name = name;
        Support = support;
        this.evaluate = evaluate;
    }

    /// <summary>The improper prior 1.</summary>
    public static Prior Flat { get; } = new("flat", _ => (0, 0));

    /// <summary>Its constants where it is a normal law; else null.</summary>
    internal NormalPrior? AsNormal { get; private init; }

    /// <summary>Its name with its constants, as in <c>Normal(0, 10)</c>.</summary>
    public string Name { get; }

    /// <summary>The numbers that it is a law of; on less than that, as with a normal prior of a positive number, it is the law restricted to it, not normalised again.</summary>
    public PriorSupport Support { get; }

    /// <summary>Whether it is a density at all: all but <see cref="Flat"/>.</summary>
    public bool IsProper => !ReferenceEquals(this, Flat);

    /// <summary>N(mean, deviation²).</summary>
    /// <param name="mean">Finite.</param>
    /// <param name="deviation">Positive and finite.</param>
    /// <returns>A prior.</returns>
    public static Prior Normal(double mean, double deviation)
    {
        RequireFinite(mean, nameof(mean));
        RequirePositive(deviation, nameof(deviation));
        double constant = -Math.Log(deviation) - (0.5 * Math.Log(2 * Math.PI));
        NormalPrior normal = new(mean, deviation, constant);
        return new Prior(FormattableString.Invariant($"Normal({mean}, {deviation})"), normal.Evaluate) { AsNormal = normal };
    }

    /// <summary>|N(0, scale²)|, on the positive half line.</summary>
    /// <param name="scale">Positive and finite.</param>
    /// <returns>A prior.</returns>
    public static Prior HalfNormal(double scale)
    {
        RequirePositive(scale, nameof(scale));
        double constant = Math.Log(2) - Math.Log(scale) - (0.5 * Math.Log(2 * Math.PI));
        return new Prior(FormattableString.Invariant($"HalfNormal({scale})"), x => (constant - (0.5 * x * x / (scale * scale)), -x / (scale * scale)), PriorSupport.Positive);
    }

    /// <summary>|Cauchy(0, scale)|, on the positive half line.</summary>
    /// <param name="scale">Positive and finite.</param>
    /// <returns>A prior.</returns>
    public static Prior HalfCauchy(double scale)
    {
        RequirePositive(scale, nameof(scale));
        double constant = Math.Log(2 / (Math.PI * scale));
        return new Prior(
            FormattableString.Invariant($"HalfCauchy({scale})"), x => (constant - Math.Log(1 + (x / scale * (x / scale))), -2 * x / ((scale * scale) + (x * x))), PriorSupport.Positive);
    }

    /// <summary>Student's t with given degrees of freedom.</summary>
    /// <param name="degrees">ν, positive and finite.</param>
    /// <param name="mean">Finite.</param>
    /// <param name="scale">Positive and finite.</param>
    /// <returns>A prior.</returns>
    public static Prior StudentT(double degrees, double mean, double scale)
    {
        RequirePositive(degrees, nameof(degrees));
        RequireFinite(mean, nameof(mean));
        RequirePositive(scale, nameof(scale));
        double constant = SpecialFunctions.GammaLn((degrees + 1) / 2) - SpecialFunctions.GammaLn(degrees / 2) - (0.5 * Math.Log(degrees * Math.PI)) - Math.Log(scale);
        return new Prior(FormattableString.Invariant($"StudentT({degrees}, {mean}, {scale})"), x =>
        {
            double z = (x - mean) / scale;
            return (constant - ((degrees + 1) / 2 * Math.Log(1 + (z * z / degrees))), -(degrees + 1) * z / (degrees + (z * z)) / scale);
        });
    }

    /// <summary>Cauchy with density ∝ 1/(1 + ((x − location)/scale)²).</summary>
    /// <param name="location">Finite.</param>
    /// <param name="scale">Positive and finite.</param>
    /// <returns>A prior.</returns>
    public static Prior Cauchy(double location, double scale)
    {
        RequireFinite(location, nameof(location));
        RequirePositive(scale, nameof(scale));
        double constant = -Math.Log(Math.PI * scale);
        return new Prior(FormattableString.Invariant($"Cauchy({location}, {scale})"), x =>
        {
            double z = (x - location) / scale;
            return (constant - Math.Log(1 + (z * z)), -2 * z / (1 + (z * z)) / scale);
        });
    }

    /// <summary>The law of e^z, z ~ N(mean, deviation²), on the positive half line.</summary>
    /// <param name="mean">The mean of the logarithm, finite.</param>
    /// <param name="deviation">The deviation of the logarithm, positive and finite.</param>
    /// <returns>A prior.</returns>
    public static Prior LogNormal(double mean, double deviation)
    {
        RequireFinite(mean, nameof(mean));
        RequirePositive(deviation, nameof(deviation));
        double constant = -Math.Log(deviation) - (0.5 * Math.Log(2 * Math.PI));
        return new Prior(
            FormattableString.Invariant($"LogNormal({mean}, {deviation})"),
            x => ((Math.Log(x) - mean) / deviation) is var z ? (constant - (0.5 * z * z) - Math.Log(x), -((z / deviation) + 1) / x) : default,
            PriorSupport.Positive);
    }

    /// <summary>Inverse gamma with density ∝ x^(−shape − 1) e^(−scale/x), on the positive half line.</summary>
    /// <param name="shape">Positive and finite.</param>
    /// <param name="scale">Positive and finite.</param>
    /// <returns>A prior.</returns>
    public static Prior InverseGamma(double shape, double scale)
    {
        RequirePositive(shape, nameof(shape));
        RequirePositive(scale, nameof(scale));
        double constant = (shape * Math.Log(scale)) - SpecialFunctions.GammaLn(shape);
        return new Prior(
            FormattableString.Invariant($"InverseGamma({shape}, {scale})"),
            x => (constant - ((shape + 1) * Math.Log(x)) - (scale / x), ((scale / x) - (shape + 1)) / x),
            PriorSupport.Positive);
    }

    /// <summary>Gamma with density ∝ x^(shape − 1) e^(−rate x), on the positive half line.</summary>
    /// <param name="shape">Positive and finite.</param>
    /// <param name="rate">Positive and finite.</param>
    /// <returns>A prior.</returns>
    public static Prior Gamma(double shape, double rate)
    {
        RequirePositive(shape, nameof(shape));
        RequirePositive(rate, nameof(rate));
        double constant = (shape * Math.Log(rate)) - SpecialFunctions.GammaLn(shape);
        return new Prior(
            FormattableString.Invariant($"Gamma({shape}, {rate})"), x => (constant + ((shape - 1) * Math.Log(x)) - (rate * x), ((shape - 1) / x) - rate), PriorSupport.Positive);
    }

    /// <summary>Exponential with density ∝ e^(−rate x), on the positive half line.</summary>
    /// <param name="rate">Positive and finite.</param>
    /// <returns>A prior.</returns>
    public static Prior Exponential(double rate)
    {
        RequirePositive(rate, nameof(rate));
        double constant = Math.Log(rate);
        return new Prior(FormattableString.Invariant($"Exponential({rate})"), x => (constant - (rate * x), -rate), PriorSupport.Positive);
    }

    /// <summary>Beta with density ∝ x^(a − 1) (1 − x)^(b − 1), on (0, 1).</summary>
    /// <param name="a">Positive and finite.</param>
    /// <param name="b">Positive and finite.</param>
    /// <returns>A prior.</returns>
    public static Prior Beta(double a, double b)
    {
        RequirePositive(a, nameof(a));
        RequirePositive(b, nameof(b));
        double constant = SpecialFunctions.GammaLn(a + b) - SpecialFunctions.GammaLn(a) - SpecialFunctions.GammaLn(b);
        return new Prior(
            FormattableString.Invariant($"Beta({a}, {b})"), x => (constant + ((a - 1) * Math.Log(x)) + ((b - 1) * Math.Log(1 - x)), ((a - 1) / x) - ((b - 1) / (1 - x))), PriorSupport.UnitInterval);
    }

    /// <summary>The log density and its derivative.</summary>
    /// <param name="value">x, in the range of the prior.</param>
    /// <returns>log p(x) and d log p / dx.</returns>
    public (double LogDensity, double Derivative) Evaluate(double value) => evaluate(value);

    /// <inheritdoc/>
    public override string ToString() => Name;

    private static void RequirePositive(double value, string name)
    {
        if (!(value > 0) || !double.IsFinite(value))
        {
            throw new ArgumentOutOfRangeException(name, value, "Must be positive and finite.");
        }
    }

    private static void RequireFinite(double value, string name)
    {
        if (!double.IsFinite(value))
        {
            throw new ArgumentOutOfRangeException(name, value, "Must be finite.");
        }
    }
}
