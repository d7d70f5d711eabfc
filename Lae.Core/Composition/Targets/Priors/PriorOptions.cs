using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Lae.Composition;

/// <summary>Options of the improper prior 1.</summary>
[Description("no prior at all: the density 1, which is improper")]
public sealed record FlatPriorOptions;

/// <summary>Options of a normal prior.</summary>
[Description("N(Mean, Deviation^2)")]
public sealed record NormalPriorOptions
{
    /// <summary>The mean, finite. Default 0.</summary>
    [Description("the mean")]
    [Range(-1e300, 1e300)]
    public double Mean { get; init; }

    /// <summary>The deviation, positive. Default 1.</summary>
    [Description("the standard deviation")]
    [Range(0.0, 1e300, MinimumIsExclusive = true)]
    public double Deviation { get; init; } = 1;
}

/// <summary>Options of a half-normal prior.</summary>
[Description("the absolute value of N(0, Scale^2), for a positive number")]
public sealed record HalfNormalPriorOptions
{
    /// <summary>The scale, positive. Default 1.</summary>
    [Description("the scale")]
    [Range(0.0, 1e300, MinimumIsExclusive = true)]
    public double Scale { get; init; } = 1;
}

/// <summary>Options of a Student prior.</summary>
[Description("Student's t, heavier in its tails than a normal")]
public sealed record StudentTPriorOptions
{
    /// <summary>Degrees of freedom, positive. Default 3.</summary>
    [Description("degrees of freedom")]
    [Range(0.0, 1e300, MinimumIsExclusive = true)]
    public double Degrees { get; init; } = 3;

    /// <summary>The middle, finite. Default 0.</summary>
    [Description("the middle")]
    [Range(-1e300, 1e300)]
    public double Mean { get; init; }

    /// <summary>The scale, positive. Default 1.</summary>
    [Description("the scale")]
    [Range(0.0, 1e300, MinimumIsExclusive = true)]
    public double Scale { get; init; } = 1;
}

/// <summary>Options of a Cauchy prior.</summary>
[Description("Cauchy")]
public sealed record CauchyPriorOptions
{
    /// <summary>The middle, finite. Default 0.</summary>
    [Description("the middle")]
    [Range(-1e300, 1e300)]
    public double Location { get; init; }

    /// <summary>The scale, positive. Default 1.</summary>
    [Description("the scale")]
    [Range(0.0, 1e300, MinimumIsExclusive = true)]
    public double Scale { get; init; } = 1;
}

/// <summary>Options of a half-Cauchy prior.</summary>
[Description("the absolute value of a Cauchy about 0, for a positive number")]
public sealed record HalfCauchyPriorOptions
{
    /// <summary>The scale, positive. Default 1.</summary>
    [Description("the scale")]
    [Range(0.0, 1e300, MinimumIsExclusive = true)]
    public double Scale { get; init; } = 1;
}

/// <summary>Options of a log-normal prior.</summary>
[Description("e to the power of N(Mean, Deviation^2), for a positive number")]
public sealed record LogNormalPriorOptions
{
    /// <summary>The mean of the logarithm, finite. Default 0.</summary>
    [Description("the mean of the logarithm")]
    [Range(-1e300, 1e300)]
    public double Mean { get; init; }

    /// <summary>The deviation of the logarithm, positive. Default 1.</summary>
    [Description("the deviation of the logarithm")]
    [Range(0.0, 1e300, MinimumIsExclusive = true)]
    public double Deviation { get; init; } = 1;
}

/// <summary>Options of an exponential prior.</summary>
[Description("exponential, for a positive number")]
public sealed record ExponentialPriorOptions
{
    /// <summary>The rate, positive. Default 1.</summary>
    [Description("the rate, 1 over the mean")]
    [Range(0.0, 1e300, MinimumIsExclusive = true)]
    public double Rate { get; init; } = 1;
}

/// <summary>Options of a gamma prior.</summary>
[Description("gamma, for a positive number")]
public sealed record GammaPriorOptions
{
    /// <summary>The shape, positive. Default 2.</summary>
    [Description("the shape")]
    [Range(0.0, 1e300, MinimumIsExclusive = true)]
    public double Shape { get; init; } = 2;

    /// <summary>The rate, positive. Default 1.</summary>
    [Description("the rate; the mean is Shape/Rate")]
    [Range(0.0, 1e300, MinimumIsExclusive = true)]
    public double Rate { get; init; } = 1;
}

/// <summary>Options of an inverse gamma prior.</summary>
[Description("inverse gamma, for a positive number")]
public sealed record InverseGammaPriorOptions
{
    /// <summary>The shape, positive. Default 2.</summary>
    [Description("the shape")]
    [Range(0.0, 1e300, MinimumIsExclusive = true)]
    public double Shape { get; init; } = 2;

    /// <summary>The scale, positive. Default 1.</summary>
    [Description("the scale; the mean is Scale/(Shape - 1)")]
    [Range(0.0, 1e300, MinimumIsExclusive = true)]
    public double Scale { get; init; } = 1;
}

/// <summary>Options of a beta prior.</summary>
[Description("beta, for a number between 0 and 1")]
public sealed record BetaPriorOptions
{
    /// <summary>The exponent of x plus 1, positive. Default 2.</summary>
    [Description("the exponent of x, plus 1")]
    [Range(0.0, 1e300, MinimumIsExclusive = true)]
    public double A { get; init; } = 2;

    /// <summary>The exponent of 1 − x plus 1, positive. Default 2.</summary>
    [Description("the exponent of 1 - x, plus 1")]
    [Range(0.0, 1e300, MinimumIsExclusive = true)]
    public double B { get; init; } = 2;
}
