namespace Lae.Formats.Zarr;

/// <summary>Arrays that do not grow, such as <c>observed_data</c> and <c>constant_data</c>. Immutable.</summary>
public sealed class FixedGroup
{
    /// <summary>Makes a group.</summary>
    /// <param name="name">One of ArviZ's names.</param>
    /// <param name="arrays">At least one; names differ, and an axis of one name has one length and one list of labels.</param>
    /// <exception cref="ArgumentException">A name is not one or comes twice, or two axes of one name differ.</exception>
    public FixedGroup(string name, IReadOnlyList<FixedArray> arrays)
    {
        InferenceName.Check(name, nameof(name));
        Name = name;
        Arrays = [.. arrays];
        Dimensions = InferenceLayout.Shared(name, arrays.Select(one => one.Name), arrays.SelectMany(one => one.Dimensions));
    }

    /// <summary>The name.</summary>
    public string Name { get; }

    /// <summary>The arrays, in order.</summary>
    public IReadOnlyList<FixedArray> Arrays { get; }

    /// <summary>Every axis once.</summary>
    internal IReadOnlyList<InferenceDimension> Dimensions { get; }
}

/// <summary>An array with names for its axes. Immutable.</summary>
public sealed class FixedArray
{
    /// <summary>Makes a named array.</summary>
    /// <param name="name">Such as <c>y</c>.</param>
    /// <param name="dimensions">Its axes, outermost first.</param>
    /// <param name="values">The values, of the shape of the axes.</param>
    /// <exception cref="ArgumentException">The name is not one, or the shape is another.</exception>
    public FixedArray(string name, IReadOnlyList<InferenceDimension> dimensions, NpyArray values)
    {
        InferenceName.Check(name, nameof(name));
        if (!values.Shape.SequenceEqual(dimensions.Select(one => one.Length)) || dimensions.Any(one => one.Name == name))
        {
            throw new ArgumentException($"The axes of {name} have the lengths [{string.Join(", ", dimensions.Select(one => one.Length))}], the values {ArrayShape.Text(values.Shape)}; no axis has the array's name.", nameof(values));
        }

        Name = name;
        Dimensions = [.. dimensions];
        Values = values;
    }

    /// <summary>The name.</summary>
    public string Name { get; }

    /// <summary>The axes, outermost first.</summary>
    public IReadOnlyList<InferenceDimension> Dimensions { get; }

    /// <summary>The values.</summary>
    public NpyArray Values { get; }
}
