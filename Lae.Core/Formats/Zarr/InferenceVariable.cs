namespace Lae.Formats.Zarr;

/// <summary>A quantity of which every chain has a value at every draw: an array [chain, draw, further axes]. Immutable.</summary>
public sealed class InferenceVariable
{
    /// <summary>Makes a variable.</summary>
    /// <param name="name">Such as <c>theta</c>.</param>
    /// <param name="dimensions">Further axes, outermost first; none for a number.</param>
    /// <param name="type">How a value is stored: <see cref="NpyType.Float64"/> (default), <see cref="NpyType.Int64"/> or <see cref="NpyType.Boolean"/>.</param>
    /// <exception cref="ArgumentException">The name is not one, or two axes have one name.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The type is another.</exception>
    public InferenceVariable(string name, IReadOnlyList<InferenceDimension>? dimensions = null, NpyType type = NpyType.Float64)
    {
        InferenceName.Check(name, nameof(name));
        dimensions ??= [];
        if (dimensions.Select(one => one.Name).Append(name).Append(InferenceName.Chain).Append(InferenceName.Draw).Distinct(StringComparer.Ordinal).Count() != dimensions.Count + 3)
        {
            throw new ArgumentException($"The axes of {name} need names that differ from each other, from the variable's, and from chain and draw.", nameof(dimensions));
        }

        if (type is not (NpyType.Float64 or NpyType.Int64 or NpyType.Boolean))
        {
            throw new ArgumentOutOfRangeException(nameof(type), type, "Draws are stored as Float64, Int64 or Boolean.");
        }

        Name = name;
        Dimensions = [.. dimensions];
        Type = type;
        Size = dimensions.Aggregate(1, (size, one) => checked(size * one.Length));
    }

    /// <summary>The name.</summary>
    public string Name { get; }

    /// <summary>Axes beside chain and draw, outermost first.</summary>
    public IReadOnlyList<InferenceDimension> Dimensions { get; }

    /// <summary>How a value is stored.</summary>
    public NpyType Type { get; }

    /// <summary>Numbers of one chain at one draw.</summary>
    public int Size { get; }
}
