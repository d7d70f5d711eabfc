using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Lae.Numerics;
using Lae.Targets;

namespace Lae.Composition;

/// <summary>Makes a change of variables for a target.</summary>
public interface IBijectionFactory
{
    /// <summary>A change of variables.</summary>
    /// <param name="target">The target whose variables are x.</param>
    /// <returns>x = f(y).</returns>
    /// <exception cref="ArgumentException">The options do not fit the target.</exception>
    Bijection Create(Target target);
}

/// <summary>x = m + S y in a configuration.</summary>
public sealed record AffineOptions : IBijectionFactory
{
    /// <summary>m; 0 if empty.</summary>
    [Description("shift, one number for each coordinate; 0 if none is given")]
    public double[] Shift { get; init; } = [];

    /// <summary>S.</summary>
    [Description("scale: a number for all coordinates, one for each, or a matrix row by row")]
    [MinLength(1)]
    public double[] Scale { get; init; } = [1];

    /// <inheritdoc/>
    public Bijection Create(Target target)
    {
        int d = target.Dimension;
        Tensor shift = Shift.Length == 0 ? Tensor.Zeros(new Shape(d), target.DType) : Tensor.FromArray(Shift).Cast(target.DType);
        Tensor scale = Scale.Length switch
        {
            1 => Tensor.Full(Scale[0], new Shape(d), DType.Float64),
            int n when n == d => Tensor.FromArray(Scale),
            int n when n == d * d => Tensor.FromArray(Scale, d, d),
            _ => throw new ArgumentException($"A scale of {d} coordinates has 1, {d} or {d * d} entries, not {Scale.Length}.", nameof(target)),
        };
        return Bijection.Affine(shift, scale.Cast(target.DType));
    }
}

/// <summary>xᵢ = exp(yᵢ) in a configuration.</summary>
public sealed record ExpOptions : IBijectionFactory
{
    /// <summary>Which coordinates; all if empty.</summary>
    [Description("the positive coordinates, counted from 0; all if none is given")]
    [Range(0, int.MaxValue)]
    public int[] Columns { get; init; } = [];

    /// <inheritdoc/>
    public Bijection Create(Target target) => Bijection.Exp(target.Dimension, Columns, target.DType);
}

/// <summary>Changes of variables one after another in a configuration.</summary>
public sealed record BijectionCompositionOptions : IBijectionFactory
{
    /// <summary>The changes of variables, that of y first.</summary>
    [Description("changes of variables from y to x, in their order")]
    [MinLength(1)]
    public IBijectionFactory[] Maps { get; init; } = [];

    /// <inheritdoc/>
    public Bijection Create(Target target) => Maps.Select(map => map.Create(target)).Aggregate(static (first, next) => first.Then(next));
}
