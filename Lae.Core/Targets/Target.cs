using Lae.Numerics;

namespace Lae.Targets;

/// <summary>The log density of every chain and its gradient.</summary>
/// <param name="LogDensity">[chains].</param>
/// <param name="Gradient">∇ log π, [chains, dimension].</param>
public readonly record struct LogDensityAndGradient(Tensor LogDensity, Tensor Gradient);

/// <summary>
/// A distribution to sample, as a value: an unnormalised log density of positions [chains, dimension] and its gradient. A chain is a
/// row, and a row's density depends on that row alone.
/// </summary>
public sealed class Target
{
    private readonly Func<Tensor, LogDensityAndGradient> evaluate;

    private Target(string name, int dimension, DType dtype, Func<Tensor, LogDensityAndGradient> evaluate, DataTarget? data = null, bool byPlace = false)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(dimension, 1);
        Name = name;
        Dimension = dimension;
        DType = dtype;
        this.evaluate = evaluate;
        Data = data;
        KnowsRowsByPlace = byPlace;
    }

    /// <summary>What the target is called in messages.</summary>
    public string Name { get; }

    /// <summary>Columns of a position, 1 or more.</summary>
    public int Dimension { get; }

    /// <summary>The number type of positions.</summary>
    public DType DType { get; }

    /// <summary>The data behind it, of which minibatches can be taken, if it is the <see cref="DataTarget.Target"/> of a posterior; else null.</summary>
    public DataTarget? Data { get; }

    /// <summary>
    /// Whether a row has a density of its own by its place, such as datapoints side by side that have a posterior each. Rows of such a target cannot be evaluated apart from the others, so no kernel on it is divided
    /// among threads.
    /// </summary>
    internal bool KnowsRowsByPlace { get; }

    /// <summary>A target from a differentiable log density.</summary>
    /// <param name="dimension">Columns of a position, 1 or more.</param>
    /// <param name="logDensity">A pure function from [chains, dimension] to [chains], made of Lae's operations.</param>
    /// <param name="dtype">The number type of positions.</param>
    /// <param name="name">What it is called in messages.</param>
    /// <returns>A target whose gradient is found by reverse-mode differentiation.</returns>
    public static Target FromFunction(int dimension, Func<Tensor, Tensor> logDensity, DType dtype = DType.Float64, string name = "function")
    {
        LogDensityAndGradient Evaluate(Tensor position)
        {
            (Tensor value, Tensor gradient) = Differentiation.Pair(logDensity, position);
            return new LogDensityAndGradient(value, gradient);
        }

        return new Target(name, dimension, dtype, Evaluate);
    }

    /// <summary>A target from a log density with a gradient written by hand.</summary>
    /// <param name="dimension">Columns of a position, 1 or more.</param>
    /// <param name="evaluate">A pure function from [chains, dimension] to the log density [chains] and its gradient [chains, dimension].</param>
    /// <param name="dtype">The number type of positions.</param>
    /// <param name="name">What it is called in messages.</param>
    /// <returns>A target.</returns>
    public static Target FromGradient(int dimension, Func<Tensor, LogDensityAndGradient> evaluate, DType dtype = DType.Float64, string name = "gradient") =>
        new(name, dimension, dtype, evaluate);

    /// <summary>A target whose rows have densities of their own by their place.</summary>
    internal static Target OfPlaces(int dimension, Func<Tensor, LogDensityAndGradient> evaluate, DType dtype, string name) =>
        new(name, dimension, dtype, evaluate, byPlace: true);

    /// <summary>Another density of the same rows: what is made of a target that knows them by their place knows them so too.</summary>
    internal Target With(Func<Tensor, LogDensityAndGradient> density, string? name = null) =>
        new(name ?? Name, Dimension, DType, density, byPlace: KnowsRowsByPlace);

    /// <summary>A target that knows its data.</summary>
    internal static Target OfData(DataTarget data, string name, int dimension, DType dtype, Func<Tensor, LogDensityAndGradient> evaluate) =>
        new(name, dimension, dtype, evaluate, data);

    /// <summary>Log density and gradient at the positions of all chains.</summary>
    /// <param name="position">[chains, dimension].</param>
    /// <returns>[chains] and [chains, dimension].</returns>
    /// <exception cref="ArgumentException">The position, or what the function made of it, has another shape or type.</exception>
    public LogDensityAndGradient Evaluate(Tensor position)
    {
        if (position.Rank != 2 || position.Shape[1] != Dimension || position.DType != DType)
        {
            throw new ArgumentException($"Target '{Name}' takes positions {DType}[chains, {Dimension}], not {position.DType}{position.Shape}.", nameof(position));
        }

        return Checked(evaluate(position), position);
    }

    /// <summary>The result, if it has the shapes and the type that it must have.</summary>
    internal LogDensityAndGradient Checked(LogDensityAndGradient result, Tensor position)
    {
        if (result.LogDensity.Rank != 1 || result.LogDensity.Count != position.Shape[0] || !result.Gradient.HasShapeOf(position)
            || result.LogDensity.DType != DType || result.Gradient.DType != DType)
        {
            throw new ArgumentException(
                $"Target '{Name}' made a log density {result.LogDensity.DType}{result.LogDensity.Shape} and a gradient {result.Gradient.DType}{result.Gradient.Shape} of positions {DType}{position.Shape}; it must make {DType}[chains] and {DType}[chains, {Dimension}].",
                nameof(position));
        }

        return result;
    }
}
